import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, describe, expect, it } from 'vitest';
import { writeMeta } from '../../../services/store/meta.ts';
import { openStore, type Store } from '../../../services/store/open.ts';
import { listZones } from '../../../services/store/zones.ts';
import { importLayer } from '../../../services/zones/import/import-layer.ts';
import { collection, feature, parcelRing } from '../../fixtures/layers.ts';

const folder = mkdtempSync(join(tmpdir(), 'tuban-full-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** SQLite says the same when a file may not grow as when the disk does not let it. */
async function limitPages(store: Store, more: number | null): Promise<void> {
  const { rows } = await sql<{ page_count: number }>`pragma page_count`.execute(store.db);
  const most = more === null ? 1_000_000 : rows[0].page_count + more;
  await sql.raw(`pragma max_page_count = ${most}`).execute(store.db);
}

describe('a store on a full disk', () => {
  it('says so in one line, from within a transaction too, and works again when there is room', async () => {
    const store = await openStore({ sqlite: join(folder, 'meta.db') });
    await limitPages(store, 2);
    const big = 'x'.repeat(100_000);
    const write = () => store.db.transaction().execute((trx) => writeMeta(trx, 'big', big));
    await expect(write()).rejects.toMatchObject({
      code: 'store-unusable',
      message: `The store ${join(folder, 'meta.db')} cannot be written: the disk is full.`,
    });
    await limitPages(store, null);
    await write();
    await store.close();
  });

  it('keeps what an import has read so far, and the import goes on there', async () => {
    const path = join(folder, 'parcels.geojson');
    const parcels = Array.from({ length: 45_000 }, (_, i) =>
      feature({ type: 'Polygon', coordinates: [parcelRing(112 + (i % 300) / 300, 26 + i / 45_000)] }, { id: `P${i}` }),
    );
    writeFileSync(path, JSON.stringify(collection(...parcels)));
    const store = await openStore({ sqlite: join(folder, 'zones.db') });
    const request = { path, layer: 'farmland', validFrom: '2025-01-01', now: new Date('2026-01-05T01:00:00Z') };
    await limitPages(store, 3000);
    await expect(importLayer(store, request)).rejects.toThrow('the disk is full');
    expect(await listZones(store.db, { date: '2025-06-01' })).toEqual([]);
    await limitPages(store, null);
    const done = await importLayer(store, request);
    expect(done.features).toBe(45_000);
    expect(done.resumedFrom).toBeGreaterThan(0);
    await store.close();
  });
});
