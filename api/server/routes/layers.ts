import type { ReadableStream } from 'node:stream/web';
import { createRoute, z } from '@hono/zod-openapi';
import { ServiceError } from '../../../services/error.ts';
import { listLayers } from '../../../services/store/layers.ts';
import { endOf } from '../../../services/store/zone-versions.ts';
import { LayerUploads, type Upload } from '../../../services/zones/import/uploads.ts';
import { ApiError } from '../../error.ts';
import { createRouter, type Services } from '../context.ts';
import { layerUpload, layerVersion } from '../layer-schemas.ts';
import * as parameter from '../parameters.ts';

const list = createRoute({
  method: 'get',
  path: '/layers',
  tags: ['Zones'],
  summary: 'The layers and their versions',
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
    'The body is the file itself: a zipped shapefile, a GeoPackage, GeoJSON, GeoJSONSeq or FlatGeobuf. The answer comes when the file has arrived; its import goes on, and is followed at the address given. Administrators only.',
  request: {
    query: z.strictObject({
      layer: parameter.name.openapi({ example: 'farmland' }),
      validFrom: parameter.day.openapi({ description: 'First day the zones are valid.' }),
      file: z.string().min(1).max(200).openapi({ description: 'Name of the file.', example: 'parcels.zip' }),
      district: parameter.district.optional(),
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

export function layerRoutes({ store, now }: Services) {
  const routes = createRouter();
  const uploads = new LayerUploads(store, now);
  routes.openapi(list, async (c) => {
    const versions = await listLayers(store.db);
    const bodies = versions.map((version) => ({
      id: version.id,
      layer: version.name,
      scope: version.scope,
      validFrom: version.validFrom,
      validTo: endOf(version, null, versions),
      completeTo: version.completeTo,
      state: version.state,
      zones: version.featureCount,
      importedAt: version.importedAt,
      crs: version.crs,
      encoding: version.encoding,
    }));
    return c.json({ layers: bodies }, 200);
  });
  routes.openapi(upload, async (c) => {
    const { file, district, ...rest } = c.req.valid('query');
    requireAdmin(c.get('access').role);
    const body = c.req.raw.body as ReadableStream<Uint8Array> | null;
    if (body === null) throw new ApiError('bad-request', 'The body must be a layer file; got nothing.');
    const request = {
      ...rest,
      ...(district !== undefined && { scope: district }),
    };
    const begun = await uploads.take(file, body, definedOnly(request));
    c.header('Location', `/layers/uploads/${begun.id}`);
    return c.json(uploadBody(begun), 202);
  });
  routes.openapi(progress, (c) => {
    const { id } = c.req.valid('param');
    requireAdmin(c.get('access').role);
    const found = uploads.find(id);
    if (found === null) throw new ServiceError('not-found', `There is no upload ${id}.`);
    return c.json(uploadBody(found), 200);
  });
  return routes;
}

function requireAdmin(role: string): void {
  if (role !== 'admin') throw new ServiceError('forbidden', `Layers are an administrator's; this key is a ${role}'s.`);
}

function uploadBody({ id, layer, file, state, done, total, result, error }: Upload): z.infer<typeof layerUpload> {
  return { id, layer, file, state, done, total, result, error: error?.message ?? null };
}

/** What a query leaves out is absent, not undefined. */
function definedOnly<T extends object>(values: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never;
}
