import { createRoute, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { localDay } from '../../../services/local-time.ts';
import { PatchPlaces } from '../../../services/tiles/patch-places.ts';
import { patchTile, type VectorTile } from '../../../services/tiles/patch-tiles.ts';
import { VectorThreads } from '../../../services/tiles/vector-threads.ts';
import { ZoneDensities } from '../../../services/tiles/zone-density.ts';
import { MOST_ZONES, versionsOfLayer, zoneTile } from '../../../services/tiles/zone-tiles.ts';
import { type ApiEnv, createRouter, type Services } from '../context.ts';
import { isKnown } from '../etag.ts';
import * as parameter from '../parameters.ts';
import { filterShape, patchFilter } from '../patch-query.ts';
import { patchesJson, tileJson, zonesJson } from '../tile-json.ts';
import { checked, MVT, tileAnswer, tileOf, tileShape } from '../tile-request.ts';

const patchShapes = { params: z.object(tileShape), query: z.strictObject(filterShape) };
const zoneShapes = {
  params: z.object({ layer: parameter.name, ...tileShape }),
  query: z.strictObject({
    date: parameter.day.optional().openapi({ description: 'The day on which they are valid; today if not given.' }),
  }),
};

const responses = {
  200: { description: 'MVT 2', content: { [MVT]: { schema: z.string().openapi({ format: 'binary' }) } } },
  304: { description: 'Still the tile of If-None-Match' },
};

const zonesAbout = {
  method: 'get' as const,
  tags: ['Tiles'],
  responses: { 200: { description: 'TileJSON 3.0.0', content: { 'application/json': { schema: tileJson } } } },
};

const patchesAbout = createRoute({
  ...zonesAbout,
  path: '/tiles/patches.json',
  summary: 'Where the vector tiles of patches are, under the filter asked with (TileJSON)',
  request: { query: patchShapes.query },
});

/** Map tiles of patches and zones. */
export function vectorTileRoutes({ store, now, stopping }: Services) {
  const threads = new VectorThreads();
  const places = new PatchPlaces();
  const densities = new ZoneDensities(store, MOST_ZONES);
  stopping?.addEventListener('abort', () => void threads.close(), { once: true });
  const routes = createRouter();
  describe(routes);
  routes.get('/tiles/patches/:z/:x/:y{[^/]+\\.mvt}', async (c) => {
    const { z, x, y, ...query } = checked(c, patchShapes);
    const [tile, at] = [tileOf({ z, x, y }), now()];
    const asked = { filter: patchFilter(query, c.get('access'), at), at, isKnown: (tag: string) => has(c, tag) };
    return answer(c, await patchTile(store, { threads, places }, tile, asked));
  });
  routes.get('/tiles/zones/:layer/:z/:x/:y{[^/]+\\.mvt}', async (c) => {
    const { layer, date = localDay(now()), ...place } = checked(c, zoneShapes);
    const asked = { layer, date, within: c.get('access').district, isKnown: (tag: string) => has(c, tag) };
    return answer(c, await zoneTile(store, { threads, densities }, tileOf(place), asked));
  });
  routes.openapi(patchesAbout, (c) => c.json(patchesJson(c), 200));
  routes.get('/tiles/zones/:layer{[^/]+\\.json}', async (c) => {
    const { layer } = checked(c, { ...zoneShapes, params: zoneShapes.params.pick({ layer: true }) });
    await versionsOfLayer(store, layer);
    return c.json(zonesJson(c, layer));
  });
  return routes;
}

/** createRoute knows no address that ends in a parameter and an ending, so these are described by themselves. */
function describe(routes: ReturnType<typeof createRouter>): void {
  routes.openAPIRegistry.registerPath({
    method: 'get',
    path: '/tiles/patches/{z}/{x}/{y}.mvt',
    tags: ['Tiles'],
    summary: 'Vector tile of the patches of a filter',
    description:
      'Layer `patches` (id, number, state, type, areaM2, overdue): outlines from level 12 on, below it points in the ' +
      'middle of their boxes, each on one tile. A tile of more than 5,000 has layer `clusters` instead: points with ' +
      'count, overdue (how many) and areaM2.',
    request: patchShapes,
    responses,
  });
  routes.openAPIRegistry.registerPath({
    method: 'get',
    path: '/tiles/zones/{layer}/{z}/{x}/{y}.mvt',
    tags: ['Tiles'],
    summary: 'Vector tile of the zones of a layer',
    description:
      'Layer `zones` (name, kind, code, areaM2). A tile of more than 5,000 has layer `clusters` instead: points with ' +
      'count and areaM2.',
    request: zoneShapes,
    responses,
  });
  routes.openAPIRegistry.registerPath({
    ...zonesAbout,
    path: '/tiles/zones/{layer}.json',
    summary: 'Where the vector tiles of a layer are (TileJSON)',
    request: { params: zoneShapes.params.pick({ layer: true }), query: zoneShapes.query },
  });
}

function has(c: Context<ApiEnv>, tag: string): boolean {
  return isKnown(c.req.header('if-none-match'), `"${tag}"`);
}

function answer(c: Context<ApiEnv>, { tag, bytes, count }: VectorTile): Promise<Response> {
  c.set('rowsRead', count);
  return tileAnswer(c, tag, MVT, async () => bytes ?? new Uint8Array());
}
