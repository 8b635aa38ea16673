import { createRoute, z } from '@hono/zod-openapi';
import { endKey, grantKey, keysWithin } from '../../../services/access/grants.ts';
import { createRouter, type Services } from '../context.ts';
import { keyBody, keyParameter, madeKeyBody, newKeyBody } from '../key-schemas.ts';

const about = {
  tags: ['Access'],
  description: 'For administrators; of a district, for the keys of that district up to their own level.',
};
const json = <Schema extends z.ZodType>(schema: Schema) => ({ content: { 'application/json': { schema } } });

const list = createRoute({
  ...{ method: 'get', path: '/keys', ...about },
  summary: 'Which keys there are, without the keys themselves',
  request: { query: z.strictObject({}) },
  responses: { 200: { description: 'Oldest first', ...json(z.object({ keys: z.array(keyBody) })) } },
});

const make = createRoute({
  ...{ method: 'post', path: '/keys', ...about },
  summary: 'Make a key; it is told this once',
  request: { query: z.strictObject({}), body: { required: true, ...json(newKeyBody) } },
  responses: { 201: { description: 'The key', ...json(madeKeyBody) } },
});

const end = createRoute({
  ...{ method: 'delete', path: '/keys/{id}', ...about },
  summary: 'End a key',
  request: { query: z.strictObject({}), params: keyParameter },
  responses: { 204: { description: 'It opens nothing any more' } },
});

export function keyRoutes({ store, now, log }: Services) {
  const routes = createRouter();
  routes.openapi(list, async (c) => {
    const keys = await keysWithin(store, c.get('access'));
    c.set('rowsRead', keys.length);
    return c.json({ keys }, 200);
  });
  routes.openapi(make, async (c) => {
    const made = await grantKey(store, c.get('access'), c.req.valid('json'), now());
    const { id: key, name, role, district } = made;
    log.warn({ id: c.get('requestId'), actor: c.get('access').actor, key, name, role, district }, 'key made');
    c.header('Cache-Control', 'no-store');
    return c.json(made, 201);
  });
  routes.openapi(end, async (c) => {
    const { id: key } = c.req.valid('param');
    await endKey(store, c.get('access'), key, now());
    log.warn({ id: c.get('requestId'), actor: c.get('access').actor, key }, 'key ended');
    return c.body(null, 204);
  });
  return routes;
}
