import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { prepareDemonstration } from '../../services/demonstration/workspace.ts';
import type { Store } from '../../services/store/open.ts';
import { describeOnBothStores } from '../support/stores.ts';

let directory: string;
const queues: Record<string, unknown> = {};

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tuban-both-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

describeOnBothStores('three months of a small simulated county', (openFresh, { dialect }) => {
  test('end in a queue with numbers, due dates, overlaps and events, the same on both databases', async () => {
    const store = await openFresh();
    const size = { tilesAcross: 2, tilesDown: 1, tileSize: 512 };
    await prepareDemonstration(store, { home: directory, directory: join(directory, 'county'), workers: 2, size });
    queues[dialect] = await queueOf(store);
    const { patches, overlaps, events } = queues[dialect] as Record<string, unknown[]>;
    expect(patches.length).toBeGreaterThan(3);
    expect(overlaps.length).toBeGreaterThan(patches.length);
    expect(events.length).toBeGreaterThan(patches.length);
    const [first] = Object.values(queues);
    expect(queues[dialect]).toEqual(first);
  }, 120_000);
});

/** Everything people see, in a fixed order. */
async function queueOf({ db }: Store) {
  const patches = await db.selectFrom('patches').selectAll().orderBy('number').execute();
  const overlaps = await db.selectFrom('overlaps').selectAll().orderBy('patchId').orderBy('zoneId').execute();
  const detections = await db.selectFrom('detections').selectAll().orderBy('id').execute();
  const events = await db
    .selectFrom('events')
    .select(['id', 'action', 'toState', 'at', 'payloadJson'])
    .orderBy('id')
    .execute();
  const coverage = await db.selectFrom('coverage').selectAll().orderBy('runId').orderBy('district').execute();
  return { patches, overlaps, detections, events, coverage };
}
