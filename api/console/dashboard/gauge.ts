import { html } from 'htm/preact';
import { label } from '../shell/text.ts';
import { Card } from './card.ts';
import { type Figures, type GaugeEntry, muShort, shareText } from './figures.ts';
import { listOf } from './links.ts';
import { Hatch } from './patterns.ts';
import { say } from './words.ts';

/** Every district against the 15 % line: judged solid, open hatched, the year's end foreseen. */
export function Gauge({ figures }: { figures: Figures }) {
  const { gauge, month } = figures;
  const entries = [...gauge.districts].sort((a, b) => (b.ratio?.low ?? -1) - (a.ratio?.low ?? -1));
  const all = [{ ...gauge.total, name: say('whole') }, ...(entries.length > 1 ? entries : [])];
  const highest = Math.max(2 * gauge.line, ...all.map(({ ratio }) => ratio?.high ?? 0));
  const scale = Math.min(1, Math.ceil(10 * highest) / 10);
  const empty = gauge.known === null ? say('noInput') : gauge.total.ratio === null ? say('noGauge') : null;
  const columns = [
    say('district'),
    `${say('illegal')} (${say('mu')})`,
    `${say('taken')} (${say('mu')})`,
    say('ratio'),
    say('forecast'),
  ];
  const rows = all.map((entry) => [
    entry.name,
    muShort(entry.illegalM2),
    muShort(entry.takenM2),
    rangeText(entry.ratio),
    forecastText(entry),
  ]);
  return html`
    <${Card} name="gauge" title="gauge" says="gaugeSays" empty=${empty} table=${{ columns, rows }}>
      <p class="warning">${label(gauge.total.warning)}</p>
      <ol class="rows">
        ${all.map(
          (entry, k) => html`
          <li key=${entry.district} class=${k === 0 ? 'whole' : ''}>
            <a class="who" href=${listOf({ month, district: entry.district })}>${entry.name}</a>
            <${Bullet} entry=${entry} line=${gauge.line} scale=${scale} />
            <span class=${`rate ${entry.grade?.low === 'over' ? 'late' : ''}`}>${rangeText(entry.ratio)}</span>
          </li>
        `,
        )}
      </ol>
      <p class="faint note">${say('forecast')}: ${forecastText(gauge.total)}</p>
    </${Card}>
  `;
}

function Bullet({ entry, line, scale }: { entry: GaugeEntry; line: number; scale: number }) {
  const x = (share: number) => 200 * Math.min(1, share / scale);
  const { ratio, forecast } = entry;
  const end = forecast !== null && !forecast.tooEarly ? forecast : null;
  const middle = end && (end.expected.low + end.expected.high) / 2;
  const id = `gauge-${entry.district || 'all'}`;
  return html`
    <svg class="bullet" viewBox="0 0 200 18" preserveAspectRatio="none" role="img">
      <title>${`${entry.name} ${rangeText(ratio)} ${say('forecast')} ${forecastText(entry)}`}</title>
      <defs><${Hatch} id=${id} /></defs>
      <rect class="track" y="3" width="200" height="9" />
      ${
        ratio !== null &&
        html`
        <rect fill=${`url(#${id})`} x=${x(ratio.low)} y="3" width=${x(ratio.high) - x(ratio.low)} height="9" />
        <rect class=${`low ${entry.grade?.low ?? ''}`} y="3" width=${x(ratio.low)} height="9" />
      `
      }
      ${
        end !== null &&
        html`
        <line class="whisker" x1=${x(end.interval.low)} x2=${x(end.interval.high)} y1="15.5" y2="15.5" />
        <line class="foreseen" x1=${x(middle ?? 0)} x2=${x(middle ?? 0)} y1="13" y2="18" />
      `
      }
      <line class="limit" x1=${x(line)} x2=${x(line)} y1="0" y2="18" />
    </svg>
  `;
}

export function rangeText(range: { low: number; high: number } | null): string {
  if (range === null) return '–';
  return range.low === range.high ? shareText(range.low) : `${shareText(range.low)}–${shareText(range.high)}`;
}

function forecastText({ forecast }: GaugeEntry): string {
  if (forecast === null) return '–';
  if (forecast.tooEarly) return label(forecast.because);
  return `${rangeText(forecast.expected)} (${rangeText(forecast.interval)})`;
}
