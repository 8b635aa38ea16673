import type { Kysely } from 'kysely';
import type { Condition } from '../features/cql2/tree.ts';
import { patchCondition } from '../features/patch-condition.ts';
import type { Database } from '../store/schema.ts';
import type { PatchFilter, ResolvedFilter } from './filter.ts';
import { handledBy } from './handled-by.ts';
import { textCondition } from './text-condition.ts';

/**
 * Finds what a filter names in words: notes and districts of a text, who has what in hand, what meets a place. Hand it
 * the view of the store in which the filter will be asked.
 * @throws ServiceError bad-input where a place of the question meets too many patches
 */
export async function resolveFilter(db: Kysely<Database>, filter: PatchFilter): Promise<ResolvedFilter> {
  const { text, assignee, question, condition, within = '', ...plain } = filter;
  const conditions: Condition<readonly string[]>[] = condition === undefined ? [] : [condition];
  if (question !== undefined) conditions.push(await patchCondition(db, question, within));
  if (text !== undefined) conditions.push(await textCondition(db, text));
  if (assignee !== undefined) conditions.push(await handledBy(db, assignee, within));
  const resolved: ResolvedFilter = { ...plain, ...(within && { within }) };
  if (conditions.length === 0) return resolved;
  return { ...resolved, condition: conditions.length === 1 ? conditions[0] : { kind: 'and', conditions } };
}
