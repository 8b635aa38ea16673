import { createRoute, z } from '@hono/zod-openapi';
import { requireRole } from '../../../services/access/keys.ts';
import { ServiceError } from '../../../services/error.ts';
import { planMonth } from '../../../services/month/plan.ts';
import type { RunDesk } from '../../../services/month/run-desk.ts';
import { lockHolder } from '../../../services/store/locks.ts';
import * as schema from '../admin-schemas.ts';
import { createRouter, type Services } from '../context.ts';
import * as parameter from '../parameters.ts';
import { requireWholeWorkspace } from '../whole-workspace.ts';

const about = { tags: ['Runs'], description: 'For administrators of the whole workspace.' };
const desk = { 'application/json': { schema: schema.runDesk } };

const show = createRoute({
  ...{ method: 'get', path: '/run-desk', ...about },
  summary: 'The run that is under way, and the log of the runs',
  request: {
    query: z.strictObject({
      month: parameter.month.optional(),
      limit: parameter.integer(1, 1000).default(200),
    }),
  },
  responses: { 200: { description: 'As it is now', content: desk } },
});

const start = createRoute({
  ...{ method: 'post', path: '/run-desk', ...about },
  summary: 'Run a month; one that was stopped goes on where it was',
  request: {
    query: z.strictObject({}),
    body: { required: true, content: { 'application/json': { schema: schema.runOrder } } },
  },
  responses: { 202: { description: 'It is under way', content: desk } },
});

const stop = createRoute({
  ...{ method: 'post', path: '/run-desk/stop', ...about },
  summary: 'Stop the run that is under way; what it compared is kept',
  request: { query: z.strictObject({}) },
  responses: { 202: { description: 'It ends with the work in hand', content: desk } },
});

const plan = createRoute({
  ...{ method: 'get', path: '/run-desk/plan', tags: ['Runs'] },
  summary: 'What a run of a month would compare',
  description: 'For reviewers and administrators of the whole workspace. 404 where the month cannot be run yet.',
  request: { query: z.strictObject({ month: parameter.month }) },
  responses: { 200: { description: 'The plan', content: { 'application/json': { schema: schema.runPlan } } } },
});

/** Where months are run by hand, watched and stopped. */
export function runDeskRoutes({ store, runs }: Services) {
  const routes = createRouter();
  const told = async (limit: number, month?: string) => ({
    running: runs?.current ?? null,
    elsewhere: runs?.current ? null : await elsewhere(),
    lines: (await runs?.log.latest(limit, month)) ?? [],
  });
  const elsewhere = async () => {
    const held = await lockHolder(store.db, 'monthly-run');
    return held && { holder: held.owner.split(':')[0], since: held.takenAt };
  };
  routes.openapi(show, async (c) => {
    requireWholeWorkspace(c.get('access'), 'Runs', 'reviewer');
    const { limit, month } = c.req.valid('query');
    return c.json(await told(limit, month), 200);
  });
  routes.openapi(plan, async (c) => {
    requireWholeWorkspace(c.get('access'), 'Plans', 'reviewer');
    const planned = await planMonth(store, c.req.valid('query').month, 'auto');
    const { month, method, roles, afters, befores, cells, layers } = planned;
    const scene = ({ id, date, sensor }: (typeof afters)[number]) => ({ id, date: date ?? '', sensor });
    const scenes = { afters: afters.map(scene), befores: befores.map(scene) };
    const under = layers.map(({ name, validFrom }) => ({ name, validFrom }));
    return c.json({ month, method, bands: roles, ...scenes, cells: cells.length, layers: under }, 200);
  });
  routes.openapi(start, async (c) => {
    requireWholeWorkspace(c.get('access'), 'Runs');
    await deskOf(runs).start({ month: c.req.valid('json').month, by: c.get('access').actor });
    return c.json(await told(200), 202);
  });
  routes.openapi(stop, async (c) => {
    requireRole(c.get('access'), 'admin');
    requireWholeWorkspace(c.get('access'), 'Runs');
    deskOf(runs).stop();
    return c.json(await told(200), 202);
  });
  return routes;
}

function deskOf(runs: RunDesk | undefined): RunDesk {
  if (runs !== undefined) return runs;
  throw new ServiceError('bad-input', 'Months are run by the server that `tuban serve` starts; this one runs none.');
}
