import { html } from 'htm/preact';
import { label } from '../shell/text.ts';
import { Card } from './card.ts';
import { countText, daysText, type Figures, muShort } from './figures.ts';
import { listOf } from './links.ts';
import { say } from './words.ts';

type Stage = Figures['funnel']['stages'][number];

/** Three columns as on the monthly board; each bar is as long as so many patches wait there. */
export function Funnel({ figures }: { figures: Figures }) {
  const { funnel } = figures;
  const most = Math.max(1, ...funnel.stages.flatMap(({ states }) => states.map(({ patches }) => patches)));
  const rows = funnel.stages.flatMap(({ states }) =>
    states.map((state) => [
      label(state.label),
      state.patches,
      state.overdue,
      state.areaM2.toFixed(0),
      state.areaMu.toFixed(2),
      daysText(state.medianDays),
      daysText(state.longestDays),
    ]),
  );
  const columns = [
    say('state'),
    say('patches') || say('stillOpen'),
    say('overdue'),
    'm²',
    say('mu'),
    `${say('waited')} (½)`,
    `${say('waited')} (max)`,
  ];
  return html`
    <${Card} name="funnel" title="funnel" says="funnelSays" table=${{ columns, rows }}>
      <div class="lanes">
        ${funnel.stages.map((stage) => html`<${StageColumn} figures=${figures} stage=${stage} most=${most} />`)}
      </div>
    </${Card}>
  `;
}

function StageColumn({ figures, stage, most }: { figures: Figures; stage: Stage; most: number }) {
  const { month, district } = figures;
  const at = { month, district };
  const open = stage.states.map(({ state }) => state).join(',');
  const head = html`<span>${say(stage.stage)}</span><b>${countText(stage.open.patches)}</b>`;
  return html`
    <div class=${`lane ${stage.stage}`}>
      ${
        stage.states.length === 0
          ? html`<h3>${head}</h3><p class="nobody">${say('nobodyWaits')}</p>`
          : html`<h3><a href=${listOf({ ...at, state: open })}>${head}</a></h3>`
      }
      <ul>
        ${stage.states.map(
          (state) => html`
            <li key=${state.state}>
              <a href=${listOf({ ...at, state: state.state })} data-count=${state.patches}>
                <span class="what">${label(state.label)}</span>
                <b>${countText(state.patches)}</b>
                <${Bar} share=${state.patches / most} late=${state.overdue / most} />
              </a>
              <span class="more">
                ${muShort(state.areaM2)} ${say('mu')} · ${daysText(state.medianDays)}/${daysText(state.longestDays)} ${say('days')}
                ${state.overdue > 0 && html` · <a class="late" href=${listOf({ ...at, state: state.state, overdue: 'true' })}>${say('late')} ${countText(state.overdue)}</a>`}
              </span>
            </li>
          `,
        )}
      </ul>
    </div>
  `;
}

/** How many wait, and how many of them too long (hatched). */
function Bar({ share, late }: { share: number; late: number }) {
  return html`
    <svg class="bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
      <rect class="track" width="100" height="6" rx="1" />
      <rect class="fill" width=${100 * share} height="6" rx="1" />
      <rect class="late-fill" fill="url(#late)" width=${100 * late} height="6" rx="1" />
    </svg>
  `;
}
