import { serialize } from 'node:v8';
import type { ChangeType } from '../../detectors/change-type.ts';
import { type PixelRuns, rectangleRuns } from '../../detectors/runs.ts';
import { geometryAreaM2 } from '../../imagery/ellipsoid.ts';
import type { Grid, Window } from '../../imagery/grid.ts';
import type { CellResult } from '../../services/detection/cell.ts';
import { cellsOf } from '../../services/detection/cells.ts';
import { intersection } from '../../services/detection/estimate.ts';
import { putCell } from '../../services/store/cells.ts';
import { insertDetections, insertPlaces } from '../../services/store/detections.ts';
import { appendEvent } from '../../services/store/events.ts';
import { insertLayer } from '../../services/store/layers.ts';
import type { Store } from '../../services/store/open.ts';
import { insertPatches } from '../../services/store/patches.ts';
import { beginRun, finishRun } from '../../services/store/runs.ts';
import { insertZones, nextZoneId } from '../../services/store/zones.ts';
import { boundsOfWkb, fromGeoJson, toWkb } from '../../services/zones/geometry/wkb.ts';
import type { PlantedBox } from './planted-ground.ts';
import { boxPolygon, plantedGrid } from './planted-workspace.ts';
import { detectionRow, eventRow, layerRow, patchRow, placeRow, runRow, zoneRow } from './rows.ts';

/** Months as a run leaves them in the store, without images: what was compared between which days, hidden and found. */

/** A part of the grid in pixels: column, row, width, height. */
export type Part = readonly [column: number, row: number, width: number, height: number];

export interface MonthSeed {
  month: string;
  /** Days of the scenes; the last before and the first after judged everything unless `judged` says otherwise. */
  befores: readonly string[];
  afters: readonly string[];
  cloud?: Part;
  noImage?: Part;
  found?: readonly { type: ChangeType; part: Part; dismissed?: string }[];
  /** Parts judged on other days; the rest of what was seen is the first's. null: the record does not say. */
  judged?: readonly { before: string; after: string; part?: Part }[] | null;
  /** What the month is compared on; the planted grid unless given, cut into cells like any. */
  grid?: Grid;
  /** Beginning of the run, where a month has several. */
  startedAt?: string;
}

const nothing: PixelRuns = rectangleRuns(0, 0, 0, 0);
const sceneOf = (date: string) => `s${date.replaceAll('-', '')}`;

function runsWithin([column, row, width, height]: Part, window: Window): PixelRuns {
  const part = intersection({ column, row, width, height }, window);
  return part === null ? nothing : rectangleRuns(part.column, part.row, part.width, part.height);
}

export async function plantMonth(store: Store, seed: MonthSeed): Promise<void> {
  const { db } = store;
  const { month, befores, afters, cloud, noImage, found = [], grid = plantedGrid } = seed;
  const at = seed.startedAt ?? `${month}-28T00:00:00.000Z`;
  const id = `run-${month}-${at}`;
  const scenes = (days: readonly string[]) => days.map((date) => ({ id: sceneOf(date), date }));
  const planJson = JSON.stringify({ month, grid, afters: scenes(afters), befores: scenes(befores) });
  await beginRun(db, runRow({ id, month, planJson, startedAt: at }));
  const judged = seed.judged === undefined ? [{ before: befores[0], after: afters[0] }] : seed.judged;
  for (const window of cellsOf({ column: 0, row: 0, width: grid.width, height: grid.height })) {
    const within = (part?: Part) => (part === undefined ? nothing : runsWithin(part, window));
    const judgedOn = judged?.map(({ before, after, part }) => {
      return { pair: `${sceneOf(before)}-${sceneOf(after)}`, runs: part === undefined ? null : within(part) };
    });
    const cell: Partial<CellResult> = { cloud: within(cloud), noImage: within(noImage), ...(judgedOn && { judgedOn }) };
    const key = `cell:${String(window.row).padStart(7, '0')}:${String(window.column).padStart(7, '0')}`;
    await putCell(db, { runId: id, key, district: null, result: serialize(cell) });
  }
  for (const [i, { type, part, dismissed }] of found.entries()) {
    await plantDetection(store, `${id}-${i}`, { runId: id, month, type, part, dismissed });
  }
  await finishRun(db, id, '{}', new Date(at));
}

interface DetectionSeed {
  runId: string;
  month: string;
  type: ChangeType;
  part: Part;
  /** Why its patch was dismissed; undefined = it has none. */
  dismissed: string | undefined;
}

async function plantDetection({ db }: Store, id: string, seed: DetectionSeed): Promise<void> {
  const { runId, month, type, part, dismissed } = seed;
  const { row, start, end } = rectangleRuns(...part);
  const evidence = { grid: plantedGrid, runs: { row: [...row], start: [...start], end: [...end] } };
  const box = boundsOfWkb(toWkb(fromGeoJson(boxPolygon(boxOfPart(part)))));
  await insertPlaces(db, [placeRow({ id })]);
  const seen = { id, runId, placeId: id, month, type, ...box };
  await insertDetections(db, [detectionRow({ ...seen, evidenceJson: JSON.stringify(evidence) })]);
  if (dismissed === undefined) return;
  const patch = { id, placeId: id, detectionId: id, number: id, month, type, state: 'dismissed', ...box };
  await insertPatches(db, [patchRow(patch)]);
  const step = { action: 'dismiss', fromState: 'found', toState: 'dismissed', reason: dismissed };
  await appendEvent(db, eventRow({ id: `event-${id}`, subjectId: id, ...step }));
}

/** Puts zones in a new version of a layer: parts of the grid, with what they say of themselves. */
export async function plantZones(
  { db }: Store,
  layer: string,
  zones: Record<string, { part: Part; properties?: Record<string, unknown> }>,
): Promise<void> {
  const layerId = `layer-${layer}`;
  const { seq: _, ...version } = layerRow({ id: layerId, name: layer, sha256: layerId, validFrom: '2020-01-01' });
  await insertLayer(db, version);
  let id = await nextZoneId(db);
  for (const [externalId, { part, properties = {} }] of Object.entries(zones)) {
    const polygon = boxPolygon(boxOfPart(part));
    const geometry = toWkb(fromGeoJson(polygon));
    const measured = { geometry, areaM2: geometryAreaM2(polygon), ...boundsOfWkb(geometry) };
    const said = { externalId, name: `${externalId}号`, propertiesJson: JSON.stringify(properties) };
    await insertZones(db, [zoneRow({ id: id++, layerId, ...said, ...measured })]);
  }
}

/** A part of the grid on the ground. */
export function boxOfPart([column, row, width, height]: Part): PlantedBox {
  const { originX, originY, pixelWidth, pixelHeight } = plantedGrid;
  const [x, top] = [originX + column * pixelWidth, originY + row * pixelHeight];
  return { x, y: top + height * pixelHeight, width: width * pixelWidth, height: -height * pixelHeight };
}
