import { createRoute, z } from '@hono/zod-openapi';
import { requireScrape } from '../../../services/access/keys.ts';
import { accessOf, isLocal } from '../access.ts';
import { createRouter, type Services } from '../context.ts';

const scrape = createRoute({
  method: 'get',
  path: '/metrics',
  tags: ['Operation'],
  summary: 'Figures of the server and the workspace for Prometheus',
  description: 'With a key of the role admin and no district, unless TUBAN_METRICS says otherwise.',
  request: { query: z.strictObject({}) },
  responses: {
    200: { description: 'Text exposition format 0.0.4', content: { 'text/plain': { schema: z.string() } } },
  },
});

/** Stands before checkAccess: it may be open where nothing else is. */
export function metricsRoutes(services: Services) {
  const { metrics, metricsFor = 'key' } = services;
  const routes = createRouter();
  if (metrics === undefined || metricsFor === 'off') return routes;
  routes.openapi(scrape, async (c) => {
    const open = metricsFor === 'public' || (metricsFor === 'local' && isLocal(c));
    if (!open) requireScrape(await accessOf(c, services));
    c.header('Cache-Control', 'no-store');
    return c.body(await metrics.text(), 200, { 'Content-Type': metrics.registry.contentType }) as never;
  });
  return routes;
}
