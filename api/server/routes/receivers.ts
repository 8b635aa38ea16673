import { createRoute, z } from '@hono/zod-openapi';
import { addWebhook, removeEndpoint, replay } from '../../../services/notify/endpoints.ts';
import { shownEndpoint } from '../../../services/notify/shown.ts';
import { countDeliveries, listDeliveries, oldestDead } from '../../../services/store/notify-deliveries.ts';
import { endpointOf, listEndpoints, setEndpointState } from '../../../services/store/notify-endpoints.ts';
import * as schema from '../admin-schemas.ts';
import { createRouter, type Services } from '../context.ts';
import * as parameter from '../parameters.ts';
import { requireWholeWorkspace } from '../whole-workspace.ts';

const about = { tags: ['Notification'], description: 'For administrators of the whole workspace.' };
const params = z.object({ id: parameter.id });
const none = z.strictObject({});

const list = createRoute({
  ...{ method: 'get', path: '/receivers', ...about },
  summary: 'Who is told of changes, and how far they are',
  request: { query: none },
  responses: {
    200: {
      description: 'In the order they were added',
      content: { 'application/json': { schema: z.object({ receivers: z.array(schema.receiver) }) } },
    },
  },
});

const add = createRoute({
  ...{ method: 'post', path: '/receivers', ...about },
  summary: 'Send changes to a system, signed by Standard Webhooks',
  description:
    'For administrators of the whole workspace. The address is https:// and public; one of the own network is added on the command line. The secret is told this once.',
  request: {
    query: none,
    body: {
      required: true,
      content: {
        'application/json': {
          schema: z.strictObject({
            url: z.string({ error: 'an https:// address' }).min(1).max(2000),
            district: z
              .string()
              .regex(/^\d{0,12}$/, 'the first digits of a district code')
              .default(''),
            types: z.array(z.string().max(60)).max(20).default([]),
          }),
        },
      },
    },
  },
  responses: {
    201: {
      description: 'Its id and secret',
      content: { 'application/json': { schema: z.object({ id: z.string(), secret: z.string() }) } },
    },
  },
});

const change = createRoute({
  ...{ method: 'post', path: '/receivers/{id}/{act}', ...about },
  summary: 'Pause it, go on, send again what was given up, or remove it',
  request: {
    params: params.extend({
      act: z.enum(['pause', 'resume', 'replay', 'remove'], { error: 'pause, resume, replay or remove' }),
    }),
    query: none,
  },
  responses: {
    200: {
      description: 'As it is now; null: removed',
      content: { 'application/json': { schema: schema.receiver.nullable() } },
    },
  },
});

const deliveries = createRoute({
  ...{ method: 'get', path: '/receivers/{id}/deliveries', ...about },
  summary: 'What it was sent, newest first',
  request: {
    params,
    query: z.strictObject({
      state: z.enum(['waiting', 'delivered', 'dead'], { error: 'waiting, delivered or dead' }).optional(),
      limit: parameter.integer(1, 1000).default(100),
    }),
  },
  responses: {
    200: {
      description: 'Deliveries',
      content: { 'application/json': { schema: z.object({ deliveries: z.array(schema.delivery) }) } },
    },
  },
});

export function receiverRoutes({ store, now }: Services) {
  const { db } = store;
  const routes = createRouter();
  const shown = async (id: string) => shownEndpoint(await endpointOf(db, id), await countDeliveries(db));
  routes.openapi(list, async (c) => {
    requireWholeWorkspace(c.get('access'), 'Receivers');
    const counts = await countDeliveries(db);
    return c.json({ receivers: (await listEndpoints(db)).map((row) => shownEndpoint(row, counts)) }, 200);
  });
  routes.openapi(add, async (c) => {
    requireWholeWorkspace(c.get('access'), 'Receivers');
    const wanted = { ...c.req.valid('json'), allowHttp: false, allowPrivate: false };
    return c.json(await addWebhook(store, wanted, now()), 201);
  });
  routes.openapi(change, async (c) => {
    requireWholeWorkspace(c.get('access'), 'Receivers');
    const { id, act } = c.req.valid('param');
    if (act === 'remove') {
      await removeEndpoint(store, id);
      return c.json(null, 200);
    }
    if (act === 'replay') await replay(store, id, await firstGivenUp(id), now());
    else await setEndpointState(db, id, act === 'pause' ? 'paused' : 'active', null);
    return c.json(await shown(id), 200);
  });
  routes.openapi(deliveries, async (c) => {
    requireWholeWorkspace(c.get('access'), 'Receivers');
    const { id } = c.req.valid('param');
    await endpointOf(db, id);
    const rows = await listDeliveries(db, { endpointId: id, ...c.req.valid('query') });
    const bodies = rows.map(({ seq, type, messageId, state, attempts, status, problem, nextAt }) => ({
      ...{ seq, type, messageId, state, attempts, status, problem },
      nextAt: state === 'waiting' ? nextAt : null,
    }));
    return c.json({ deliveries: bodies }, 200);
  });
  return routes;

  /** From just before the oldest message that was given up. */
  async function firstGivenUp(id: string): Promise<number> {
    const position = await oldestDead(db, id);
    return position === null ? (await endpointOf(db, id)).cursor : Math.ceil(position) - 1;
  }
}
