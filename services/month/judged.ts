import type { MultiPolygon, Polygon } from 'geojson';
import type { Region } from '../../detectors/region.ts';
import type { PixelRuns } from '../../detectors/runs.ts';
import type { LonLatBox } from '../../imagery/grid.ts';
import type { RadiometricScale } from '../../imagery/scene.ts';
import { describeRegion, type FoundPatch, lonLatOutline } from '../detection/found-patch.ts';
import { listZones, type ZoneRow } from '../store/layers.ts';
import type { Store } from '../store/open.ts';
import { districtOfRuns } from '../zones/overlay/districts.ts';
import { overlayRuns } from '../zones/overlay/overlay.ts';
import { lastDayOf } from './calendar-month.ts';
import type { DistrictGeometry } from './coverage.ts';
import { type Evidence, evidenceOf } from './evidence.ts';
import type { Gathered } from './gathered.ts';
import type { MonthPlan } from './plan.ts';
import { type Screening, screen } from './screening.ts';

/** A detection with all that is said about it, not yet stored. */
export interface Judged {
  patch: FoundPatch;
  areaM2: number;
  district: string;
  geometry: Polygon | MultiPolygon;
  box: LonLatBox;
  evidence: Evidence;
  beforeDate: string;
  afterDate: string;
  observedFraction: number;
  overlaps: { zoneId: string; layer: string; areaM2: number }[];
  screening: Screening;
}

/** District of what lies in none. */
const nowhere = '000000';

/** Judges all regions of a run, in order of district, row, column. */
export async function judgeRegions(
  store: Store,
  plan: MonthPlan,
  gathered: Gathered,
  districts: DistrictGeometry[],
): Promise<Judged[]> {
  const layers = new Set(plan.layers.map((layer) => layer.name));
  const hidden = hiddenByRow([gathered.cloud, gathered.noImage]);
  const geometries = new Map<string, Polygon | MultiPolygon>();
  const judged: Judged[] = [];
  for (const region of gathered.regions) {
    const patch = describeRegion(region, plan.grid, plan.roles, {
      reflectance: reflectanceOf(region, plan),
      darkest: null,
    });
    const { areaM2 } = patch;
    if (areaM2 === null || areaM2 < plan.parameters.minAreaM2) continue;
    const geometry = lonLatOutline(region.runs, plan.grid);
    const box = boxOf(geometry);
    const zones = await listZones(store.db, { date: lastDayOf(plan.month), box });
    const overlaps = overlay(region.runs, plan, zones, geometries);
    const layerM2 = new Map<string, number>();
    for (const { layer, areaM2 } of overlaps) layerM2.set(layer, (layerM2.get(layer) ?? 0) + areaM2);
    const evidence = evidenceOf(patch, plan, gathered.models);
    judged.push({
      patch,
      areaM2,
      district: districtOfRuns(region.runs, plan.grid, districts) ?? nowhere,
      geometry,
      box,
      evidence,
      ...onset(evidence),
      observedFraction: 1 - hiddenShare(region.runs, hidden),
      overlaps,
      screening: screen({ type: patch.typed.type, areaM2, layerM2 }, layers),
    });
  }
  return judged.sort(byDistrictRowColumn);
}

/** Of the before images that a region's sums are in; null where they differ, too. */
function reflectanceOf(region: Region, { befores }: MonthPlan): RadiometricScale | null {
  const scenes = Object.keys(region.pairs).map((key) => befores.find(({ id }) => key.startsWith(`${id}-`)));
  const [first, ...others] = scenes.map((scene) => scene?.reflectance ?? null);
  const same = others.every((other) => other?.scale === first?.scale && other?.offset === first?.offset);
  return same ? (first ?? null) : null;
}

/** One parsed geometry per zone for the whole run: the overlay projects each object only once. */
function overlay(runs: PixelRuns, plan: MonthPlan, zones: ZoneRow[], geometries: Map<string, Polygon | MultiPolygon>) {
  const shapes = zones
    .filter((zone) => zone.layer !== 'districts')
    .map(({ id, geometryJson }) => {
      const geometry = geometries.get(id) ?? (JSON.parse(geometryJson) as Polygon | MultiPolygon);
      geometries.set(id, geometry);
      return { id, geometry };
    });
  const layerOf = new Map(zones.map((zone) => [zone.id, zone.layer]));
  return overlayRuns(runs, plan.grid, shapes).map(({ zoneId, areaM2 }) => ({
    zoneId,
    layer: layerOf.get(zoneId) as string,
    areaM2,
  }));
}

/** The onset interval: the last date all pixels were seen unchanged, the first on which they are changed. */
function onset({ pairs }: Evidence): { beforeDate: string; afterDate: string } {
  const dates = (side: 'before' | 'after') => pairs.map((pair) => pair[side].date).sort();
  return { beforeDate: dates('before')[0], afterDate: dates('after').at(-1) as string };
}

function boxOf(geometry: Polygon | MultiPolygon): LonLatBox {
  const box = { minLon: Infinity, minLat: Infinity, maxLon: -Infinity, maxLat: -Infinity };
  const polygons = geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates;
  for (const [lon, lat] of polygons.flat(2)) {
    box.minLon = Math.min(box.minLon, lon);
    box.maxLon = Math.max(box.maxLon, lon);
    box.minLat = Math.min(box.minLat, lat);
    box.maxLat = Math.max(box.maxLat, lat);
  }
  return box;
}

type RowRuns = Map<number, [start: number, end: number][]>;

function hiddenByRow(parts: PixelRuns[]): RowRuns {
  const rows: RowRuns = new Map();
  for (const { row, start, end } of parts) {
    for (let i = 0; i < row.length; i++) {
      const runs = rows.get(row[i]) ?? [];
      runs.push([start[i], end[i]]);
      rows.set(row[i], runs);
    }
  }
  return rows;
}

/** Share of the runs' bounding box that no pair could judge. */
function hiddenShare({ row, start, end }: PixelRuns, hidden: RowRuns): number {
  const left = start.reduce((least, s) => Math.min(least, s), Infinity);
  const right = end.reduce((most, e) => Math.max(most, e), 0);
  const first = row[0];
  const last = row[row.length - 1];
  let pixels = 0;
  for (let y = first; y <= last; y++) {
    for (const [s, e] of hidden.get(y) ?? []) pixels += Math.max(0, Math.min(e, right) - Math.max(s, left));
  }
  return pixels / ((right - left) * (last - first + 1));
}

function byDistrictRowColumn(a: Judged, b: Judged): number {
  if (a.district !== b.district) return a.district < b.district ? -1 : 1;
  const [p, q] = [a.patch.region.runs, b.patch.region.runs];
  return p.row[0] - q.row[0] || p.start[0] - q.start[0];
}
