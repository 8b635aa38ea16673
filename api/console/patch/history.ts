import { html } from 'htm/preact';
import type { Lifecycle, PatchDetail } from '../../server/schemas.ts';
import { minuteText } from '../shell/format.ts';
import { StateLabel, toneOf } from '../shell/state-label.ts';
import { label, word } from '../shell/text.ts';

type Event = PatchDetail['history'][number];

/** Every step with who, when and why along a line of time; newest first. */
export function History({ history, lifecycle }: { history: PatchDetail['history']; lifecycle: Lifecycle }) {
  const reasons = Object.values(lifecycle.reasons).flat();
  const states = lifecycle.states.patch;
  const reasonName = (code: string) => {
    const reason = reasons.find((row) => row.code === code);
    return reason ? label(reason.label) : code;
  };
  const tone = (event: Event) => toneOf(states.find(({ name }) => name === event.toState));
  return html`
    <section>
      <h3>${word('history')} <span class="faint">${word('localTime')}</span></h3>
      <ol class="history">
        ${history.toReversed().map(
          (event) => html`
            <li key=${event.id} class=${tone(event)}>
              <time class="mono faint">${minuteText(event.at)}</time>
              <b>${stepName(event, lifecycle)}</b>
              <${StateLabel} name=${event.toState} states=${states} />
              <span class="faint">${event.actor}</span>
              ${event.reason !== null && html`<span class="tag">${reasonName(event.reason)}</span>`}
              ${typeof event.payload['note'] === 'string' && html`<p>${event.payload['note']}</p>`}
            </li>
          `,
        )}
      </ol>
    </section>
  `;
}

/** What a step is called: the same action may have several names, by the state it leaves. */
export function stepName(event: Event, lifecycle: Lifecycle): string {
  const rows = lifecycle.transitions.patch.filter((row) => row.action === event.action);
  const row = rows.find((one) => event.fromState !== null && one.from.includes(event.fromState)) ?? rows[0];
  return row ? label(row.label) : event.action;
}
