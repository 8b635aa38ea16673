import { createRoute, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { ServiceError } from '../../../services/error.ts';
import { featureCollection } from '../../../services/features/collections.ts';
import { parseCql } from '../../../services/features/cql2/parse.ts';
import type { Feature, FeaturesAsked } from '../../../services/features/feature.ts';
import { queryablesSchema } from '../../../services/features/queryables.ts';
import { boxInDegrees, type ReferenceSystem, referenceSystem } from '../../../services/features/reference-systems.ts';
import { address, askedAddress, format } from '../addresses.ts';
import { collectionBody } from '../collection-body.ts';
import { type ApiEnv, createRouter, type Services } from '../context.ts';
import { cqlShape } from '../cql-query.ts';
import { itemLinks, pageLinks } from '../feature-links.ts';
import { inSystem, systemShape, systemsOf } from '../feature-query.ts';
import * as parameter from '../parameters.ts';
import { collection as collectionSchema, otherFeature, otherFeatures } from '../schemas.ts';

const geoJson = 'application/geo+json';
const largestPage = 2000;
const params = z.object({ collection: parameter.collection });
const tags = ['OGC API - Features'];

const one = createRoute({
  method: 'get',
  path: '/collections/{collection}',
  tags,
  summary: 'One collection: cases, coverage, districts or the zones of a layer',
  operationId: 'describeOtherCollection',
  request: { params, query: z.strictObject({ f: format }) },
  responses: { 200: { description: 'It', content: { 'application/json': { schema: collectionSchema } } } },
});

const queryables = createRoute({
  method: 'get',
  path: '/collections/{collection}/queryables',
  tags,
  summary: 'The properties by which its features may be filtered, as a JSON Schema',
  operationId: 'getOtherQueryables',
  request: { params, query: z.strictObject({ f: format }) },
  responses: {
    200: {
      description: 'Queryables',
      content: { 'application/schema+json': { schema: z.record(z.string(), z.unknown()) } },
    },
  },
});

const items = createRoute({
  method: 'get',
  path: '/collections/{collection}/items',
  tags,
  summary: 'The features of a collection as GeoJSON',
  operationId: 'getOtherFeatures',
  request: {
    params,
    query: z.strictObject({
      ...systemShape,
      ...cqlShape,
      datetime: parameter.datetime.optional().openapi({
        description:
          'Cases: the days from opening to the latest step meet this time; coverage: its month does; zones and districts: they hold on this day, of an interval on the last.',
      }),
      limit: parameter.integer(1, 999_999_999).openapi({ maximum: largestPage }).default(100),
      cursor: parameter.cursor.optional(),
      f: format,
    }),
  },
  responses: { 200: { description: 'One page', content: { [geoJson]: { schema: otherFeatures } } } },
});

const item = createRoute({
  method: 'get',
  path: '/collections/{collection}/items/{id}',
  tags,
  summary: 'One feature of a collection as GeoJSON',
  operationId: 'getOtherFeature',
  request: {
    params: params.extend({ id: parameter.id.openapi({ description: 'As in the features of the collection.' }) }),
    query: z.strictObject({ f: format, crs: systemShape.crs }),
  },
  responses: { 200: { description: 'It', content: { [geoJson]: { schema: otherFeature } } } },
});

/** The collections beside patches, for GIS clients. Stands behind those of patches, which have addresses of their own. */
export function collectionRoutes({ store, now }: Services) {
  const routes = createRouter();
  routes.openapi(one, async (c) => {
    const found = await featureCollection(store, c.req.valid('param').collection, now());
    return c.json(collectionBody(c, found, await systemsOf(store, c.get('access').district)), 200);
  });
  routes.openapi(queryables, async (c) => {
    const { id, queryables } = await featureCollection(store, c.req.valid('param').collection, now());
    const schema = queryablesSchema(queryables, address(c, `/collections/${encodeURIComponent(id)}/queryables`));
    return c.json(schema, 200, { 'Content-Type': 'application/schema+json' });
  });
  routes.openapi(items, async (c) => {
    const { limit, cursor, crs, bbox, 'bbox-crs': bboxCrs, filter, datetime } = c.req.valid('query');
    const collection = await featureCollection(store, c.req.valid('param').collection, now());
    const within = c.get('access').district;
    const offered = await systemsOf(store, within);
    const system = referenceSystem(crs, offered);
    const box = bbox && boxInDegrees(bbox, referenceSystem(bboxCrs, offered));
    const condition = filter === undefined ? undefined : parseCql(filter, collection.queryables);
    const most = Math.min(limit, largestPage);
    const asked: FeaturesAsked = { within, box, days: datetime, condition, limit: most, cursor, at: now() };
    const page = await collection.page(store, asked);
    c.set('rowsRead', page.features.length);
    const body = {
      type: 'FeatureCollection' as const,
      features: featuresIn(page.features, system),
      links: pageLinks(c, `/collections/${encodeURIComponent(collection.id)}`, askedAddress(c), page.next),
      timeStamp: now().toISOString(),
      numberMatched: page.total,
      numberReturned: page.features.length,
    };
    return c.json(body, 200, contentHeaders(system));
  });
  routes.openapi(item, async (c) => {
    const { collection: name, id } = c.req.valid('param');
    const collection = await featureCollection(store, name, now());
    const within = c.get('access').district;
    const { features } = await collection.page(store, { within, id, limit: 1, at: now() });
    if (features.length === 0) throw new ServiceError('not-found', `There is no feature ${id} in ${collection.id}.`);
    const system = referenceSystem(c.req.valid('query').crs, await systemsOf(store, within));
    const [feature] = featuresIn(features, system);
    return c.json({ ...feature, links: linksOf(c, collection.id, id) }, 200, contentHeaders(system));
  });
  return routes;
}

function featuresIn(features: readonly Feature[], system: ReferenceSystem) {
  return inSystem(features, system).map(
    (one) => ({ type: 'Feature' as const, ...one }) as z.infer<typeof otherFeature>,
  );
}

function contentHeaders({ uri }: ReferenceSystem) {
  return { 'Content-Type': geoJson, 'Content-Crs': `<${uri}>` };
}

function linksOf(c: Context<ApiEnv>, collection: string, id: string) {
  const links = itemLinks(c, `/collections/${encodeURIComponent(collection)}`, id);
  if (collection !== 'cases') return links;
  const href = address(c, `/cases/${encodeURIComponent(id)}`);
  return [...links, { rel: 'related', type: 'application/json', href, title: 'All that is known' }];
}
