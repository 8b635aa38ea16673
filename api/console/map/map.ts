import { html } from 'htm/preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { PatchDetail, PatchItem, ZoneCollection } from '../../server/schemas.ts';
import { useLoaded } from '../shell/loaded.ts';
import { getJson } from '../shell/server.ts';
import { type Basemap, type Chart, drawChart, type Ground } from './chart.ts';
import { Divider } from './divider.ts';
import { Legend } from './legend.ts';
import type { PatchMark } from './patch-layers.ts';
import { MapTools } from './tools.ts';
import { mapWord } from './words.ts';

export interface PatchMapProps {
  month: string;
  /** The filter, as GET /patches takes it. */
  query: string;
  /** Counts what was done: the tiles are asked for anew with each. */
  edition: number;
  district: string;
  chosen: PatchItem | null;
  basemap: Basemap | null;
  /** The list shows only what lies in this box: west, south, east, north; null: whatever the map shows. */
  box: number[] | null;
  toneOf: (mark: PatchMark) => string;
  onChoose: (number: string) => void;
  /** West, south, east and north, degrees. */
  onBox: (box: number[] | null) => void;
}

const slot = 'tuban.map';

interface Look {
  ground: Ground;
  bands: string;
  zones: string[];
}

const first: Look = { ground: 'after', bands: 'natural', zones: ['red-line'] };

/** What was last chosen on this machine, of how the map looks. */
function keptLook(basemap: Basemap | null): Look {
  try {
    const kept = { ...first, ...(JSON.parse(localStorage.getItem(slot) ?? '{}') as Partial<Look>) };
    return kept.ground === 'external' && basemap === null ? first : kept;
  } catch {
    return first;
  }
}

/** Where the patches of the filter lie: on the month's own images, with zones, both dates under a divider. */
export function PatchMap(props: PatchMapProps) {
  const { month, query, edition, district, chosen, basemap, box, onBox } = props;
  const target = useRef<HTMLDivElement>(null);
  const latest = useRef(props);
  latest.current = props;
  const shown = useRef(() => {});
  const [chart, setChart] = useState<Chart | null>(null);
  const [look, setLook] = useState(() => keptLook(basemap));
  const [split, setSplit] = useState(0.5);
  const districts = useLoaded(
    (signal) => loadDistricts(signal),
    [],
    () => {},
  );
  useEffect(() => {
    const drawn = drawChart(target.current as HTMLElement, basemap, {
      toneOf: (mark) => latest.current.toneOf(mark),
      onChoose: (mark) => latest.current.onChoose(mark.number),
      onShown: () => shown.current(),
      onMoved: () => latest.current.box !== null && latest.current.onBox(drawn.extent()),
    });
    setChart(drawn);
    return () => drawn.remove();
  }, []);
  // Before its place is known, tiles would be asked for that nobody sees.
  const ready = districts === null ? null : chart;
  useEffect(() => {
    if (ready === null || districts === null) return;
    ready.setDistricts(districts);
    showPlace();
  }, [ready, district]);
  useEffect(() => ready?.setGround(look.ground, month, look.bands), [ready, look, month]);
  useEffect(() => ready?.setZones(look.zones), [ready, look]);
  useEffect(() => ready?.setSplit(look.ground === 'swipe' ? split : 1), [ready, look, split]);
  useEffect(() => ready?.setQuery(query), [ready, query, edition]);
  useEffect(() => ready?.repaint(), [ready, props.toneOf]);
  const shape = useShape(chosen);
  useEffect(() => {
    ready?.setChosen(chosen && { bbox: chosen.bbox, geometry: shape });
    if (chosen !== null) ready?.keepInSight(chosen.bbox);
  }, [ready, chosen?.id, shape]);
  const zoomToDistrict = () => {
    const place = districts && boxOf(districts, district);
    if (place) chart?.zoomTo(place, 17);
  };
  /** As the page comes, or another district is asked for: the box of the address, else the district. */
  const showPlace = () => {
    const place = box ?? (districts && boxOf(districts, district));
    if (place) chart?.zoomTo(place, 17, true);
  };
  shown.current = () => {
    showPlace();
    if (chosen !== null) chart?.keepInSight(chosen.bbox);
  };
  const zoomToPatch = () => chosen !== null && chart?.zoomTo(widened(chosen.bbox), 18.5);
  useZoomKeys(zoomToPatch, zoomToDistrict);
  const change = (changed: Partial<Look>) => {
    const next = { ...look, ...changed };
    localStorage.setItem(slot, JSON.stringify(next));
    setLook(next);
  };
  return html`
    <section class="patch-map" aria-label=${mapWord('map')}>
      <div class="ol-target" ref=${target} tabindex="0" role="application" aria-label=${mapWord('map')}></div>
      <${MapTools} look=${look} basemap=${basemap} boxed=${box !== null} hasPatch=${chosen !== null} onLook=${change}
        onBoxed=${(wanted: boolean) => onBox(wanted ? (chart?.extent() ?? null) : null)}
        onDistrict=${zoomToDistrict} onPatch=${zoomToPatch} />
      ${look.ground === 'swipe' && html`<${Divider} share=${split} onMove=${setSplit} />`}
      <${Legend} zones=${look.zones} />
    </section>
  `;
}

/** The outline of the chosen patch, once it is known. */
function useShape(chosen: PatchItem | null): PatchDetail['geometry'] | null {
  const [shape, setShape] = useState<{ id: string; geometry: PatchDetail['geometry'] } | null>(null);
  useEffect(() => {
    if (chosen === null) return undefined;
    const loading = new AbortController();
    // Who runs through the list wants the list: the outline can wait until the patch is stayed with.
    const waiting = setTimeout(() => {
      getJson<PatchDetail>(`patches/${encodeURIComponent(chosen.number)}`, loading.signal).then(
        ({ geometry }) => setShape({ id: chosen.id, geometry }),
        () => {},
      );
    }, 150);
    return () => {
      clearTimeout(waiting);
      loading.abort();
    };
  }, [chosen?.id]);
  return shape !== null && shape.id === chosen?.id ? shape.geometry : null;
}

/** Z goes to the patch, Shift+Z to the district, wherever the focus is, except while writing. */
function useZoomKeys(toPatch: () => void, toDistrict: () => void): void {
  const latest = useRef({ toPatch, toDistrict });
  latest.current = { toPatch, toDistrict };
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.key.toLowerCase() !== 'z') return;
      if ((event.target as HTMLElement).closest('input, select, textarea')) return;
      if (event.shiftKey) latest.current.toDistrict();
      else latest.current.toPatch();
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, []);
}

function loadDistricts(signal: AbortSignal): Promise<ZoneCollection> {
  return getJson<ZoneCollection>('zones?layer=districts&tolerance=0.0001', signal);
}

/** The box round the districts under a code, all for ''; null where there are none. */
function boxOf({ features }: ZoneCollection, district: string): number[] | null {
  const under = features.filter((zone) => (zone.properties.district ?? '').startsWith(district));
  const box = [180, 90, -180, -90];
  for (const zone of under) {
    const corners = zone.geometry.coordinates.flat(zone.geometry.type === 'MultiPolygon' ? 2 : 1) as [number, number][];
    for (const [lon, lat] of corners) {
      box[0] = Math.min(box[0], lon);
      box[1] = Math.min(box[1], lat);
      box[2] = Math.max(box[2], lon);
      box[3] = Math.max(box[3], lat);
    }
  }
  return box[0] < box[2] ? box : null;
}

/** With as much again on every side, so that the patch is seen in its surroundings. */
function widened([minLon, minLat, maxLon, maxLat]: readonly number[]): number[] {
  const [width, height] = [maxLon - minLon, maxLat - minLat];
  return [minLon - width, minLat - height, maxLon + width, maxLat + height];
}
