import { expect, it } from 'vitest';
import { type PatchFilter, parsePatchFilter } from '../../../services/queue/filter.ts';
import { listPatches } from '../../../services/queue/list.ts';
import type { Store } from '../../../services/store/open.ts';
import { plantPatch, plantZone } from '../../support/patches.ts';
import { takeSteps } from '../../support/steps.ts';
import { describeOnBothStores } from '../../support/stores.ts';

const now = new Date('2025-07-20T00:00:00Z');

async function numbers(store: Store, filter: PatchFilter): Promise<string[]> {
  const { patches, total, next } = await listPatches(store, filter, { limit: 100, at: now });
  expect({ total, next }).toEqual({ total: patches.length, next: null });
  return patches.map(({ number }) => number);
}

describeOnBothStores('listPatches', (openFresh) => {
  it('gives the latest month first, then in order of number', async () => {
    const store = await openFresh();
    await plantPatch(store, { month: '2025-05', district: '430421' });
    await plantPatch(store, { month: '2025-06', district: '430422' });
    await plantPatch(store, { month: '2025-06', district: '430421' });
    await plantPatch(store, { month: '2025-06', district: '430421' });
    expect(await numbers(store, {})).toEqual([
      '4304212025060001',
      '4304212025060002',
      '4304222025060001',
      '4304212025050001',
    ]);
  });

  it('goes on page by page without repeating or missing one, while others come and go', async () => {
    const store = await openFresh();
    for (const month of ['2025-05', '2025-06']) {
      for (let i = 0; i < 5; i++) await plantPatch(store, { month, district: '430422' });
    }
    const seen: string[] = [];
    const pages: number[] = [];
    let cursor: string | null = null;
    do {
      const page = await listPatches(store, { district: '4304' }, { limit: 3, cursor, at: now });
      seen.push(...page.patches.map(({ number }) => number));
      pages.push(page.patches.length);
      cursor = page.next;
      // Comes in before what was read: it shows in the total, but moves no page.
      if (pages.length === 1) await plantPatch(store, { month: '2025-07', district: '430422' });
      expect(page.total).toBe(pages.length === 1 ? 10 : 11);
    } while (cursor !== null);
    expect(pages).toEqual([3, 3, 3, 1]);
    expect(seen).toEqual([6, 5].flatMap((month) => [1, 2, 3, 4, 5].map((i) => `43042220250${month}000${i}`)));
  });

  it('filters by each of its parts, and by all together', async () => {
    const store = await openFresh();
    const farmland = await plantZone(store, 'farmland', 'f1', 'Paddy');
    const redLine = await plantZone(store, 'red-line', 'r1', 'Ridge');
    const overlaps = [
      { zoneId: farmland, layer: 'farmland', areaM2: 500 },
      { zoneId: redLine, layer: 'red-line', areaM2: 3 },
    ];
    const wanted = await plantPatch(store, {
      district: '430421',
      type: 'TD',
      areaM2: 900,
      lon: 112.5,
      lat: 26.9,
      overlaps,
    });
    await takeSteps(store, wanted, 'warn'); // due 7 July: overdue
    await plantPatch(store, {
      district: '430481',
      type: '20',
      areaM2: 100,
      lon: 112.9,
      foundAt: new Date('2025-07-18T00:00:00Z'),
    });
    await plantPatch(store, { month: '2025-05', district: '430421', foundAt: new Date('2025-07-18T00:00:00Z') });
    const one = '4304212025060001';
    const filters = [
      { month: '2025-06', district: '430421' },
      { layer: 'red-line' },
      { layer: 'farmland,red-line' },
      { state: 'warned' },
      { stage: 'warn' },
      { type: 'TD', month: '2025-06' },
      { minArea: '900' },
      { bbox: '112.5005,26.9005,112.6,27', month: '2025-06' },
      { overdue: 'true' },
      {
        month: '2025-06',
        district: '43042',
        layer: 'farmland',
        stage: 'warn',
        type: 'TD',
        minArea: '1',
        overdue: 'true',
      },
    ];
    for (const values of filters)
      expect(await numbers(store, parsePatchFilter(values, now)), JSON.stringify(values)).toEqual([one]);
    expect(await numbers(store, parsePatchFilter({ overdue: 'false' }, now))).toHaveLength(2);
    expect(await numbers(store, parsePatchFilter({ stage: 'find', state: 'warned' }, now))).toEqual([]);
    expect(await numbers(store, parsePatchFilter({ layer: 'rivers' }, now))).toEqual([]);
  });

  it('shows nothing outside what the asker may see, whatever is asked for', async () => {
    const store = await openFresh();
    await plantPatch(store, { district: '430421' });
    await plantPatch(store, { district: '430481' });
    expect(await numbers(store, { within: '430481' })).toEqual(['4304812025060001']);
    expect(await numbers(store, { within: '430481', district: '43' })).toEqual(['4304812025060001']);
    expect(await numbers(store, { within: '430481', district: '430421' })).toEqual([]);
    expect(await numbers(store, { within: '' })).toHaveLength(2);
  });

  it('tells with each patch its layers, district and the two looks it lies between', async () => {
    const store = await openFresh();
    await plantZone(store, 'districts', '430421', '衡阳县');
    const zoneId = await plantZone(store, 'farmland', 'f1', 'Paddy');
    const id = await plantPatch(store, { overlaps: [{ zoneId, layer: 'farmland', areaM2: 500 }] });
    await plantPatch(store, { district: '430481' });
    const { patches } = await listPatches(store, {}, { limit: 2, at: now });
    expect(patches[0]).toMatchObject({
      id,
      districtName: '衡阳县',
      layers: ['farmland'],
      state: 'found',
      version: 1,
      beforeDate: '2025-05-20',
      afterDate: '2025-06-18',
    });
    expect(patches[1]).toMatchObject({ districtName: '430481', layers: [] });
  });

  it('refuses a cursor that is none and a page of no size', async () => {
    const store = await openFresh();
    for (const cursor of ['x', 'W10', Buffer.from('[1,2]').toString('base64url')]) {
      const listing = listPatches(store, {}, { limit: 5, cursor, at: now });
      await expect(listing).rejects.toMatchObject({
        code: 'bad-input',
        message: `A cursor is the 'next' of an earlier page; got '${cursor}'.`,
      });
    }
    for (const limit of [0, -1, 1.5, 10_001])
      await expect(listPatches(store, {}, { limit, at: now })).rejects.toThrow(/A page has 1 to 10000 patches/);
  });
});
