import type { Kysely } from 'kysely';
import { ServiceError } from '../error.ts';
import { kinOfCase, kinOfPatch, knownEvidence } from '../store/known-evidence.ts';
import type { Database } from '../store/schema.ts';
import type { Subject } from './transition-row.ts';

/**
 * Refuses evidence that nobody handed in: each id must be that of a photo, a paper or a look after closing, of the patch
 * or of one it shares ground or a case with. @throws ServiceError bad-input
 */
export async function requireEvidence(
  db: Kysely<Database>,
  { subject, id }: { subject: Subject; id: string },
  ids: readonly string[],
): Promise<void> {
  const kin = await (subject === 'patch' ? kinOfPatch(db, id) : kinOfCase(db, id));
  const known = await knownEvidence(db, kin, ids);
  const unknown = ids.find((one) => !known.has(one));
  if (unknown === undefined) return;
  const wanted = "wanted the id of a photo or paper on record for it ('tuban field list', 'tuban handover papers')";
  throw new ServiceError('bad-input', `The ${subject} ${id} has no evidence '${unknown}'; ${wanted}.`);
}
