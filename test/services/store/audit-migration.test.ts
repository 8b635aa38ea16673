import { sql } from 'kysely';
import { Migrator } from 'kysely/migration';
import { expect, it } from 'vitest';
import { verifyAudit } from '../../../services/audit/verify.ts';
import { appendEvent } from '../../../services/store/events.ts';
import { migrations } from '../../../services/store/migrations/list.ts';
import { openStore } from '../../../services/store/open.ts';
import { openPostgres } from '../../../services/store/postgres.ts';
import { openSqlite } from '../../../services/store/sqlite.ts';
import { eventRow } from '../../support/rows.ts';
import { describeOnBothStores } from '../../support/stores.ts';

describeOnBothStores('The migration that chains the events', (_, place) => {
  it('chains those that are there in their order, and forbids changes again', async () => {
    const location = await place.freshLocation();
    const old = 'sqlite' in location ? openSqlite(location.sqlite) : openPostgres(location.postgres);
    const { error } = await new Migrator({ db: old, provider: migrations(place.dialect) }).migrateTo(
      '0005-themes-and-gauges',
    );
    expect(error).toBeUndefined();
    // More than one batch of it.
    for (let i = 0; i < 2100; i += 700) {
      const rows = Array.from({ length: 700 }, (_, k) => eventRow({ id: `e${i + k}`, reason: k % 2 ? '补正' : null }));
      await old.insertInto('events').values(rows).execute();
    }
    await old.destroy();
    const store = await openStore(location);
    await appendEvent(store.db, eventRow({ id: 'after' }));
    const { chain, events } = await verifyAudit(store);
    expect({ chain, events }).toEqual({ chain: { count: 0, first: [] }, events: 2101 });
    await expect(sql`update events set actor = 'nobody'`.execute(store.db)).rejects.toThrow('is append-only');
    await expect(sql`delete from events`.execute(store.db)).rejects.toThrow('is append-only');
    // Two that claim the same predecessor are a fork: the store takes the first.
    const [last] = await store.db.selectFrom('events').selectAll().orderBy('seq', 'desc').limit(1).execute();
    const fork = { ...eventRow({ id: 'fork' }), prevHash: last.prevHash, hash: 'f'.repeat(64) };
    await expect(store.db.insertInto('events').values(fork).execute()).rejects.toThrow(/unique/i);
    await store.close();
  });
});
