import { createRoute, z } from '@hono/zod-openapi';
import { ServiceError } from '../../../services/error.ts';
import { readMeta } from '../../../services/store/meta.ts';
import { createRouter, type Services } from '../context.ts';

const answer = z.object({ status: z.literal('ok') });

const health = createRoute({
  method: 'get',
  path: '/healthz',
  tags: ['Operation'],
  summary: 'The process answers',
  security: [],
  responses: { 200: { description: 'It does', content: { 'application/json': { schema: answer } } } },
});

const readiness = createRoute({
  method: 'get',
  path: '/readyz',
  tags: ['Operation'],
  summary: 'The process can serve requests: its database answers',
  security: [],
  responses: { 200: { description: 'It can', content: { 'application/json': { schema: answer } } } },
});

/** For a supervisor: need no key, tell nothing about the workspace. */
export function healthRoutes({ store }: Services) {
  const routes = createRouter();
  routes.openapi(health, (c) => c.json({ status: 'ok' as const }, 200));
  routes.openapi(readiness, async (c) => {
    await readMeta(store.db, 'name').catch((cause: unknown) => {
      throw new ServiceError('store-unusable', 'The database does not answer.', undefined, cause);
    });
    return c.json({ status: 'ok' as const }, 200);
  });
  return routes;
}
