import { type Kysely, sql } from 'kysely';
import { Migrator } from 'kysely/migration';
import { expect, it } from 'vitest';
import { dialectOf } from '../../../services/store/dialect.ts';
import { migrations } from '../../../services/store/migrations/list.ts';
import { openStore, type StoreLocation } from '../../../services/store/open.ts';
import { openPostgres } from '../../../services/store/postgres.ts';
import { openSqlite } from '../../../services/store/sqlite.ts';
import { listZones } from '../../../services/store/zones.ts';
import { fromWkb } from '../../../services/zones/geometry/wkb.ts';
import { describeOnBothStores } from '../../support/stores.ts';

/** A store as the second version left it: two versions of a layer, one ended, and a patch on a zone of each. */
async function plantOldStore(location: StoreLocation): Promise<void> {
  const db = 'sqlite' in location ? openSqlite(location.sqlite) : openPostgres(location.postgres);
  const migrator = new Migrator({ db, provider: migrations(dialectOf(db)) });
  expect((await migrator.migrateTo('0002-scene-facts')).error).toBeUndefined();
  const ring = '[[112,26],[113,26],[113,27],[112,26]]';
  const shape = `{"type":"Polygon","coordinates":[${ring}]}`;
  await sql`insert into layers ("id", "name", "path", "sha256", "validFrom", "featureCount", "importedAt") values
    ('l1', 'farmland', 'a', 's1', '2024-01-01', 1, '2024-01-02T00:00:00.000Z'),
    ('l2', 'farmland', 'b', 's2', '2025-01-01', 1, '2025-01-02T00:00:00.000Z')`.execute(db);
  const zone = (id: string, layerId: string, from: string, to: string | null) =>
    sql`insert into zones values (${id}, ${layerId}, 'farmland', 'P1', '田', '430421', '{"DLBM":"0101"}', ${shape}, 42,
      112, 26, 113, 27, ${from}, ${to})`.execute(db);
  await zone('zz', 'l1', '2024-01-01', '2025-01-01');
  await zone('aa', 'l2', '2025-01-01', null);
  await plantPatches(db as never);
  await db.destroy();
}

async function plantPatches(db: Kysely<never>): Promise<void> {
  const at = '2025-02-01T00:00:00.000Z';
  await sql`insert into runs values ('r', '2025-01', null, 'done', '{}', null, null, ${at}, ${at})`.execute(db);
  for (const [n, zone] of Object.entries({ 1: 'zz', 2: 'aa' })) {
    await sql`insert into places values (${`p${n}`}, '430421', '2025-01')`.execute(db);
    await sql`insert into detections values (${`d${n}`}, 'r', ${`p${n}`}, '2025-01', '430421', 10, 1, 'bare', 1, 'issued',
      '2024-12-01', '2025-01-15', 1, '{}', '{}', 112, 26, 112.1, 26.1)`.execute(db);
    await sql`insert into patches values (${`t${n}`}, ${`n${n}`}, ${`p${n}`}, ${`d${n}`}, '2025-01', '430421', 'bare', 10, 1,
      'found', null, 1, 112, 26, 112.1, 26.1, ${at}, ${at})`.execute(db);
    await sql`insert into "overlaps" values (${`t${n}`}, ${zone}, 'farmland', '430421', 7)`.execute(db);
  }
}

describeOnBothStores('A store of the version before', (_openFresh, place) => {
  it('keeps its zones, their validity and what lies on them', async () => {
    const location = await place.freshLocation();
    await plantOldStore(location);
    const store = await openStore(location);
    try {
      const onDay = (date: string) =>
        listZones(store.db, { date, box: { minLon: 112, minLat: 26, maxLon: 112.5, maxLat: 26.5 } });
      const [old, ...none] = await onDay('2024-12-31');
      expect(none).toEqual([]);
      expect(old).toMatchObject({ layerId: 'l1', layer: 'farmland', externalId: 'P1', landClass: '0101', areaM2: 42 });
      expect([...fromWkb(old.geometry).parts[0][0]]).toEqual([112, 26, 113, 26, 113, 27, 112, 26]);
      const [now] = await onDay('2025-01-01');
      const overlaps = await store.db.selectFrom('overlaps').selectAll().orderBy('patchId').execute();
      expect(overlaps.map(({ patchId, zoneId }) => [patchId, zoneId])).toEqual([
        ['t1', old.id],
        ['t2', now.id],
      ]);
    } finally {
      await store.close();
    }
  });
});
