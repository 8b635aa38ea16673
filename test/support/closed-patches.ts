import type { Store } from '../../services/store/open.ts';
import { takeSteps } from './steps.ts';

const toClosure =
  'warn acknowledge verify judge submit approve approve approve rectify-before-filing submit-closure resolve';

/** Takes a patch from found to cleared on a day, with what is claimed to have been done; all of it torn down unless said. */
export async function closePatch(
  store: Store,
  { id, areaM2 }: { id: string; areaM2: number },
  day: string,
  remedy: Record<string, number> = { demolishedM2: areaM2 },
): Promise<void> {
  const given = { remedy: { demolishedM2: 0, regularisedM2: 0, confiscatedM2: 0, ...remedy } };
  await takeSteps(store, id, toClosure, { at: new Date(`${day}T00:00:00Z`), given });
}
