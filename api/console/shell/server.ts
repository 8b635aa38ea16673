import { currentKey } from '../session/key.ts';
import { type Word, word } from './text.ts';

/** What the server answered instead of what was asked for (RFC 9457). */
export class Refusal extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, detail: string) {
    super(detail);
    this.name = 'Refusal';
    this.status = status;
    this.code = code;
  }
}

/** Refusals that people meet, in their language; others are told in the server's own words. */
const known: Record<string, Word> = {
  forbidden: 'forbidden',
  'illegal-transition': 'illegal',
  busy: 'busy',
};

/** The console stands at /console/; the API beside it. */
const base = new URL('../', location.href.split(/[?#]/)[0]);

/** Answers asked for ahead of their time, by path: what is looked at next is there already. */
export const early = new Map<string, Promise<Response>>();

async function send(path: string, init: RequestInit = {}, key = currentKey()): Promise<Response> {
  const there = init.method === undefined && key === currentKey() ? early.get(path) : undefined;
  const answer = await there?.catch(() => undefined);
  if (answer !== undefined) return answer.clone();
  const headers = new Headers(init.headers);
  if (key !== null) headers.set('Authorization', `Bearer ${key}`);
  let response: Response;
  try {
    response = await fetch(new URL(path, base), { ...init, headers });
  } catch (error) {
    if ((error as Error).name === 'AbortError') throw error;
    throw new Refusal(0, 'offline', word('offline'));
  }
  if (response.ok) return response;
  const problem = (await response.json().catch(() => ({}))) as { code?: string; detail?: string };
  const code = problem.code ?? 'internal';
  const name = code === 'unauthenticated' ? (key === null ? 'keyNeeded' : 'keyRefused') : known[code];
  throw new Refusal(response.status, code, name ? word(name) : (problem.detail ?? response.statusText));
}

/** @throws Refusal with the server's code and sentence. */
export async function getJson<Body>(path: string, signal?: AbortSignal): Promise<Body> {
  const response = await send(path, signal ? { signal } : {});
  return (await response.json()) as Body;
}

/** The same as somebody without a key would get it. */
export async function getJsonWithoutKey<Body>(path: string): Promise<Body> {
  const response = await send(path, {}, null);
  return (await response.json()) as Body;
}

/** The whole answer, for who keeps it. */
export function ask(path: string, signal?: AbortSignal): Promise<Response> {
  return send(path, signal ? { signal } : {});
}

/**
 * Posts with If-Match: refused as precondition-failed when somebody moved it on since it was read. Sent again with the
 * same `once` it is done once.
 */
export async function postJson<Body>(path: string, version: number, body: object, once?: string): Promise<Body> {
  const headers = {
    'Content-Type': 'application/json',
    'If-Match': `"${version}"`,
    ...(once && { 'Idempotency-Key': once }),
  };
  const response = await send(path, { method: 'POST', headers, body: JSON.stringify(body) });
  return (await response.json()) as Body;
}

/** Sends what has no version to be held to; null where the answer is empty. @throws Refusal */
export async function sendJson<Body>(
  method: 'POST' | 'PATCH' | 'DELETE',
  path: string,
  body?: object,
): Promise<Body | null> {
  const response = await send(path, {
    method,
    headers: { 'Content-Type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
  return response.status === 204 ? null : ((await response.json()) as Body);
}

/** Sends a file as it is, telling how much of it has gone (0-1). @throws Refusal */
export function sendFile<Body>(path: string, file: Blob, onSent: (share: number) => void): Promise<Body> {
  // fetch tells nothing of how far a body has gone.
  const request = new XMLHttpRequest();
  const key = currentKey();
  return new Promise((resolve, reject) => {
    request.open('POST', new URL(path, base));
    request.setRequestHeader('Content-Type', 'application/octet-stream');
    if (key !== null) request.setRequestHeader('Authorization', `Bearer ${key}`);
    request.upload.onprogress = ({ loaded, total }) => onSent(total > 0 ? loaded / total : 0);
    request.onerror = () => reject(new Refusal(0, 'offline', word('offline')));
    request.onload = () => {
      const body = JSON.parse(request.responseText || '{}');
      if (request.status < 300) resolve(body as Body);
      else reject(new Refusal(request.status, body.code ?? 'internal', body.detail ?? request.statusText));
    };
    request.send(file);
  });
}

/** A picture as a blob: address, since an <img> could not send the key. Revoke it when done. */
export async function getPicture(path: string, signal: AbortSignal): Promise<string> {
  return URL.createObjectURL(await getBlob(path, signal));
}

/** A file, to be kept by who asks. */
export async function getBlob(path: string, signal?: AbortSignal): Promise<Blob> {
  return (await send(path, signal ? { signal } : {})).blob();
}
