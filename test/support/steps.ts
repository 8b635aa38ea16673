import { REASONS } from '../../services/lifecycle/reasons.ts';
import { type Move, type Moved, transition } from '../../services/lifecycle/transition.ts';
import type { Need, Subject } from '../../services/lifecycle/transition-row.ts';
import { findTransition } from '../../services/lifecycle/transitions.ts';
import type { Store } from '../../services/store/open.ts';

/** A good value for every need of the payload. */
export const HANDED_IN: Record<Exclude<Need, 'reason'>, unknown> = {
  note: 'seen on site',
  evidence: ['photo-1'],
  judgement: 'illegal-construction',
  department: 'agriculture',
  caseId: 'no-case',
  level: 'county',
  receiver: 'police',
  extension: { count: 5, unit: 'working-day' },
  // Nobody measured it: all of it counts once later images confirm it.
  remedy: { demolishedM2: 0 },
  cause: 'patrol-gap',
  assignee: '李四',
  occupierId: 'actor-1',
};

/** A move with everything that the step needs from `state`; with nothing where it is not possible there. */
export function completeMove(
  move: Pick<Move, 'subject' | 'id' | 'action' | 'at'>,
  state: string,
  given: Record<string, unknown> = {},
): Move {
  const row = findTransition(move.subject, state, move.action);
  const payload = Object.fromEntries(
    (row?.needs ?? []).filter((need) => need !== 'reason').map((need) => [need, given[need] ?? HANDED_IN[need]]),
  );
  // Nobody approves what they asked for themselves.
  const actor = move.action === 'approve-extension' ? 'zhao' : 'li';
  return { ...move, actor, reason: row?.reasons && REASONS[row.reasons][0].code, payload };
}

/** Takes the steps one after the other, an hour apart, each with what it needs; gives where it ended. */
export async function takeSteps(
  store: Store,
  id: string,
  actions: string,
  options: { subject?: Subject; at?: Date; given?: Record<string, unknown> } = {},
): Promise<Moved> {
  const subject = options.subject ?? 'patch';
  let at = options.at ?? new Date('2025-07-02T01:00:00Z');
  const table = subject === 'patch' ? 'patches' : 'cases';
  let moved = (await store.db
    .selectFrom(table)
    .select(['state', 'version'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow()) as Moved;
  for (const action of actions.split(' ')) {
    moved = await transition(store, completeMove({ subject, id, action, at }, moved.state, options.given));
    at = new Date(at.getTime() + 3_600_000);
  }
  return moved;
}
