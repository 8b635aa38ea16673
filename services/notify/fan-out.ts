import { type EventRow, eventsSince } from '../store/events.ts';
import { addDeliveries } from '../store/notify-deliveries.ts';
import { activeEndpoints, type EndpointRow, moveCursor } from '../store/notify-endpoints.ts';
import { headOfLog } from '../store/notify-figures.ts';
import type { Store } from '../store/open.ts';
import { typeOf } from './message.ts';
import { withheldUntil } from './withheld.ts';

const PAGE = 500;

/**
 * Makes out a delivery of every event that a webhook has not been given yet. The log of events is the outbox: each was
 * written with its change, and none appears before one that was read. Deliveries and cursor move in one transaction,
 * so that none is left out or made out twice, whoever is killed and however many do it.
 */
export async function fanOut(store: Store, at: Date): Promise<void> {
  for (const endpoint of await activeEndpoints(store.db, 'webhook')) await fanOutTo(store, endpoint, at);
}

async function fanOutTo(store: Store, endpoint: EndpointRow, at: Date): Promise<void> {
  const { db } = store;
  for (let cursor = endpoint.cursor; ; ) {
    // Asked before the events are: what is in the log up to here is among them.
    const head = await headOfLog(db);
    const events = await eventsSince(db, cursor, PAGE, endpoint.district);
    const full = events.length === PAGE;
    const next = full ? events[PAGE - 1].seq : Math.max(head, events.at(-1)?.seq ?? 0);
    if (next <= cursor) return;
    const waits = await withheldUntil(store, events, at);
    const moved = await db.transaction().execute(async (trx) => {
      if (!(await moveCursor(trx, endpoint.id, cursor, next))) return false;
      const wanted = events.filter((event) => wants(endpoint, typeOf(event)));
      await addDeliveries(
        trx,
        wanted.map((event) => deliveryOf(endpoint, event, waits.get(event.subjectId) ?? at.toISOString())),
      );
      return true;
    });
    // Another sender, or a replay, has moved it: the rest is theirs or the next pass's.
    if (!moved || !full) return;
    cursor = next;
  }
}

export function wants({ typesJson }: Pick<EndpointRow, 'typesJson'>, type: string): boolean {
  const types = JSON.parse(typesJson) as string[];
  return types.length === 0 || types.includes(type);
}

/** @param nextAt not sent before, UTC */
function deliveryOf({ id }: EndpointRow, event: EventRow, nextAt: string) {
  return {
    endpointId: id,
    messageId: event.id,
    type: typeOf(event),
    chain: `${event.subject}:${event.subjectId}`,
    position: event.seq,
    bodyJson: null,
    nextAt,
  };
}
