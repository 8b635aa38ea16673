import type { Kysely } from 'kysely';
import type { Label } from '../lifecycle/label.ts';
import type { Database } from './schema.ts';

/** The step that brought a subject to its present version. */
export interface LastStepOf {
  subject: 'patch' | 'case';
  id: string;
  version: number;
  /** UTC. */
  at: string;
}

/**
 * Why the last step stands fast, or null: it sent out a numbered task, or a month was closed since, whose
 * figures count it. What is to be otherwise then is a correction or a step of its own.
 */
export async function whyFrozen(db: Kysely<Database>, { subject, id, version, at }: LastStepOf): Promise<Label | null> {
  const closed = await db
    .selectFrom('closed_months')
    .select('month')
    .where('closedAt', '>=', at)
    .orderBy('closedAt')
    .limit(1)
    .executeTakeFirst();
  if (closed) return { zh: `${closed.month}月已结，数据已固定`, en: `the month ${closed.month} was closed since` };
  if (subject === 'case') return null;
  const task = await db
    .selectFrom('month_tasks')
    .select('number')
    .where('patchId', '=', id)
    .where('patchVersion', '=', version)
    .executeTakeFirst();
  return task ? { zh: `任务${task.number}已下发`, en: `it sent out the task ${task.number}` } : null;
}
