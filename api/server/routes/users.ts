import { createRoute, z } from '@hono/zod-openapi';
import { requireGrantable } from '../../../services/access/grants.ts';
import { type Access, maySee, requireRole } from '../../../services/access/keys.ts';
import {
  addUser,
  disableUser,
  enableUser,
  resetPassword,
  setDuty,
  told,
  userNamed,
} from '../../../services/access/users.ts';
import { ServiceError } from '../../../services/error.ts';
import type { Store } from '../../../services/store/open.ts';
import { listUsers, type UserRow } from '../../../services/store/users.ts';
import { createRouter, type Services } from '../context.ts';
import { newUserBody, type UserChange, userBody, userChangeBody, userParameter } from '../session-schemas.ts';

const about = { tags: ['Access'], description: 'For administrators; of a district, for the users of that district.' };
const one = { description: 'The user, without the password', content: { 'application/json': { schema: userBody } } };

const list = createRoute({
  ...{ method: 'get', path: '/users', ...about },
  summary: 'Who may log in',
  request: { query: z.strictObject({}) },
  responses: {
    200: {
      description: 'In order of name',
      content: { 'application/json': { schema: z.object({ users: z.array(userBody) }) } },
    },
  },
});

const add = createRoute({
  ...{ method: 'post', path: '/users', ...about },
  summary: 'Add a user, with a password for the first log-in',
  request: {
    query: z.strictObject({}),
    body: { required: true, content: { 'application/json': { schema: newUserBody } } },
  },
  responses: { 201: one },
});

const change = createRoute({
  ...{ method: 'patch', path: '/users/{name}', ...about },
  summary: 'Give another role, level or district, disable or enable, or reset the password',
  request: {
    query: z.strictObject({}),
    params: userParameter,
    body: { required: true, content: { 'application/json': { schema: userChangeBody } } },
  },
  responses: { 200: one },
});

export function userRoutes({ store, now }: Services) {
  const routes = createRouter();
  routes.openapi(list, async (c) => {
    const access = administrator(c.get('access'));
    const users = (await listUsers(store.db)).filter(({ district }) => maySee(access, district));
    c.set('rowsRead', users.length);
    return c.json({ users: users.map(told) }, 200);
  });
  routes.openapi(add, async (c) => {
    const user = c.req.valid('json');
    requireGrantable(c.get('access'), user);
    return c.json(await addUser(store, { ...user, mustChange: true }, now()), 201);
  });
  routes.openapi(change, async (c) => {
    const access = administrator(c.get('access'));
    const user = await userNamed(store, c.req.valid('param').name).catch(() => null);
    if (user === null || !maySee(access, user.district)) {
      throw new ServiceError('not-found', `There is no user ${c.req.valid('param').name}.`);
    }
    const wanted = c.req.valid('json');
    requireGrantable(access, user);
    const { level = user.level } = wanted;
    requireGrantable(access, { role: wanted.role ?? user.role, district: wanted.district ?? user.district, level });
    // Whoever takes the own right away could not give it back.
    if (user.name === access.actor && (wanted.disabled || wanted.role || wanted.district !== undefined)) {
      throw new ServiceError('bad-input', 'Another administrator must change this; got one’s own account.');
    }
    await changeUser(store, user, wanted, now());
    return c.json(told(await userNamed(store, user.name)), 200);
  });
  return routes;
}

async function changeUser(store: Store, user: UserRow, wanted: UserChange, at: Date): Promise<void> {
  const { role = user.role, district = user.district, level = user.level, disabled, password } = wanted;
  if (password !== undefined) await resetPassword(store, user.name, password);
  await setDuty(store, user.name, { role, district, level: level ?? undefined });
  if (disabled === true && user.disabledAt === null) await disableUser(store, user.name, at);
  if (disabled === false) await enableUser(store, user.name);
}

function administrator(access: Access): Access {
  requireRole(access, 'admin');
  return access;
}
