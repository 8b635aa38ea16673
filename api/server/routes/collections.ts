import { createRoute, z } from '@hono/zod-openapi';
import { featureCollection } from '../../../services/features/collections.ts';
import { boxInDegrees, referenceSystem } from '../../../services/features/reference-systems.ts';
import { address, askedAddress, format } from '../addresses.ts';
import { collectionBody } from '../collection-body.ts';
import { createRouter, type Services } from '../context.ts';
import { inSystem, systemShape, systemsOf } from '../feature-query.ts';
import * as parameter from '../parameters.ts';
import { collection as collectionSchema, link, time } from '../schemas.ts';

const geoJson = 'application/geo+json';
const largestPage = 2000;
const params = z.object({ collection: parameter.name });

const one = createRoute({
  method: 'get',
  path: '/collections/{collection}',
  tags: ['OGC API - Features'],
  summary: 'One collection: cases, coverage, districts or the zones of a layer',
  operationId: 'describeOtherCollection',
  request: { params, query: z.strictObject({ f: format }) },
  responses: { 200: { description: 'It', content: { 'application/json': { schema: collectionSchema } } } },
});

const items = createRoute({
  method: 'get',
  path: '/collections/{collection}/items',
  tags: ['OGC API - Features'],
  summary: 'The features of a collection as GeoJSON',
  operationId: 'getOtherFeatures',
  request: {
    params,
    query: z.strictObject({
      ...systemShape,
      limit: parameter.integer(1, 999_999_999).openapi({ maximum: largestPage }).default(100),
      cursor: parameter.cursor.optional(),
      f: format,
    }),
  },
  responses: {
    200: {
      description: 'One page',
      content: {
        [geoJson]: {
          schema: z.object({
            type: z.literal('FeatureCollection'),
            features: z.array(
              z.object({
                type: z.literal('Feature'),
                id: z.string(),
                geometry: z.any(),
                properties: z.record(z.string(), z.unknown()),
              }),
            ),
            links: z.array(link),
            timeStamp: time,
            numberReturned: z.number().int(),
          }),
        },
      },
    },
  },
});

/** The collections beside patches, for GIS clients. Stands behind those of patches, which have addresses of their own. */
export function collectionRoutes({ store, now }: Services) {
  const routes = createRouter();
  routes.openapi(one, async (c) => {
    const found = await featureCollection(store, c.req.valid('param').collection, now());
    return c.json(collectionBody(c, found, await systemsOf(store, c.get('access').district)), 200);
  });
  routes.openapi(items, async (c) => {
    const { limit, cursor, crs, bbox, 'bbox-crs': bboxCrs } = c.req.valid('query');
    const collection = await featureCollection(store, c.req.valid('param').collection, now());
    const within = c.get('access').district;
    const offered = await systemsOf(store, within);
    const system = referenceSystem(crs, offered);
    const box = bbox && boxInDegrees(bbox, referenceSystem(bboxCrs, offered));
    const asked = { within, box, limit: Math.min(limit, largestPage), cursor, at: now() };
    const page = await collection.page(store, asked);
    c.set('rowsRead', page.features.length);
    const url = askedAddress(c);
    const links = [{ rel: 'self', type: geoJson, href: url.href }];
    if (page.next !== null) {
      url.searchParams.set('cursor', page.next);
      links.push({ rel: 'next', type: geoJson, href: url.href });
    }
    links.push({ rel: 'collection', type: 'application/json', href: address(c, `/collections/${collection.id}`) });
    const features = inSystem(page.features, system).map((one) => ({ type: 'Feature' as const, ...one }));
    const body = { type: 'FeatureCollection' as const, features, links, timeStamp: now().toISOString() };
    const headers = { 'Content-Type': geoJson, 'Content-Crs': `<${system.uri}>` };
    return c.json({ ...body, numberReturned: features.length }, 200, headers);
  });
  return routes;
}
