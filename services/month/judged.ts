import type { MultiPolygon, Polygon } from 'geojson';
import type { Region } from '../../detectors/region.ts';
import type { PixelRuns } from '../../detectors/runs.ts';
import type { LonLatBox } from '../../imagery/grid.ts';
import type { RadiometricScale } from '../../imagery/scene.ts';
import { describeRegion, type FoundPatch, lonLatOutline } from '../detection/found-patch.ts';
import type { Ground } from '../ground/changed-place.ts';
import { surveyGround } from '../ground/survey.ts';
import type { Store } from '../store/open.ts';
import { standardThemes } from '../themes/definition.ts';
import { themesOf } from '../themes/themes-of.ts';
import { prepareRuns } from '../zones/overlay/runs-patch.ts';
import { lastDayOf } from './calendar-month.ts';
import { type Evidence, evidenceOf, significant } from './evidence.ts';
import type { Gathered } from './gathered.ts';
import type { MonthPlan } from './plan.ts';
import { type Screening, screen } from './screening.ts';

/** What the images show of a changed region. */
interface Seen {
  patch: FoundPatch;
  areaM2: number;
  geometry: Polygon | MultiPolygon;
  box: LonLatBox;
  evidence: Evidence;
  beforeDate: string;
  afterDate: string;
  observedFraction: number;
}

/** A detection with all that is said about it, not yet stored. */
export interface Judged extends Seen, Ground {
  district: string;
  screening: Screening;
}

/** District of what lies in none. */
const nowhere = '000000';

/** Judges all regions of a run, in order of district, row, column. */
export async function judgeRegions(store: Store, plan: MonthPlan, gathered: Gathered): Promise<Judged[]> {
  const hidden = hiddenByRow([gathered.cloud, gathered.noImage]);
  const seen = gathered.regions.flatMap((region) => seenIn(region, plan, gathered, hidden) ?? []);
  const places = seen.map(({ patch, beforeDate, afterDate }) => ({
    patch: prepareRuns(patch.region.runs, plan.grid),
    type: patch.typed.type,
    typeConfidence: significant(patch.typed.confidence),
    onset: { lastUnchanged: beforeDate, firstChanged: afterDate },
  }));
  const layers = new Set(plan.layers.map((layer) => layer.name));
  const judged: Judged[] = [];
  for await (const ground of surveyGround(store.db, lastDayOf(plan.month), places)) {
    const each = seen[judged.length];
    const layerM2 = new Map<string, number>();
    for (const { layer, areaM2 } of ground.overlaps) layerM2.set(layer, (layerM2.get(layer) ?? 0) + areaM2);
    const themes = themesWithZones(ground, plan.month, layerM2, layers);
    const screening = screen({ type: each.patch.typed.type, areaM2: each.areaM2, layerM2, themes }, layers);
    judged.push({ ...each, ...ground, district: ground.district ?? nowhere, screening });
  }
  return judged.sort(byDistrictRowColumn);
}

/** How many themes a patch belongs to of those whose zones somebody has imported: what nobody drew, nobody watches. */
function themesWithZones(
  { facts }: Ground,
  month: string,
  layerM2: ReadonlyMap<string, number>,
  layers: ReadonlySet<string>,
): number {
  const drawn = standardThemes.themes.filter(({ zones }) =>
    [...zones.in, ...zones.outside].some((layer) => layers.has(layer)),
  );
  const patch = { facts, month, overlaps: Object.fromEntries(layerM2) };
  return themesOf(patch, { ...standardThemes, themes: drawn }, layers).length;
}

/** What a region shows, before it is asked what lies under it; null where it is too small. */
function seenIn(region: Region, plan: MonthPlan, gathered: Gathered, hidden: RowRuns): Seen | null {
  const reflectance = reflectanceOf(region, plan);
  const patch = describeRegion(region, plan.grid, plan.roles, { reflectance, darkest: null });
  const { areaM2 } = patch;
  if (areaM2 === null || areaM2 < plan.parameters.minAreaM2) return null;
  const geometry = lonLatOutline(region.runs, plan.grid);
  const evidence = evidenceOf(patch, plan, gathered.models);
  const observedFraction = 1 - hiddenShare(region.runs, hidden);
  return { patch, areaM2, geometry, box: boxOf(geometry), evidence, ...onset(evidence), observedFraction };
}

/** Of the before images that a region's sums are in; null where they differ, too. */
function reflectanceOf(region: Region, { befores }: MonthPlan): RadiometricScale | null {
  const scenes = Object.keys(region.pairs).map((key) => befores.find(({ id }) => key.startsWith(`${id}-`)));
  const [first, ...others] = scenes.map((scene) => scene?.reflectance ?? null);
  const same = others.every((other) => other?.scale === first?.scale && other?.offset === first?.offset);
  return same ? (first ?? null) : null;
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
