import { html } from 'htm/preact';
import type { PatchDetail } from '../../server/schemas.ts';
import { areaText, muText, percentText } from '../shell/format.ts';
import { gravestFirst, layerName } from '../shell/names.ts';
import { word } from '../shell/text.ts';

/** What the patch lies on: by layer, then by zone, in m² and 亩. */
export function Overlaps({ overlaps }: { overlaps: PatchDetail['overlaps'] }) {
  const layers = gravestFirst([...new Set(overlaps.map((overlap) => overlap.layer))]);
  if (layers.length === 0)
    return html`<section><h3>${word('overlaps')}</h3><p class="faint">${word('none')}</p></section>`;
  return html`
    <section>
      <h3>${word('overlaps')}</h3>
      <table class="figures">
        <thead><tr>
          <th>${word('layer')}</th><th>${word('zone')}</th><th>m²</th><th>${word('mu')}</th><th>${word('share')}</th>
        </tr></thead>
        ${layers.map((layer) => html`<${LayerRows} layer=${layer} zones=${overlaps.filter((row) => row.layer === layer)} />`)}
      </table>
    </section>
  `;
}

function LayerRows({ layer, zones }: { layer: string; zones: PatchDetail['overlaps'] }) {
  const areaM2 = zones.reduce((sum, zone) => sum + zone.areaM2, 0);
  const share = zones.reduce((sum, zone) => sum + zone.shareOfPatch, 0);
  const figures = (area: number, part: number) => html`
    <td>${areaText(area)}</td><td>${muText(area)}</td><td>${percentText(Math.min(1, part))}</td>
  `;
  const tag = html`<span class=${`tag ${layer}`}>${layerName(layer)}</span>`;
  if (zones.length === 1) {
    return html`<tbody><tr><td>${tag}</td><td>${zoneName(zones[0])}</td>${figures(areaM2, share)}</tr></tbody>`;
  }
  return html`
    <tbody>
      <tr class="sum"><td>${tag}</td><td>${zones.length} ${word('zones')}</td>${figures(areaM2, share)}</tr>
      ${zones.map((zone) => html`<tr><td></td><td>${zoneName(zone)}</td>${figures(zone.areaM2, zone.shareOfPatch)}</tr>`)}
    </tbody>
  `;
}

function zoneName({ name, externalId }: PatchDetail['overlaps'][number]) {
  return html`${name} ${!name.includes(externalId) && html`<span class="faint mono">${externalId}</span>`}`;
}
