import { insertLineage } from '../../services/store/lineage.ts';
import type { Store } from '../../services/store/open.ts';

let acts = 0;

/** Says that planted patches were cut out of another, whatever their areas. */
export async function plantPieces({ db }: Store, parentId: string, pieces: readonly string[]): Promise<void> {
  const act = { id: `act-${acts++}`, kind: 'split' as const, undoes: null, actor: 'li', reason: 'two owners' };
  const found = await db.selectFrom('patches').select(['id', 'areaM2']).where('id', 'in', pieces).execute();
  const links = found.map(({ id, areaM2 }) => ({ actId: act.id, parentId, childId: id, areaM2 }));
  await insertLineage(db, { ...act, at: '2025-07-02T00:00:00.000Z', differenceM2: 0 }, links);
}
