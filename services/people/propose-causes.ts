import type { Kysely } from 'kysely';
import { lastDayOf } from '../month/calendar-month.ts';
import { latestOpinion } from '../store/opinions.ts';
import { patchGroundsOf } from '../store/patch-grounds.ts';
import type { Database } from '../store/schema.ts';
import { type ProposedCause, proposedCauses } from './causes.ts';
import { patrolsBefore } from './patrols-before.ts';

/** The causes that what is known of a patch speaks for; [] where it says nothing. A person decides. */
export async function proposeCauses(
  db: Kysely<Database>,
  patch: { id: string; month: string },
): Promise<ProposedCause[]> {
  const grounds = await patchGroundsOf(db, [patch.id]);
  const [{ finding }] = await patrolsBefore(db, grounds, lastDayOf(patch.month));
  const opinionKind = (await latestOpinion(db, patch.id))?.kind ?? null;
  return proposedCauses({ patrol: finding.answer, opinionKind });
}

/** In one line, for whoever has to give the cause. */
export function proposedWords(proposed: readonly ProposedCause[]): string {
  if (proposed.length === 0) return '事实未指明原因 the facts name none';
  return proposed.map(({ cause, because }) => `${cause}（${because.zh} ${because.en}）`).join('；');
}
