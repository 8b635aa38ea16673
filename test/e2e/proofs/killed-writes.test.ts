import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyAudit } from '../../../services/audit/verify.ts';
import { importBatch } from '../../../services/batches/import-batch.ts';
import { profileNamed } from '../../../services/batches/profile.ts';
import { issueMonth } from '../../../services/cycle/issue.ts';
import { openMonth } from '../../../services/cycle/open.ts';
import { openStore, type Store } from '../../../services/store/open.ts';
import { collection, feature, parcelRing } from '../../fixtures/layers.ts';
import { sentGeojson } from '../../support/batch-files.ts';
import { Kills, spreadOver } from '../../support/kills.ts';
import { plantPatch } from '../../support/patches.ts';
import { gridBox, PlantedWorkspace, plantedGrid } from '../../support/planted-workspace.ts';
import { seededRandom } from '../../support/random.ts';
import { type Dump, dumpOf, halfPatches } from '../../support/store-dump.ts';

/** Killed at so many write boundaries of each command, or at all where it has fewer. */
const KILLS = 50;
/** Commands at a time: one a core. */
const LANES = 2;
const NOW = '2025-07-08T03:00:00.000Z';

let folder: string;
let kills: Kills;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tuban-killed-'));
  kills = await Kills.at(NOW);
});
afterAll(async () => {
  await kills.remove();
  await rm(folder, { recursive: true, force: true });
});

async function look<T>(home: string, at: (store: Store) => Promise<T>): Promise<T> {
  const store = await openStore({ sqlite: join(home, 'tuban.db') });
  try {
    return await at(store);
  } finally {
    await store.close();
  }
}

const allOf = (store: Store) => dumpOf(store, { withTimes: true });

/** What was committed is whole, in its place and still as it was at the end: the log so far is the beginning of all. */
async function expectWhole(home: string, end: Dump, where: string, overlapping: boolean): Promise<void> {
  await look(home, async (store) => {
    expect((await verifyAudit(store)).ok, where).toBe(true);
    if (overlapping) expect(await halfPatches(store), where).toEqual([]);
    const { events } = await allOf(store);
    expect(events, where).toEqual(end['events'].slice(0, events.length));
  });
}

interface Command {
  /** A workspace in which the command is ready to be called. */
  prepare: (home: string) => Promise<void>;
  args: (home: string) => string[];
  /** Whether patches have the overlaps that a run gives them. */
  overlapping?: boolean;
  /** Tables that must have rows at the end: else nothing is shown. */
  writes: string[];
}

async function killAll(name: string, { prepare, args, overlapping = false, writes }: Command): Promise<void> {
  const began = performance.now();
  const prepared = join(folder, `${name}-prepared`);
  await prepare(prepared);
  let homes = 0;
  const fresh = async () => {
    const home = join(folder, `${name}-${homes++}`);
    await cp(prepared, home, { recursive: true });
    return home;
  };
  const undisturbed = await fresh();
  const { boundaries, ended, stderr } = await kills.counted(args(undisturbed));
  expect([ended, stderr]).toEqual([0, '']);
  const end = await look(undisturbed, allOf);
  for (const table of writes) expect(end[table].length, table).toBeGreaterThan(0);
  const numbers = spreadOver(boundaries, KILLS, seededRandom(20_250_708));
  const left = [...numbers];
  const lane = async () => {
    for (let at = left.shift(); at !== undefined; at = left.shift()) {
      const where = `${name}, killed ${boundaries[at - 1]} (boundary ${at} of ${boundaries.length})`;
      const home = await fresh();
      expect((await kills.killed(args(home), at)).ended, where).toBe('SIGKILL');
      await expectWhole(home, end, where, overlapping);
      const again = await kills.whole(args(home));
      expect([again.ended, again.stderr], where).toEqual([0, '']);
      expect(await look(home, allOf), where).toEqual(end);
      await rm(home, { recursive: true });
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  expect(numbers.length).toBeGreaterThanOrEqual(Math.min(boundaries.length, KILLS));
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  console.log(`${name}: killed at ${numbers.length} of ${boundaries.length} write boundaries, ${seconds} s`);
}

/** Patches of a month in two districts. */
async function plantQueue(home: string, more: (store: Store) => Promise<void>): Promise<void> {
  await cp(await emptyHome(), home, { recursive: true });
  await look(home, async (store) => {
    for (let n = 0; n < 8; n++) {
      await plantPatch(store, { district: n % 2 === 0 ? '430421' : '430422', areaM2: 100 + n });
    }
    await more(store);
  });
}

async function emptyHome(): Promise<string> {
  const home = await mkdtemp(join(folder, 'empty-'));
  await look(home, async () => {});
  return home;
}

const JUNE = { month: '2025-06', actor: 'wang', at: new Date('2025-07-05T03:00:00Z') };

describe('killed with -9 at its write boundaries and called again, nothing is lost, nothing doubled, by', () => {
  it('the issue of a month', { timeout: 240_000 }, () =>
    killAll('issue', {
      prepare: (home) => plantQueue(home, async (store) => void (await openMonth(store, JUNE))),
      args: (home) => ['month', 'issue', '2025-06', '--by', 'wang', '--home', home],
      writes: ['month_tasks'],
    }),
  );

  it('the close of a month', { timeout: 240_000 }, () =>
    killAll('close', {
      prepare: (home) =>
        plantQueue(home, async (store) => {
          await openMonth(store, JUNE);
          await issueMonth(store, JUNE);
        }),
      args: (home) => ['month', 'close', '2025-06', '--by', 'wang', '--home', home],
      writes: ['closed_months'],
    }),
  );

  it('the import of a layer', { timeout: 240_000 }, async () => {
    const path = join(folder, 'parcels.geojson');
    const parcels = Array.from({ length: 3000 }, (_, i) =>
      feature({ type: 'Polygon', coordinates: [parcelRing(112 + (i % 60) / 60, 26 + i / 3000)] }, { id: `P${i}` }),
    );
    await writeFile(path, JSON.stringify(collection(...parcels)));
    await killAll('import', {
      prepare: async (home) => cp(await emptyHome(), home, { recursive: true }),
      args: (home) => ['zones', 'import', path, '--layer', 'farmland', '--valid-from', '2025-01-01', '--home', home],
      writes: ['layers', 'zones'],
    });
  });

  it('the import of a batch, and its match with the known places', { timeout: 240_000 }, async () => {
    const path = join(folder, 'sent.geojson');
    await writeFile(path, sentGeojson(sent));
    await killAll('batch-import', {
      prepare: async (home) => cp(await emptyHome(), home, { recursive: true }),
      args: (home) => ['batch', 'import', path, '--profile', 'exchange', '--by', 'zhang', '--home', home],
      writes: ['batches', 'batch_rows', 'batch_files'],
    });
    const request = { path, profile: await profileNamed('exchange'), by: 'zhang', now: JUNE.at };
    let id = '';
    await killAll('batch-match', {
      prepare: async (home) => {
        await cp(await emptyHome(), home, { recursive: true });
        id = await look(home, async (store) => (await importBatch(store, request)).batch.id);
      },
      args: (home) => ['batch', 'match', id, '--home', home],
      writes: ['batch_links', 'patches'],
    });
  });

  it('the run of a month', { timeout: 300_000 }, async () => {
    const planted = await PlantedWorkspace.create();
    try {
      await plantScenes(planted);
      await killAll('run', {
        prepare: async (home) => {
          const fork = await planted.fork();
          await fork.store.close();
          await cp(fork.home, home, { recursive: true });
          await rm(fork.home, { recursive: true });
        },
        args: (home) => ['run', '--month', '2024-06', '--workers', '1', '--home', home],
        overlapping: true,
        writes: ['cells', 'detections', 'patches', 'overlaps', 'coverage'],
      });
    } finally {
      await planted.remove();
    }
  });
});

const sent = Array.from({ length: 8 }, (_, i) => ({ JCBH: `s${i}`, lon: 112 + i / 100, lat: 26.9 }));

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
