import type { Kysely } from 'kysely';
import type { Database, EventTable } from './schema.ts';

/** A step by which a patch was cleared, reopened, or taken back. */
export type ClosingEvent = Pick<EventTable, 'id' | 'subjectId' | 'action' | 'at' | 'payloadJson'> & {
  district: string;
  areaM2: number;
};

/** What says which patches of districts whose code begins so are cleared, oldest first. */
export async function closingEvents(db: Kysely<Database>, district = ''): Promise<ClosingEvent[]> {
  let query = db
    .selectFrom('events')
    .innerJoin('patches', 'patches.id', 'events.subjectId')
    .select(['events.id', 'events.subjectId', 'events.action', 'events.at', 'events.payloadJson'])
    .select(['patches.district', 'patches.areaM2'])
    .where('events.subject', '=', 'patch')
    .where('events.action', 'in', ['resolve', 'reopen', 'undo']);
  if (district !== '') {
    query = query.where('patches.district', '>=', district).where('patches.district', '<', `${district}\uffff`);
  }
  return query.orderBy('events.seq').execute();
}
