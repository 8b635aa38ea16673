import { type Kysely, type SqlBool, sql } from 'kysely';
import { dialectOf } from './dialect.ts';
import type { Database, EventTable } from './schema.ts';

/** Steps that give something to somebody; a piece of a split patch, or what was merged, takes its assignee over. */
export const GIVING_STEPS: readonly string[] = ['assign', 'succeed'];

/** A patch or case that somebody has, or had, been given. */
export interface AssignedSubject {
  subject: EventTable['subject'];
  id: string;
  /** Number (JCBH) of a patch, title of a case. */
  name: string;
  district: string;
  state: string;
}

/** Patches and cases that were ever given to this person, by number and then by case. */
export async function everAssigned(db: Kysely<Database>, person: string): Promise<AssignedSubject[]> {
  // The payload is JSON: as it writes the name, wherever in it the name stands.
  const written = `"assignee":${JSON.stringify(person)}`;
  const find = dialectOf(db) === 'sqlite' ? 'instr' : 'strpos';
  const says = sql<SqlBool>`${sql.raw(find)}(${sql.ref('payloadJson')}, ${written}) > 0`;
  const given = (subject: EventTable['subject']) =>
    db
      .selectFrom('events')
      .select('subjectId')
      .where('subject', '=', subject)
      .where('action', 'in', GIVING_STEPS)
      .where(says);
  const patches = await db
    .selectFrom('patches')
    .select(['id', 'number as name', 'district', 'state'])
    .where('id', 'in', given('patch'))
    .orderBy('number')
    .execute();
  const cases = await db
    .selectFrom('cases')
    .select(['id', 'title as name', 'district', 'state'])
    .where('id', 'in', given('case'))
    .orderBy('id')
    .execute();
  return [
    ...patches.map((row) => ({ subject: 'patch' as const, ...row })),
    ...cases.map((row) => ({ subject: 'case' as const, ...row })),
  ];
}

/** The steps by which patches were given to somebody, and what was undone, up to a moment, oldest first. */
export async function assignEvents(
  db: Kysely<Database>,
  patchIds: readonly string[],
  until: string,
): Promise<Pick<EventTable, 'id' | 'subjectId' | 'action' | 'payloadJson'>[]> {
  if (patchIds.length === 0) return [];
  return db
    .selectFrom('events')
    .select(['id', 'subjectId', 'action', 'payloadJson'])
    .where('subject', '=', 'patch')
    .where('subjectId', 'in', patchIds)
    .where('action', 'in', [...GIVING_STEPS, 'undo'])
    .where('at', '<=', until)
    .orderBy('seq')
    .execute();
}
