import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { type SessionAccess, verifySession } from '../../services/access/sessions.ts';
import { ServiceError } from '../../services/error.ts';
import { callerOf } from './caller.ts';
import type { ApiEnv, Services } from './context.ts';
import type { Proxies } from './proxies.ts';

type Known = Pick<Services, 'store' | 'now' | 'proxies'>;

/** Over https a browser takes this name only from us, and only for the whole host (RFC 6265bis). */
const secureName = '__Host-tuban_session';
export const plainName = 'tuban_session';

/** Of 43 characters of base64url; anything else is no token of ours. */
const tokenForm = /^[\w-]{43}$/;

export function sessionToken(c: Context<ApiEnv>, proxies: Proxies | undefined): string | null {
  const token = getCookie(c, callerOf(c, proxies).secure ? secureName : plainName);
  return token !== undefined && tokenForm.test(token) ? token : null;
}

export function giveCookie(
  c: Context<ApiEnv>,
  proxies: Proxies | undefined,
  { token, seconds }: { token: string; seconds: number },
): void {
  const { secure } = callerOf(c, proxies);
  const where = { path: '/', httpOnly: true, sameSite: 'Strict', secure } as const;
  setCookie(c, secure ? secureName : plainName, token, { ...where, maxAge: seconds });
}

export function takeCookie(c: Context<ApiEnv>, proxies: Proxies | undefined): void {
  const { secure } = callerOf(c, proxies);
  deleteCookie(c, secure ? secureName : plainName, { path: '/', secure });
}

/** The session that a request's cookie names; null where there is none or it has ended. */
export async function sessionOf(c: Context<ApiEnv>, { store, now, proxies }: Known): Promise<SessionAccess | null> {
  const token = sessionToken(c, proxies);
  return token === null ? null : verifySession(store, token, now());
}

/**
 * A browser sends its cookie with whatever page asks: what changes something must be asked by a page of ours.
 *
 * @param strict false: a request that names no page, which no browser sends, may pass; it must bring its own password
 * @throws ServiceError forbidden
 */
export function requireSameOrigin(c: Context<ApiEnv>, proxies: Proxies | undefined, strict = true): void {
  const site = c.req.header('sec-fetch-site');
  const origin = c.req.header('origin');
  if (site === undefined && origin === undefined && !strict) return;
  const { host, secure } = callerOf(c, proxies);
  const own = `${secure ? 'https' : 'http'}://${host}`.toLowerCase();
  if (site === undefined ? origin?.toLowerCase() === own : site === 'same-origin') return;
  const got = site ?? origin ?? 'a request that names none';
  throw new ServiceError('forbidden', `With a session, changes must be asked from a page of ${own}; got ${got}.`);
}

/** A form of another site can send everything but JSON. @throws ServiceError forbidden */
export function requireJson(c: Context<ApiEnv>): void {
  const type = c.req.header('content-type');
  const empty = type === undefined && (c.req.header('content-length') ?? '0') === '0';
  // A photo is sent as it is, under a type that no form has; so is a layer file.
  if (/^image\/(jpeg|heic|heif)\b/i.test(type ?? '') && /^\/patches\/[^/]+\/photos\/?$/.test(c.req.path)) return;
  if (empty || /^application\/([\w.-]+\+)?json\b/i.test(type ?? '') || /^\/layers\/?$/.test(c.req.path)) return;
  throw new ServiceError(
    'forbidden',
    `With a session, changes are sent as application/json; got ${type ?? 'no type'}.`,
  );
}
