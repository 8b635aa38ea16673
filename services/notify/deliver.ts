import { eventsOf } from '../store/events.ts';
import type { DeliveryRow } from '../store/notify-deliveries.ts';
import { type EndpointRow, secretsOf } from '../store/notify-endpoints.ts';
import { patchNumbers } from '../store/notify-figures.ts';
import type { Store } from '../store/open.ts';
import { type Mail, type MailSettings, sendMail } from './mail/transport.ts';
import { eventMessage } from './message.ts';
import { type PostLimits, post } from './post.ts';
import { pauseAsked } from './retry.ts';
import { signedHeaders } from './sign.ts';

/** What came of one try. */
export type Attempt =
  | { result: 'delivered'; status: number | null }
  | { result: 'failed'; status: number | null; problem: string; pause: Date | null }
  /** The receiver wants no more of it (410). */
  | { result: 'gone'; status: number };

export interface DeliverOptions {
  clock: () => Date;
  /** null: no mail can be sent. */
  mail: MailSettings | null;
  limits?: PostLimits | undefined;
}

/** Sends one message once. Never throws for what a receiver does, or for a receiver that may not be called. */
export async function deliver(
  store: Store,
  endpoint: EndpointRow,
  delivery: Pick<DeliveryRow, 'messageId' | 'position' | 'chain' | 'bodyJson'>,
  options: DeliverOptions,
): Promise<Attempt> {
  try {
    const body = delivery.bodyJson ?? (await bodyOfEvent(store, delivery));
    if (endpoint.kind === 'webhook') return await toWebhook(store, endpoint, delivery.messageId, body, options);
    await sendMail(options.mail!, endpoint.address, delivery.messageId, JSON.parse(body) as Mail, options.clock());
    return { result: 'delivered', status: null };
  } catch (error) {
    return { result: 'failed', status: null, problem: inOneLine(error), pause: null };
  }
}

async function toWebhook(
  { db }: Store,
  endpoint: EndpointRow,
  messageId: string,
  body: string,
  { clock, limits }: DeliverOptions,
): Promise<Attempt> {
  const at = clock();
  const headers = signedHeaders(messageId, at, body, await secretsOf(db, endpoint.id, at.toISOString()));
  const reach = { allowHttp: endpoint.allowHttp === 1, allowPrivate: endpoint.allowPrivate === 1 };
  const { status, retryAfter } = await post(endpoint.address, reach, headers, body, limits);
  if (status >= 200 && status < 300) return { result: 'delivered', status };
  if (status === 410) return { result: 'gone', status };
  const asks = status === 429 || status === 503;
  const problem = `answered ${status}`;
  return { result: 'failed', status, problem, pause: asks ? pauseAsked(retryAfter, clock()) : null };
}

async function bodyOfEvent(
  { db }: Store,
  { chain, position }: Pick<DeliveryRow, 'chain' | 'position'>,
): Promise<string> {
  const [subject, ...rest] = chain.split(':') as ['patch' | 'case', ...string[]];
  const id = rest.join(':');
  const log = await eventsOf(db, subject, id);
  const event = log.find(({ seq }) => seq === position);
  if (event === undefined) throw new Error(`the log has no event ${position} of the ${subject} ${id}`);
  const number = subject === 'patch' ? ((await patchNumbers(db, [id])).get(id) ?? null) : null;
  return JSON.stringify(eventMessage(event, log, number));
}

function inOneLine(error: unknown): string {
  const message = error instanceof Error ? error.message || String((error as { code?: unknown }).code) : String(error);
  return message.replace(/\s+/g, ' ').slice(0, 200);
}
