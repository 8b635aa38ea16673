import { type Kysely, sql } from 'kysely';
import { dialectOf } from './dialect.ts';
import type { Database } from './schema.ts';

/** A step that gave a patch to somebody, or an undoing. */
export interface GivingEvent {
  id: string;
  subjectId: string;
  action: string;
  payloadJson: string;
}

/** In the words of the partial index events_giving, which a parameter would not match. */
const gives = sql<boolean>`"subject" = 'patch' and "action" in ('assign', 'succeed')`;

/**
 * The steps by which patches of these districts were given to somebody, with all undoings of theirs, oldest first.
 * `within`: district code prefix, '' = all.
 */
export async function givingEvents(db: Kysely<Database>, within: string): Promise<GivingEvent[]> {
  const given = db.selectFrom('events').select('subjectId').where(gives);
  let query = db
    .selectFrom('events')
    .select(['id', 'subjectId', 'action', 'payloadJson'])
    .where('subject', '=', 'patch')
    .where('subjectId', 'in', within === '' ? given : given.where('district', '>=', within))
    .where('action', 'in', ['assign', 'succeed', 'undo']);
  if (within !== '') query = query.where('district', '>=', within).where('district', '<', `${within}\uffff`);
  return query.orderBy('seq').execute();
}

/** Patches in whose notes these letters stand somewhere, as JSON writes them; capital letters A to Z count as small ones. */
export async function patchesWithNote(
  db: Kysely<Database>,
  written: string,
): Promise<{ subjectId: string; payloadJson: string }[]> {
  const find = dialectOf(db) === 'postgres' ? 'strpos' : 'instr';
  return db
    .selectFrom('events')
    .select(['subjectId', 'payloadJson'])
    .where(sql<boolean>`"subject" = 'patch' and "payloadJson" like '%"note":%'`)
    .where(sql<boolean>`${sql.raw(find)}(lower("payloadJson"), ${written}) > 0`)
    .execute();
}
