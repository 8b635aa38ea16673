import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { importBatch } from '../../../services/batches/import-batch.ts';
import { profileNamed } from '../../../services/batches/profile.ts';
import { issueMonth } from '../../../services/cycle/issue.ts';
import { openMonth } from '../../../services/cycle/open.ts';
import { openStore, type Store } from '../../../services/store/open.ts';
import { collection, feature, parcelRing } from '../../fixtures/layers.ts';
import { sentGeojson } from '../../support/batch-files.ts';
import { plantPatch } from '../../support/patches.ts';
import { gridBox, type PlantedWorkspace, plantedGrid } from '../../support/planted-workspace.ts';

/** A command that writes much, and a workspace in which it is ready to be called. */
export interface WritingCommand {
  name: string;
  /** Puts the workspace where nothing is yet. */
  prepare: (home: string) => Promise<void>;
  args: (home: string) => string[];
  /** Whether patches have the overlaps that a run gives them. */
  overlapping?: boolean;
  /** Tables that must have rows at the end: else nothing is shown. */
  writes: string[];
}

export async function look<T>(home: string, at: (store: Store) => Promise<T>): Promise<T> {
  const store = await openStore({ sqlite: join(home, 'tuban.db') });
  try {
    return await at(store);
  } finally {
    await store.close();
  }
}

const JUNE = { month: '2025-06', actor: 'wang', at: new Date('2025-07-05T03:00:00Z') };

/** Two districts with patches of June, the month open. */
export async function plantJune(home: string): Promise<void> {
  await emptyHome(home);
  await look(home, async (store) => {
    for (let n = 0; n < 8; n++) {
      await plantPatch(store, { district: n % 2 === 0 ? '430421' : '430422', areaM2: 100 + n });
    }
    await openMonth(store, JUNE);
  });
}

async function emptyHome(home: string): Promise<void> {
  await mkdir(home, { recursive: true });
  await look(home, async () => {});
}

export const issueCommand: WritingCommand = {
  name: 'issue',
  prepare: plantJune,
  args: (home) => ['month', 'issue', '2025-06', '--by', 'wang', '--home', home],
  writes: ['month_tasks'],
};

export const closeCommand: WritingCommand = {
  name: 'close',
  prepare: async (home) => {
    await plantJune(home);
    await look(home, (store) => issueMonth(store, JUNE));
  },
  args: (home) => ['month', 'close', '2025-06', '--by', 'wang', '--home', home],
  writes: ['closed_months'],
};

/** @param folder where the layer's file is written */
export async function layerCommand(folder: string): Promise<WritingCommand> {
  const path = join(folder, 'parcels.geojson');
  const parcels = Array.from({ length: 3000 }, (_, i) =>
    feature({ type: 'Polygon', coordinates: [parcelRing(112 + (i % 60) / 60, 26 + i / 3000)] }, { id: `P${i}` }),
  );
  await writeFile(path, JSON.stringify(collection(...parcels)));
  return {
    name: 'import of a layer',
    prepare: emptyHome,
    args: (home) => ['zones', 'import', path, '--layer', 'farmland', '--valid-from', '2025-01-01', '--home', home],
    writes: ['layers', 'zones'],
  };
}

/** The import of a batch, and its match. */
export async function batchCommands(folder: string): Promise<[WritingCommand, WritingCommand]> {
  const path = join(folder, 'sent.geojson');
  const sent = Array.from({ length: 8 }, (_, i) => ({ JCBH: `s${i}`, lon: 112 + i / 100, lat: 26.9 }));
  await writeFile(path, sentGeojson(sent));
  const request = { path, profile: await profileNamed('exchange'), by: 'zhang', now: JUNE.at };
  let id = '';
  const taken: WritingCommand = {
    name: 'import of a batch',
    prepare: emptyHome,
    args: (home) => ['batch', 'import', path, '--profile', 'exchange', '--by', 'zhang', '--home', home],
    writes: ['batches', 'batch_rows', 'batch_files'],
  };
  const matched: WritingCommand = {
    name: 'match of a batch',
    prepare: async (home) => {
      await emptyHome(home);
      id = await look(home, async (store) => (await importBatch(store, request)).batch.id);
    },
    args: (home) => ['batch', 'match', id, '--home', home],
    writes: ['batch_links', 'patches'],
  };
  return [taken, matched];
}

/** The scenes lie in `planted`, which stays until the command is no longer called. */
export async function runCommand(planted: PlantedWorkspace): Promise<WritingCommand> {
  await plantScenes(planted);
  return {
    name: 'run',
    prepare: async (home) => {
      const fork = await planted.fork();
      await fork.store.close();
      await cp(fork.home, home, { recursive: true });
      await rm(fork.home, { recursive: true });
    },
    args: (home) => ['run', '--month', '2024-06', '--workers', '1', '--home', home],
    overlapping: true,
    writes: ['cells', 'detections', 'patches', 'overlaps', 'coverage'],
  };
}

/** Two districts, two days, and four places built on between them. */
async function plantScenes(planted: PlantedWorkspace): Promise<void> {
  const { x, y, width, height } = gridBox(plantedGrid, 50);
  const west = { x, y, width: width / 2, height };
  await planted.layer('districts', { '430421': west, '430422': { ...west, x: x + width / 2 } });
  await planted.layer('farmland', { field: gridBox(plantedGrid, 50) });
  const built = [0, 1, 2, 3].map((n) => ({ x: 224_300 + 500 * n, y: 2_999_000, width: 200, height: 160 }));
  await planted.scene('2024-05-20', { seed: 1 });
  await planted.scene('2024-06-20', { seed: 2, built });
}
