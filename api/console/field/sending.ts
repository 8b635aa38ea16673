import { allItems, type Box, renewItem } from './box.ts';
import { type Answer, afterAnswer, type Item, nextItem, outcomeOf } from './item.ts';

/** One request as it goes out. */
export interface Request {
  path: string;
  headers: Record<string, string>;
  body: Blob | string;
}

/** Sends it; a server that is not reached is an answer with status 0. */
export type Transport = (request: Request, item: Item) => Promise<Answer>;

export interface Sending {
  transport: Transport;
  /** Who is logged in, or null where nobody is or the server is not reached. */
  whoIsThere(): Promise<string | null>;
  now(): Date;
  onChange(): void;
  onLogIn(): void;
}

const lock = 'tuban-field-sending';

/**
 * Sends what waits, one after the other in the order it was taken; page and worker take turns by a lock, so that nothing
 * goes out twice at once. Gives when to try again, ms since 1970; null where nothing waits for a moment.
 */
export async function sendAll(box: Box, sending: Sending): Promise<number | null> {
  // Without locks (an insecure context) the page is alone.
  if (!navigator.locks) return sendInTurn(box, sending);
  return navigator.locks.request(lock, { ifAvailable: true }, (held) =>
    held === null ? null : sendInTurn(box, sending),
  ) as Promise<number | null>;
}

async function sendInTurn(box: Box, sending: Sending): Promise<number | null> {
  if (!(await allItems(box)).some(({ state }) => state === 'waiting')) return null;
  const owner = await sending.whoIsThere();
  if (owner === null) return null;
  for (;;) {
    const all = await allItems(box);
    const { item, atMs } = nextItem(all, owner, sending.now().getTime());
    if (item === null) return atMs;
    const answer = await sending.transport(requestOf(item, all, sending.now()), item);
    await renewItem(box, afterAnswer(item, answer, sending.now(), Math.random()));
    sending.onChange();
    if (outcomeOf(answer) === 'log-in') {
      sending.onLogIn();
      return null;
    }
  }
}

/** @param at by the phone's clock: from that the server knows what it is off by */
function requestOf(item: Item, all: readonly Item[], at: Date): Request {
  const path = `patches/${encodeURIComponent(item.patch.id)}`;
  const headers = { 'Idempotency-Key': item.key };
  if (item.photo !== undefined) {
    const { said, file, type } = item.photo;
    const given = Object.entries({ ...said, sentAt: at.toISOString() }).filter(([, value]) => value !== null);
    const query = new URLSearchParams(given.map(([name, value]) => [name, String(value)]));
    return { path: `${path}/photos?${query}`, headers: { ...headers, 'Content-Type': type }, body: file! };
  }
  const photos = all.flatMap(({ visit, sha256 }) => (visit === item.visit && sha256 !== null ? [sha256] : []));
  const body = JSON.stringify({ ...item.form, photos: [...new Set(photos)] });
  return { path: `${path}/forms`, headers: { ...headers, 'Content-Type': 'application/json' }, body };
}
