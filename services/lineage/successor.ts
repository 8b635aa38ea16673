import type { MultiPolygon, Polygon } from 'geojson';
import type { Insertable } from 'kysely';
import { type ChangeType, changeTypes } from '../../detectors/change-type.ts';
import type { Grid } from '../../imagery/grid.ts';
import { pixelsInside } from '../evaluation/polygon-runs.ts';
import type { Ground } from '../ground/changed-place.ts';
import { surveyGround } from '../ground/survey.ts';
import { factsOf } from '../legality/recorded.ts';
import { localDay } from '../local-time.ts';
import { contentId, plainRuns } from '../month/evidence.ts';
import { type Verdict, verdictsOf } from '../month/verdicts.ts';
import type { DetectionRow } from '../store/detections.ts';
import { listLayers } from '../store/layers.ts';
import type { Store } from '../store/open.ts';
import { latestOpinion } from '../store/opinions.ts';
import type { PatchRow } from '../store/patches.ts';
import type { DetectionTable } from '../store/schema.ts';
import { toGeoJson } from '../zones/geometry/wkb.ts';
import type { ZoneGeometry } from '../zones/geometry/zone-geometry.ts';
import type { PreparedPatch } from '../zones/overlay/prepared-patch.ts';
import { prepareShape } from '../zones/overlay/shape-patch.ts';

/** A patch that is to stand for others, before it has a number. */
export interface Successor {
  patchId: string;
  placeId: string;
  detection: Insertable<DetectionTable>;
  areaM2: number;
  ground: Ground;
  verdict: Verdict;
}

/** What it is made of: the patches that it comes out of, largest first, with what they rest on. */
export interface Origin {
  kind: 'split' | 'merge';
  /** Of the act, and the place of this one among what it makes. */
  actId: string;
  index: number;
  parents: readonly { patch: PatchRow; detection: DetectionRow }[];
}

/** An outline with the area that it is to have. */
export interface Outlined {
  geometry: ZoneGeometry;
  areaM2: number;
}

/**
 * Detections, places and opinions of patches that come to stand for others: their own outlines, surveyed anew on the
 * layers as they are on the day. What the images showed is their parents'.
 */
export async function successors(
  store: Store,
  outlined: readonly Outlined[],
  origins: readonly Origin[],
  at: Date,
): Promise<Successor[]> {
  const shapes = outlined.map(({ geometry }) => prepareShape(geometry));
  const made = shapes.map((shape, i) => bare(shape, outlined[i], origins[i]));
  const established = await Promise.all(origins.map(({ parents }) => establishedOf(store, parents[0].patch.id)));
  const places = made.map(({ detection: { type, typeConfidence, beforeDate, afterDate } }, i) => ({
    patch: shapes[i],
    type: type in changeTypes ? (type as ChangeType) : 'unknown',
    typeConfidence,
    onset: { lastUnchanged: beforeDate, firstChanged: afterDate },
    established: established[i],
  }));
  const grounds: Ground[] = [];
  for await (const ground of surveyGround(store.db, localDay(at), places)) grounds.push(ground);
  const layers = new Set((await listLayers(store.db)).filter(({ state }) => state === 'ready').map(({ name }) => name));
  const { month, district } = origins[0].parents[0].patch;
  // The district is the parents': a border that runs through hands nobody's duty over by itself.
  const issuing = made.map(({ patchId, placeId }, i) => ({ ...grounds[i], patchId, placeId, district }));
  const verdicts = await verdictsOf(store, month, issuing, layers, at);
  return made.map((one, i) => ({ ...one, ground: grounds[i], verdict: verdicts.get(one.patchId)! }));
}

async function establishedOf({ db }: Store, patchId: string) {
  const opinion = await latestOpinion(db, patchId);
  return opinion === null ? {} : factsOf(opinion).established;
}

/** As it is before anybody has looked what lies under it. */
function bare(shape: PreparedPatch, { geometry, areaM2 }: Outlined, origin: Origin) {
  const { kind, actId, index, parents } = origin;
  const { patch, detection: first } = parents[0];
  const id = (what: string) => contentId(what, kind, actId, index);
  const days = (name: 'beforeDate' | 'afterDate') => parents.map(({ detection }) => detection[name]).sort();
  const outline = toGeoJson(geometry) as Polygon | MultiPolygon;
  const { minLon, minLat, maxLon, maxLat } = shape.box;
  const detection: Insertable<DetectionTable> = {
    ...{ id: id('detection'), runId: first.runId, placeId: id('place'), month: patch.month, district: patch.district },
    ...{ areaM2, score: Math.max(...parents.map((one) => one.patch.score)), type: patch.type },
    typeConfidence: first.typeConfidence,
    screening: kind,
    beforeDate: days('beforeDate')[0],
    afterDate: days('afterDate').at(-1)!,
    observedFraction: Math.min(...parents.map((one) => one.detection.observedFraction)),
    evidenceJson: JSON.stringify(evidenceOf(outline, origin)),
    geometryJson: JSON.stringify(outline),
    ...{ minLon, minLat, maxLon, maxLat },
  };
  return { patchId: id('patch'), placeId: id('place'), detection, areaM2 };
}

/** The images are the largest parent's; its pixels are those of the new outline, so that pictures show that. */
function evidenceOf(outline: Polygon | MultiPolygon, { kind, actId, parents }: Origin): Record<string, unknown> {
  const evidence = JSON.parse(parents[0].detection.evidenceJson) as Record<string, unknown> & { grid?: Grid };
  const { grid } = evidence;
  const runs = grid && 'runs' in evidence && { runs: plainRuns(pixelsInside(outline, grid)) };
  return { ...evidence, ...runs, lineage: { kind, actId, from: parents.map(({ patch }) => patch.id) } };
}
