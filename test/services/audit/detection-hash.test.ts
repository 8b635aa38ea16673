import { expect, it } from 'vitest';
import { verifyAudit } from '../../../services/audit/verify.ts';
import { addClue } from '../../../services/field/clues/add-clue.ts';
import { splitPatch } from '../../../services/lineage/split.ts';
import { type DetectionRow, insertPlaces } from '../../../services/store/detections.ts';
import type { Store } from '../../../services/store/open.ts';
import { beginRun } from '../../../services/store/runs.ts';
import { plantPatch } from '../../support/patches.ts';
import { placeRow, runRow } from '../../support/rows.ts';
import { describeOnBothStores } from '../../support/stores.ts';
import { liftTriggers } from '../../support/tampering.ts';

const square = {
  type: 'Polygon' as const,
  coordinates: [
    [
      [112.5, 26.9],
      [112.501, 26.9],
      [112.501, 26.901],
      [112.5, 26.901],
      [112.5, 26.9],
    ],
  ],
};

/** A patch of a report, whose id says nothing of its content, and the pieces of another. */
async function plant(store: Store): Promise<void> {
  const report = { source: 'public', who: '村民', text: '挖沙', unchangedOn: null, type: 'bare' } as const;
  const at = new Date('2025-07-01T00:00:00Z');
  const now = new Date('2025-07-02T00:00:00Z');
  const { patchId } = await addClue(store, { ...report, at, geometry: square }, now);
  const by = { lines: [Float64Array.of(112.5004, 26.8, 112.5004, 27)] };
  await splitPatch(store, { patch: patchId, by, actor: '李', reason: '两户', at: now });
}

const other = (value: string | number, column = ''): string | number => {
  if (typeof value === 'number') return column.startsWith('min') ? value - 0.5 : value + 0.5;
  if (/^\d{4}-\d\d/.test(value)) return value.replace(/^\d{4}/, '2019');
  return value.startsWith('{') ? value.replace('{', '{"edited":1,') : `${value}x`;
};

describeOnBothStores('a detection that its patch was opened for', (openFresh) => {
  it('is named whichever column of it is edited, though its id says nothing of its content', async () => {
    const store = await openFresh();
    await plant(store);
    await plantPatch(store);
    expect(await verifyAudit(store)).toMatchObject({ ok: true, detections: { notRecomputable: 1 } });
    const rows = await store.db.selectFrom('detections').selectAll().where('screening', '!=', 'issued').execute();
    expect(rows.map(({ screening }) => screening).sort()).toEqual(['clue', 'split', 'split']);
    await liftTriggers(store);
    for (const row of rows.filter(({ screening }, i) => screening === 'clue' || rows[i - 1]?.screening !== 'split')) {
      await beginRun(store.db, runRow({ id: other(row.runId) as string }));
      await insertPlaces(store.db, [placeRow({ id: other(row.placeId) as string })]);
      const columns = Object.keys(row).filter((name) => name !== 'id') as (keyof DetectionRow)[];
      expect(columns.length).toBeGreaterThan(15);
      for (const column of columns) {
        const edit = (value: unknown) =>
          store.db
            .updateTable('detections')
            .set({ [column]: value })
            .where('id', '=', row.id)
            .execute();
        await edit(other(row[column] as string | number, column));
        const { ok, detections } = await verifyAudit(store);
        expect({ column, ok, faults: detections!.faults }).toMatchObject({
          ok: false,
          faults: { count: 1, first: [{ id: row.id, problem: expect.stringMatching(/it was edited$/) }] },
        });
        await edit(row[column]);
      }
    }
    expect((await verifyAudit(store)).ok).toBe(true);
  });
});
