import { html } from 'htm/preact';
import { Popover } from '../shell/popover.ts';
import type { Basemap, Ground } from './chart.ts';
import { type MapWord, mapWord } from './words.ts';

interface Look {
  ground: Ground;
  bands: string;
  zones: string[];
}

interface MapToolsProps {
  look: Look;
  basemap: Basemap | null;
  boxed: boolean;
  hasPatch: boolean;
  onLook: (changed: Partial<Look>) => void;
  onBoxed: (wanted: boolean) => void;
  onDistrict: () => void;
  onPatch: () => void;
}

const grounds: [Ground, MapWord][] = [
  ['before', 'before'],
  ['swipe', 'swipe'],
  ['after', 'after'],
  ['plain', 'plain'],
];

const bandChoices: [string, MapWord][] = [
  ['natural', 'natural'],
  ['false-color', 'falseColour'],
];

const zoneLayers: [string, MapWord][] = [
  ['red-line', 'redLine'],
  ['permanent-basic-farmland', 'basicFarmland'],
  ['farmland', 'farmland'],
  ['approvals', 'approvals'],
];

/** What stands on the map's edge: which image, which layers, where to. */
export function MapTools({ look, basemap, boxed, hasPatch, onLook, onBoxed, onDistrict, onPatch }: MapToolsProps) {
  const offered = basemap === null ? grounds : [...grounds, ['external', 'external'] as [Ground, MapWord]];
  const choice = (name: string, value: string, word: MapWord, changed: Partial<Look>) => html`
    <button class="plain" aria-pressed=${value === name} onClick=${() => onLook(changed)}>${mapWord(word)}</button>
  `;
  const toggle = (zone: string) =>
    look.zones.includes(zone) ? look.zones.filter((name) => name !== zone) : [...look.zones, zone];
  return html`
    <div class="map-tools">
      <div class="switch" role="group" aria-label=${mapWord('image')}>
        ${offered.map(([ground, word]) => choice(look.ground, ground, word, { ground }))}
      </div>
      <${Popover} class="layers" label=${mapWord('layers')}>
        <fieldset>
          <legend>${mapWord('bands')}</legend>
          <div class="switch" role="group" aria-label=${mapWord('bands')}>
            ${bandChoices.map(([bands, word]) => choice(look.bands, bands, word, { bands }))}
          </div>
        </fieldset>
        <fieldset>
          <legend>${mapWord('layers')}</legend>
          ${zoneLayers.map(
            ([zone, word]) => html`<label><input type="checkbox" checked=${look.zones.includes(zone)}
              onChange=${() => onLook({ zones: toggle(zone) })} /> ${mapWord(word)}</label>`,
          )}
        </fieldset>
      <//>
      <button title=${mapWord('toDistrictHint')} onClick=${onDistrict}>${mapWord('toDistrict')}</button>
      <button title=${mapWord('toPatchHint')} disabled=${!hasPatch} onClick=${onPatch}>${mapWord('toPatch')}</button>
      <button class="boxed" title=${mapWord('asOnMapHint')} aria-pressed=${boxed} onClick=${() => onBoxed(!boxed)}>${mapWord('asOnMap')}</button>
    </div>
  `;
}
