import { join } from 'node:path';
import { toLonLat } from '../../imagery/crs.ts';
import type { Grid } from '../../imagery/grid.ts';
import { writeTiff } from '../../imagery/tiff/writer.ts';
import { nextEvent } from '../../services/lifecycle/event.ts';
import { addSceneFile } from '../../services/scenes/scene-record.ts';
import { insertDetections, insertPlaces } from '../../services/store/detections.ts';
import { appendEvent } from '../../services/store/events.ts';
import type { Store } from '../../services/store/open.ts';
import { insertPatches, type PatchRow } from '../../services/store/patches.ts';
import { findPatchNamed } from '../../services/store/queue.ts';
import { beginRun } from '../../services/store/runs.ts';
import { geodesicAreaM2 } from './geodesic.ts';
import { detectionRow, patchRow, runRow } from './rows.ts';

/** 10 m pixels near 114.2°E 27.1°N. */
const grid: Grid = {
  width: 120,
  height: 110,
  crs: 'EPSG:32650',
  originX: 224_000,
  originY: 3_000_000,
  pixelWidth: 10,
  pixelHeight: -10,
};
/** Where the patch lies, in pixels. */
const place = { column: 50, row: 48, width: 20, height: 16 };
const scale = { scale: 1e-4, offset: 0 };

/** What is planted on a day: its NDVI over the patch, and whether cloud or nothing is there instead. */
export interface PlantedDay {
  date: string;
  ndvi: number;
  hidden?: 'cloud' | 'nodata';
}

/** A place that was green, was hidden in March, is built upon from June, and was not covered in July; April has no image. */
export const plantedDays: readonly PlantedDay[] = [
  { date: '2025-01-10', ndvi: 0.7 },
  { date: '2025-02-10', ndvi: 0.65 },
  { date: '2025-03-10', ndvi: 0.6, hidden: 'cloud' },
  { date: '2025-05-10', ndvi: 0.62 },
  { date: '2025-06-12', ndvi: 0.1 },
  { date: '2025-07-10', ndvi: 0.12, hidden: 'nodata' },
  { date: '2025-08-10', ndvi: 0.14 },
];
/** The ground round the patch has this NDVI on every day, field by field between the two. */
export const plantedAround = { low: 0.6, high: 0.8 };
/** NDWI everywhere, on every day. */
export const plantedNdwi = -0.5;

/** Writes the scenes into `home` and a patch over them into the store; its later scenes lie beyond the change. */
export async function plantSeries(store: Store, home: string): Promise<PatchRow> {
  const scenes = new Map<string, { id: string; sha256: string; date: string; sensor: string }>();
  for (const day of plantedDays) {
    const path = join(home, `${day.date}.tif`);
    await writeTiff(path, grid, bandsOf(day), { nodata: 0 });
    const facts = { date: day.date, sensor: 'planted', bands: ['B', 'G', 'R', 'N'] as const, reflectance: scale };
    const added = await addSceneFile(
      store,
      path,
      { ...facts, bands: [...facts.bands] },
      new Date(`${day.date}T04:00:00Z`),
    );
    const { id, sha256, date, sensor } = added.scene;
    scenes.set(day.date, { id, sha256, date, sensor });
  }
  const rows = Array.from({ length: place.height }, (_, k) => place.row + k);
  const runs = { row: rows, start: rows.map(() => place.column), end: rows.map(() => place.column + place.width) };
  const pair = { before: scenes.get('2025-05-10'), after: scenes.get('2025-06-12'), pixels: 320, method: null };
  const ties = Array(4).fill({ gain: 1, offset: 0 });
  const pairs = [{ ...pair, shiftPx: null, threshold: null, ties }];
  const measured = { features: {}, bands: ['B', 'G', 'R', 'N'], meanBefore: [], meanAfter: [], peak: 2 };
  const evidence = { detectorVersion: 'planted', method: null, grid, runs, pairs, ...measured };
  return insertPatch(store, JSON.stringify(evidence));
}

async function insertPatch(store: Store, evidenceJson: string): Promise<PatchRow> {
  const [id, placeId, detectionId] = ['patch-series', 'place-series', 'seen-series'];
  const [month, district, number] = ['2025-06', '430421', '4304212025060001'];
  const project = toLonLat(grid.crs!);
  const corner = (column: number, row: number) => {
    const [lon, lat] = project(grid.originX + 10 * column, grid.originY - 10 * row);
    return [lon, lat];
  };
  const { column, row, width, height } = place;
  const west = corner(column, row + height);
  const ring = [west, corner(column + width, row + height), corner(column + width, row), corner(column, row), west];
  const [lons, lats] = [ring.map(([lon]) => lon), ring.map(([, lat]) => lat)];
  const box = {
    minLon: Math.min(...lons),
    minLat: Math.min(...lats),
    maxLon: Math.max(...lons),
    maxLat: Math.max(...lats),
  };
  const at = new Date('2025-07-01T02:00:00Z');
  const { event, after } = nextEvent({ subject: 'patch', id, action: 'find', actor: 'run', at }, district, null);
  const common = { month, district, areaM2: geodesicAreaM2(ring), type: 'built', placeId, ...box };
  const geometryJson = JSON.stringify({ type: 'Polygon', coordinates: [ring] });
  const seen = { beforeDate: '2025-05-10', afterDate: '2025-06-12' };
  await store.db.transaction().execute(async (trx) => {
    const { state: _, ...run } = runRow({ id: 'run', month });
    await beginRun(trx, run);
    await insertPlaces(trx, [{ id: placeId, district, firstMonth: month }]);
    const detection = { id: detectionId, runId: 'run', ...common, ...seen, geometryJson, evidenceJson };
    await insertDetections(trx, [detectionRow(detection)]);
    const { state, version, dueAt, updatedAt } = after;
    const projection = { state, version, dueAt, updatedAt, createdAt: updatedAt };
    await insertPatches(trx, [patchRow({ id, number, detectionId, ...common, ...projection })]);
    await appendEvent(trx, event);
  });
  return (await findPatchNamed(store.db, number))!;
}

/** Blue, green, red and near infrared, in ten-thousandths; zero where nothing was taken. */
function bandsOf({ ndvi, hidden }: PlantedDay): Uint16Array[] {
  const bands = Array.from({ length: 4 }, () => new Uint16Array(grid.width * grid.height));
  for (let i = 0; i < grid.width * grid.height; i++) {
    const [x, y] = [i % grid.width, Math.floor(i / grid.width)];
    const inside =
      x >= place.column && x < place.column + place.width && y >= place.row && y < place.row + place.height;
    if (hidden === 'nodata' && inside) continue;
    const away = Math.hypot(x - place.column - place.width / 2, y - place.row - place.height / 2);
    // A cloud of some 400 m whose edge fades over 150 m.
    const veil = hidden === 'cloud' ? 0.95 * Math.max(0, Math.min(1, (30 - away) / 15)) : 0;
    for (const [k, value] of spectrum(inside ? ndvi : fieldNdvi(x, y)).entries()) {
      bands[k][i] = Math.round(1e4 * (value + veil * (0.66 - value)));
    }
  }
  return bands;
}

/** Fields of 100 m: from the least to the greatest in five steps. */
function fieldNdvi(x: number, y: number): number {
  const field = (Math.floor(x / 10) * 3 + Math.floor(y / 10) * 7) % 5;
  return plantedAround.low + (field / 4) * (plantedAround.high - plantedAround.low);
}

function spectrum(ndvi: number): number[] {
  const [red, nearInfrared] = [0.2 * (1 - ndvi), 0.2 * (1 + ndvi)];
  const green = (nearInfrared * (1 + plantedNdwi)) / (1 - plantedNdwi);
  return [0.04, green, red, nearInfrared];
}
