import { createRoute, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { parseCql } from '../../../services/features/cql2/parse.ts';
import { queryablesSchema } from '../../../services/features/queryables.ts';
import { collectionOfScenes } from '../../../services/stac/collection.ts';
import { scenesCollection } from '../../../services/stac/item-of-scene.ts';
import { SCENE_QUERYABLES } from '../../../services/stac/scene-filter.ts';
import { type SceneSearch, sceneById, searchScenes, servedItem } from '../../../services/stac/search-scenes.ts';
import { listScenes, type SceneRow } from '../../../services/store/scenes.ts';
import { address, askedAddress } from '../addresses.ts';
import { queryablesRelation } from '../collection-body.ts';
import { type ApiEnv, createRouter, type Services } from '../context.ts';
import * as parameter from '../parameters.ts';
import type { Link } from '../schemas.ts';
import * as schema from '../stac-schemas.ts';
import { openApi30 } from './description.ts';

const json = 'application/json';
const geoJson = 'application/geo+json';
const schemaJson = 'application/schema+json';
const tags = ['STAC'];
const none = z.strictObject({});
const collectionPath = `/stac/collections/${scenesCollection}` as const;

const conformanceClasses = [
  'https://api.stacspec.org/v1.0.0/core',
  'https://api.stacspec.org/v1.0.0/collections',
  'https://api.stacspec.org/v1.0.0/ogcapi-features',
  'https://api.stacspec.org/v1.0.0/item-search',
  'http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core',
  'http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30',
  'http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson',
  'https://api.stacspec.org/v1.0.0-rc.3/item-search#filter',
  'http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/queryables',
  'http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/filter',
  'http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/features-filter',
  'http://www.opengis.net/spec/cql2/1.0/conf/cql2-text',
  'http://www.opengis.net/spec/cql2/1.0/conf/basic-cql2',
  'http://www.opengis.net/spec/cql2/1.0/conf/advanced-comparison-operators',
  'http://www.opengis.net/spec/cql2/1.0/conf/basic-spatial-functions',
];

const landing = createRoute({
  method: 'get',
  path: '/stac',
  tags,
  summary: 'The scenes of the workspace as a STAC API',
  request: { query: none },
  responses: { 200: { description: 'The catalogue', content: { [json]: { schema: schema.stacCatalog } } } },
});

const conformance = createRoute({
  method: 'get',
  path: '/stac/conformance',
  tags,
  summary: 'The parts of the standards that are kept',
  request: { query: none },
  responses: {
    200: {
      description: 'Conformance classes',
      content: { [json]: { schema: z.object({ conformsTo: z.array(z.string()) }) } },
    },
  },
});

const list = createRoute({
  method: 'get',
  path: '/stac/collections',
  tags,
  summary: 'The collections there are: one',
  request: { query: none },
  responses: { 200: { description: 'Collections', content: { [json]: { schema: schema.stacCollections } } } },
});

const one = createRoute({
  method: 'get',
  path: collectionPath,
  tags,
  summary: 'The collection of scenes',
  request: { query: none },
  responses: { 200: { description: 'The collection', content: { [json]: { schema: schema.stacCollection } } } },
});

const queryablesAnswer = {
  200: {
    description: 'A JSON Schema',
    content: { 'application/schema+json': { schema: z.record(z.string(), z.unknown()) } },
  },
};

const queryables = createRoute({
  method: 'get',
  path: '/stac/queryables',
  tags,
  summary: 'The properties by which scenes may be searched for',
  request: { query: none },
  responses: queryablesAnswer,
});

const collectionQueryables = createRoute({
  method: 'get',
  path: `${collectionPath}/queryables`,
  tags,
  summary: 'The properties by which the scenes of the collection may be filtered',
  request: { query: none },
  responses: queryablesAnswer,
});

const items = createRoute({
  method: 'get',
  path: `${collectionPath}/items`,
  tags,
  summary: 'Scenes as STAC Items, the latest first',
  request: { query: schema.itemsQuery },
  responses: { 200: { description: 'One page', content: { [geoJson]: { schema: schema.stacItems } } } },
});

const item = createRoute({
  method: 'get',
  path: `${collectionPath}/items/{id}`,
  tags,
  summary: 'One scene as a STAC Item',
  request: { params: z.object({ id: parameter.id }), query: none },
  responses: { 200: { description: 'The scene', content: { [geoJson]: { schema: schema.stacItem } } } },
});

const getSearch = createRoute({
  method: 'get',
  path: '/stac/search',
  tags,
  summary: 'Scenes that meet a search, the latest first',
  request: { query: schema.searchQuery },
  responses: { 200: { description: 'One page', content: { [geoJson]: { schema: schema.stacItems } } } },
});

const postSearch = createRoute({
  method: 'post',
  path: '/stac/search',
  tags,
  summary: 'Scenes that meet a search, asked for in a body',
  request: { query: none, body: { required: true, content: { [json]: { schema: schema.searchBody } } } },
  responses: { 200: { description: 'One page', content: { [geoJson]: { schema: schema.stacItems } } } },
});

/** The scenes of the workspace, for programs that read STAC. */
export function stacRoutes(services: Services) {
  const { name, simulated, store } = services;
  const routes = createRouter();
  routes.openapi(landing, (c) => {
    const title = simulated ? `${name} (simulated)` : name;
    const description = 'Images that are compared month by month.';
    const about = { id: 'tuban', title, description, conformsTo: conformanceClasses, links: landingLinks(c) };
    return c.json({ type: 'Catalog' as const, stac_version: '1.0.0' as const, ...about }, 200);
  });
  routes.openapi(conformance, (c) => c.json({ conformsTo: conformanceClasses }, 200));
  routes.openapi(list, async (c) => {
    const links = [link(c, 'self', '/stac/collections'), link(c, 'root', '/stac'), link(c, 'parent', '/stac')];
    return c.json({ collections: [await sceneCollection(c, services)], links }, 200);
  });
  routes.openapi(one, async (c) => c.json(await sceneCollection(c, services), 200));
  routes.openapi(queryables, (c) => given(c, '/stac/queryables'));
  routes.openapi(collectionQueryables, (c) => given(c, `${collectionPath}/queryables`));
  routes.openapi(items, async (c) => {
    const { bbox, datetime, filter, limit, cursor } = c.req.valid('query');
    const search = { bbox, days: datetime, condition: conditionOf(filter), within: c.get('access').district };
    return answer(c, services, search, { limit, cursor }, (next) => nextByQuery(c, next));
  });
  routes.openapi(item, async (c) => {
    const scene = await sceneById(store, c.req.valid('param').id, c.get('access').district);
    return c.json(await itemBody(c, scene), 200, { 'Content-Type': geoJson });
  });
  routes.openapi(getSearch, async (c) => {
    const { ids, collections, bbox, intersects, datetime, filter, limit, cursor } = c.req.valid('query');
    const named = { ids: ids?.split(','), collections: collections?.split(',') };
    const search = {
      bbox,
      intersects,
      ...named,
      condition: conditionOf(filter),
      days: datetime,
      within: c.get('access').district,
    };
    return answer(c, services, search, { limit, cursor }, (next) => nextByQuery(c, next));
  });
  routes.openapi(postSearch, async (c) => {
    const { ids, collections, bbox, intersects, datetime, filter, limit, cursor } = c.req.valid('json');
    const named = { ids, collections };
    const search = {
      bbox,
      intersects,
      ...named,
      condition: conditionOf(filter),
      days: datetime,
      within: c.get('access').district,
    };
    // As it was sent: the client repeats it with the cursor merged into it.
    const next = (at: string) => ({ ...link(c, 'next', '/stac/search', geoJson), ...merged(at) });
    return answer(c, services, search, { limit, cursor }, next);
  });
  return routes;
}

function conditionOf(filter: string | undefined) {
  return filter === undefined ? undefined : parseCql(filter, SCENE_QUERYABLES);
}

function given(c: Context<ApiEnv>, path: string) {
  return c.json(queryablesSchema(SCENE_QUERYABLES, address(c, path)), 200, { 'Content-Type': schemaJson });
}

async function answer(
  c: Context<ApiEnv>,
  { store, now }: Services,
  search: SceneSearch,
  { limit, cursor }: { limit: number; cursor: string | undefined },
  nextLink: (cursor: string) => Link,
) {
  const page = await searchScenes(store, search, { limit: Math.min(limit, schema.largestStacPage), cursor });
  const self = { rel: 'self', type: geoJson, href: askedAddress(c).href };
  const links = [self, link(c, 'root', '/stac'), link(c, 'collection', collectionPath)];
  c.set('rowsRead', page.scenes.length);
  const features = await Promise.all(page.scenes.map((scene) => itemBody(c, scene)));
  const body = {
    type: 'FeatureCollection' as const,
    features,
    numberMatched: page.total,
    numberReturned: features.length,
    timeStamp: now().toISOString(),
    links: page.next === null ? links : [...links, nextLink(page.next)],
  };
  return c.json(body, 200, { 'Content-Type': geoJson });
}

function itemBody(c: Context<ApiEnv>, scene: SceneRow) {
  return servedItem(scene, [
    link(c, 'self', `${collectionPath}/items/${scene.id}`, geoJson),
    link(c, 'root', '/stac'),
    link(c, 'parent', collectionPath),
    link(c, 'collection', collectionPath),
  ]);
}

async function sceneCollection(c: Context<ApiEnv>, { store }: Services) {
  const { district } = c.get('access');
  const scenes = (await listScenes(store.db)).filter((scene) => scene.district?.startsWith(district) ?? true);
  return collectionOfScenes(scenes, '1.0.0', [
    link(c, 'self', collectionPath),
    link(c, 'root', '/stac'),
    link(c, 'parent', '/stac'),
    link(c, 'items', `${collectionPath}/items`, geoJson),
    link(c, queryablesRelation, `${collectionPath}/queryables`, schemaJson),
  ]);
}

function landingLinks(c: Context<ApiEnv>): Link[] {
  return [
    link(c, 'self', '/stac'),
    link(c, 'root', '/stac'),
    link(c, 'service-desc', '/openapi-3.0.json', openApi30),
    link(c, 'service-doc', '/docs', 'text/html'),
    link(c, 'conformance', '/stac/conformance'),
    link(c, 'data', '/stac/collections'),
    link(c, 'child', collectionPath),
    link(c, queryablesRelation, '/stac/queryables', schemaJson),
    { ...link(c, 'search', '/stac/search', geoJson), method: 'GET' } as Link,
    { ...link(c, 'search', '/stac/search', geoJson), method: 'POST' } as Link,
  ];
}

function link(c: Context<ApiEnv>, rel: string, path: string, type = json): Link {
  return { rel, type, href: address(c, path) };
}

function nextByQuery(c: Context<ApiEnv>, cursor: string): Link {
  const url = askedAddress(c);
  url.searchParams.set('cursor', cursor);
  return { rel: 'next', type: geoJson, href: url.href };
}

function merged(cursor: string): object {
  return { method: 'POST', body: { cursor }, merge: true };
}
