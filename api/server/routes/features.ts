import { createRoute, z } from '@hono/zod-openapi';
import { boxInDegrees, referenceSystem } from '../../../services/features/reference-systems.ts';
import { ruleSetsOf } from '../../../services/legality/known-rule-sets.ts';
import { patchDetail } from '../../../services/queue/detail.ts';
import type { PatchFilter } from '../../../services/queue/filter.ts';
import { type ListedPatch, listPatches } from '../../../services/queue/list.ts';
import { outlinesOfPatches } from '../../../services/store/outlines.ts';
import { address, askedAddress, format } from '../addresses.ts';
import { createRouter, type Services } from '../context.ts';
import { itemLinks, pageLinks } from '../feature-links.ts';
import { inSystem, systemShape, systemsOf } from '../feature-query.ts';
import * as parameter from '../parameters.ts';
import { patchDetailBody, patchItemBody } from '../patch-bodies.ts';
import { filterShape, patchFilter, SNAPSHOT_HEADER } from '../patch-query.ts';
import { type PatchItem, patchFeature, patchFeatures } from '../schemas.ts';

const geoJson = 'application/geo+json';
/** Asked for more, OGC wants this many given and no error. */
const largestPage = 10_000;

const items = createRoute({
  method: 'get',
  path: '/collections/patches/items',
  tags: ['OGC API - Features'],
  summary: 'Patches as GeoJSON',
  operationId: 'getFeatures',
  request: {
    query: z.strictObject({
      ...filterShape,
      ...systemShape,
      datetime: parameter.datetime.optional().openapi({ description: 'Its onset interval meets this time.' }),
      limit: parameter.integer(1, 999_999_999).openapi({ maximum: largestPage }).default(100),
      cursor: parameter.cursor.optional(),
      f: format,
    }),
  },
  responses: { 200: { description: 'One page', content: { [geoJson]: { schema: patchFeatures } } } },
});

const item = createRoute({
  method: 'get',
  path: '/collections/patches/items/{id}',
  tags: ['OGC API - Features'],
  summary: 'One patch as GeoJSON',
  operationId: 'getFeature',
  request: { params: z.object({ id: parameter.id }), query: z.strictObject({ f: format, crs: systemShape.crs }) },
  responses: { 200: { description: 'The patch', content: { [geoJson]: { schema: patchFeature } } } },
});

/** The items of the collection of patches, for GIS clients. */
export function featureRoutes({ store, now }: Services) {
  const routes = createRouter();
  routes.openapi(items, async (c) => {
    const { limit, cursor, datetime, f: _, crs, bbox, ...query } = c.req.valid('query');
    const offered = await systemsOf(store, c.get('access').district);
    const system = referenceSystem(crs, offered);
    const box = bbox && boxInDegrees(bbox, referenceSystem(query['bbox-crs'], offered));
    const { 'bbox-crs': _1, ...named } = query;
    const at = now();
    const filter: PatchFilter = {
      ...patchFilter({ ...named, bbox: box }, c.get('access'), at),
      ...(datetime && { onset: datetime }),
    };
    const page = await listPatches(store, filter, { limit: Math.min(limit, largestPage), cursor, at });
    c.header(SNAPSHOT_HEADER, page.snapshot);
    const features = inSystem(await featuresOf(store, page.patches), system);
    c.set('rowsRead', features.length);
    const body = {
      type: 'FeatureCollection' as const,
      features,
      links: pageLinks(c, '/collections/patches', askedAddress(c), page.next),
      timeStamp: at.toISOString(),
      numberMatched: page.total,
      numberReturned: features.length,
    };
    return c.json(body, 200, { 'Content-Type': geoJson, 'Content-Crs': `<${system.uri}>` });
  });
  routes.openapi(item, async (c) => {
    const detail = await patchDetail(store, c.req.valid('param').id, c.get('access').district);
    const body = patchDetailBody(detail, await ruleSetsOf(store), { ...c.get('access'), at: now() });
    const links = [
      ...itemLinks(c, '/collections/patches', body.id),
      { rel: 'related', type: 'application/json', href: address(c, `/patches/${body.id}`), title: 'All that is known' },
    ];
    const system = referenceSystem(c.req.valid('query').crs, await systemsOf(store, c.get('access').district));
    const [feature] = inSystem([featureOf(body, body.geometry)], system);
    const headers = { 'Content-Type': geoJson, 'Content-Crs': `<${system.uri}>` };
    return c.json({ ...feature, links }, 200, headers);
  });
  return routes;
}

async function featuresOf(store: Services['store'], patches: readonly ListedPatch[]) {
  const outlines = await outlinesOfPatches(
    store.db,
    patches.map(({ id }) => id),
  );
  return patches.map((patch) => featureOf(patchItemBody(patch), JSON.parse(outlines.get(patch.id) ?? 'null')));
}

function featureOf(patch: PatchItem, geometry: z.infer<typeof patchFeature>['geometry']): z.infer<typeof patchFeature> {
  const { id, number, month, district, districtName, type, areaM2, areaMu, score } = patch;
  const { layers, state, dueAt, version, beforeDate, afterDate, bbox } = patch;
  return {
    type: 'Feature',
    id,
    geometry,
    bbox,
    properties: {
      ...{ number, month, district, districtName, type, areaM2, areaMu, score, layers },
      ...{ state, dueAt, version, beforeDate, afterDate },
    },
  };
}
