import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listLayers } from '../../../../services/store/layers.ts';
import { openStore, type Store } from '../../../../services/store/open.ts';
import { listZones } from '../../../../services/store/zones.ts';
import { importLayer } from '../../../../services/zones/import/import-layer.ts';
import type { ImportRequest } from '../../../../services/zones/import/request.ts';
import { collection, feature, parcelRing } from '../../../fixtures/layers.ts';

const folder = mkdtempSync(join(tmpdir(), 'tuban-said-'));
afterAll(() => rmSync(folder, { recursive: true }));

const now = new Date('2026-01-05T01:00:00Z');
const square = (properties: object, lon: number, degrees = 0.002) =>
  feature({ type: 'Polygon', coordinates: [parcelRing(lon, 26.9, degrees)] }, properties);

let store: Store;
let path: string;
beforeEach(async () => {
  store = await openStore({ sqlite: ':memory:' });
});
afterEach(() => store.close());

let files = 0;
function write(...features: ReturnType<typeof square>[]): void {
  path = join(folder, `${files++}.geojson`);
  writeFileSync(path, JSON.stringify(collection(...features)));
}
const take = (more: Partial<ImportRequest> = {}) =>
  importLayer(store, { path, layer: 'farmland', validFrom: '2025-01-01', now, ...more });

async function takeDistricts(): Promise<void> {
  write(square({ code: '430405' }, 112.4, 0.1), square({ code: '430406' }, 112.6, 0.1));
  await take({ layer: 'districts' });
}

describe('what is said with an import', () => {
  it('of ids is refused where no feature can have them', async () => {
    write(square({ BSM: '1', NO: '7' }, 112.5));
    await expect(take({ idField: 'BSN' })).rejects.toThrow('has no field BSN to take ids from; it has BSM, NO.');
    expect((await take({ idField: 'NO' })).idsFrom).toBe('NO');
  });

  it('of its completeness counts also when the file is there already', async () => {
    write(square({ BSM: '1' }, 112.5));
    await take({ completeTo: '2025-06-30' });
    expect(await take({ completeTo: '2025-09-30' })).toMatchObject({ alreadyImported: true });
    expect((await listLayers(store.db)).map(({ completeTo }) => completeTo)).toEqual(['2025-09-30']);
    await take();
    expect((await listLayers(store.db)).map(({ completeTo }) => completeTo)).toEqual(['2025-09-30']);
  });

  it('of the district it speaks for is held against where its zones lie', async () => {
    await takeDistricts();
    write(square({ BSM: 'at home' }, 112.45), square({ BSM: 'next door' }, 112.65));
    const { shown } = await take({ scope: '430405' });
    const what = 'lies in 430406, though the file speaks for 430405 only';
    expect(shown).toEqual([{ featureId: 'next door', kind: 'outside', what }]);
    expect((await take({ scope: '4304', validFrom: '2025-02-01' })).notes.outside).toBe(0);
    expect((await take({ scope: '430405100', layer: 'villages' })).notes.outside).toBe(1);
  });
});

describe('what an import says', () => {
  it('of a layer of which nothing lies in a district: its CRS may be wrong', async () => {
    await takeDistricts();
    write(square({ BSM: '1' }, 100), square({ BSM: '2' }, 101));
    const { shown } = await take();
    expect(shown.filter(({ kind }) => kind === 'note').map(({ what }) => what)).toEqual([
      expect.stringMatching(/^none of its 2 zones lies in a known district: is its CRS right \(EPSG:4326.*--crs/),
    ]);
    write(square({ BSM: '1' }, 100), square({ BSM: '2' }, 112.45));
    expect((await take({ layer: 'villages' })).notes).toMatchObject({ outside: 1, note: 0 });
  });

  it('calls features by the number nearly all of them have, and those that share one are told apart', async () => {
    const parcels = Array.from({ length: 20 }, (_, i) => square({ BSM: `P${i}`, code: '0101' }, 112 + i / 100));
    write(...parcels, square({ BSM: 'P3', code: '0101' }, 112.5));
    const done = await take();
    expect([done.idsFrom, done.notes.repaired]).toEqual(['BSM', 1]);
    const ids = (await listZones(store.db, { date: '2025-06-01' })).map(({ externalId }) => externalId);
    expect(ids).toEqual(expect.arrayContaining(['P3', 'P3#2', 'P19']));
  });

  it('names the folder where a place counts over its files', async () => {
    const counties = mkdtempSync(join(folder, 'counties-'));
    for (const name of ['a', 'b']) {
      const district = square({ code: '430405' }, 112.4, 0.1);
      writeFileSync(join(counties, `${name}.geojson`), JSON.stringify(collection(district)));
    }
    path = counties;
    const line = `${counties}: features[1] (id 430405) has the code of a district before it`;
    await expect(take({ layer: 'districts' })).rejects.toThrow(line);
  });
});
