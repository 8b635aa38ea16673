import type { Kysely } from 'kysely';
import type { EventRow } from './events.ts';
import type { Database } from './schema.ts';

/** What deadlines are read from: who there is, and their logs, many at a time. */

export interface DeadlineSubject {
  subject: 'patch' | 'case';
  id: string;
  /** A patch's number, a case's title. */
  name: string;
  district: string;
}

/** Patches by number, then cases by id. `district`: code prefix, '' = all. */
export async function deadlineSubjects(db: Kysely<Database>, district: string): Promise<DeadlineSubject[]> {
  const range = [district, `${district}\uffff`] as const;
  const patches = await db
    .selectFrom('patches')
    .select(['id', 'number as name', 'district'])
    .where('district', '>=', range[0])
    .where('district', '<', range[1])
    .orderBy('number')
    .execute();
  const cases = await db
    .selectFrom('cases')
    .select(['id', 'title as name', 'district'])
    .where('district', '>=', range[0])
    .where('district', '<', range[1])
    .orderBy('id')
    .execute();
  return [
    ...patches.map((row) => ({ subject: 'patch' as const, ...row })),
    ...cases.map((row) => ({ subject: 'case' as const, ...row })),
  ];
}

/** A log goes up to its first event after `until`, though a clock set back should have dated a later one before it. */
function upTo(logs: Map<string, EventRow[]>, until: string): Map<string, EventRow[]> {
  for (const [key, log] of logs) {
    const end = log.findIndex(({ at }) => at > until);
    if (end >= 0) logs.set(key, log.slice(0, end));
  }
  return logs;
}

/** The logs of all patches and cases of a district prefix, by `subject:id`, each oldest first, up to `until` (UTC). */
export async function logsUntil(
  db: Kysely<Database>,
  district: string,
  until: string,
): Promise<Map<string, EventRow[]>> {
  const logs = new Map<string, EventRow[]>();
  let after = 0;
  for (;;) {
    const page = await db
      .selectFrom('events')
      .selectAll()
      .where('seq', '>', after)
      .where('subject', 'in', ['patch', 'case'])
      .where('district', '>=', district)
      .where('district', '<', `${district}\uffff`)
      .orderBy('seq')
      .limit(20_000)
      .execute();
    for (const event of page) {
      const key = `${event.subject}:${event.subjectId}`;
      const log = logs.get(key);
      if (log) log.push(event);
      else logs.set(key, [event]);
    }
    if (page.length < 20_000) return upTo(logs, until);
    after = page.at(-1)!.seq;
  }
}
