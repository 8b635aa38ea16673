import { createRoute, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { ServiceError } from '../../../services/error.ts';
import { featureCollection } from '../../../services/features/collections.ts';
import { webMercatorQuad } from '../../../services/tiles/matrix-set.ts';
import { address, format } from '../addresses.ts';
import { type ApiEnv, createRouter, type Services } from '../context.ts';
import * as parameter from '../parameters.ts';
import { MVT } from '../tile-request.ts';
import { isTiled } from '../tileset-link.ts';

const json = 'application/json';
const { id: quad, uri: quadUri, crs: crsUri, title: quadTitle } = webMercatorQuad();
const tags = ['OGC API - Tiles'];

/** What GET /conformance says of tiles. */
export const TILE_CONFORMANCE = ['core', 'tileset', 'tilesets-list', 'geodata-tilesets', 'mvt', 'oas30'].map(
  (part) => `http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/${part}`,
);

const link = z.object({
  href: z.string(),
  rel: z.string(),
  type: z.string().optional(),
  title: z.string().optional(),
  templated: z.boolean().optional(),
});
const tileset = z
  .object({
    title: z.string(),
    dataType: z.literal('vector'),
    crs: z.string(),
    tileMatrixSetURI: z.string(),
    links: z.array(link),
  })
  .openapi('TileSet');
const params = z.object({ collection: parameter.name });
const query = z.strictObject({ f: format });

const list = createRoute({
  method: 'get',
  path: '/collections/{collection}/tiles',
  tags,
  summary: 'The tilesets of a collection: one',
  request: { params, query },
  responses: {
    200: {
      description: 'Tilesets',
      content: { [json]: { schema: z.object({ tilesets: z.array(tileset), links: z.array(link) }) } },
    },
  },
});

const one = createRoute({
  method: 'get',
  path: '/collections/{collection}/tiles/{tileMatrixSet}',
  tags,
  summary: 'The tileset of a collection in web mercator, with the template of its tiles',
  request: { params: params.extend({ tileMatrixSet: z.literal(quad, { error: quad }) }), query },
  responses: { 200: { description: 'It', content: { [json]: { schema: tileset } } } },
});

const matrixSets = createRoute({
  method: 'get',
  path: '/tileMatrixSets',
  tags,
  summary: 'The ways in which tiles are cut: one',
  request: { query },
  responses: {
    200: {
      description: 'Tile matrix sets',
      content: {
        [json]: {
          schema: z.object({
            tileMatrixSets: z.array(
              z.object({ id: z.string(), title: z.string(), uri: z.string(), links: z.array(link) }),
            ),
          }),
        },
      },
    },
  },
});

const matrixSet = createRoute({
  method: 'get',
  path: '/tileMatrixSets/{tileMatrixSet}',
  tags,
  summary: 'How tiles are cut (OGC 17-083r4)',
  request: { params: z.object({ tileMatrixSet: z.literal(quad, { error: quad }) }), query },
  responses: { 200: { description: 'It', content: { [json]: { schema: z.record(z.string(), z.unknown()) } } } },
});

/** OGC API - Tiles: what tiles there are of which collections, and how they are cut. */
export function tileMetadataRoutes({ store, now }: Services) {
  const routes = createRouter();
  const tilesOf = async (c: Context<ApiEnv>, collection: string) => {
    const found = await tiledCollection(store, collection, now());
    return tilesetBody(c, collection, found);
  };
  routes.openapi(list, async (c) => {
    const { collection } = c.req.valid('param');
    const self = { rel: 'self', type: json, href: address(c, `${pathOf(collection)}/tiles`) };
    return c.json({ tilesets: [await tilesOf(c, collection)], links: [self] }, 200);
  });
  routes.openapi(one, async (c) => c.json(await tilesOf(c, c.req.valid('param').collection), 200));
  routes.openapi(matrixSets, (c) => {
    const links = [{ rel: 'self', type: json, href: address(c, `/tileMatrixSets/${quad}`) }];
    return c.json({ tileMatrixSets: [{ id: quad, title: quadTitle, uri: quadUri, links }] }, 200);
  });
  routes.openapi(matrixSet, (c) => c.json(webMercatorQuad(), 200));
  return routes;
}

/** Title of a collection that has tiles, and where they are. @throws ServiceError not-found */
async function tiledCollection(
  store: Services['store'],
  id: string,
  at: Date,
): Promise<{ title: string; path: string }> {
  if (id === 'patches') return { title: 'Change patches (图斑)', path: '/tiles/patches' };
  const { title } = await featureCollection(store, id, at);
  if (!isTiled(id)) throw new ServiceError('not-found', `The collection ${id} has no tiles.`);
  return { title, path: `/tiles/zones/${encodeURIComponent(id.replace(/^zones-/, ''))}` };
}

function tilesetBody(c: Context<ApiEnv>, collection: string, { title, path }: { title: string; path: string }) {
  // The template of OGC names rows and columns; ours takes the column first.
  const template = `${address(c, path)}/{tileMatrix}/{tileCol}/{tileRow}.mvt`;
  return {
    ...{ title, dataType: 'vector' as const, crs: crsUri, tileMatrixSetURI: quadUri },
    links: [
      { rel: 'self', type: json, href: address(c, `${pathOf(collection)}/tiles/${quad}`) },
      {
        rel: 'http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme',
        type: json,
        href: address(c, `/tileMatrixSets/${quad}`),
      },
      { rel: 'item', type: MVT, href: template, templated: true },
      { rel: 'describedby', type: json, title: 'TileJSON', href: `${address(c, path)}.json` },
    ],
  };
}

function pathOf(collection: string): string {
  return `/collections/${encodeURIComponent(collection)}`;
}
