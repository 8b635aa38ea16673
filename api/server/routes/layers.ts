import type { ReadableStream } from 'node:stream/web';
import { createRoute, z } from '@hono/zod-openapi';
import { ServiceError } from '../../../services/error.ts';
import {
  countLayerNotes,
  findLayer,
  type LayerRow,
  listLayerNotes,
  listLayers,
} from '../../../services/store/layers.ts';
import { endOf } from '../../../services/store/zone-versions.ts';
import type { Upload } from '../../../services/zones/import/uploads.ts';
import { speaksForGroundIn } from '../../../services/zones/layer-scope.ts';
import { ApiError } from '../../error.ts';
import { createRouter, type Services } from '../context.ts';
import { countedBody, refuseLength } from '../layer-body.ts';
import { layerNoteQuery, layerNotes, layerUpload, layerVersion } from '../layer-schemas.ts';
import * as parameter from '../parameters.ts';
import { requireWholeWorkspace } from '../whole-workspace.ts';

const list = createRoute({
  method: 'get',
  path: '/layers',
  tags: ['Zones'],
  summary: 'The layers and their versions',
  description:
    'A key of a district is shown the versions that speak for ground in it, since opinions of its patches rest on them; how many zones they have it is told only of those that speak for nothing else.',
  request: { query: z.strictObject({}) },
  responses: {
    200: {
      description: 'Versions, in order of layer and first valid day',
      content: { 'application/json': { schema: z.object({ layers: z.array(layerVersion) }) } },
    },
  },
});

const upload = createRoute({
  method: 'post',
  path: '/layers',
  tags: ['Zones'],
  summary: 'Send a layer file; it becomes a new version of its layer',
  description:
    'The body is the file itself: a zipped shapefile, a GeoPackage, GeoJSON, GeoJSONSeq or FlatGeobuf. The answer comes when the file has arrived; its import goes on, and is followed at the address given. An import that a stop of the server broke off goes on when the same file is sent again. Administrators of the whole workspace only.',
  request: {
    query: z.strictObject({
      layer: parameter.name.openapi({ example: 'farmland' }),
      validFrom: parameter.day.openapi({ description: 'First day the zones are valid.' }),
      file: z.string().min(1).max(200).openapi({ description: 'Name of the file.', example: 'parcels.zip' }),
      district: parameter.district.optional().openapi({ description: 'The district that the file speaks for.' }),
      completeTo: parameter.day.optional(),
      crs: z.string().max(100).optional(),
      encoding: z.string().max(40).optional(),
      sourceLayer: z.string().max(200).optional(),
      idField: z.string().max(100).optional(),
    }),
    body: {
      content: { 'application/octet-stream': { schema: z.any().openapi({ type: 'string', format: 'binary' }) } },
    },
  },
  responses: {
    202: { description: 'The file has arrived', content: { 'application/json': { schema: layerUpload } } },
  },
});

const progress = createRoute({
  method: 'get',
  path: '/layers/uploads/{id}',
  tags: ['Zones'],
  summary: 'How far the import of a file is, and what came of it',
  request: { params: z.object({ id: parameter.id }), query: z.strictObject({}) },
  responses: { 200: { description: 'The upload', content: { 'application/json': { schema: layerUpload } } } },
});

const notes = createRoute({
  method: 'get',
  path: '/layers/{id}/notes',
  tags: ['Zones'],
  summary: 'What the import of a version did to its features: repaired, left out, outside the districts',
  request: { params: z.object({ id: parameter.id }), query: layerNoteQuery },
  responses: {
    200: { description: 'In order of the file', content: { 'application/json': { schema: layerNotes } } },
  },
});

export function layerRoutes({ store, uploads, mostLayerBytes }: Services) {
  const routes = createRouter();
  routes.openapi(list, async (c) => {
    const versions = await listLayers(store.db);
    const { district } = c.get('access');
    const concerning = versions.filter((version) => speaksForGroundIn(version, district));
    c.set('rowsRead', concerning.length);
    return c.json({ layers: concerning.map((version) => versionBody(version, versions, district)) }, 200);
  });
  routes.openapi(upload, async (c) => {
    // A layer decides for all districts: one county's key cannot change what holds in the others.
    requireWholeWorkspace(c.get('access'), 'Layers');
    const { file, district, ...rest } = c.req.valid('query');
    refuseLength(c.req.header('content-length'), mostLayerBytes);
    const body = c.req.raw.body as ReadableStream<Uint8Array> | null;
    if (body === null) throw new ApiError('bad-request', 'The body must be a layer file; got nothing.');
    const request = definedOnly({ ...rest, scope: district });
    const begun = await uploads.take(file, countedBody(body, mostLayerBytes), request);
    c.header('Location', `/layers/uploads/${begun.id}`);
    return c.json(uploadBody(begun), 202);
  });
  routes.openapi(progress, (c) => {
    requireWholeWorkspace(c.get('access'), 'Layers');
    const { id } = c.req.valid('param');
    const found = uploads.find(id);
    if (found === null) throw new ServiceError('not-found', `There is no upload ${id}.`);
    return c.json(uploadBody(found), 200);
  });
  routes.openapi(notes, async (c) => {
    requireWholeWorkspace(c.get('access'), 'Layers');
    const { id } = c.req.valid('param');
    const { kind, limit, after } = c.req.valid('query');
    const version = await findLayer(store.db, id);
    if (version === null) throw new ServiceError('not-found', `There is no layer version ${id}.`);
    const page = await listLayerNotes(store.db, id, kind, limit, after);
    c.set('rowsRead', page.length);
    const body = {
      id,
      layer: version.name,
      counts: await countLayerNotes(store.db, id),
      notes: page.map(({ seq, featureId, kind, what }) => ({ seq, featureId, kind, what })),
      next: page.length === limit ? page[page.length - 1].seq : null,
    };
    return c.json(body, 200);
  });
  return routes;
}

function versionBody(version: LayerRow, versions: LayerRow[], district: string): z.infer<typeof layerVersion> {
  const { id, name, scope, validFrom, completeTo, state, featureCount, importedAt, crs, encoding } = version;
  return {
    ...{ id, layer: name, scope, validFrom, validTo: endOf(version, null, versions), completeTo, state },
    zones: scope.startsWith(district) ? featureCount : null,
    ...{ importedAt, crs, encoding },
  };
}

function uploadBody({ id, layer, file, state, done, total, result, error }: Upload): z.infer<typeof layerUpload> {
  return { id, layer, file, state, done, total, result, error };
}

/** What a query leaves out is absent, not undefined. */
function definedOnly<T extends object>(values: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never;
}
