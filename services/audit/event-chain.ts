import { hash } from 'node:crypto';
import type { EventTable } from '../store/schema.ts';

/** How events are chained by hash. Stores in use were chained by exactly this: it is never edited. */

/** An event as it is written: every column but those of the chain. */
export type LoggedColumns = Omit<EventTable, 'seq'> & { seq: number };

/** The predecessor of the first event. */
export const GENESIS = '0'.repeat(64);

/** sha256 over the predecessor's hash and all columns, as hex. Text is taken as UTF-8. */
export function eventHash(prevHash: string, event: LoggedColumns): string {
  return hash('sha256', canonicalText(prevHash, event), 'hex');
}

/** A JSON list says where a column ends and what is null, so that nothing can be moved from one column into the next. */
function canonicalText(prevHash: string, event: LoggedColumns): string {
  const { seq, id, subject, subjectId, district, action, fromState, toState, actor, reason, payloadJson, at } = event;
  const columns = [id, subject, subjectId, district, action, fromState, toState, actor, reason, payloadJson, at];
  return JSON.stringify(['tuban-event-1', prevHash, seq, ...columns]);
}

/** The event as a database gives it back: half a surrogate pair is no text, and becomes U+FFFD when it is stored. */
export function storable<Event extends object>(event: Event): Event {
  const entries = Object.entries(event).map(([name, value]) => [
    name,
    typeof value === 'string' ? value.toWellFormed() : value,
  ]);
  return Object.fromEntries(entries) as Event;
}
