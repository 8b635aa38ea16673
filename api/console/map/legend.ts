import { html } from 'htm/preact';
import { tones } from './styles.ts';
import { type MapWord, mapWord } from './words.ts';

const zoneWords: Record<string, MapWord> = {
  'red-line': 'redLine',
  'permanent-basic-farmland': 'basicFarmland',
  farmland: 'farmland',
  approvals: 'approvals',
};

/** What the colours of the map mean. */
export function Legend({ zones }: { zones: readonly string[] }) {
  return html`
    <ul class="map-legend" aria-label=${mapWord('legend')}>
      ${tones.map((tone) => html`<li class=${`state ${tone}`}>${mapWord(tone)}</li>`)}
      <li class="rim">${mapWord('late')}</li>
      ${zones.map((zone) => html`<li class=${`zone ${zone}`}>${mapWord(zoneWords[zone])}</li>`)}
    </ul>
  `;
}
