import { expect, it } from 'vitest';
import { lastReasons, overlapsOfPatches, pagesOfQueue } from '../../../services/store/patch-exports.ts';
import { onOneState } from '../../../services/store/view.ts';
import { plantPatch, plantZone } from '../../support/patches.ts';
import { takeSteps } from '../../support/steps.ts';
import { describeOnBothStores } from '../../support/stores.ts';

describeOnBothStores('what an export asks of the store', (openFresh, { dialect }) => {
  it('is of one state, whatever is written meanwhile', async () => {
    const store = await openFresh();
    const id = await plantPatch(store);
    let step: Promise<unknown> = Promise.resolve();
    const seen = await onOneState(store.db, async (db) => {
      const states = async () => {
        const found: string[] = [];
        for await (const page of pagesOfQueue(db, {})) found.push(...page.map(({ state }) => state));
        return found;
      };
      const before = await states();
      step = takeSteps(store, id, 'dismiss');
      // SQLite lets the writer wait until the reading is over; PostgreSQL lets it through.
      if (dialect === 'postgres') await step;
      return [before, await states()];
    });
    await step;
    expect(seen).toEqual([['found'], ['found']]);
    const after = await store.db.selectFrom('patches').select('state').executeTakeFirstOrThrow();
    expect(after.state).not.toBe('found');
  });

  it('has the largest overlap of each patch first, and none without area', async () => {
    const store = await openFresh();
    const small = await plantZone(store, 'farmland', 'small', '');
    const large = await plantZone(store, 'farmland', 'large', '');
    const touching = await plantZone(store, 'red-line', 'touching', '');
    const areas = [
      { zoneId: small, layer: 'farmland', areaM2: 3 },
      { zoneId: large, layer: 'farmland', areaM2: 40 },
      { zoneId: touching, layer: 'red-line', areaM2: 0 },
    ];
    const ids = [await plantPatch(store, { overlaps: areas }), await plantPatch(store)];
    const rows = await overlapsOfPatches(store.db, ids, ['farmland', 'red-line']);
    expect(rows.map(({ patchId, layer, landClass }) => [patchId, layer, landClass])).toEqual([
      [ids[0], 'farmland', '0101'],
      [ids[0], 'farmland', '0101'],
    ]);
    expect(await overlapsOfPatches(store.db, [], ['farmland'])).toEqual([]);
  });

  it('has the last reason that was given', async () => {
    const store = await openFresh();
    const ids = [await plantPatch(store), await plantPatch(store)];
    await takeSteps(store, ids[0], 'dismiss');
    const reasons = await lastReasons(store.db, ids);
    expect([...reasons].map(([id, { action, reason }]) => [id, action, reason])).toEqual([
      [ids[0], 'dismiss', 'season'],
    ]);
  });
});
