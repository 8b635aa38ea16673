import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { isBandChoice } from '../../../services/tiles/band-choice.ts';
import { RasterTiles } from '../../../services/tiles/raster-tiles.ts';
import { type ApiEnv, createRouter, type Services } from '../context.ts';
import * as parameter from '../parameters.ts';
import { imagesJson, tileJson } from '../tile-json.ts';
import { checked, tileAnswer, tileOf, tileShape } from '../tile-request.ts';

const wantedBands = 'natural, false-color, one band, or three separated by commas, by name (N,R,G) or number (4,3,2)';

export const tileQuery = z.strictObject({
  bands: z
    .string({ error: wantedBands })
    .max(60, wantedBands)
    .refine(isBandChoice, wantedBands)
    .default('natural')
    .openapi({ description: `What is drawn: ${wantedBands}.`, example: 'natural' }),
  scale: z
    .enum(['1', '2'], { error: '1 or 2' })
    .default('1')
    .openapi({ type: 'integer', description: '2: 512 pixels a side, for sharp screens.' }),
});

const monthShapes = {
  params: z.object({
    month: parameter.month,
    side: z.enum(['before', 'after'], { error: 'before or after' }),
    ...tileShape,
  }),
  query: tileQuery,
};
const sceneShapes = { params: z.object({ id: parameter.id, ...tileShape }), query: tileQuery };

const responses = {
  200: {
    description: 'PNG with transparency: what no image shows is transparent',
    content: { 'image/png': { schema: z.string().openapi({ format: 'binary' }) } },
  },
  304: { description: 'Still the tile of If-None-Match' },
};

const jsonRoute = {
  method: 'get' as const,
  tags: ['Tiles'],
  responses: { 200: { description: 'TileJSON 3.0.0', content: { 'application/json': { schema: tileJson } } } },
};

/** Map tiles of images. */
export function rasterTileRoutes({ store, stopping, log }: Services) {
  const onDamage = (message: string) => log.warn({ reason: message }, 'an image could not be drawn whole');
  const tiles = new RasterTiles(store, { onDamage });
  stopping?.addEventListener('abort', () => void tiles.close(), { once: true });
  const routes = createRouter();
  describe(routes);
  routes.get('/tiles/months/:month/:side/:z/:x/:y{[^/]+\\.png}', async (c) => {
    const { month, side, ...rest } = checked(c, monthShapes);
    const { tag, picture } = await tiles.ofMonth(month, side, requestOf(c, rest));
    return tileAnswer(c, tag, 'image/png', picture);
  });
  routes.get('/tiles/scenes/:id/:z/:x/:y{[^/]+\\.png}', async (c) => {
    const { id, ...rest } = checked(c, sceneShapes);
    const { tag, picture } = await tiles.ofScene(id, requestOf(c, rest));
    return tileAnswer(c, tag, 'image/png', picture);
  });
  routes.get('/tiles/months/:month/:side{[^/]+\\.json}', async (c) => {
    const shapes = { ...monthShapes, params: monthShapes.params.pick({ month: true, side: true }) };
    const { month, side } = checked(c, shapes);
    const about = await tiles.aboutMonth(month, side, c.get('access').district);
    return c.json(imagesJson(c, `${month} ${side}`, `/tiles/months/${month}/${side}`, about));
  });
  routes.get('/tiles/scenes/:id{[^/]+\\.json}', async (c) => {
    const { id } = checked(c, { ...sceneShapes, params: sceneShapes.params.pick({ id: true }) });
    return c.json(imagesJson(c, id, `/tiles/scenes/${id}`, await tiles.aboutScene(id, c.get('access').district)));
  });
  return routes;
}

/** createRoute knows no address that ends in a parameter and an ending, so these are described by themselves. */
function describe(routes: ReturnType<typeof createRouter>): void {
  routes.openAPIRegistry.registerPath({
    method: 'get',
    path: '/tiles/months/{month}/{side}/{z}/{x}/{y}.png',
    tags: ['Tiles'],
    summary: "Map tile of the images that a month's run compared; both sides are stretched alike",
    request: monthShapes,
    responses,
  });
  routes.openAPIRegistry.registerPath({
    method: 'get',
    path: '/tiles/scenes/{id}/{z}/{x}/{y}.png',
    tags: ['Tiles'],
    summary: 'Map tile of one scene; radar is drawn in decibels',
    request: sceneShapes,
    responses,
  });
  routes.openAPIRegistry.registerPath({
    ...jsonRoute,
    path: '/tiles/months/{month}/{side}.json',
    summary: "Where, how far in and of which days the images of a month's run are (TileJSON)",
    request: { params: monthShapes.params.pick({ month: true, side: true }), query: tileQuery },
  });
  routes.openAPIRegistry.registerPath({
    ...jsonRoute,
    path: '/tiles/scenes/{id}.json',
    summary: 'Where and how far in a scene can be shown (TileJSON)',
    request: { params: sceneShapes.params.pick({ id: true }), query: tileQuery },
  });
}

type Asked = z.output<typeof tileQuery> & Record<keyof typeof tileShape, string>;

function requestOf(c: Context<ApiEnv>, { bands, scale, ...place }: Asked) {
  const sharpness = scale === '2' ? (2 as const) : (1 as const);
  return { ...tileOf(place), bands, scale: sharpness, within: c.get('access').district };
}
