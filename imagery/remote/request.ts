import { setTimeout as wait } from 'node:timers/promises';
import { ImageryError } from '../error.ts';
import { type AddressPolicy, narrowed } from './address-policy.ts';
import { type Answer, type AnswerHead, exchange, PassingError } from './exchange.ts';
import { locate, type RemoteLocation, shownAddress } from './location.ts';
import { type RemoteSettings, remoteSettings, type S3Settings } from './settings.ts';

export interface RemoteRequest {
  method?: 'GET' | 'POST';
  headers?: Record<string, string>;
  body?: string;
  /** How many bytes of the body of a good answer (2xx) are wanted. May throw to refuse it. */
  bodyLimit: (head: AnswerHead) => number;
  /** Who may be asked. Default: as the settings say. */
  allow?: AddressPolicy;
  /** Where an earlier answer for the same path came from, to save its redirects. */
  startAt?: URL;
}

export interface RemoteAnswer extends Answer {
  /** Where the answer came from after all redirects. */
  url: URL;
  /** Who may be asked for what this answer names. */
  allow: AddressPolicy;
}

const mostRedirects = 5;
const mostWaitMs = 30_000;
/** The body of a refusal is read only to keep the connection. */
const refusalBytes = 8192;
const passing = new Set([408, 425, 429, 500, 502, 503, 504]);

/** Regions of the buckets that turned out to lie in another than the one that was set. */
const homes = new Map<string, string>();

/**
 * Asks an http://, https:// or s3:// address, follows its redirects and tries again what may pass, a bounded number
 * of times. An answer that is a lasting refusal (4xx) comes back as an answer.
 * @throws ImageryError remote-refused, remote-failed
 */
export async function request(path: string, request: RemoteRequest): Promise<RemoteAnswer> {
  const settings = remoteSettings();
  for (let attempt = 1; ; attempt++) {
    const { answer, reason } = await attempted(path, request, settings);
    if (answer !== null && !passing.has(answer.status)) return answer;
    const what = answer === null ? reason : `the answer ${answer.status}`;
    if (attempt >= settings.attempts) throw failure(path, `got ${what}, the last of ${attempt} attempts`);
    // Not all at once again, where many readers were turned away together.
    const backoff = settings.firstWaitMs * 2 ** (attempt - 1) * (0.75 + 0.5 * Math.random());
    await wait(Math.min(mostWaitMs, Math.max(backoff, retryAfterMs(answer))));
  }
}

/** What a refusal by status means. */
export function refusedBy(path: string, { status }: AnswerHead): ImageryError {
  const shown = shownAddress(path);
  if (status === 404 || status === 410) return new ImageryError('file-missing', `${shown}: is not there (${status}).`);
  if (status === 401 || status === 403) {
    return new ImageryError('remote-refused', `${shown}: its server does not let this program read it (${status}).`);
  }
  return failure(path, `got the answer ${status}`);
}

export function failure(path: string, what: string, cause?: unknown): ImageryError {
  return new ImageryError('remote-failed', `${shownAddress(path)}: cannot be read: ${what}.`, cause);
}

async function attempted(path: string, request: RemoteRequest, settings: RemoteSettings) {
  try {
    return { answer: await followed(path, request, settings), reason: '' };
  } catch (error) {
    if (error instanceof PassingError) return { answer: null, reason: error.message };
    if (error instanceof ImageryError) throw error;
    // A name that does not resolve, a certificate that does not hold, an answer that is no HTTP.
    throw failure(path, `got ${(error as Error).message}`, error);
  }
}

async function followed(path: string, request: RemoteRequest, settings: RemoteSettings): Promise<RemoteAnswer> {
  const { method = 'GET', headers = {}, body, bodyLimit } = request;
  const { timeoutMs } = settings;
  const bucket = /^s3:\/\/[^/]+/i.exec(path)?.[0] ?? '';
  const s3 = { ...settings.s3, region: homes.get(bucket) ?? settings.s3.region };
  let location = locate(path, s3);
  let url = request.startAt ?? location.url;
  let allow = request.allow ?? settings.allow;
  let sent = { method, ...(body !== undefined && { body }) };
  for (let redirects = 0; ; redirects++) {
    const answer = await exchange({
      ...{ url, ...sent, allow, timeoutMs },
      headers: { ...headers, ...location.sign('GET', url, new Date()) },
      bodyLimit: (head) => (head.status >= 300 ? refusalBytes : bodyLimit(head)),
    });
    allow = narrowed(allow, answer.peer);
    // Once, and only by the word of the address that was asked first.
    const home = redirects === 0 ? homeOfBucket(path, answer, s3) : null;
    if (home !== null) {
      homes.set(bucket, regionOf(answer)!);
      location = home;
    }
    const target = home?.url ?? redirectOf(path, answer, url);
    if (target === null) return { ...answer, url, allow };
    if (redirects === mostRedirects) {
      throw new ImageryError('remote-refused', `${shownAddress(path)}: redirects more than ${mostRedirects} times.`);
    }
    if (sent.method === 'POST' && answer.status < 307) sent = { method: 'GET' };
    url = target;
  }
}

function redirectOf(path: string, { status, headers }: AnswerHead, from: URL): URL | null {
  if (![301, 302, 303, 307, 308].includes(status) || headers.location === undefined) return null;
  const target = URL.canParse(headers.location, from) ? new URL(headers.location, from) : null;
  const refuse = (what: string) =>
    new ImageryError('remote-refused', `${shownAddress(path)}: redirects to ${what}, which is not followed.`);
  if (target === null || !/^https?:$/.test(target.protocol)) throw refuse('what is no http address');
  if (from.protocol === 'https:' && target.protocol === 'http:') throw refuse('an address without encryption');
  return target;
}

/** AWS tells a reader who asked (or signed for) the wrong region which one a bucket lies in. */
function homeOfBucket(path: string, answer: AnswerHead, s3: S3Settings): RemoteLocation | null {
  const region = regionOf(answer);
  if (!/^s3:/i.test(path) || answer.status < 300) return null;
  return region === undefined || region === s3.region ? null : locate(path, { ...s3, region });
}

function regionOf({ headers }: AnswerHead): string | undefined {
  const region = headers['x-amz-bucket-region'];
  return typeof region === 'string' && /^[a-z0-9-]{4,30}$/.test(region) ? region : undefined;
}

/** Retry-After in seconds or as a date; 0 where there is none. */
function retryAfterMs(answer: AnswerHead | null): number {
  const value = answer?.headers['retry-after'];
  if (value === undefined) return 0;
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isFinite(ms) ? Math.max(0, ms) : 0;
}
