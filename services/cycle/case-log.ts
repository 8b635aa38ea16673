import { apply, type Projection } from '../lifecycle/projection.ts';
import { withoutUndone } from '../lifecycle/undone.ts';
import type { CaseFacts, RowEvent } from './month-row.ts';

/** What the log of one case says for the three rates, as of `at`; pure. Its steps are kept in time where none came late. */
export function caseFacts(id: string, events: readonly RowEvent[], at: Date): CaseFacts {
  const facts = { filedLevel: null as string | null, late: false, handOverDue: false, handedOver: false, receipts: 0 };
  let now: Projection | null = null;
  for (const event of events) {
    facts.late ||= isPast(now?.dueAt, event.at);
    now = apply(now, event);
  }
  for (const event of withoutUndone(events)) {
    const payload = JSON.parse(event.payloadJson) as { level?: string; handOverDue?: unknown };
    if (['file', 'file-directly', 'raise-level'].includes(event.action)) facts.filedLevel = payload.level ?? null;
    facts.handOverDue ||= payload.handOverDue === true;
    facts.handedOver ||= event.action === 'hand-over';
    if (event.action === 'record-receipt') facts.receipts++;
  }
  const late = facts.late || isPast(now?.dueAt, at.toISOString());
  const state = now?.state ?? 'clue';
  return { id, version: now?.version ?? 0, state, closed: state === 'closed', ...facts, late };
}

function isPast(dueAt: string | null | undefined, at: string): boolean {
  return typeof dueAt === 'string' && dueAt < at;
}
