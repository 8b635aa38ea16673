import { type BatchRow, batchRows } from '../store/batch-files.ts';
import { type BatchLink, eventsOfPatches, linksOf, patchesById } from '../store/batch-links.ts';
import type { Store } from '../store/open.ts';
import type { PatchRow } from '../store/patches.ts';
import { combinedState, heirsOf, isReplaced } from './heirs.ts';
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
  const found: StandingRow[] = [];
  for (const row of rows) {
    const link = links.get(row.row) ?? null;
    const patch = link && patches.get(link.patchId);
    if (!link || !patch) found.push({ row, link: null, state: NOT_MATCHED });
    else if (isReplaced(patch)) found.push({ row, link, state: await stateOfHeirs(db, row, link, patch) });
    else found.push({ row, link, state: rowStateOf(row, link, patch, events.get(link.patchId) ?? []) });
  }
  return found;
}

/** A patch that was split or merged answers by what stands for it. */
async function stateOfHeirs(db: Store['db'], row: BatchRow, link: BatchLink, patch: PatchRow): Promise<RowState> {
  const heirs = await heirsOf(db, patch.id);
  const ids = heirs.map(({ id }) => id);
  const events = await eventsOfPatches(db, ids);
  const states = heirs.map((heir) => rowStateOf(row, link, heir, events.get(heir.id) ?? []));
  const areas = heirs.map(({ areaM2 }) => areaM2);
  return combinedState(patch.number, states, areas);
}
