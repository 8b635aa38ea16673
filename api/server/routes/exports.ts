import { createReadStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { createRoute, z } from '@hono/zod-openapi';
import { zipOf } from '../../../services/archive/zip-of.ts';
import { ServiceError } from '../../../services/error.ts';
import { exportPatches } from '../../../services/zones/export/export-patches.ts';
import { createRouter, type Services } from '../context.ts';
import * as parameter from '../parameters.ts';
import { filterShape, patchFilter, SNAPSHOT_HEADER } from '../patch-query.ts';

/** What a file is called, by the ending that is asked for. */
const FORMATS = {
  geojson: 'application/geo+json',
  geojsonl: 'application/geo+json-seq',
  csv: 'text/csv; charset=utf-8',
  gpkg: 'application/geopackage+sqlite3',
  shp: 'application/zip',
} as const;
type Ending = keyof typeof FORMATS;
const endings = Object.keys(FORMATS) as [Ending, ...Ending[]];

const bytes = z.string().openapi({ format: 'binary' });
const wantedCrs = 'a coordinate system such as EPSG:4526';

const file = createRoute({
  method: 'get',
  path: '/patches/export',
  tags: ['Queue'],
  summary: 'All patches of a filter as a file, with the columns in which offices exchange them',
  description:
    'The filter is that of GET /patches. The file is made whole before its first byte is sent, and its length is said: ' +
    'there is no half of it. Tuban-Snapshot names the state of the workspace that it tells of.',
  request: {
    query: z.strictObject({
      ...filterShape,
      f: z
        .enum(endings, { error: `one of ${endings.join(', ')}` })
        .default('geojson')
        .openapi({
          description: 'GeoJSON, GeoJSON lines, CSV, GeoPackage, or a shapefile in a zip.',
        }),
      fields: z.enum(['exchange', 'all'], { error: 'exchange or all' }).default('exchange').openapi({
        description: 'all: also state, due date, score and what else is known.',
      }),
      crs: z
        .string({ error: wantedCrs })
        .regex(/^EPSG:\d{4,5}$/, wantedCrs)
        .optional()
        .openapi({ description: 'CGCS2000 longitude and latitude (EPSG:4490) if not given.', example: 'EPSG:4526' }),
      encoding: z.enum(['utf-8', 'gbk'], { error: 'utf-8 or gbk' }).optional().openapi({
        description: 'Of the text of a shapefile.',
      }),
      wkt: parameter.flag.optional().openapi({ description: 'CSV: with the shapes.' }),
      bom: parameter.flag.optional().openapi({ description: 'CSV: with the mark by which Excel knows UTF-8.' }),
    }),
  },
  responses: {
    200: {
      description: 'The file',
      content: {
        [FORMATS.geojson]: {
          schema: z.object({ type: z.literal('FeatureCollection'), features: z.array(z.unknown()) }),
        },
        [FORMATS.geojsonl]: { schema: bytes },
        'text/csv': { schema: bytes },
        [FORMATS.gpkg]: { schema: bytes },
        [FORMATS.shp]: { schema: bytes },
      },
    },
  },
});

/** Files of patches. */
export function exportRoutes({ store, now }: Services) {
  const routes = createRouter();
  // One after another: each reads much, and a server has others to serve.
  let last: Promise<unknown> = Promise.resolve();
  routes.openapi(file, async (c) => {
    const { f, fields, crs, encoding, wkt, bom, ...query } = c.req.valid('query');
    const at = now();
    const filter = patchFilter(query, c.get('access'), at);
    const folder = await mkdtemp(join(tmpdir(), 'tuban-export-'));
    try {
      const options = { allFields: fields === 'all', wkt: wkt === 'true', bom: bom === 'true', at };
      const target = {
        path: join(folder, `patches.${f}`),
        ...options,
        ...(crs && { crs }),
        ...(encoding && { encoding }),
      };
      const making = last.then(() => exportPatches(store, filter, target));
      last = making.catch(() => {});
      const made = await making;
      const path = f === 'shp' ? await zipOf(made.files, join(folder, 'patches.zip')) : made.path;
      c.set('rowsRead', made.total);
      const { size } = await stat(path);
      const stream = createReadStream(path);
      stream.once('close', () => void rm(folder, { recursive: true, force: true }));
      return c.body(Readable.toWeb(stream) as ReadableStream, 200, {
        'Content-Type': FORMATS[f],
        'Content-Length': String(size),
        'Content-Disposition': `attachment; filename="patches.${f === 'shp' ? 'zip' : f}"`,
        'Cache-Control': 'private, no-store',
        [SNAPSHOT_HEADER]: made.snapshot,
      }) as never;
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      // Where the file was being made is nobody's business.
      if (error instanceof ServiceError) throw new ServiceError(error.code, error.message.replaceAll(`${folder}/`, ''));
      throw error;
    }
  });
  return routes;
}
