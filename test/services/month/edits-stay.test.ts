import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ServiceError } from '../../../services/error.ts';
import { project } from '../../../services/lifecycle/projection.ts';
import { transition } from '../../../services/lifecycle/transition.ts';
import { allowedActions } from '../../../services/lifecycle/transitions.ts';
import { geometryOfPatch } from '../../../services/lineage/outline.ts';
import { splitPatch } from '../../../services/lineage/split.ts';
import { eventsOf } from '../../../services/store/events.ts';
import { fromGeoJson } from '../../../services/zones/geometry/wkb.ts';
import { PlantedWorkspace } from '../../support/planted-workspace.ts';
import { seededRandom } from '../../support/random.ts';
import { completeMove } from '../../support/steps.ts';

const site = { x: 224_600, y: 2_999_000, width: 200, height: 160 };
const ROUNDS = 4;
/** Runs may bring back what has ended, and nothing else. */
const BY_RUNS = ['reinstate', 'reopen'];

let june: PlantedWorkspace;
beforeAll(async () => {
  june = await PlantedWorkspace.create();
  await june.scene('2024-05-20', { seed: 1 });
  await june.scene('2024-06-20', { seed: 2, built: [site] });
  await june.scene('2024-07-20', { seed: 3 });
  await june.run('2024-06');
});
afterAll(() => june.remove());

/** What people have made of every patch. */
async function standing({ store }: PlantedWorkspace) {
  const patches = await store.db.selectFrom('patches').selectAll().orderBy('number').execute();
  return Promise.all(
    patches.map(async ({ id, number, placeId, detectionId, district, type, areaM2 }) => {
      const log = await eventsOf(store.db, 'patch', id);
      const geometry = await geometryOfPatch(store.db, id);
      const judgement = project(log)!.judgement;
      return { log, kept: { id, number, placeId, detectionId, district, type, areaM2, geometry, judgement } };
    }),
  );
}

/** People at work on some of the patches: steps that are possible, and now and then a cut through the middle. */
async function work({ store }: PlantedWorkspace, random: () => number, at: Date): Promise<void> {
  const any = <T>(list: readonly T[]) => list[Math.floor(random() * list.length)];
  for (let n = 0; n < 6; n++) {
    const patch = any(await store.db.selectFrom('patches').selectAll().orderBy('number').execute());
    const { parts } = fromGeoJson(await geometryOfPatch(store.db, patch.id));
    const middle = (patch.minLon + patch.maxLon) / 2;
    const line = Float64Array.from([middle, patch.minLat - 1e-4, middle, patch.maxLat + 1e-4]);
    const actions = allowedActions('patch', patch.state).map(({ action }) => action);
    const action = any(actions.filter((name) => !name.includes('extension') && name !== 'put-in-case'));
    try {
      if (random() < 0.3 && parts.length > 0) {
        await splitPatch(store, { patch: patch.id, by: { lines: [line] }, actor: 'li', reason: 'two owners', at });
      } else if (action !== undefined) {
        await transition(store, completeMove({ subject: 'patch', id: patch.id, action, at }, patch.state));
      }
    } catch (error) {
      if (!(error instanceof ServiceError) || error.code === 'store-unusable') throw error;
    }
  }
}

describe('What people made of a patch', () => {
  it.each([11, 12])('is left as it is by every later run, whatever that sees there (seed %i)', async (seed) => {
    const workspace = await june.fork();
    const random = seededRandom(seed);
    let links = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const day = 20 + round;
      await work(workspace, random, new Date(Date.UTC(2024, 6, 1 + 12 * round)));
      const grown = { ...site, x: site.x - 100 * random(), width: 120 + 300 * random() };
      await workspace.scene(`2024-08-${day}`, { seed: 40 + seed + round, built: [grown] });
      const before = await standing(workspace);
      await workspace.run('2024-08');
      const after = new Map((await standing(workspace)).map((one) => [one.kept.id, one]));
      for (const { kept, log } of before) {
        const now = after.get(kept.id)!;
        expect(now.kept).toEqual(kept);
        expect(now.log.slice(0, log.length)).toEqual(log);
        expect(now.log.slice(log.length).filter(({ action }) => !BY_RUNS.includes(action))).toEqual([]);
      }
      links = (await workspace.store.db.selectFrom('place_links').selectAll().execute()).length;
    }
    expect(links).toBeGreaterThan(2);
    await workspace.remove();
  });
});
