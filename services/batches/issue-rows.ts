import type { Ground } from '../ground/changed-place.ts';
import { surveyGround } from '../ground/survey.ts';
import { lastDayOf } from '../month/calendar-month.ts';
import { issuePatches } from '../month/issue.ts';
import { type Verdict, verdictsOf } from '../month/verdicts.ts';
import type { BatchFile } from '../store/batch-files.ts';
import { insertDetections, insertPlaces } from '../store/detections.ts';
import { listLayers } from '../store/layers.ts';
import type { Store } from '../store/open.ts';
import { insertBatchRun } from '../store/runs.ts';
import { changedPlace, type NewRow, type ReadyRow, readyRow } from './new-patch.ts';

/** Rows with what lies under them and what the rules say: all that issuing them needs. */
export interface ReadyRows {
  rows: ReadyRow[];
  verdicts: ReadonlyMap<string, Verdict>;
}

/** Asks what lies under rows and what the rules say of them, as a monthly run does of its patches. */
export async function prepareRows(
  store: Store,
  batch: BatchFile,
  fresh: readonly NewRow[],
  now: Date,
): Promise<ReadyRows> {
  if (fresh.length === 0) return { rows: [], verdicts: new Map() };
  const rows: ReadyRow[] = [];
  const places = fresh.map((each) => changedPlace(batch, each));
  for await (const ground of surveyGround(store.db, lastDayOf(batch.month), places)) {
    rows.push(readyRow(batch, fresh[rows.length], ground satisfies Ground));
  }
  const layers = (await listLayers(store.db)).filter(({ state }) => state === 'ready').map(({ name }) => name);
  const issues = rows.map(({ issue }) => issue);
  return { rows, verdicts: await verdictsOf(store, batch.month, issues, new Set(layers), now) };
}

/** Writes them in the caller's transaction: places, detections, patches with opinion, themes and first event. */
export async function issueRows(trx: Store['db'], batch: BatchFile, ready: ReadyRows, now: Date): Promise<void> {
  if (ready.rows.length === 0) return;
  await insertBatchRun(trx, { id: batch.id, month: batch.month, planJson: planOf(batch), startedAt: batch.importedAt });
  const places = ready.rows.map(({ issue }) => ({
    ...{ id: issue.placeId, district: issue.district, firstMonth: batch.month },
  }));
  await insertPlaces(trx, places);
  await insertDetections(
    trx,
    ready.rows.map(({ detection }) => detection),
  );
  const issues = ready.rows.map(({ issue }) => issue);
  await issuePatches(trx, { id: batch.id, month: batch.month }, issues, ready.verdicts, now);
}

function planOf({ id, name, sha256, profile, campaign }: BatchFile): string {
  return JSON.stringify({ batch: { id, name, sha256, profile, campaign } });
}
