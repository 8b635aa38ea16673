import type { Kysely } from 'kysely';
import type { Database, EventTable } from './schema.ts';

/** A step of a patch that may say that what went on at its place is stopped, or was nothing. */
export type StoppingEvent = Pick<EventTable, 'id' | 'subjectId' | 'action' | 'toState' | 'at' | 'payloadJson'> & {
  placeId: string;
};

/** All steps of patches of districts whose code begins so, oldest first. */
export async function stoppingEvents(db: Kysely<Database>, district = ''): Promise<StoppingEvent[]> {
  let query = db
    .selectFrom('events')
    .innerJoin('patches', 'patches.id', 'events.subjectId')
    .select(['events.id', 'events.subjectId', 'events.action', 'events.toState', 'events.at', 'events.payloadJson'])
    .select('patches.placeId')
    .where('events.subject', '=', 'patch');
  if (district !== '') {
    query = query.where('patches.district', '>=', district).where('patches.district', '<', `${district}\uffff`);
  }
  return query.orderBy('events.seq').execute();
}
