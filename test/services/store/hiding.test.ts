import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { readRecord } from '../../../services/evidence/bundle/record.ts';
import { patchDetail } from '../../../services/queue/detail.ts';
import { HIDDEN_ROWS, hiddenNow, hiding, seeingAll } from '../../../services/store/hiding.ts';
import { openStore, type Store } from '../../../services/store/open.ts';
import { plantPatch, plantZone } from '../../support/patches.ts';
import { describeOnBothStores } from '../../support/stores.ts';

const june = [{ month: '2025-06', district: '' }];

/** Tables with a month, a patch, a case or a subject of which nothing is hidden row by row, and why. */
const open: Record<string, string> = {
  runs: 'a run is no secret; what it found is taken out of its row',
  batches: 'files that an office sent; no address reads them',
  late_scenes: 'about images; what they did to patches is hidden',
};

describe('The list of what is hidden', () => {
  it('has every table that names a patch, a case, a subject or a month', async () => {
    const store = await openStore({ sqlite: ':memory:' });
    const { rows } = await sql<{ table: string }>`select distinct t.name as "table" from sqlite_schema t,
      pragma_table_info(t.name) c where t.type = 'table' and c.name in
      ('patchId', 'caseId', 'subjectId', 'parentId', 'month')`.execute(store.db);
    const unknown = rows.map(({ table }) => table).filter((table) => !(table in HIDDEN_ROWS) && !(table in open));
    expect(unknown).toEqual(['embargoes']);
    await store.close();
  });
});

describeOnBothStores('What is hidden', (openFresh) => {
  async function planted(): Promise<{ store: Store; may: string; june: string }> {
    const store = await openFresh();
    const zoneId = await plantZone(store, 'farmland', 'F1', '水田');
    const overlaps = [{ zoneId, layer: 'farmland', areaM2: 600 }];
    const may = await plantPatch(store, { month: '2025-05', overlaps });
    return { store, may, june: await plantPatch(store, { overlaps, placeId: 'elsewhere' }) };
  }

  it('is in no row of any table on the list, however it is joined, and comes back afterwards', async () => {
    const { store, may, june: hidden } = await planted();
    for (const table of Object.keys(HIDDEN_ROWS) as 'patches'[]) {
      const rows = await hiding(june, () => store.db.selectFrom(table).selectAll().execute());
      expect(JSON.stringify(rows), table).not.toContain(hidden);
    }
    const joined = () =>
      store.db
        .selectFrom('overlaps as o')
        .innerJoin('patches as p', 'p.id', 'o.patchId')
        .leftJoin('detections', 'detections.id', 'p.detectionId')
        .select(['p.id', 'detections.id as detection'])
        .where(({ exists, selectFrom }) =>
          exists(selectFrom('events').select('events.seq').whereRef('events.subjectId', '=', 'p.id')),
        )
        .execute();
    expect((await hiding(june, joined)).map(({ id }) => id)).toEqual([may]);
    expect((await joined()).map(({ id }) => id).toSorted()).toEqual([may, hidden].toSorted());
  });

  it('is hidden in transactions too, and of districts as of months', async () => {
    const { store, may } = await planted();
    const count = () => store.db.transaction().execute((trx) => trx.selectFrom('patches').select('id').execute());
    expect(await hiding(june, count)).toEqual([{ id: may }]);
    expect(await hiding([{ month: null, district: '4304' }], count)).toEqual([]);
    expect(await hiding([{ month: '2025-06', district: '4305' }], count)).toHaveLength(2);
  });

  it('cannot be told by id or number, nor bundled', async () => {
    const { store, june: hidden } = await planted();
    const number = hidden.replace('patch-', '');
    for (const name of [hidden, number]) {
      await expect(hiding(june, () => patchDetail(store, name))).rejects.toMatchObject({ code: 'not-found' });
      await expect(hiding(june, () => readRecord(store, name, ''))).rejects.toMatchObject({ code: 'not-found' });
      expect((await patchDetail(store, name)).patch.id).toBe(hidden);
    }
  });

  it('is seen by the product itself, also in what goes on after the request', async () => {
    const { store } = await planted();
    const all = () => store.db.selectFrom('patches').select('id').execute();
    expect(await hiding(june, () => seeingAll(all))).toHaveLength(2);
    let go = () => {};
    const gate = new Promise<void>((resolve) => {
      go = resolve;
    });
    let later: Promise<{ id: string }[]> = Promise.resolve([]);
    await hiding(june, async () => {
      later = gate.then(all);
      expect(hiddenNow()).toEqual(june);
    });
    go();
    expect(await later).toHaveLength(2);
  });
});
