import { createRoute, z } from '@hono/zod-openapi';
import { monthTable } from '../../../services/queue/month-table.ts';
import { listRuns } from '../../../services/store/runs.ts';
import { createRouter, type Services } from '../context.ts';
import * as parameter from '../parameters.ts';
import { months as monthsSchema, monthTable as tableSchema } from '../schemas.ts';

const list = createRoute({
  method: 'get',
  path: '/months',
  tags: ['Queue'],
  summary: 'The months that have been run, latest first',
  request: { query: z.strictObject({}) },
  responses: { 200: { description: 'Months', content: { 'application/json': { schema: monthsSchema } } } },
});

const table = createRoute({
  method: 'get',
  path: '/months/{month}',
  tags: ['Queue'],
  summary: "The month's table by district: found, warned, overdue, resolved, dismissed, and the share observed",
  request: { params: z.object({ month: parameter.month }), query: z.strictObject({}) },
  responses: { 200: { description: 'As it is now', content: { 'application/json': { schema: tableSchema } } } },
});

export function monthRoutes({ store, now }: Services) {
  const routes = createRouter();
  routes.openapi(list, async (c) => {
    const runs = await listRuns(store.db);
    return c.json({ months: [...new Set(runs.map((run) => run.month))] }, 200);
  });
  routes.openapi(table, async (c) => {
    return c.json(await monthTable(store, c.req.valid('param').month, now(), c.get('access').district), 200);
  });
  return routes;
}
