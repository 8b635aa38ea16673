import type { Kysely, Selectable } from 'kysely';
import type { LonLatBox } from '../../imagery/grid.ts';
import type { CellRow } from './cells.ts';
import { dialectOf } from './dialect.ts';
import type { Database, DetectionTable, RunTable } from './schema.ts';
import { whereInBox } from './spatial.ts';

/** What was looked at and seen of the ground of a project: runs, their cells, and what they found there. */

export type FinishedRun = Pick<Selectable<RunTable>, 'id' | 'month' | 'planJson'>;

/** The finished run of each month up to and including `month` that began last, oldest month first. */
export async function finishedRuns(db: Kysely<Database>, month: string): Promise<FinishedRun[]> {
  const rows = await db
    .selectFrom('runs')
    .select(['id', 'month', 'planJson'])
    .where('state', '=', 'done')
    .where('month', '<=', month)
    .orderBy('month')
    .orderBy('startedAt')
    .orderBy('id', 'desc')
    .execute();
  return [...new Map(rows.map((row) => [row.month, row])).values()];
}

/** Results are large: few at a time. */
const CELLS_PER_READ = 32;

/** Those cells of a run, as readCells gives them. */
export async function* cellsByKey(
  db: Kysely<Database>,
  runId: string,
  keys: readonly string[],
): AsyncGenerator<CellRow> {
  for (let first = 0; first < keys.length; first += CELLS_PER_READ) {
    const some = keys.slice(first, first + CELLS_PER_READ);
    const query = db.selectFrom('cells').selectAll().where('runId', '=', runId).where('key', 'in', some);
    for (const row of await query.orderBy('key').execute()) yield { ...row, result: new Uint8Array(row.result) };
  }
}

/** A detection, and what became of the patch it was issued as. */
export type Sighting = Pick<Selectable<DetectionTable>, 'id' | 'month' | 'type' | 'evidenceJson'> & {
  /** State of its patch, and why it was put there by the last step; null = it has none, or none was given. */
  state: string | null;
  reason: string | null;
};

/** All that finished runs up to a month detected where `box` is, oldest month first. */
export async function sightingsIn(db: Kysely<Database>, box: LonLatBox, month: string): Promise<Sighting[]> {
  return db
    .selectFrom('detections')
    .innerJoin('runs', 'runs.id', 'detections.runId')
    .leftJoin('patches', 'patches.detectionId', 'detections.id')
    .select((eb) => [
      'detections.id',
      'detections.month',
      'detections.type',
      'detections.evidenceJson',
      'patches.state',
      eb
        .selectFrom('events')
        .select('events.reason')
        .where('events.subject', '=', 'patch')
        .whereRef('events.subjectId', '=', 'patches.id')
        .whereRef('events.toState', '=', 'patches.state')
        .where('events.action', '!=', 'undo')
        .orderBy('events.seq', 'desc')
        .limit(1)
        .as('reason'),
    ])
    .where('runs.state', '=', 'done')
    .where('detections.month', '<=', month)
    .where(whereInBox(dialectOf(db), 'detections', box))
    .orderBy('detections.month')
    .orderBy('detections.id')
    .execute();
}
