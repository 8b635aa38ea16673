import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyAudit } from '../../../services/audit/verify.ts';
import type { Store } from '../../../services/store/open.ts';
import { Kills, spreadOver } from '../../support/kills.ts';
import { PlantedWorkspace } from '../../support/planted-workspace.ts';
import { seededRandom } from '../../support/random.ts';
import { type Dump, dumpOf, halfPatches } from '../../support/store-dump.ts';
import {
  batchCommands,
  closeCommand,
  issueCommand,
  layerCommand,
  look,
  runCommand,
  type WritingCommand,
} from './writing-commands.ts';

/** Killed at so many write boundaries of each command, or at all where it has fewer. */
const KILLS = 50;
/** Batches are beside the bar, and their commits alike. */
const BATCH_KILLS = 10;
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

async function killAll(command: WritingCommand, most = KILLS): Promise<void> {
  const { name, prepare, args, overlapping = false, writes } = command;
  const began = performance.now();
  const prepared = join(folder, 'prepared', name);
  await prepare(prepared);
  let homes = 0;
  const fresh = async () => {
    const home = join(folder, name, String(homes++));
    await cp(prepared, home, { recursive: true });
    return home;
  };
  const undisturbed = await fresh();
  const { boundaries, ended, stderr } = await kills.counted(args(undisturbed));
  expect([ended, stderr]).toEqual([0, '']);
  const end = await look(undisturbed, allOf);
  for (const table of writes) expect(end[table].length, table).toBeGreaterThan(0);
  const numbers = spreadOver(boundaries, most, seededRandom(20_250_708));
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
  expect(numbers.length).toBeGreaterThanOrEqual(Math.min(boundaries.length, most));
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  console.log(`${name}: killed at ${numbers.length} of ${boundaries.length} write boundaries, ${seconds} s`);
}

describe('killed with -9 at its write boundaries and called again, nothing is lost, nothing doubled, by', () => {
  it('the issue of a month', { timeout: 600_000 }, () => killAll(issueCommand));

  it('the close of a month', { timeout: 600_000 }, () => killAll(closeCommand));

  it('the import of a layer', { timeout: 600_000 }, async () => killAll(await layerCommand(folder)));

  it('the import of a batch, and its match with the known places', { timeout: 600_000 }, async () => {
    for (const command of await batchCommands(folder)) await killAll(command, BATCH_KILLS);
  });

  it('the run of a month', { timeout: 600_000 }, async () => {
    const planted = await PlantedWorkspace.create();
    try {
      await killAll(await runCommand(planted));
    } finally {
      await planted.remove();
    }
  });
});
