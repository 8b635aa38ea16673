import { createRoute, z } from '@hono/zod-openapi';
import { describeRow } from '../../../services/scenes/scene-description.ts';
import { listRuns } from '../../../services/store/runs.ts';
import { listScenes, removeScene } from '../../../services/store/scenes.ts';
import * as schema from '../admin-schemas.ts';
import { createRouter, type Services } from '../context.ts';
import * as parameter from '../parameters.ts';
import { requireWholeWorkspace } from '../whole-workspace.ts';

const tags = ['Scenes'];

const list = createRoute({
  ...{ method: 'get', path: '/scenes', tags },
  summary: 'The images of the workspace and the months that rest on them',
  description: 'For reviewers and administrators of the whole workspace; others find what they may see under /stac.',
  request: { query: z.strictObject({}) },
  responses: {
    200: {
      description: 'The latest first',
      content: { 'application/json': { schema: z.object({ scenes: z.array(schema.sceneRow) }) } },
    },
  },
});

const remove = createRoute({
  ...{ method: 'delete', path: '/scenes/{id}', tags },
  summary: 'Withdraw an image from future runs; what was found on it stays',
  description: 'For administrators of the whole workspace. The same file added again is put back.',
  request: { params: z.object({ id: parameter.id }), query: z.strictObject({}) },
  responses: { 204: { description: 'Withdrawn' } },
});

const showInbox = createRoute({
  ...{ method: 'get', path: '/inbox', tags },
  summary: 'The folder that images are taken from: what waits, what was refused and why',
  description: 'For reviewers and administrators of the whole workspace.',
  request: { query: z.strictObject({}) },
  responses: { 200: { description: 'As it is now', content: { 'application/json': { schema: schema.inbox } } } },
});

export function sceneRoutes({ store, now, inbox }: Services) {
  const routes = createRouter();
  routes.openapi(list, async (c) => {
    requireWholeWorkspace(c.get('access'), 'Images', 'reviewer');
    const [rows, months] = [await listScenes(store.db), monthsByScene(await listRuns(store.db))];
    const scenes = rows.reverse().map((row) => {
      const { id, date, time, sensor, kind, bands, gsdM, bbox, cloudFraction, bytes, licence, addedAt } =
        describeRow(row);
      const facts = { id, date, time, sensor, kind, bands, gsdM, bbox, cloudFraction, bytes, licence, addedAt };
      return { ...facts, months: [...(months.get(id) ?? [])].sort() };
    });
    return c.json({ scenes }, 200);
  });
  routes.openapi(remove, async (c) => {
    requireWholeWorkspace(c.get('access'), 'Images');
    await removeScene(store.db, c.req.valid('param').id, now());
    return c.body(null, 204);
  });
  routes.openapi(showInbox, async (c) => {
    requireWholeWorkspace(c.get('access'), 'The inbox', 'reviewer');
    const files = (await inbox?.files()) ?? { waiting: [], refused: [] };
    return c.json({ watched: inbox !== undefined, ...files, events: [...(inbox?.lines ?? [])] }, 200);
  });
  return routes;
}

/** Months by the scenes that their finished runs compared. */
function monthsByScene(runs: Awaited<ReturnType<typeof listRuns>>): Map<string, Set<string>> {
  const months = new Map<string, Set<string>>();
  for (const { month, planJson } of runs.filter(({ state }) => state === 'done')) {
    const { afters = [], befores = [] } = JSON.parse(planJson) as Partial<
      Record<'afters' | 'befores', { id: string }[]>
    >;
    for (const { id } of [...afters, ...befores]) months.set(id, (months.get(id) ?? new Set()).add(month));
  }
  return months;
}
