import { html } from 'htm/preact';
import type { Schedule as Timetable } from '../../server/admin-schemas.ts';
import { minuteText } from '../shell/format.ts';
import { getJson } from '../shell/server.ts';
import { Section, useKept } from './parts.ts';
import { adminWord } from './words.ts';

/** When months are run by themselves. */
export function Schedule() {
  const kept = useKept((signal) => getJson<Timetable>('schedule', signal));
  const { cron = null, reach = 'run', next = null, due = [] } = kept.value ?? {};
  return html`
    <${Section} title="schedule" kept=${kept}>
      ${
        cron === null
          ? html`<p class="faint">${adminWord('scheduleOff')}</p>`
          : html`
              <dl class="plan">
                <dt>cron</dt><dd><code>${cron}</code> <span class="faint">Asia/Shanghai · ${adminWord(`reach_${reach}`)}</span></dd>
                <dt>${adminWord('next')}</dt><dd>${next === null ? '–' : minuteText(next)}</dd>
                <dt>${adminWord('due')}</dt><dd>${due.join('，')}</dd>
              </dl>
            `
      }
    <//>
  `;
}
