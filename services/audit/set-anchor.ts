import { addAnchor, headBefore } from '../store/audit.ts';
import type { Store } from '../store/open.ts';
import { FROM_THE_BEGINNING } from './chain-walk.ts';

export interface SetAnchor {
  seq: number;
  hash: string;
  count: number;
  /** UTC. */
  at: string;
}

/**
 * Notes where the log stands, in the store. Who can write the database can also write this note: what holds against
 * them is the copy that is kept elsewhere.
 */
export async function setAnchor({ db }: Pick<Store, 'db'>, at: Date): Promise<SetAnchor> {
  const { seq, hash, count } = (await headBefore(db, Number.MAX_SAFE_INTEGER)) ?? FROM_THE_BEGINNING;
  const anchor = { seq, hash, count, at: at.toISOString() };
  await addAnchor(db, anchor);
  return anchor;
}
