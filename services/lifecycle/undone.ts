import type { LoggedEvent } from './projection.ts';

/**
 * The events that still count, oldest first: without those that were undone and without the undoing. For
 * whoever reads single events (the latest judgement, was it ever sent) and not the projection.
 */
export function withoutUndone<T extends Pick<LoggedEvent, 'id' | 'action' | 'payloadJson'>>(events: readonly T[]): T[] {
  const undone = new Set<string>();
  for (const { action, payloadJson } of events) {
    if (action === 'undo') undone.add((JSON.parse(payloadJson) as { undoes: string }).undoes);
  }
  return events.filter(({ id, action }) => action !== 'undo' && !undone.has(id));
}
