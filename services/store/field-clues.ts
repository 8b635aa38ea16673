import type { Insertable, Kysely, Selectable } from 'kysely';
import type { Database } from './schema.ts';
import type { ClueTable } from './schema-field.ts';

export type ClueRow = Selectable<ClueTable>;

export async function insertClue(db: Kysely<Database>, clue: Insertable<ClueTable>): Promise<void> {
  await db.insertInto('clues').values(clue).execute();
}

/**
 * Every detection belongs to a run; a report's is one in which nothing was compared. It stays planned: what is done, or
 * running, was compared.
 */
export async function insertClueRun(
  db: Kysely<Database>,
  run: { id: string; month: string; district: string; planJson: string },
  at: Date,
): Promise<void> {
  const open = { state: 'planned', summaryJson: null, error: null, finishedAt: null } as const;
  await db
    .insertInto('runs')
    .values({ ...run, ...open, startedAt: at.toISOString() })
    .execute();
}

export async function findClue(db: Kysely<Database>, id: string): Promise<ClueRow | null> {
  return (await db.selectFrom('clues').selectAll().where('id', '=', id).executeTakeFirst()) ?? null;
}

/** All clues of districts whose code begins so, oldest first. */
export async function listClues(db: Kysely<Database>, district = ''): Promise<ClueRow[]> {
  let query = db.selectFrom('clues').selectAll();
  if (district !== '') query = query.where('district', '>=', district).where('district', '<', `${district}\uffff`);
  return query.orderBy('at').orderBy('id').execute();
}

/** What images and papers showed of a place, and when that became known here. */
export interface Sighting {
  placeId: string;
  district: string;
  /** 'clue' where people reported it. */
  screening: string;
  beforeDate: string;
  afterDate: string;
  /** When the run that saw it began, UTC. */
  foundAt: string;
}

/** Every detection at the places that have a patch, in order of place and time. */
export async function sightings(db: Kysely<Database>, district = ''): Promise<Sighting[]> {
  let query = db
    .selectFrom('detections')
    .innerJoin('runs', 'runs.id', 'detections.runId')
    .select(['detections.placeId', 'detections.district', 'detections.screening'])
    .select(['detections.beforeDate', 'detections.afterDate', 'runs.startedAt as foundAt'])
    // Outlines that people drew by splitting and merging are no sightings.
    .where('detections.screening', 'not in', ['split', 'merge'])
    .where('detections.placeId', 'in', (eb) => eb.selectFrom('patches').select('placeId'));
  if (district !== '') {
    query = query.where('detections.district', '>=', district).where('detections.district', '<', `${district}\uffff`);
  }
  return query.orderBy('detections.placeId').orderBy('runs.startedAt').orderBy('detections.id').execute();
}
