import type { Kysely } from 'kysely';
import type { EventRow } from './events.ts';
import type { RunRow } from './runs.ts';
import type { Database } from './schema.ts';

/** What reports are read from beside the figures of the months. */

/** Far below the 32,766 values that SQLite takes in one statement. */
const PAGE = 1000;

/** Patches found in a span of months or sent down as tasks of one of them; what was withdrawn is none. */
export async function patchIdsBetween(db: Kysely<Database>, from: string, to: string): Promise<string[]> {
  const there = db.selectFrom('patches').select('id').where('month', '>=', from).where('month', '<=', to);
  const patches = there.where('state', '!=', 'withdrawn');
  const tasks = db
    .selectFrom('month_tasks')
    .select('patchId as id')
    .where('month', '>=', from)
    .where('month', '<=', to);
  const ids = [...(await patches.execute()), ...(await tasks.execute())].map(({ id }) => id);
  return [...new Set(ids)].sort();
}

/** A patch as what saw it, and where it lies. */
export interface SeenPatch {
  id: string;
  placeId: string;
  type: string;
  /** 'issued' where images showed it to the detector. */
  screening: string;
  runId: string;
  lon: number;
  lat: number;
}

export async function seenPatches(db: Kysely<Database>, ids: readonly string[]): Promise<Map<string, SeenPatch>> {
  const seen = new Map<string, SeenPatch>();
  for (const page of pages(ids)) {
    const rows = await db
      .selectFrom('patches')
      .innerJoin('detections', 'detections.id', 'patches.detectionId')
      .select(['patches.id', 'patches.placeId', 'patches.minLon', 'patches.minLat', 'patches.maxLon', 'patches.maxLat'])
      .select(['detections.type', 'detections.screening', 'detections.runId'])
      .where('patches.id', 'in', page)
      .execute();
    for (const { id, placeId, type, screening, runId, minLon, minLat, maxLon, maxLat } of rows) {
      seen.set(id, { id, placeId, type, screening, runId, lon: (minLon + maxLon) / 2, lat: (minLat + maxLat) / 2 });
    }
  }
  return seen;
}

/** The latest event of one of these kinds on each patch: those that end in a state, or are of an action. */
export async function latestEvents(
  db: Kysely<Database>,
  ids: readonly string[],
  kind: { toStates: readonly string[] } | { action: string },
): Promise<Map<string, Pick<EventRow, 'reason' | 'payloadJson'>>> {
  const latest = new Map<string, Pick<EventRow, 'reason' | 'payloadJson'>>();
  for (const page of pages(ids)) {
    let query = db.selectFrom('events').select(['subjectId', 'reason', 'payloadJson']).where('subject', '=', 'patch');
    query = query.where('subjectId', 'in', page).where('action', '!=', 'undo');
    query = 'action' in kind ? query.where('action', '=', kind.action) : query.where('toState', 'in', kind.toStates);
    for (const { subjectId, ...event } of await query.orderBy('seq').execute()) latest.set(subjectId, event);
  }
  return latest;
}

/** Finished runs that looked at a span of months, oldest first. */
export async function runsBetween(
  db: Kysely<Database>,
  from: string,
  to: string,
): Promise<Pick<RunRow, 'id' | 'month' | 'planJson'>[]> {
  const query = db.selectFrom('runs').select(['id', 'month', 'planJson']).where('state', '=', 'done');
  const within = query.where('month', '>=', from).where('month', '<=', to);
  return within.orderBy('startedAt').orderBy('id').execute();
}

/** Plans of runs, whatever their state. */
export async function plansOfRuns(db: Kysely<Database>, ids: readonly string[]): Promise<Map<string, string>> {
  const plans = new Map<string, string>();
  for (const page of pages(ids)) {
    const rows = await db.selectFrom('runs').select(['id', 'planJson']).where('id', 'in', page).execute();
    for (const { id, planJson } of rows) plans.set(id, planJson);
  }
  return plans;
}

/** The pairs of scenes that a run fitted, as 'before-after' by their ids. */
export async function fittedPairs(db: Kysely<Database>, runId: string): Promise<string[]> {
  const query = db.selectFrom('cells').select('key').where('runId', '=', runId).where('key', 'like', 'model:%');
  return (await query.orderBy('key').execute()).map(({ key }) => key.slice('model:'.length));
}

function* pages(ids: readonly string[]): Generator<string[]> {
  for (let first = 0; first < ids.length; first += PAGE) yield ids.slice(first, first + PAGE);
}
