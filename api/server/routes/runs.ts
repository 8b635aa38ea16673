import { createRoute, z } from '@hono/zod-openapi';
import { type Access, maySee } from '../../../services/access/keys.ts';
import { ServiceError } from '../../../services/error.ts';
import { findRun, listRuns, type RunRow } from '../../../services/store/runs.ts';
import { createRouter, type Services } from '../context.ts';
import * as parameter from '../parameters.ts';
import { run, runDetail } from '../schemas.ts';

const list = createRoute({
  method: 'get',
  path: '/runs',
  tags: ['Runs'],
  summary: 'The monthly runs, latest first',
  request: { query: z.strictObject({ month: parameter.month.optional() }) },
  responses: {
    200: { description: 'Runs', content: { 'application/json': { schema: z.object({ runs: z.array(run) }) } } },
  },
});

const detail = createRoute({
  method: 'get',
  path: '/runs/{id}',
  tags: ['Runs'],
  summary: 'One run: what was compared, how, and what came of it',
  request: { params: z.object({ id: parameter.id }), query: z.strictObject({}) },
  responses: { 200: { description: 'The run', content: { 'application/json': { schema: runDetail } } } },
});

export function runRoutes({ store }: Services) {
  const routes = createRouter();
  routes.openapi(list, async (c) => {
    const { month } = c.req.valid('query');
    const rows = (await listRuns(store.db)).filter((row) => month === undefined || row.month === month);
    const access = c.get('access');
    return c.json({ runs: rows.filter((row) => exists(row, access)).map((row) => runBody(row, access)) }, 200);
  });
  routes.openapi(detail, async (c) => {
    const { id } = c.req.valid('param');
    const access = c.get('access');
    const row = await findRun(store.db, id);
    if (row === null || !exists(row, access)) throw new ServiceError('not-found', `There is no run ${id}.`);
    const plan = seesAll(row, access) ? JSON.parse(row.planJson) : null;
    return c.json({ ...runBody(row, access), plan }, 200);
  });
  return routes;
}

/** A run over all districts is known to everybody; only its figures over districts one may not see are not. */
function exists(row: RunRow, access: Access): boolean {
  return row.district === null || maySee(access, row.district);
}

function seesAll(row: RunRow, access: Access): boolean {
  return access.district === '' || (row.district !== null && maySee(access, row.district));
}

function runBody(row: RunRow, access: Access): z.infer<typeof run> {
  const { id, month, district, state, startedAt, finishedAt } = row;
  const open = seesAll(row, access);
  const summary = open && row.summaryJson !== null ? JSON.parse(row.summaryJson) : null;
  return { id, month, district, state, startedAt, finishedAt, error: open ? row.error : null, summary };
}
