import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Store } from '../../../services/store/open.ts';
import { storesFilledBy } from './fresh-store.ts';
import { type Draw, draws } from './queue-draws.ts';
import { layGround } from './queue-ground.ts';
import { QueueOffice } from './queue-office.ts';
import { QueueWatch } from './queue-watch.ts';

export type Counts = Record<string, number>;

/**
 * One random history, possible and impossible steps mixed. After every step QueueWatch.afterStep (the log and its chain,
 * the naive model, the rows that were moved, closed months, area, a refusal that changes nothing); at about one step in
 * ten, and at the end, QueueWatch.deep (all months' balances, the whole audit, printed months, the past moments).
 * What was done is added to `counts`, and to the message of what fails.
 */
export async function play(store: Store, history: readonly Draw[], folder: string, counts: Counts): Promise<void> {
  const watch = new QueueWatch(store);
  const office = await QueueOffice.begin(store, watch, folder);
  try {
    for (const draw of history) {
      await office.act(draw);
      if (draw.look === 0) await watch.deep(office.desk.now);
    }
    await watch.deep(office.desk.now);
  } catch (error) {
    if (error instanceof Error) error.message += `\nafter\n${office.desk.trail.join('\n')}`;
    throw error;
  }
  watch.count('runs');
  watch.count('steps', office.desk.trail.length);
  for (const [name, count] of Object.entries(watch.counts)) counts[name] = (counts[name] ?? 0) + count;
}

const PART = 125;
/** A failure is shrunk for so long at most. */
const LIMITS = { interruptAfterTimeLimit: 240_000, markInterruptAsFailure: true };

/** A test for every 125 of the histories from the number `first`, on SQLite in memory; then what they were made of. */
export function describeHistories(first: number, runs: number): void {
  const counts: Counts = {};
  let folder: string;
  let openFilled: () => Promise<Store>;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tuban-queue-'));
    openFilled = await storesFilledBy((store) => layGround(store, folder));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  describe('Over random histories of the whole queue', () => {
    for (let from = first; from < first + runs; from += PART) {
      it(`every step is what a naive model says, and what must hold is never broken (runs ${from}-${from + PART - 1})`, {
        timeout: 300_000,
      }, () => {
        const once = async (history: Draw[]) => {
          const store = await openFilled();
          try {
            await play(store, history, folder, counts);
          } finally {
            await store.close();
          }
        };
        return fc.assert(fc.asyncProperty(draws, once), { ...LIMITS, numRuns: PART, seed: 20_250_000 + from });
      });
    }

    it('of which none of what people do, and none of what they are refused, was left out', () => {
      console.log(`${counts['runs']} runs, ${counts['steps']} steps: ${JSON.stringify(counts)}`);
      for (const name of EXPECTED) expect(counts[name] ?? 0, name).toBeGreaterThan(0);
    });
  });
}

/** Patch and case steps that were taken, what else was done, and refusals by their code. */
const EXPECTED = [
  ...['warn', 'verify', 'approve', 'put-in-case', 'resolve', 'confirm-restored', 'reopen', 'rejudge', 'undo', 'refer'],
  ...['pause', 'resume', 'extend', 'request-extension', 'approve-extension', 'accept'],
]
  .map((action) => `patch ${action}`)
  .concat(['file', 'decide', 'close', 'hand-over'].map((action) => `case ${action}`))
  .concat([
    'open',
    'issue',
    'close',
    'correct',
    'print',
    'batch',
    'overrule',
    'clue',
    'split',
    'merge',
    'take-back',
    'differences',
  ])
  .concat(['illegal-transition', 'bad-input', 'forbidden', 'version-conflict'].map((code) => `step ${code}`))
  .concat(['open bad-input', 'issue bad-input', 'close bad-input', 'correct bad-input', 'past moments']);
