import { randomBytes } from 'node:crypto';
import { createRoute, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { hashOf } from '../../../services/access/keys.ts';
import { vouchedUser } from '../../../services/access/oidc/log-in.ts';
import { type Begun, OidcProvider } from '../../../services/access/oidc/provider.ts';
import { openSession } from '../../../services/access/sessions.ts';
import { ServiceError } from '../../../services/error.ts';
import { askedAddress } from '../addresses.ts';
import { callerOf } from '../caller.ts';
import { type ApiEnv, createRouter, type Services } from '../context.ts';
import { giveCookie } from '../session-cookie.ts';

const callbackPath = '/session/oidc/callback';
const cookieName = 'tuban_oidc';
const minutes = 10;
/** Log-ins under way; beyond so many the oldest has to begin again. */
const mostBegun = 10_000;

const about = { tags: ['Access'], security: [] };
const begin = createRoute({
  ...{ method: 'get', path: '/session/oidc', ...about },
  summary: 'Log in at the provider that is configured (TUBAN_OIDC_ISSUER)',
  request: { query: z.strictObject({}) },
  responses: { 302: { description: 'To the provider' } },
});
const end = createRoute({
  ...{ method: 'get', path: callbackPath, ...about },
  summary: 'Where the provider sends a browser back to; a session begins',
  responses: { 302: { description: 'To the console, with a session' } },
});

/** Stands before checkAccess: whoever logs in has no access yet. */
export function oidcRoutes(services: Services) {
  const routes = createRouter();
  const { oidc, store, now, proxies } = services;
  if (oidc === undefined) return routes;
  const provider = new OidcProvider(oidc);
  const waiting = new Map<string, Begun & { until: number }>();
  routes.openapi(begin, async (c) => {
    const { address, begun } = await provider.begin(new URL(callbackPath, c.get('origin')).href);
    const token = randomBytes(32).toString('base64url');
    for (const [old] of waiting) if (waiting.size >= mostBegun) waiting.delete(old);
    waiting.set(hashOf(token), { ...begun, until: performance.now() + minutes * 60_000 });
    // The provider's page sends the browser back: a stricter cookie would not come with it.
    const where = {
      path: '/session/oidc',
      httpOnly: true,
      sameSite: 'Lax',
      secure: callerOf(c, proxies).secure,
    } as const;
    setCookie(c, cookieName, token, { ...where, maxAge: minutes * 60 });
    return c.redirect(address.href, 302);
  });
  /** What was begun in this browser, once. */
  const taken = (c: Context<ApiEnv>): Begun => {
    const id = hashOf(getCookie(c, cookieName) ?? '');
    const begun = waiting.get(id);
    waiting.delete(id);
    deleteCookie(c, cookieName, { path: '/session/oidc' });
    if (begun !== undefined && begun.until > performance.now()) return begun;
    const wanted = `A log-in is ended in the browser that began it, once, within ${minutes} minutes`;
    throw new ServiceError('unauthenticated', `${wanted} (登录已失效，请重新登录); got none under way.`);
  };
  routes.openapi(end, async (c) => {
    try {
      const person = await provider.end(askedAddress(c), taken(c));
      const user = await vouchedUser(store, person, oidc.mapping, now());
      giveCookie(c, proxies, await openSession(store, user.name, now()));
      note(services, c, 'logged in', user.name);
      return c.redirect('/console/', 302);
    } catch (error) {
      services.metrics?.logInRefused('oidc');
      note(services, c, 'refused', (error as Error).message);
      if (!c.req.header('accept')?.includes('text/html')) throw error;
      const code = error instanceof ServiceError ? error.code : 'failed';
      return c.redirect(`/console/#refused=${code}`, 302);
    }
  });
  return routes;
}

function note({ reads, log, now, proxies }: Services, c: Context<ApiEnv>, outcome: string, what: string): void {
  const [requestId, { address }] = [c.get('requestId'), callerOf(c, proxies)];
  const filter = `${outcome} by the provider: ${what} from ${address || 'nowhere'}`;
  reads?.record({ at: now().toISOString(), actor: 'login', what: 'login', patch: null, filter, rows: null, requestId });
  if (outcome === 'refused') log.warn({ id: requestId, address, outcome: what }, 'log-in refused');
}
