import { html } from 'htm/preact';
import type { Lifecycle } from '../../server/schemas.ts';
import { countText, type Figures, muShort, shareText } from './figures.ts';
import { listOf, pastWarning, statesOf } from './links.ts';
import { say } from './words.ts';

interface TileProps {
  name: string;
  title: string;
  value: string;
  unit?: string;
  below: string;
  href?: string | null;
}

/** The figures that are read from across the room. */
export function Headline({ figures, lifecycle }: { figures: Figures; lifecycle: Lifecycle }) {
  const { funnel, month, district, trend } = figures;
  const now = trend.at(-1)?.counts ?? null;
  const at = { month, district };
  const seen = figures.coverage.total;
  const { ratio } = figures.gauge.total;
  // A task that was taken back is warned no more, nor among the states past warning.
  const warned = funnel.warned === funnel.pastWarning ? listOf({ ...at, state: pastWarning(lifecycle) }) : null;
  const share = (part: number) => (funnel.found.patches === 0 ? '–' : shareText(part / funnel.found.patches));
  return html`
    <div class="headline">
      <${Tile} name="found" title=${say('found')} value=${countText(funnel.found.patches)} unit=${say('patches')}
        below=${`${muShort(funnel.found.areaM2)} ${say('mu')}`} href=${listOf(at)} />
      <${Tile} name="warned" title=${say('warned')} value=${countText(funnel.warned)} unit=${say('patches')}
        below=${`${share(funnel.warned)} ${say('warnedShare')}`} href=${warned} />
      <${Tile} name="resolved" title=${say('handled')} value=${countText(funnel.resolved.patches)} unit=${say('patches')}
        below=${`${muShort(funnel.resolved.areaM2)} ${say('mu')}`}
        href=${listOf({ ...at, state: statesOf(lifecycle, 'resolved') })} />
      <${Tile} name="dismissed" title=${say('dismissed')} value=${countText(funnel.dismissed.patches)} unit=${say('patches')}
        below=${share(funnel.dismissed.patches)} href=${listOf({ ...at, state: statesOf(lifecycle, 'dismissed') })} />
      <${Tile} name="overdue" title=${say('overdue')} value=${countText(funnel.overdue)} unit=${say('patches')}
        below=${`${say('stillOpen')} ${countText(funnel.open.patches)}`} href=${listOf({ ...at, overdue: 'true' })} />
      <${Tile} name="clearance" title=${say('clearance')}
        value=${shareText(now === null || now.base === 0 ? null : now.done / now.base)}
        below=${now === null ? '–' : `${say('done')} ${countText(now.done)} / ${countText(now.base)}`} />
      <${Tile} name="observed" title=${say('observed')}
        value=${shareText(seen === null ? null : seen.observedM2 / seen.totalM2)}
        below=${seen === null ? say('notRun') : `${say('cloud')} ${shareText(seen.cloudM2 / seen.totalM2)} · ${say('noImage')} ${shareText(seen.noImageM2 / seen.totalM2)}`} />
      <${Tile} name="gauge-tile" title=${`15% · ${figures.gauge.year}`}
        value=${ratio === null ? '–' : shareText(ratio.low)}
        below=${ratio === null ? '–' : `≤ ${shareText(ratio.high)}`} />
    </div>
  `;
}

function Tile({ name, title, value, unit = '', below, href = null }: TileProps) {
  const inside = html`
    <span class="name">${title}</span>
    <span class="value">${value}<small>${unit}</small></span>
    <span class="below">${below}</span>
  `;
  return href === null
    ? html`<div class=${`tile ${name}`}>${inside}</div>`
    : html`<a class=${`tile ${name}`} href=${href}>${inside}</a>`;
}
