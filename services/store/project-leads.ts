import type { Kysely } from 'kysely';
import type { Database } from './schema.ts';

/** What a patch was told of the zone it was issued for. */
export interface ToldLead {
  patchId: string;
  /** The patch's, now. */
  state: string;
  payloadJson: string;
}

/** All that patches were ever told of zones of projects, oldest first. */
export async function toldLeads(db: Kysely<Database>): Promise<ToldLead[]> {
  return db
    .selectFrom('detections')
    .innerJoin('patches', 'patches.detectionId', 'detections.id')
    .innerJoin('events', 'events.subjectId', 'patches.id')
    .select(['patches.id as patchId', 'patches.state', 'events.payloadJson'])
    .where('detections.screening', '=', 'lead')
    .where('events.subject', '=', 'patch')
    .where('events.action', 'in', ['find', 'project-changed'])
    .orderBy('events.seq')
    .execute();
}
