import { createHash } from 'node:crypto';
import type { Context, MiddlewareHandler } from 'hono';
import {
  forgetKeys,
  type IdempotencyRow,
  keepAnswer,
  letGo,
  takeKey,
  takeOver,
  underKey,
  type WriteKey,
} from '../../services/store/idempotency.ts';
import { isGone, thisProcess } from '../../services/store/lock-owner.ts';
import { ApiError } from '../error.ts';
import { isRead } from './access.ts';
import type { ApiEnv, Services } from './context.ts';
import { problemResponse } from './problem.ts';

const keptHours = 24;

/** What of an answer is kept beside its body. */
const keptHeaders = ['content-type', 'etag', 'location'];

/**
 * A layer file may be as large as a disk, and importing it twice is once anyway. A photo is known by its content, and a
 * form by its key for ever, since a phone may come home after weeks. Who logs in or out is no business of a
 * key, and neither is an answer that holds a secret.
 */
const withoutKey = /^\/((layers|session|users|keys|receivers)(\/|$)|patches\/[^/]+\/(photos|forms)\/?$)/;

/**
 * Does a write that is sent with an Idempotency-Key once, however often it is sent. Asked again it answers as it did;
 * a server that was killed has either committed the write together with a note of that, or has changed nothing.
 */
export function onceByKey({ store, now }: Services): MiddlewareHandler<ApiEnv> {
  const owner = thisProcess();
  return async (c, next) => {
    const key = keyOf(c);
    if (key === undefined || isRead(c) || withoutKey.test(c.req.path)) return next();
    const write = { actor: c.get('access').actor, key };
    const at = now();
    await forgetKeys(store.db, new Date(at.getTime() - keptHours * 3_600_000).toISOString());
    const request = await requestHash(c);
    const taken = await takeKey(store.db, { ...write, request, owner, at: at.toISOString() });
    if (taken !== null) {
      const free = taken.request === request && taken.state === 'begun' && isGone(taken.owner);
      if (!free || !(await takeOver(store.db, taken, owner))) return again(c, taken, request);
    }
    // Only what happens inside commits in the name of the key.
    await underKey(write, next);
    await conclude(store, write, c.res);
  };
}

/** What is answered to a request whose key is taken. */
function again(c: Context, taken: IdempotencyRow, request: string): Response {
  if (taken.request !== request) {
    const text = `The Idempotency-Key '${taken.key}' was sent before with another method, path or body; take a new one.`;
    return problemResponse(c, new ApiError('key-reused', text));
  }
  if (taken.state === 'answered') {
    const headers = { ...(JSON.parse(taken.headersJson!) as Record<string, string>), 'Idempotency-Replayed': 'true' };
    // An answer without a body may have none when it is given again.
    if (taken.status === 204) return c.body(null, 204, headers);
    return c.body(taken.body ?? '', taken.status as 200, headers);
  }
  if (taken.state === 'carried-out' && isGone(taken.owner)) {
    const text = `The request of Idempotency-Key '${taken.key}' was carried out, but its answer was lost; read what it changed.`;
    return problemResponse(c, new ApiError('answer-lost', text));
  }
  const response = problemResponse(
    c,
    new ApiError('key-in-use', `The first request with Idempotency-Key '${taken.key}' is not answered yet.`),
  );
  response.headers.set('Retry-After', '1');
  return response;
}

/** A refusal that the next try may not meet, or a failure, lets go of the key, unless something was committed. */
async function conclude({ db }: Services['store'], write: WriteKey, response: Response): Promise<void> {
  if (response.status >= 500 || response.status === 401 || response.status === 403 || response.status === 429) {
    return letGo(db, write);
  }
  const kept = keptHeaders.flatMap((name) => {
    const value = response.headers.get(name);
    return value === null ? [] : [[name, value]];
  });
  const body = await response.clone().text();
  await keepAnswer(db, write, { status: response.status, headersJson: JSON.stringify(Object.fromEntries(kept)), body });
}

/** @throws ApiError bad-request where the header holds no key */
function keyOf(c: Context): string | undefined {
  const key = c.req.header('idempotency-key');
  if (key === undefined || /^[\x21-\x7e]{1,200}$/.test(key)) return key;
  const wanted = '1 to 200 visible ASCII characters';
  const field = { in: 'header', field: 'Idempotency-Key', wanted, got: 'something else' } as const;
  throw new ApiError('bad-request', `Header 'Idempotency-Key' must be ${wanted}; got ${field.got}.`, [field]);
}

async function requestHash(c: Context): Promise<string> {
  const { pathname, search } = new URL(c.req.url);
  const body = new Uint8Array(await c.req.arrayBuffer());
  return hashOfRequest(c.req.method, `${pathname}${search}`, c.req.header('if-match') ?? '', body);
}

/** By what two requests of one key are told apart, hex. */
export function hashOfRequest(method: string, address: string, ifMatch: string, body: Uint8Array): string {
  return createHash('sha256').update(`${method} ${address}\n${ifMatch}\n`).update(body).digest('hex');
}
