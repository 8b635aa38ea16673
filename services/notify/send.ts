import { randomUUID } from 'node:crypto';
import { claimDelivery, type DeliveryRow, recordOutcome } from '../store/notify-deliveries.ts';
import { activeEndpoints, type EndpointRow, holdEndpoint, setEndpointState } from '../store/notify-endpoints.ts';
import type { Store } from '../store/open.ts';
import { type Attempt, type DeliverOptions, deliver } from './deliver.ts';
import { fanOut } from './fan-out.ts';
import { nextTry } from './retry.ts';

/** How long a sender has a message to itself: longer than any try takes. After that it is taken for dead. */
export const LEASE_MS = 120_000;
/** Messages under way to one receiver at once. */
const AT_ONCE = 4;
/** So many tries in a row without any answer, and the receiver is left alone until the next pass. */
const MOST_SILENT = 3;

export interface SendOptions extends DeliverOptions {
  /** Told of each try that ended. */
  onAttempt?: (endpoint: EndpointRow, delivery: DeliveryRow, attempt: Attempt, dead: boolean) => void;
  /** When it aborts, no further message is begun. */
  signal?: AbortSignal | undefined;
}

export interface SendSummary {
  delivered: number;
  failed: number;
  dead: number;
  /** Receivers by mail that wait since no mail server is named. */
  withoutMail: number;
}

/**
 * One pass: every message that may be sent now is tried once. At least once: a sender that dies, or whose answer is
 * lost, leaves its message to another try, with the same id. Any number of passes may run at once, in any processes.
 */
export async function sendDue(store: Store, options: SendOptions): Promise<SendSummary> {
  await fanOut(store, options.clock());
  const summary: SendSummary = { delivered: 0, failed: 0, dead: 0, withoutMail: 0 };
  const endpoints = await activeEndpoints(store.db);
  await Promise.all(
    endpoints.map(async (endpoint) => {
      if (endpoint.kind === 'mail' && options.mail === null) summary.withoutMail++;
      else await sendTo(store, endpoint, options, summary);
    }),
  );
  return summary;
}

async function sendTo(store: Store, endpoint: EndpointRow, options: SendOptions, summary: SendSummary): Promise<void> {
  let silent = 0;
  const work = async () => {
    while (!options.signal?.aborted && silent < MOST_SILENT) {
      const at = options.clock();
      const lease = { by: randomUUID(), at, until: new Date(at.getTime() + LEASE_MS) };
      const delivery = await claimDelivery(store.db, endpoint.id, lease);
      if (delivery === null) return;
      const attempt = await deliver(store, endpoint, delivery, options);
      silent = attempt.result === 'failed' && attempt.status === null ? silent + 1 : 0;
      const state = await settle(store, endpoint, delivery, attempt, options.clock());
      if (attempt.result === 'delivered') summary.delivered++;
      else if (state === 'dead') summary.dead++;
      else summary.failed++;
      options.onAttempt?.(endpoint, delivery, attempt, state === 'dead');
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

/** Writes what came of a try; returns what the delivery is now. */
async function settle(
  { db }: Store,
  endpoint: EndpointRow,
  delivery: DeliveryRow,
  attempt: Attempt,
  at: Date,
): Promise<DeliveryRow['state']> {
  const { status } = attempt;
  if (attempt.result === 'delivered') {
    const attempts = delivery.attempts + 1;
    const outcome = { state: 'delivered', attempts, status, problem: null, endedAt: at.toISOString() } as const;
    await recordOutcome(db, delivery, outcome);
    return 'delivered';
  }
  if (attempt.result === 'gone') {
    // It waits for whoever resumes the receiver.
    await setEndpointState(db, endpoint.id, 'disabled', 'answered 410: it wants no more messages');
    await recordOutcome(db, delivery, { status, problem: 'answered 410' });
    return 'waiting';
  }
  const attempts = delivery.attempts + 1;
  const next = nextTry(attempts, at, `${endpoint.id}:${delivery.messageId}`, attempt.pause);
  if (attempt.pause !== null) await holdEndpoint(db, endpoint.id, attempt.pause.toISOString());
  const outcome = { attempts, status, problem: attempt.problem };
  if (next !== null) await recordOutcome(db, delivery, { ...outcome, nextAt: next.toISOString() });
  else await recordOutcome(db, delivery, { ...outcome, state: 'dead', endedAt: at.toISOString() });
  return next === null ? 'dead' : 'waiting';
}
