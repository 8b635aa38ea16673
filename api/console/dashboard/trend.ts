import { html } from 'htm/preact';
import { Card } from './card.ts';
import type { Figures, TrendMonth } from './figures.ts';
import { countText, shareText } from './figures.ts';
import { Hatch } from './patterns.ts';
import { type DashboardWord, say } from './words.ts';

const frame = { width: 640, height: 200, left: 40, right: 12, top: 12, bottom: 26 };

type Line = { name: DashboardWord; of: (counts: NonNullable<TrendMonth['counts']>) => number };
const lines: Line[] = [
  { name: 'found', of: ({ found }) => found },
  { name: 'ended', of: ({ resolved, dismissed }) => resolved + dismissed },
  { name: 'overdue', of: ({ overdue }) => overdue },
];

/** Found, ended and overdue by month; a month that is unknown breaks the lines. */
export function Trend({ figures }: { figures: Figures }) {
  const { trend } = figures;
  const known = trend.flatMap(({ counts }) => (counts === null ? [] : [counts]));
  const top = niceTop(Math.max(1, ...known.flatMap((counts) => lines.map(({ of }) => of(counts)))));
  const step = (frame.width - frame.left - frame.right) / Math.max(1, trend.length);
  const x = (k: number) => frame.left + (k + 0.5) * step;
  const y = (value: number) => frame.top + (1 - value / top) * (frame.height - frame.top - frame.bottom);
  const columns = [
    say('month'),
    ...lines.map(({ name }) => say(name)),
    say('base'),
    say('violations'),
    say('rectified'),
    say('observed'),
  ];
  const rows = trend.map(({ month, counts, observedFraction }) => [
    month,
    ...lines.map(({ of }) => (counts === null ? '–' : of(counts))),
    counts?.base ?? '–',
    counts?.violations ?? '–',
    counts?.rectified ?? '–',
    shareText(observedFraction),
  ]);
  return html`
    <${Card} name="trend" title="trend" says="trendSays" empty=${known.length === 0 ? say('noMonth') : null} table=${{ columns, rows }}>
      <p class="legend">${lines.map(({ name }) => html`<span class="key"><i class=${`swatch line ${name}`}></i>${say(name)}</span>`)}</p>
      <svg class="chart" viewBox=${`0 0 ${frame.width} ${frame.height}`} role="img" aria-labelledby="trend-title trend-desc">
        <title id="trend-title">${say('trend')}</title>
        <desc id="trend-desc">${rows.map((row) => row.slice(0, 4).join(' ')).join('; ')}</desc>
        <defs><${Hatch} id="trend-unknown" /></defs>
        ${[0, 0.5, 1].map(
          (part) => html`
            <line class="grid" x1=${frame.left} x2=${frame.width - frame.right} y1=${y(part * top)} y2=${y(part * top)} />
            <text class="axis" x=${frame.left - 6} y=${y(part * top) + 4} text-anchor="end">${countText(part * top)}</text>
          `,
        )}
        ${trend.map(
          ({ month, counts }, k) => html`
          ${counts === null && html`<rect fill="url(#trend-unknown)" x=${frame.left + k * step + 2} y=${frame.top} width=${step - 4} height=${y(0) - frame.top} />`}
          <text class=${k === trend.length - 1 ? 'axis now' : 'axis'} x=${x(k)} y=${frame.height - 8} text-anchor="middle">${monthText(month, k)}</text>
        `,
        )}
        ${lines.map(
          ({ name, of }) => html`
          <path class=${`line ${name}`} d=${pathOf(trend, of, x, y)} />
          ${trend.map(
            ({ month, counts }, k) =>
              counts !== null &&
              html`
            <circle class=${`dot ${name}`} cx=${x(k)} cy=${y(of(counts))} r="3"><title>${`${month} ${say(name)} ${countText(of(counts))}`}</title></circle>
          `,
          )}
        `,
        )}
      </svg>
    </${Card}>
  `;
}

function pathOf(trend: TrendMonth[], of: Line['of'], x: (k: number) => number, y: (value: number) => number): string {
  let pen = 'M';
  return trend
    .map(({ counts }, k) => {
      if (counts === null) {
        pen = 'M';
        return '';
      }
      const point = `${pen}${x(k).toFixed(1)} ${y(of(counts)).toFixed(1)}`;
      pen = 'L';
      return point;
    })
    .join('');
}

/** The year where it begins, else the month alone. */
function monthText(month: string, k: number): string {
  return k === 0 || month.endsWith('-01') ? month : month.slice(5);
}

/** The next round number that leaves little room above. */
function niceTop(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return Math.max(
    2,
    [1, 1.2, 1.6, 2, 2.5, 3, 4, 5, 6, 8, 10].map((part) => part * power).find((top) => top >= value) ?? 10 * power,
  );
}
