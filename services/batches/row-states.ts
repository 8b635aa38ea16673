import { type BatchRow, batchRows } from '../store/batch-files.ts';
import { type BatchLink, eventsOfPatches, linksOf, patchesById } from '../store/batch-links.ts';
import type { Store } from '../store/open.ts';
import { NOT_MATCHED, type RowState, rowStateOf } from './row-state.ts';

/** A row with what it was found to be and how that stands. */
export interface StandingRow {
  row: BatchRow;
  link: BatchLink | null;
  state: RowState;
}

const AT_ONCE = 1000;

/** The rows of a batch in the order of its file, as they stand now. */
export async function* standingRows({ db }: Store, batchId: string): AsyncGenerator<StandingRow> {
  const links = await linksOf(db, batchId);
  let page: BatchRow[] = [];
  for await (const row of batchRows(db, batchId)) {
    page.push(row);
    if (page.length < AT_ONCE) continue;
    yield* await standing(db, page, links);
    page = [];
  }
  yield* await standing(db, page, links);
}

async function standing(db: Store['db'], rows: BatchRow[], links: Map<number, BatchLink>): Promise<StandingRow[]> {
  const ids = [...new Set(rows.flatMap(({ row }) => links.get(row)?.patchId ?? []))];
  const [patches, events] = [await patchesById(db, ids), await eventsOfPatches(db, ids)];
  return rows.map((row) => {
    const link = links.get(row.row) ?? null;
    const patch = link && patches.get(link.patchId);
    if (!link || !patch) return { row, link: null, state: NOT_MATCHED };
    return { row, link, state: rowStateOf(row, link, patch, events.get(link.patchId) ?? []) };
  });
}
