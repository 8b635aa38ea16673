import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { lastDayOf, monthAfter } from '../month/calendar-month.ts';
import { type MonthRunOptions, runMonth } from '../month/run.ts';
import type { RunSummary } from '../month/summary.ts';
import { addSceneFile } from '../scenes/scene-record.ts';
import { type CountyManifest, createCounty } from '../simulation/county.ts';
import type { CountyTruth } from '../simulation/truth.ts';
import { readMeta, writeMeta } from '../store/meta.ts';
import type { Store } from '../store/open.ts';
import { importLayer } from '../zones/import/import-layer.ts';
import { workTheQueue } from './office.ts';
import { type PlantedFigures, plantedFigures } from './planted.ts';

/** Everything in the demonstration follows from this number. */
const seed = 7;
const name = '模拟县 Simulated county';
/** The office opens its month on the first of the next one, at two in the morning in Shanghai. */
const runHourUtc = 'T18:00:00.000Z';

export interface DemonstrationOptions {
  /** The workspace folder, where the photos of simulated people are kept. */
  home: string;
  /** Where the simulated files go. */
  directory: string;
  workers: number;
  /** Size of the county in tiles and pixels; the usual one unless given. */
  size?: { tilesAcross: number; tilesDown: number; tileSize: number };
  onStage?: (stage: string, done: number, total: number) => void;
  onMonth?: (month: DemonstratedMonth) => Promise<void>;
}

export interface DemonstratedMonth {
  month: string;
  run: RunSummary;
  /** By district code, '' = all. */
  planted: Map<string, PlantedFigures>;
  /** The simulated day on which its table is drawn up. */
  at: Date;
}

/**
 * Makes the demonstration workspace: a simulated county, its layers and images, three monthly runs, and
 * simulated people working on what was found. What was done before a kill is not done again; a finished
 * one is left alone, its clock running.
 */
export async function prepareDemonstration(store: Store, options: DemonstrationOptions): Promise<void> {
  if (await isPrepared(store)) return;
  const { directory, workers, onStage } = options;
  await writeMeta(store.db, 'simulated', '1');
  await writeMeta(store.db, 'name', name);
  const county = await createCounty(directory, { seed, workers, ...options.size }, (done, total) =>
    onStage?.('simulating images', done, total),
  );
  await fillWorkspace(store, county, options);
  const truth = JSON.parse(await readFile(join(directory, county.truthPath), 'utf8')) as CountyTruth;
  for (const month of county.months) {
    const found = new Date(`${lastDayOf(month)}${runHourUtc}`);
    const closing = new Date(`${lastDayOf(monthAfter(month))}${runHourUtc}`);
    const onProgress: MonthRunOptions['onProgress'] = (stage, done, total) =>
      onStage?.(`${month} ${stage}`, done, total);
    const run = await runMonth(store, { month, workers, now: found, ...(onStage && { onProgress }) });
    for (const earlier of county.months)
      if (earlier <= month) await workTheQueue(store, earlier, closing, options.home);
    const planted = await plantedFigures(store, month, truth.events);
    await writeMeta(store.db, 'simulatedNow', closing.toISOString());
    await options.onMonth?.({ month, run, planted, at: closing });
  }
  await writeMeta(store.db, 'preparedAt', new Date().toISOString());
}

async function fillWorkspace(store: Store, county: CountyManifest, options: DemonstrationOptions): Promise<void> {
  const { directory, onStage } = options;
  const now = new Date(`${lastDayOf(county.months[0])}T00:00:00.000Z`);
  // Districts first: the other layers take their district from them.
  const layers = county.layers.toSorted((a, b) => Number(b.layer === 'districts') - Number(a.layer === 'districts'));
  // The office keeps its layers up to date: what they do not hold was not approved.
  const completeTo = lastDayOf(county.months[county.months.length - 1]);
  for (const [i, { path, layer, validFrom }] of layers.entries()) {
    onStage?.('importing layers', i, layers.length);
    await importLayer(store, { path: join(directory, path), layer, validFrom, completeTo, now });
  }
  for (const [i, { path, date, sensor, bands }] of county.scenes.entries()) {
    onStage?.('adding scenes', i, county.scenes.length);
    await addSceneFile(store, join(directory, path), { date, sensor, bands: [...bands] }, new Date());
  }
}

/**
 * The clock of a demonstration: it stood at the last simulated day when the workspace was ready, and runs
 * on from there, so that due dates of 2024 are not all years late. Null in a real workspace.
 */
export async function simulatedClock(store: Store): Promise<(() => Date) | null> {
  const [stood, prepared] = [await readMeta(store.db, 'simulatedNow'), await readMeta(store.db, 'preparedAt')];
  if (stood === null || prepared === null) return null;
  const lead = Date.parse(stood) - Date.parse(prepared);
  return () => new Date(Date.now() + lead);
}

/** True once the demonstration is complete. */
export async function isPrepared(store: Store): Promise<boolean> {
  return (await readMeta(store.db, 'preparedAt')) !== null;
}
