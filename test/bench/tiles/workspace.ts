import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LonLatBox } from '../../../imagery/grid.ts';
import { addSceneFile } from '../../../services/scenes/scene-record.ts';
import { openStore } from '../../../services/store/open.ts';
import { finishRun } from '../../../services/store/runs.ts';
import { plantYear } from '../api/plant.ts';

export const cacheRoot = join(tmpdir(), 'tuban-bench-tiles');
export const month = '2025-06';

export interface TileGround {
  home: string;
  database: string;
  before: string;
  after: string;
  box: LonLatBox;
}

/** A workspace with a prefecture's year of patches and a month of two large scenes; made once. */
export async function tileGround(patches: number, sizePx: number): Promise<TileGround> {
  const folder = join(cacheRoot, `${patches}-${sizePx}`);
  mkdirSync(folder, { recursive: true });
  const [before, after] = ['before', 'after'].map((name) => join(folder, `${name}.tif`));
  const script = new URL('./make-scenes.py', import.meta.url).pathname;
  if (!existsSync(after))
    execFileSync('/usr/bin/python3', [script, String(sizePx), before, after], { stdio: 'inherit' });
  const database = join(folder, 'tuban.db');
  if (!existsSync(database)) {
    const making = `${database}.making`;
    await plantYear(making, patches);
    renameSync(making, database);
  }
  const store = await openStore({ sqlite: database });
  const add = async (path: string, date: string) => {
    const facts = { date, sensor: 'made', bands: ['B', 'G', 'R', 'N'] as ('B' | 'G' | 'R' | 'N')[], cloudFraction: 0 };
    return (await addSceneFile(store, path, facts, new Date(`${date}T04:00:00Z`))).scene;
  };
  const [earlier, later] = [await add(before, '2025-05-10'), await add(after, '2025-06-10')];
  const planJson = JSON.stringify({ afters: [{ id: later.id }], befores: [{ id: earlier.id }] });
  await store.db.updateTable('runs').set({ planJson }).where('id', '=', `run-${month}`).execute();
  await finishRun(store.db, `run-${month}`, '{}', new Date('2025-06-30T00:00:00Z'));
  await store.close();
  const { minLon, minLat, maxLon, maxLat } = earlier;
  return { home: folder, database, before, after, box: { minLon, minLat, maxLon, maxLat } };
}
