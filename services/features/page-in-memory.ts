import { ServiceError } from '../error.ts';
import type { Feature, FeaturePage } from './feature.ts';

/**
 * A page of features that are all there, in the order of their keys: those after the one that the cursor names. What
 * comes in between pages is neither missed nor given twice, where its key is later.
 */
export function pageInMemory(
  features: readonly Feature[],
  keyOf: (feature: Feature) => string,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): FeaturePage {
  const after = cursor === undefined ? null : keyOfCursor(cursor);
  const rest = after === null ? features : features.filter((feature) => keyOf(feature) > after);
  const page = rest.slice(0, limit);
  const next = rest.length > limit ? Buffer.from(keyOf(page[limit - 1])).toString('base64url') : null;
  return { features: page, next, total: features.length };
}

function keyOfCursor(cursor: string): string {
  const key = Buffer.from(cursor, 'base64url').toString();
  // What is no text of ours comes back as other letters.
  if (Buffer.from(key).toString('base64url') === cursor && /^\d{4}-/.test(key)) return key;
  throw new ServiceError('bad-input', `A cursor is the 'next' of an earlier page; got '${cursor}'.`);
}
