import { createRoute, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { indexNames } from '../../../services/evidence/strip/indices.ts';
import { doubted, sightLabels } from '../../../services/evidence/strip/look.ts';
import { PlaceHistory, type StripDate } from '../../../services/evidence/strip/place-history.ts';
import { patchDetail } from '../../../services/queue/detail.ts';
import { type ApiEnv, createRouter, type Services } from '../context.ts';
import { isKnown } from '../etag.ts';
import * as parameter from '../parameters.ts';
import { placeCurve, placeStrip } from '../strip-schemas.ts';

/** As the map tiles name them. */
export const bands = z
  .enum(['natural', 'false-color'], { error: 'natural or false-color' })
  .default('natural')
  .openapi({ description: 'What is shown as red, green and blue; false-color shows what grows in red.' });

const sceneId = z
  .string({ error: 'the id of a date of the strip' })
  .regex(/^[\w-]{1,64}$/, 'the id of a date of the strip')
  .openapi({ description: "From 'next' or 'previous' of another page; unsaid: the page that holds the onset." });

const paged = (most: number, usual: number) => ({
  params: z.object({ id: parameter.id }),
  query: z.strictObject({
    limit: parameter.integer(1, most).default(usual).openapi({ description: 'Dates of a page.' }),
    from: sceneId.optional(),
  }),
});

const strip = createRoute({
  method: 'get',
  path: '/patches/{id}/strip',
  tags: ['Pictures'],
  summary: 'Every date on which the place was imaged, and how it was seen on each',
  description:
    'In order of time, those after closing too. What was not observed is never called unchanged: cloud, no data and months without an image are told as such.',
  request: paged(60, 24),
  responses: { 200: { description: 'One page', content: { 'application/json': { schema: placeStrip } } } },
});

const curve = createRoute({
  method: 'get',
  path: '/patches/{id}/curve',
  tags: ['Pictures'],
  summary: 'Index curves of the place: a mean over the patch for every clear date, and what lies round it',
  request: paged(120, 60),
  responses: { 200: { description: 'One page', content: { 'application/json': { schema: placeCurve } } } },
});

const chip = createRoute({
  method: 'get',
  path: '/patches/{id}/chips/{date}',
  tags: ['Pictures'],
  summary: 'The place on one date, on the grid and under the stretch of all its pictures',
  request: {
    params: z.object({
      id: parameter.id,
      date: z
        .string()
        .regex(/^[\w-]{1,64}(\.png)?$/, 'the id of a scene or a day, and .png')
        .openapi({ description: 'An id of the strip, or a day YYYY-MM-DD; then .png.', example: '2025-06-18.png' }),
    }),
    query: z.strictObject({
      size: parameter.integer(32, 1024).default(512).openapi({ description: 'Width and height in pixels.' }),
      bands,
    }),
  },
  responses: {
    200: {
      description: 'A picture; what was not observed is hatched',
      content: { 'image/png': { schema: z.string().openapi({ format: 'binary' }) } },
    },
    304: { description: 'Still the picture of If-None-Match' },
  },
});

export function placeHistoryRoutes({ store, stopping }: Services) {
  const places = new PlaceHistory(store);
  stopping?.addEventListener('abort', () => void places.close());
  const routes = createRouter();
  const visible = async (c: Context<ApiEnv>, id: string) =>
    (await patchDetail(store, id, c.get('access').district)).patch;
  routes.openapi(strip, async (c) => {
    const { dates, ...rest } = await places.strip(await visible(c, c.req.valid('param').id), c.req.valid('query'));
    c.set('rowsRead', dates.length);
    const body = dates.map((date) => ({
      ...lookBody(date),
      roles: date.roles,
      scenes: date.group.scenes.map(({ id, sha256, cloudFraction }) => ({ id, sha256, cloudFraction })),
    }));
    return c.json({ ...rest, dates: body }, 200);
  });
  routes.openapi(curve, async (c) => {
    const found = await places.strip(await visible(c, c.req.valid('param').id), c.req.valid('query'));
    const { dates, onset, total, previous, next } = found;
    c.set('rowsRead', dates.length);
    const points = dates.map((date) => ({ ...lookBody(date), values: date.indices }));
    const indices = indexNames.filter((name) => points.some(({ values }) => values[name] !== undefined));
    return c.json({ onset, indices, points, total, previous, next }, 200);
  });
  routes.openapi(chip, async (c) => {
    const { id, date } = c.req.valid('param');
    const { size, bands } = c.req.valid('query');
    const patch = await visible(c, id);
    const name = date.replace(/\.png$/, '');
    const tag = `"${await places.pictureTag(patch, name, size, bands)}"`;
    const headers = { ETag: tag, 'Cache-Control': 'private, max-age=3600' };
    if (isKnown(c.req.header('if-none-match'), tag)) return c.body(null, 304, headers);
    const png = await places.picture(patch, name, size, bands);
    return c.body(new Uint8Array(png), 200, { ...headers, 'Content-Type': 'image/png' });
  });
  return routes;
}

function lookBody({ group, doubtful, sight, seenShare, coveredShare }: StripDate) {
  const { id, date, sensor, radar } = group;
  const { zh, en } = sightLabels[sight];
  const said = doubtful ? { zh: zh + doubted.zh, en: en + doubted.en } : { zh, en };
  return { id, date, sensor, radar, sight, doubtful, said, seenShare, coveredShare };
}
