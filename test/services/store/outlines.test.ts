import { expect, it } from 'vitest';
import { listPatches } from '../../../services/queue/list.ts';
import { extentOfPatches, outlinesOfPatches } from '../../../services/store/outlines.ts';
import { plantPatch } from '../../support/patches.ts';
import { describeOnBothStores } from '../../support/stores.ts';

describeOnBothStores('outlines of patches', (openFresh) => {
  it('come by patch id, and only for patches that are there', async () => {
    const store = await openFresh();
    const ids = [await plantPatch(store), await plantPatch(store, { lon: 112.6 })];
    const outlines = await outlinesOfPatches(store.db, [...ids, 'nobody']);
    expect([...outlines.keys()].sort()).toEqual(ids.toSorted());
    expect(JSON.parse(outlines.get(ids[0])!)).toMatchObject({ type: 'Polygon' });
    expect(await outlinesOfPatches(store.db, [])).toEqual(new Map());
  });

  it('lie together in one extent of space and time, within the districts one may see', async () => {
    const store = await openFresh();
    expect(await extentOfPatches(store.db, '')).toBeNull();
    await plantPatch(store, { district: '430421', lon: 112.5, lat: 26.75 });
    await plantPatch(store, { district: '430422', lon: 112.75, lat: 26.5 });
    const dates = { firstDate: '2025-05-20', lastDate: '2025-06-18' };
    const all = { minLon: 112.5, minLat: 26.5, maxLon: 112.75 + 0.001, maxLat: 26.75 + 0.001 };
    expect(await extentOfPatches(store.db, '')).toEqual({ box: all, ...dates });
    const west = { minLon: 112.5, minLat: 26.75, maxLon: 112.5 + 0.001, maxLat: 26.75 + 0.001 };
    expect(await extentOfPatches(store.db, '430421')).toEqual({ box: west, ...dates });
    expect(await extentOfPatches(store.db, '44')).toBeNull();
  });

  it('are found by when the change can have happened', async () => {
    const store = await openFresh();
    await plantPatch(store);
    const total = async (from: string | null, to: string | null) =>
      (await listPatches(store, { onset: { from, to } }, { limit: 10, at: new Date('2025-07-10T00:00:00Z') })).total;
    expect(await total('2025-06-18', null)).toBe(1);
    expect(await total('2025-06-19', null)).toBe(0);
    expect(await total(null, '2025-05-20')).toBe(1);
    expect(await total(null, '2025-05-19')).toBe(0);
    expect(await total('2025-06-01', '2025-06-01')).toBe(1);
  });
});
