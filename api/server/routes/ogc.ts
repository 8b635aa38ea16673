import { createRoute, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { featureCollections } from '../../../services/features/collections.ts';
import { PATCH_QUERYABLES, queryablesSchema } from '../../../services/features/queryables.ts';
import { CRS84, referenceSystems } from '../../../services/features/reference-systems.ts';
import { extentOfPatches, type PatchExtent } from '../../../services/store/outlines.ts';
import { address, format } from '../addresses.ts';
import { collectionBody, queryablesRelation } from '../collection-body.ts';
import { type ApiEnv, createRouter, type Services } from '../context.ts';
import { systemsOf } from '../feature-query.ts';
import { collection, collections, type Link, landingBody } from '../schemas.ts';
import { tilesetsLink } from '../tileset-link.ts';
import { openApi30 } from './description.ts';
import { TILE_CONFORMANCE } from './tiles-ogc.ts';

const conformanceClasses = [
  'http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core',
  'http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30',
  'http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson',
  'http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs',
  'http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/queryables',
  'http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/filter',
  'http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/features-filter',
  'http://www.opengis.net/spec/cql2/1.0/conf/cql2-text',
  'http://www.opengis.net/spec/cql2/1.0/conf/basic-cql2',
  'http://www.opengis.net/spec/cql2/1.0/conf/advanced-comparison-operators',
  'http://www.opengis.net/spec/cql2/1.0/conf/basic-spatial-functions',
  ...TILE_CONFORMANCE,
];

const query = z.strictObject({ f: format });

const landing = createRoute({
  method: 'get',
  path: '/',
  tags: ['OGC API - Features'],
  summary: 'Landing page (a browser is sent to the console instead)',
  operationId: 'getLandingPage',
  request: { query },
  responses: {
    200: {
      description: 'Where everything is',
      content: { 'application/json': { schema: landingBody } },
    },
    302: { description: 'A browser is sent to the console' },
  },
});

const conformance = createRoute({
  method: 'get',
  path: '/conformance',
  tags: ['OGC API - Features'],
  summary: 'The parts of the standard that are kept',
  operationId: 'getConformanceDeclaration',
  request: { query },
  responses: {
    200: {
      description: 'Conformance classes',
      content: { 'application/json': { schema: z.object({ conformsTo: z.array(z.string()) }) } },
    },
  },
});

const list = createRoute({
  method: 'get',
  path: '/collections',
  tags: ['OGC API - Features'],
  summary: 'The collections there are',
  operationId: 'getCollections',
  request: { query },
  responses: { 200: { description: 'Collections', content: { 'application/json': { schema: collections } } } },
});

const one = createRoute({
  method: 'get',
  path: '/collections/patches',
  tags: ['OGC API - Features'],
  summary: 'The collection of patches',
  operationId: 'describeCollection',
  request: { query },
  responses: { 200: { description: 'The collection', content: { 'application/json': { schema: collection } } } },
});

const queryables = createRoute({
  method: 'get',
  path: '/collections/patches/queryables',
  tags: ['OGC API - Features'],
  summary: 'The properties by which patches may be filtered, as a JSON Schema',
  operationId: 'getQueryables',
  request: { query },
  responses: {
    200: {
      description: 'Queryables',
      content: { 'application/schema+json': { schema: z.record(z.string(), z.unknown()) } },
    },
  },
});

/** OGC API - Features: the landing page, what it promises, and which collections there are. */
export function ogcRoutes({ name, simulated, store, now }: Services) {
  const routes = createRouter();
  routes.openapi(landing, (c) => {
    const title = simulated ? `${name} (simulated)` : name;
    const description = 'Change patches found by comparing monthly imagery, and their find / warn / resolve queue.';
    return c.json({ title, description, links: landingLinks(c) }, 200);
  });
  routes.openapi(conformance, (c) => c.json({ conformsTo: conformanceClasses }, 200));
  routes.openapi(list, async (c) => {
    const self = { rel: 'self', type: 'application/json', href: address(c, '/collections') };
    const systems = await systemsOf(store, c.get('access').district);
    const others = (await featureCollections(store, now())).map((one) => collectionBody(c, one, systems));
    return c.json({ collections: [await patchCollection(c, store), ...others], links: [self] }, 200);
  });
  routes.openapi(one, async (c) => c.json(await patchCollection(c, store), 200));
  routes.openapi(queryables, (c) => {
    const schema = queryablesSchema(PATCH_QUERYABLES, address(c, '/collections/patches/queryables'));
    return c.json(schema, 200, { 'Content-Type': 'application/schema+json' });
  });
  return routes;
}

async function patchCollection(c: Context<ApiEnv>, store: Services['store']): Promise<z.infer<typeof collection>> {
  const extent = await extentOfPatches(store.db, c.get('access').district);
  return {
    id: 'patches',
    title: '图斑 Change patches',
    description: 'Places that changed between two dates, in the queue of the month in which they were found.',
    itemType: 'feature',
    crs: referenceSystems(extent && (extent.box.minLon + extent.box.maxLon) / 2).map(({ uri }) => uri),
    storageCrs: CRS84,
    ...(extent && { extent: extentBody(extent) }),
    links: [
      { rel: 'self', type: 'application/json', href: address(c, '/collections/patches') },
      { rel: 'alternate', type: 'text/html', href: address(c, '/collections/patches?f=html') },
      { rel: 'items', type: 'application/geo+json', href: address(c, '/collections/patches/items') },
      tilesetsLink(c, 'patches'),
      {
        rel: queryablesRelation,
        type: 'application/schema+json',
        href: address(c, '/collections/patches/queryables'),
      },
    ],
  };
}

function extentBody({ box, firstDate, lastDate }: PatchExtent) {
  return {
    spatial: { bbox: [[box.minLon, box.minLat, box.maxLon, box.maxLat]], crs: CRS84 },
    // Dates are whole days in Asia/Shanghai.
    temporal: { interval: [[`${firstDate}T00:00:00+08:00`, `${lastDate}T23:59:59+08:00`]] },
  };
}

function landingLinks(c: Context): Link[] {
  const to = (path: string) => address(c, path);
  return [
    { rel: 'self', type: 'application/json', title: 'This page', href: to('/?f=json') },
    { rel: 'alternate', type: 'text/html', title: 'Review console', href: to('/console/') },
    {
      rel: 'service-desc',
      type: openApi30,
      title: 'This API, OpenAPI 3.0',
      href: to('/openapi-3.0.json'),
    },
    {
      rel: 'service-desc',
      type: 'application/vnd.oai.openapi+json;version=3.1',
      title: 'This API, OpenAPI 3.1',
      href: to('/openapi.json'),
    },
    { rel: 'service-doc', type: 'text/html', title: '接口说明 This API, to be read and tried', href: to('/docs') },
    { rel: 'conformance', type: 'application/json', title: 'Conformance classes', href: to('/conformance') },
    { rel: 'data', type: 'application/json', title: 'Collections', href: to('/collections') },
    { rel: 'related', type: 'application/json', title: 'Scenes, as a STAC API', href: to('/stac') },
  ];
}
