import { createRoute, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { patchDetail } from '../../../services/queue/detail.ts';
import { type ApiEnv, createRouter, type Services } from '../context.ts';
import * as parameter from '../parameters.ts';
import { chipFrame } from '../schemas.ts';
import { bands, placeHistoryRoutes } from './place-history.ts';

const request = {
  params: z.object({ id: parameter.id }),
  query: z.strictObject({
    size: parameter.integer(64, 1024).default(512).openapi({ description: 'Width and height in pixels.' }),
  }),
};
const pictured = { ...request, query: request.query.extend({ bands }) };

const picture = (which: 'before' | 'after') =>
  createRoute({
    method: 'get',
    path: `/patches/{id}/${which}.png`,
    tags: ['Pictures'],
    summary: `The patch and what is around it, ${which} the change`,
    request: pictured,
    responses: {
      200: {
        description: 'A picture; both dates are stretched alike',
        content: { 'image/png': { schema: z.string().openapi({ format: 'binary' }) } },
      },
    },
  });

const frame = createRoute({
  method: 'get',
  path: '/patches/{id}/chip.json',
  tags: ['Pictures'],
  summary: "The patch's outline in the pixels of both pictures, and their dates",
  request,
  responses: { 200: { description: 'The frame', content: { 'application/json': { schema: chipFrame } } } },
});

export function pictureRoutes(services: Services) {
  const { store, chips } = services;
  const routes = createRouter();
  routes.route('/', placeHistoryRoutes(services));
  /** The patch's id, if the bearer may see it. */
  const visible = async (c: Context<ApiEnv>, id: string) =>
    (await patchDetail(store, id, c.get('access').district)).patch.id;
  for (const which of ['before', 'after'] as const) {
    routes.openapi(picture(which), async (c) => {
      const id = await visible(c, c.req.valid('param').id);
      const { size, bands } = c.req.valid('query');
      const png = await chips.picture(id, which, size, bands);
      // A patch's scenes never change, so neither do its pictures.
      const headers = { 'Content-Type': 'image/png', 'Cache-Control': 'private, max-age=3600' };
      return c.body(new Uint8Array(png), 200, headers);
    });
  }
  routes.openapi(frame, async (c) => {
    const id = await visible(c, c.req.valid('param').id);
    return c.json(await chips.frame(id, c.req.valid('query').size), 200);
  });
  return routes;
}
