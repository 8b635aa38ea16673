import { step, type Transition, who } from './transition-row.ts';

/**
 * Steps about the people of a patch or case; state and clock stay. assign: who has it in hand (承办人), payload.assignee.
 * Only what is open can be given to somebody.
 */
export function assignSteps(open: readonly string[]): Transition[] {
  const handler = who('county', 'handler');
  return [step('assign', ['指派承办人', 'Assign'], open, null, { due: 'keep', who: handler, needs: ['assignee'] })];
}

/**
 * Who uses or builds on the land, as an actor of the register: payload.occupierId, and the name beside it as it was
 * then. It can be told of a patch in any state, as the threshold radar counts what is cleared too.
 */
export function occupierSteps(states: readonly string[]): Transition[] {
  const handler = who('county', 'handler');
  return [
    step('name-occupier', ['登记占地主体', 'Name the occupier'], states, null, {
      due: 'keep',
      who: handler,
      needs: ['occupierId'],
    }),
  ];
}
