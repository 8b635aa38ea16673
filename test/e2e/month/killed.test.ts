import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStore, type Store } from '../../../services/store/open.ts';
import { tuban } from '../../support/command-line.ts';
import { countyWorkspace } from '../../support/county-workspace.ts';
import { seededRandom } from '../../support/random.ts';
import { type Dump, dumpOf, halfPatches } from '../../support/store-dump.ts';
import { TubanProcess } from '../../support/tuban-process.ts';

const month = '2024-07';
/** At any moment; at each write boundary: test/e2e/proofs/killed-writes. */
const kills = 6;

let folder: string;
let homes = 0;
/** What a run ends with that nobody disturbs. */
let undisturbed: Dump;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tuban-month-'));
  const options = { seed: 3, tilesAcross: 5, tilesDown: 1, tileSize: 256 };
  await countyWorkspace(join(folder, 'prepared'), join(folder, 'county'), options);
  undisturbed = await runToTheEnd(await freshHome(), '2');
}, 120_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A workspace in which everything is ready for the month to be run. */
async function freshHome(): Promise<string> {
  const home = join(folder, `home-${homes++}`);
  await mkdir(home);
  await copyFile(join(folder, 'prepared', 'tuban.db'), join(home, 'tuban.db'));
  return home;
}

const runOf = (home: string, workers: string) => ['run', '--month', month, '--home', home, '--workers', workers];

async function runToTheEnd(home: string, workers: string): Promise<Dump> {
  const { exitCode, stderr } = await tuban(runOf(home, workers));
  expect([exitCode, stderr]).toEqual([0, '']);
  return look(home, dumpOf);
}

async function look<T>(home: string, at: (store: Store) => Promise<T>): Promise<T> {
  const store = await openStore({ sqlite: join(home, 'tuban.db') });
  try {
    return await at(store);
  } finally {
    await store.close();
  }
}

/** Results that the run has put away, and whether it is done. */
async function progress({ db }: Store): Promise<{ results: number; done: boolean }> {
  const [{ count }] = await db
    .selectFrom('cells')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .execute();
  const runs = await db.selectFrom('runs').select('state').execute();
  return { results: Number(count), done: runs.some(({ state }) => state === 'done') };
}

/**
 * Starts the run and kills it: at a random moment from its start, or from when it has put one or two more
 * results away. Gives false when it was faster.
 */
async function runUntilKilled(home: string, random: () => number): Promise<boolean> {
  const wanted = Math.floor(3 * random());
  const delay = (wanted === 0 ? 1500 : 300) * random();
  const store = await openStore({ sqlite: join(home, 'tuban.db') });
  const { results } = await progress(store);
  const process = new TubanProcess(runOf(home, '2'));
  let isOver = false;
  void process.ended.then(() => {
    isOver = true;
  });
  while (!isOver && (await progress(store)).results < results + wanted) await sleep(10);
  await store.close();
  await Promise.race([sleep(delay), process.ended]);
  const ending = await process.stop('SIGKILL');
  expect(['SIGKILL', 0]).toContain(ending);
  return ending === 'SIGKILL';
}

describe('a month killed with -9', () => {
  it(`at ${kills} random moments, and begun again each time, ends in all but the recorded times as undisturbed`, async () => {
    const random = seededRandom(20_240_701);
    const moments: string[] = [];
    while (moments.length < kills) {
      const home = await freshHome();
      while (moments.length < kills && (await runUntilKilled(home, random))) {
        expect(await look(home, halfPatches)).toEqual([]);
        const { results, done } = await look(home, progress);
        moments.push(done ? 'done' : String(results));
      }
      expect(await runToTheEnd(home, '2')).toEqual(undisturbed);
    }
    console.log(`killed with so many results put away: ${moments.join(', ')}`);
    expect(new Set(moments).size).toBeGreaterThan(2);
  }, 240_000);

  it.each(['1', '8'])(
    'and on %s worker threads ends the same too',
    async (workers) => {
      expect(await runToTheEnd(await freshHome(), workers)).toEqual(undisturbed);
    },
    60_000,
  );

  it('is worth the trouble: the queue has patches in several districts, each whole', async () => {
    const districts = new Set(undisturbed['patches'].map((patch) => (patch as { district: string }).district));
    expect(undisturbed['patches'].length).toBeGreaterThan(5);
    expect(districts.size).toBeGreaterThan(1);
    expect(undisturbed['locks']).toEqual([]);
  });
});
