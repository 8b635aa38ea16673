import { createRoute, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { makeFirstAdmin } from '../../../services/access/first-admin.ts';
import { type LogIn, logIn } from '../../../services/access/log-in.ts';
import { endSession, openSession } from '../../../services/access/sessions.ts';
import { changePassword, told, userName, userNamed } from '../../../services/access/users.ts';
import { ServiceError } from '../../../services/error.ts';
import { findUser } from '../../../services/store/users.ts';
import { callerOf } from '../caller.ts';
import { type ApiEnv, createRouter, type Services } from '../context.ts';
import { giveCookie, plainName, requireSameOrigin, sessionOf, sessionToken, takeCookie } from '../session-cookie.ts';
import { firstAdminBody, logInBody, passwordChangeBody, userBody } from '../session-schemas.ts';

const about = { tags: ['Access'], security: [], request: { query: z.strictObject({}) } };
const answer = { 200: { description: 'Who is logged in', content: { 'application/json': { schema: userBody } } } };
const sent = <Body extends z.ZodType>(schema: Body) => ({
  ...about.request,
  body: { required: true, content: { 'application/json': { schema } } },
});

const open = createRoute({
  ...{ method: 'post', path: '/session', ...about, responses: answer },
  summary: 'Log in with name and password; the session is in a cookie that no script can read',
  request: sent(logInBody),
});
const first = createRoute({
  ...{ method: 'post', path: '/session/first', ...about, responses: answer },
  summary: 'Make the first administrator of a workspace without users, with the token of the link printed at start',
  request: sent(firstAdminBody),
});
const show = createRoute({
  ...{ method: 'get', path: '/session', ...about, responses: answer },
  summary: 'Who is logged in',
});
const close = createRoute({
  ...{ method: 'delete', path: '/session', ...about },
  summary: 'Log out',
  responses: { 204: { description: 'Nobody is logged in any more' } },
});
const change = createRoute({
  ...{ method: 'post', path: '/session/password', ...about, responses: answer },
  summary: 'Change one’s own password; all sessions end, and this one begins anew',
  request: sent(passwordChangeBody),
});

/** Stands before checkAccess: whoever logs in has no access yet. */
export function sessionRoutes(services: Services) {
  const { store, now, proxies } = services;
  const routes = createRouter();
  routes.openAPIRegistry.registerComponent('securitySchemes', 'session', {
    type: 'apiKey',
    in: 'cookie',
    name: plainName,
  });
  routes.use('/session/*', async (c, next) => {
    await next();
    c.header('Cache-Control', 'no-store');
  });
  /** Begins a session under a new token, whatever token the browser sent. */
  const begin = async (c: Context<ApiEnv>, name: string) => {
    const before = sessionToken(c, proxies);
    if (before !== null) await endSession(store, before);
    giveCookie(c, proxies, await openSession(store, name, now()));
    return told(await userNamed(store, name));
  };

  routes.openapi(open, async (c) => {
    requireSameOrigin(c, proxies, false);
    const user = await tryToLogIn(services, c, c.req.valid('json'));
    return c.json(await begin(c, user.name), 200);
  });
  routes.openapi(first, async (c) => {
    requireSameOrigin(c, proxies, false);
    const { token, ...admin } = c.req.valid('json');
    const user = await makeFirstAdmin(store, token, admin, now());
    return c.json(await begin(c, user.name), 200);
  });
  routes.openapi(show, async (c) => {
    const session = await sessionOf(c, services);
    if (session === null) throw nobody(services);
    return c.json(told(session.user), 200);
  });
  routes.openapi(close, async (c) => {
    requireSameOrigin(c, proxies);
    const token = sessionToken(c, proxies);
    if (token !== null) await endSession(store, token);
    takeCookie(c, proxies);
    return c.body(null, 204);
  });
  routes.openapi(change, async (c) => {
    requireSameOrigin(c, proxies);
    const session = await sessionOf(c, services);
    if (session === null) throw nobody(services);
    const { password, newPassword } = c.req.valid('json');
    const user = await tryToLogIn(services, c, { name: session.user.name, password });
    await changePassword(store, user, newPassword);
    return c.json(await begin(c, user.name), 200);
  });
  return routes;
}

/** Told with it: how one can log in here. */
function nobody({ oidc }: Services): ServiceError {
  const text = 'This needs a session (POST /session); got none, or one that has ended.';
  return new ServiceError('unauthenticated', text, { logIn: oidc === undefined ? ['password'] : ['password', 'oidc'] });
}

/** Every try is noted among the reads. A name that nobody has is not: it may be a password in the wrong field. */
async function tryToLogIn(services: Services, c: Context<ApiEnv>, given: Omit<LogIn, 'address'>) {
  const { store, now, proxies, reads, log, metrics } = services;
  const { address } = callerOf(c, proxies);
  const note = async (outcome: string) => {
    const name = (await findUser(store.db, userName(given.name)))?.name ?? 'a name not known here';
    const filter = `${outcome}: ${name} from ${address || 'nowhere'}`;
    const what = { actor: 'login', what: 'login', patch: null, filter, rows: null };
    reads?.record({ at: now().toISOString(), ...what, requestId: c.get('requestId') });
    if (outcome === 'logged in') return;
    metrics?.logInRefused(outcome === 'locked' ? 'locked' : 'password');
    log.warn({ id: c.get('requestId'), name, address, outcome }, 'log-in refused');
  };
  try {
    const user = await logIn(store, { ...given, address }, now());
    await note('logged in');
    return user;
  } catch (error) {
    const code = error instanceof ServiceError ? error.code : null;
    if (code === 'unauthenticated') await note('wrong password');
    if (code === 'too-many-requests') await note('locked');
    throw error;
  }
}
