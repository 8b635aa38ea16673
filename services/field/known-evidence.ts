import type { Kysely } from 'kysely';
import { ServiceError } from '../error.ts';
import { knownPhotos } from '../store/field-photos.ts';
import type { Database } from '../store/schema.ts';

/** Refuses evidence that nobody handed in: each id must be that of a photo of the patch. @throws ServiceError bad-input */
export async function requireEvidence(db: Kysely<Database>, patchId: string, ids: readonly string[]): Promise<void> {
  const known = new Set(await knownPhotos(db, patchId, ids));
  const unknown = ids.find((id) => !known.has(id));
  if (unknown === undefined) return;
  const wanted = "wanted ids that 'tuban field list' shows for it";
  throw new ServiceError('bad-input', `The patch ${patchId} has no photo '${unknown}' as evidence; ${wanted}.`);
}
