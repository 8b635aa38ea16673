import { createRoute, z } from '@hono/zod-openapi';
import { ServiceError } from '../../../services/error.ts';
import { createRouter, type Services } from '../context.ts';

const health = createRoute({
  method: 'get',
  path: '/healthz',
  tags: ['Operation'],
  summary: 'The process answers',
  security: [],
  responses: {
    200: { description: 'It does', content: { 'application/json': { schema: z.object({ status: z.literal('ok') }) } } },
  },
});

const check = z.literal('ok');
const ready = z.object({
  status: z.literal('ok'),
  checks: z.object({ process: check, database: check, tables: check, folder: check, schedule: check }),
});

const readiness = createRoute({
  method: 'get',
  path: '/readyz',
  tags: ['Operation'],
  summary: 'Requests can be served here',
  description:
    'The process is neither starting nor stopping, the database answers, its tables are of this version, the ' +
    'workspace folder can be written to, and the schedule, if there is one, has a next tick. Otherwise 503, with ' +
    'what is wrong under `checks`.',
  security: [],
  responses: { 200: { description: 'They can', content: { 'application/json': { schema: ready } } } },
});

/** For a supervisor: need no key, tell nothing about the workspace. */
export function healthRoutes({ store, readiness: state }: Services) {
  const routes = createRouter();
  routes.use('/readyz', async (c, next) => {
    await next();
    c.header('Cache-Control', 'no-store');
  });
  routes.openapi(health, (c) => c.json({ status: 'ok' as const }, 200));
  routes.openapi(readiness, async (c) => {
    const found = Object.entries(await state.checks(store, new Date()));
    const wrong = found.flatMap(([name, problem]) => (problem === null ? [] : [`${name} ${problem}`]));
    const checks = Object.fromEntries(found.map(([name, problem]) => [name, problem ?? 'ok']));
    if (wrong.length > 0) throw new ServiceError('busy', `Not ready: ${wrong.join(', ')}.`, { checks });
    return c.json({ status: 'ok' as const, checks: checks as z.infer<typeof ready>['checks'] }, 200);
  });
  return routes;
}
