import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeOnBothStores } from '../../support/stores.ts';
import { type Counts, describeHistories, play } from './play-queue.ts';
import { draws } from './queue-draws.ts';
import { layGround } from './queue-ground.ts';

// The second thousand has a file of its own, so that it runs beside this one.
describeHistories(0, 1000);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tuban-queue-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describeOnBothStores('A few of the histories', (openFresh) => {
  it('hold on both databases', { timeout: 300_000 }, async () => {
    const counts: Counts = {};
    for (const history of fc.sample(draws, { numRuns: 6, seed: 20_250_000 })) {
      const store = await openFresh();
      await layGround(store, folder);
      await play(store, history, folder, counts);
      await store.close();
    }
    expect(counts['steps']).toBeGreaterThan(150);
  });
});
