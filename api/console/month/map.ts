import { html } from 'htm/preact';
import { useMemo } from 'preact/hooks';
import type { PatchItem, StateRow, ZoneCollection } from '../../server/schemas.ts';
import { areaText } from '../shell/format.ts';
import { typeName } from '../shell/names.ts';
import { toneOf } from '../shell/state-label.ts';
import { word } from '../shell/text.ts';
import { fitView, pathOf, type View } from './map-view.ts';

interface MapProps {
  districts: ZoneCollection;
  redLines: ZoneCollection;
  patches: PatchItem[];
  states: readonly StateRow[];
  district: string;
  chosen: string | null;
  onChoose: (number: string) => void;
}

const frame = { width: 284, leastHeight: 150, mostHeight: 380, marginPx: 10 };
/** Dots are small; a finger or a mouse may miss by this much. */
const reachPx = 8;

/** What the colours of the marks mean. */
const legend = [
  ['find', 'toneFind'],
  ['warn', 'toneWarn'],
  ['resolve', 'toneResolve'],
  ['done', 'toneDone'],
  ['dismissed', 'toneDismissed'],
] as const;

/** Where the listed patches lie: district outlines, red lines, one mark a patch. Drawn from our own data only. */
export function OverviewMap({ districts, redLines, patches, states, district, chosen, onChoose }: MapProps) {
  const near = { ...districts, features: districts.features.filter((zone) => inside(zone, district)) };
  const view = useMemo(
    () => fitView(near, patches, frame),
    [districts, district, districts.features.length > 0 ? null : patches],
  );
  const ground = useMemo(() => {
    const shapes = (zones: ZoneCollection) =>
      zones.features.map((zone) => ({ zone, path: pathOf(zone.geometry, view) }));
    return { districts: shapes(districts), redLines: shapes(redLines) };
  }, [districts, redLines, view]);
  const tones = new Map(states.map((state) => [state.name, toneOf(state)]));
  const mark = (patch: PatchItem) => html`
    <${Mark} key=${patch.id} patch=${patch} view=${view} tone=${tones.get(patch.state) ?? ''}
      chosen=${patch.number === chosen} onChoose=${onChoose} />
  `;
  const isChosen = (patch: PatchItem) => patch.number === chosen;
  return html`
    <section class="map">
      <h2>${word('map')}</h2>
      <svg viewBox=${`0 0 ${frame.width} ${view.height}`} role="img" aria-label=${word('map')}>
        ${ground.districts.map(
          ({ zone, path }) => html`<path class=${inside(zone, district) ? 'district' : 'district off'} d=${path} />`,
        )}
        ${ground.redLines.map(({ path }) => html`<path class="red-line" d=${path} />`)}
        ${districts.features.map((zone) => html`<${DistrictName} zone=${zone} view=${view} />`)}
        ${patches.filter((patch) => !isChosen(patch)).map(mark)}
        ${patches.filter(isChosen).map(mark)}
      </svg>
      <p class="legend">${legend.map(([tone, name]) => html`<span class=${`state ${tone}`}>${word(name)}</span>`)}</p>
    </section>
  `;
}

type Zone = ZoneCollection['features'][number];

function inside(zone: Zone, district: string): boolean {
  return district === '' || (zone.properties.district ?? '').startsWith(district);
}

function DistrictName({ zone, view }: { zone: Zone; view: View }) {
  const [x, y] = view.labelPoint(zone.geometry);
  return html`<text class="district-name" x=${x} y=${y}>${zone.properties.name}</text>`;
}

interface MarkProps {
  patch: PatchItem;
  view: View;
  tone: string;
  chosen: boolean;
  onChoose: (number: string) => void;
}

/** A dot whose area grows with the patch's, so that the big ones are seen first. */
function Mark({ patch, view, tone, chosen, onChoose }: MarkProps) {
  const [minLon, minLat, maxLon, maxLat] = patch.bbox;
  const [x, y] = view.point((minLon + maxLon) / 2, (minLat + maxLat) / 2);
  const radius = Math.min(7, 2.2 + Math.sqrt(patch.areaM2) / 40);
  return html`
    <g class=${`mark ${tone} ${chosen ? 'chosen' : ''}`} onClick=${() => onChoose(patch.number)}>
      ${chosen && html`<circle class="ring" cx=${x} cy=${y} r=${radius + 5} />`}
      <circle class="reach" cx=${x} cy=${y} r=${reachPx} />
      <circle class="dot" cx=${x} cy=${y} r=${radius} />
      <title>${`${patch.number} · ${typeName(patch.type)} · ${areaText(patch.areaM2)} m²`}</title>
    </g>
  `;
}
