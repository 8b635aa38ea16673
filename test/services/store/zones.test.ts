import { expect, it } from 'vitest';
import { insertLayer, listLayers } from '../../../services/store/layers.ts';
import type { Store } from '../../../services/store/open.ts';
import { endOf, validVersions, versionsOn } from '../../../services/store/zone-versions.ts';
import { insertZones, listZones, nextZoneId, readZones } from '../../../services/store/zones.ts';
import { zonesUnder } from '../../../services/store/zones-under.ts';
import { layerRow, zoneRow } from '../../support/rows.ts';
import { describeOnBothStores } from '../../support/stores.ts';

const box = { minLon: 106, minLat: 29, maxLon: 107, maxLat: 30 };

/** A version with one zone in each of two counties. */
async function plantVersion(
  { db }: Store,
  id: string,
  validFrom: string,
  scope = '',
  name = 'farmland',
): Promise<void> {
  await insertLayer(db, layerRow({ id, validFrom, scope, name, sha256: id }));
  const first = await nextZoneId(db);
  const counties = ['430421', '430422'].filter((district) => district.startsWith(scope));
  await insertZones(
    db,
    counties.map((district, i) => zoneRow({ id: first + i, layerId: id, externalId: `${id} ${district}`, district })),
  );
}

describeOnBothStores('Versions of a layer', (openFresh) => {
  const idsOn = async ({ db }: Store, date: string) =>
    (await listZones(db, { date, box })).map(({ externalId }) => externalId);

  it('hold from their first day until the next begins', async () => {
    const store = await openFresh();
    await plantVersion(store, 'old', '2024-01-01');
    await plantVersion(store, 'new', '2025-01-01');
    await plantVersion(store, 'red', '2024-01-01', '', 'red-line');
    expect(await idsOn(store, '2023-12-31')).toEqual([]);
    expect(await idsOn(store, '2024-12-31')).toEqual(['old 430421', 'old 430422', 'red 430421', 'red 430422']);
    expect(await idsOn(store, '2025-01-01')).toEqual(['new 430421', 'new 430422', 'red 430421', 'red 430422']);
  });

  it('of one county take the place of that county alone, and a later one of all of everything', async () => {
    const store = await openFresh();
    await plantVersion(store, 'all', '2024-01-01');
    await plantVersion(store, 'one', '2024-06-01', '430421');
    await plantVersion(store, 'next', '2025-01-01');
    expect(await idsOn(store, '2024-06-01')).toEqual(['all 430422', 'one 430421']);
    expect(await idsOn(store, '2025-01-01')).toEqual(['next 430421', 'next 430422']);
    const versions = await listLayers(store.db);
    const end = (id: string, district: string) => endOf(versions.find((v) => v.id === id)!, district, versions);
    expect([end('all', '430421'), end('all', '430422'), end('next', '430421')]).toEqual([
      '2024-06-01',
      '2025-01-01',
      null,
    ]);
  });

  it('of the same day: the one imported later holds', async () => {
    const store = await openFresh();
    await plantVersion(store, 'wrong', '2024-01-01');
    await plantVersion(store, 'right', '2024-01-01');
    expect(await idsOn(store, '2024-01-01')).toEqual(['right 430421', 'right 430422']);
  });

  it('that are not whole yet are seen by nobody', async () => {
    const store = await openFresh();
    await plantVersion(store, 'whole', '2024-01-01');
    await insertLayer(store.db, layerRow({ id: 'half', validFrom: '2025-01-01', state: 'importing' }));
    expect(await idsOn(store, '2025-06-01')).toEqual(['whole 430421', 'whole 430422']);
    expect(versionsOn(await listLayers(store.db), '2025-06-01').map(({ version }) => version.id)).toEqual(['whole']);
  });

  it('are read in the order they were imported, more of them than are fetched at a time', async () => {
    const store = await openFresh();
    await insertLayer(store.db, layerRow());
    const zones = Array.from({ length: 4500 }, (_, i) => zoneRow({ id: i + 1, externalId: `${9999 - i}` }));
    await insertZones(store.db, zones);
    const read: number[] = [];
    for await (const { id } of readZones(store.db, await validVersions(store.db, '2024-06-01'))) read.push(id);
    expect(read).toEqual(zones.map(({ id }) => id));
  });
});

describeOnBothStores('Zones under patches', (openFresh) => {
  it('are those whose boxes meet, patch by patch, of the versions asked for', async () => {
    const store = await openFresh();
    await insertLayer(store.db, layerRow({ id: 'past', validFrom: '2020-01-01', sha256: 'past' }));
    await insertLayer(store.db, layerRow({ id: 'now', validFrom: '2024-01-01' }));
    const square = (i: number) => ({ minLon: 110 + i, maxLon: 110.5 + i, minLat: 30, maxLat: 30.5 });
    const row = (layerId: string, id: number, i: number) => zoneRow({ id, layerId, externalId: `${i}`, ...square(i) });
    await insertZones(store.db, [row('past', 1, 0), row('now', 2, 0), row('now', 3, 1), row('now', 4, 2)]);
    const boxes = [square(1), { ...square(5) }, { minLon: 110.2, maxLon: 111.2, minLat: 30.1, maxLat: 30.2 }];
    const found: string[][] = [];
    for await (const zones of zonesUnder(store.db, await validVersions(store.db, '2024-06-01'), boxes)) {
      found.push(zones.map(({ layer, externalId }) => `${layer} ${externalId}`));
    }
    expect(found).toEqual([['farmland 1'], [], ['farmland 0', 'farmland 1']]);
  });
});
