import { html } from 'htm/preact';
import { Card } from './card.ts';
import { type County, countText, type Figures, shareText } from './figures.ts';
import { listOf } from './links.ts';
import { say } from './words.ts';

/** Counties in the order of the monthly report: breaches put right as the bar, patches done as the mark, the target across. */
export function Ranking({ figures }: { figures: Figures }) {
  const { counties, target, month } = figures;
  const rows = counties.map((county) => [
    county.name,
    county.rank ?? (county.why === 'small' ? '‡' : '–'),
    county.base,
    county.done,
    shareText(county.clearance),
    county.violations,
    county.rectified,
    shareText(county.rectifiedRate),
    county.overdue,
  ]);
  const columns = [
    'district',
    'rank',
    'base',
    'done',
    'clearance',
    'violations',
    'rectified',
    'rectified',
    'overdue',
  ] as const;
  const empty = counties.length === 0 ? say('noCounties') : null;
  return html`
    <${Card} name="ranking" title="ranking" says="rankingSays" empty=${empty}
      table=${{ columns: columns.map((name) => say(name)), rows }}>
      <p class="legend">
        <span class="key"><i class="swatch rectified"></i>${say('rectified')}</span>
        <span class="key"><i class="swatch cleared"></i>${say('clearance')}</span>
        <span class="key"><i class="swatch target"></i>${say('target')} ${shareText(target)}</span>
      </p>
      <ol class="rows">
        ${counties.map((county) => html`<${Row} key=${county.district} county=${county} month=${month} target=${target} />`)}
      </ol>
    </${Card}>
  `;
}

function Row({ county, month, target }: { county: County; month: string; target: number }) {
  const at = { month, district: county.district };
  const why = county.why === 'small' ? say('small') : county.why === 'no-breach' ? say('noBreach') : '';
  return html`
    <li class=${county.rank === null ? 'unranked' : ''}>
      <span class="rank" title=${why}>${county.rank ?? (county.why === 'small' ? '‡' : '–')}</span>
      <a class="who" href=${listOf(at)} data-count=${county.found}>${county.name}</a>
      <svg class="rates" viewBox="0 0 200 18" preserveAspectRatio="none" role="img">
        <title>${`${county.name} ${say('rectified')} ${shareText(county.rectifiedRate)} ${say('clearance')} ${shareText(county.clearance)} ${why}`}</title>
        <rect class="track" y="2" width="200" height="8" />
        <rect class="rectified" y="2" width=${200 * (county.rectifiedRate ?? 0)} height="8" />
        <rect class="track" y="12" width="200" height="4" />
        <rect class="cleared" y="12" width=${200 * (county.clearance ?? 0)} height="4" />
        <line class="target" x1=${200 * target} x2=${200 * target} y1="0" y2="18" />
      </svg>
      <span class="rate">${shareText(county.rectifiedRate)}</span>
      <span class="rate faint">${shareText(county.clearance)}</span>
      ${
        county.overdue > 0
          ? html`<a class="late" href=${listOf({ ...at, overdue: 'true' })} data-count=${county.overdue}>${say('late')} ${countText(county.overdue)}</a>`
          : html`<span class="faint">${say('late')} 0</span>`
      }
    </li>
  `;
}
