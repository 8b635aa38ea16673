import { workingDays } from './deadline.ts';
import type { Standing } from './projection.ts';
import { step, type Transition, who } from './transition-row.ts';

/**
 * 拆分 and 合并: steps of several patches at once, so they stand apart from the tables. services/lineage alone takes
 * them, all in one transaction; asked for by name like a step of one patch they are not possible.
 */

/** What services/lineage hands in with such a step. */
export interface LineageStep {
  /** What the new patch takes over; only with the step that opens it. */
  standing?: Standing;
}

const reviewer = who('county', 'reviewer');

export const LINEAGE_STEPS: readonly Transition[] = [
  step('split', ['拆分', 'Split'], [], 'split', { due: 'none', who: reviewer, needs: ['note'] }),
  step('merge', ['合并', 'Merge'], [], 'merged', { due: 'none', who: reviewer, needs: ['note'] }),
  // Opens a piece, or what was merged, in the state, with the due date and with the judgement that it takes over.
  step('succeed', ['承接', 'Take over'], [], 'found', { due: workingDays(5), who: reviewer }),
  step('withdraw', ['撤回', 'Withdraw'], [], 'withdrawn', { due: 'none', who: reviewer, needs: ['note'] }),
];

/** Those after which other patches stand for this one; taking them back is taking those back, too. */
export const REPLACING_STEPS: readonly string[] = ['split', 'merge'];

/** The row of such a step, or undefined where it is none or the patch is already there, or not. */
export function lineageRow(action: string, { standing }: LineageStep, exists: boolean): Transition | undefined {
  const opens = action === 'succeed';
  if (opens === exists || opens !== (standing !== undefined)) return undefined;
  return LINEAGE_STEPS.find((row) => row.action === action);
}
