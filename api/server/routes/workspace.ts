import { createRoute, z } from '@hono/zod-openapi';
import { createRouter, type Services } from '../context.ts';
import { workspaceBody } from '../schemas.ts';

const workspace = createRoute({
  method: 'get',
  path: '/workspace',
  tags: ['Operation'],
  summary: 'What this workspace is, and what the caller may do in it',
  request: { query: z.strictObject({}) },
  responses: {
    200: { description: 'The workspace', content: { 'application/json': { schema: workspaceBody } } },
  },
});

export function workspaceRoutes({ name, simulated, basemap = null, now }: Services) {
  const routes = createRouter();
  routes.openapi(workspace, (c) => {
    const about = { name, simulated, basemap, timeZone: 'Asia/Shanghai', now: now().toISOString() };
    return c.json({ ...about, access: c.get('access') }, 200);
  });
  return routes;
}
