import type { Store } from '../store/open.ts';
import { type LateOptions, lookAtLate } from './look-at-late.ts';
import { writeLate } from './write-late.ts';

/** Deals with what came or went since, where the run itself has nothing left to do. Returns how many scenes that were. */
export async function settleLate(
  store: Store,
  run: { id: string; month: string },
  options: LateOptions,
): Promise<number> {
  const work = await lookAtLate(store, run, options);
  const scenes = work.gone.length + work.looks.reduce((sum, { scenes }) => sum + scenes.length, 0);
  if (scenes > 0) await store.db.transaction().execute((trx) => writeLate(trx, run, work, options.now));
  return scenes;
}
