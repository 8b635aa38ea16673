import { isIP } from 'node:net';
import type { Context, MiddlewareHandler } from 'hono';
import { type Access, verifyKey } from '../../services/access/keys.ts';
import { requireScope } from '../../services/access/scopes.ts';
import { ServiceError } from '../../services/error.ts';
import type { ApiEnv, Services } from './context.ts';
import { requireJson, requireSameOrigin, sessionOf } from './session-cookie.ts';

/** Who reads a simulated workspace on the machine it runs on, with no key. */
const localReader: Access = { actor: 'local', role: 'viewer', district: '', office: null };

/**
 * Lets a request pass with the access it has. A key always decides when one is sent, then the session of
 * who is logged in. Without either only a simulated workspace may be read, and only from the machine itself.
 */
export function checkAccess(services: Services): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    await accessOf(c, services);
    await next();
    // Not by c.header: that would make a light answer a whole one. compress() would name Accept-Encoding that way.
    const { headers } = c.res;
    headers.append('Vary', 'Authorization, Cookie, Accept-Encoding');
    if (!headers.has('Cache-Control')) headers.set('Cache-Control', 'private, no-cache');
  };
}

/** Who asks; noted for all that comes after. @throws ServiceError unauthenticated */
export async function accessOf(c: Context<ApiEnv>, services: Services): Promise<Access> {
  const authorization = c.req.header('authorization');
  const session = authorization === undefined ? await sessionAccess(c, services) : null;
  let access = session;
  if (authorization !== undefined) {
    access = await verifyKey(services.store, bearerKey(authorization), services.now());
  } else if (session === null && services.simulated && isRead(c) && isLocal(c)) {
    access = localReader;
  }
  if (access === null) {
    const wanted = "a key, sent as 'Authorization: Bearer KEY', or a session";
    throw new ServiceError('unauthenticated', `This needs ${wanted}; got none.`);
  }
  requireScope(access.scopes ?? null, c.req.path, isRead(c));
  c.set('access', access);
  return access;
}

/** @throws ServiceError forbidden for a change that another site could have asked for, and before a first password is changed */
async function sessionAccess(c: Context<ApiEnv>, services: Services): Promise<Access | null> {
  const session = await sessionOf(c, services);
  if (session === null) return null;
  if (!isRead(c)) {
    requireSameOrigin(c, services.proxies);
    requireJson(c);
  }
  if (session.user.mustChange === 0) return session.access;
  const wanted = 'The first password must be changed before anything else (POST /session/password)';
  throw new ServiceError('forbidden', `${wanted}; this account still has it.`, { mustChange: true });
}

function bearerKey(authorization: string): string {
  const key = /^Bearer +([\w-]+)$/i.exec(authorization)?.[1];
  if (key === undefined) {
    throw new ServiceError('unauthenticated', "The Authorization header must be 'Bearer KEY'; got another form.");
  }
  return key;
}

/** Whether a request only asks. */
export function isRead(c: Context): boolean {
  // A search changes nothing, though its question is posted.
  if (c.req.method === 'POST') return /^\/stac\/search\/?$/.test(c.req.path);
  return c.req.method === 'GET' || c.req.method === 'HEAD';
}

/**
 * True when the request was made on this machine: by its connection, and by the name it was made to.
 * The name matters because a page of another site can have its own name resolve to 127.0.0.1 (DNS
 * rebinding) and read us from the browser; a forwarding header means that the far end is somewhere else.
 */
export function isLocal(c: Context<ApiEnv>): boolean {
  const address = c.env?.incoming?.socket.remoteAddress;
  const forwarded = c.req.header('forwarded') ?? c.req.header('x-forwarded-for') ?? c.req.header('via');
  return address !== undefined && isLoopbackAddress(address) && isLoopbackHost(c.req.header('host')) && !forwarded;
}

/** True for 127.0.0.0/8 and ::1, also written as an IPv4-mapped IPv6 address. */
export function isLoopbackAddress(address: string): boolean {
  const plain = address.replace(/^::ffff:/i, '');
  return plain === '::1' || (isIP(plain) === 4 && plain.startsWith('127.'));
}

/** True when a Host header or listening name (with or without port) is localhost or a loopback address. */
export function isLoopbackHost(host: string | undefined): boolean {
  if (host === undefined) return false;
  if (isLoopbackAddress(host)) return true;
  const name = host.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1');
  return name.toLowerCase() === 'localhost' || isLoopbackAddress(name);
}
