import { createRoute, z } from '@hono/zod-openapi';
import { CHANGE_TYPES } from '../../../services/queue/change-types.ts';
import { createRouter } from '../context.ts';
import { changeTypes } from '../schemas.ts';

const list = createRoute({
  method: 'get',
  path: '/change-types',
  tags: ['Queue'],
  summary: 'The types of change by name, with their exchange codes (TBLX)',
  request: { query: z.strictObject({}) },
  responses: { 200: { description: 'Types', content: { 'application/json': { schema: changeTypes } } } },
});

/** What the types of patches are called. The same for everybody, and only with a release another. */
export function changeTypeRoutes() {
  const routes = createRouter();
  routes.openapi(list, (c) => c.json({ types: [...CHANGE_TYPES] }, 200));
  return routes;
}
