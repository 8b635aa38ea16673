import { html } from 'htm/preact';
import { label } from '../shell/text.ts';
import { Card } from './card.ts';
import { countText, type Figures, type RadarEntry } from './figures.ts';
import { patchOf } from './links.ts';
import { say } from './words.ts';

/** Patches named beside an entry; the others are counted. */
const NAMED = 3;
/** Entries shown at first. */
const SHOWN = 6;
const LEVELS = ['review', 'possible', 'near'] as const;

/** Who is at or near 5 亩 of basic or 10 亩 of other farmland. */
export function Radar({ figures }: { figures: Figures }) {
  const { radar, names } = figures;
  const { entries, counts } = radar;
  const all = counts.review + counts.possible + counts.near;
  const columns = [
    say('actor'),
    say('level'),
    `${say('basic')} (${say('mu')})`,
    `${say('other')} (${say('mu')})`,
    say('district'),
  ];
  const rows = entries.map((entry) => [
    nameOf(entry),
    label(entry.label),
    rangeMu(entry.basicFarmlandM2),
    rangeMu(entry.otherFarmlandM2),
    entry.districts.map((code) => names[code] ?? code).join(' '),
  ]);
  const labels = new Map(entries.map((entry) => [entry.level, entry.label]));
  return html`
    <${Card} name="radar" title="radar" says="radarSays" empty=${all === 0 ? say('nobodyNear') : null} table=${{ columns, rows }}>
      <p class="legend">
        ${LEVELS.map((level) => labels.has(level) && html`<span class="key"><i class=${`swatch ${level}`}></i>${label(labels.get(level)!)} <b>${countText(counts[level])}</b></span>`)}
      </p>
      <ul class="rows">
        ${entries.slice(0, SHOWN).map((entry) => html`<${Entry} entry=${entry} radar=${radar} names=${names} />`)}
      </ul>
      <p class="faint note">${say('shownOf')} ${Math.min(SHOWN, all)} / ${countText(all)} · ${radar.from} – ${radar.to}</p>
    </${Card}>
  `;
}

interface EntryProps {
  entry: RadarEntry;
  radar: Figures['radar'];
  names: Figures['names'];
}

function Entry({ entry, radar, names }: EntryProps) {
  const { numbers } = entry;
  return html`
    <li>
      <i class=${`swatch ${entry.level}`} title=${label(entry.label)}></i>
      <span class="who"><b>${nameOf(entry)}</b> <span class="faint">${entry.districts.map((code) => names[code] ?? code).join(' ')}</span></span>
      <${Toward} name=${say('basic')} area=${entry.basicFarmlandM2} lineMu=${radar.basicFarmlandMu} />
      <${Toward} name=${say('other')} area=${entry.otherFarmlandM2} lineMu=${radar.otherFarmlandMu} />
      <span class="numbers">
        ${numbers.slice(0, NAMED).map((number) => html`<a href=${patchOf(number)}>${number.slice(-8)}</a> `)}
        ${numbers.length > NAMED && html`<span class="faint">+${numbers.length - NAMED}</span>`}
      </span>
    </li>
  `;
}

/** How far towards a line; the bar ends at twice the line. */
function Toward({ name, area, lineMu }: { name: string; area: RadarEntry['basicFarmlandM2']; lineMu: number }) {
  const x = (m2: number) => 80 * Math.min(1, (m2 * 0.0015) / (2 * lineMu));
  return html`
    <span class="toward">
      <svg viewBox="0 0 80 10" role="img">
        <title>${`${name} ${rangeMu(area)} ${say('mu')} / ${lineMu}`}</title>
        <rect class="track" y="2" width="80" height="6" rx="2" />
        <rect class="high" y="2" width=${x(area.high)} height="6" rx="2" />
        <rect class="low" y="2" width=${x(area.low)} height="6" rx="2" />
        <line class="limit" x1="40" x2="40" y1="0" y2="10" />
      </svg>
      <span class="faint">${name} ${rangeMu(area)}/${lineMu} ${say('mu')}</span>
    </span>
  `;
}

function nameOf({ actor }: RadarEntry): string {
  return actor ?? say('nobodyKnown');
}

function rangeMu({ low, high }: RadarEntry['basicFarmlandM2']): string {
  const text = (m2: number) => (m2 * 0.0015).toFixed(1);
  return text(low) === text(high) ? text(low) : `${text(low)}–${text(high)}`;
}
