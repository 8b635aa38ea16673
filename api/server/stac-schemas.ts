import { z } from '@hono/zod-openapi';
import type { Geometry } from 'geojson';
import { cqlShape } from './cql-query.ts';
import * as parameter from './parameters.ts';
import { geometry, link } from './schemas.ts';

/** Bodies and parameters of the STAC API. */

const version = z.literal('1.0.0');
const more = { links: z.array(link) };

/** Asked for more, as much as this is given and no error. */
export const largestStacPage = 1000;

export const stacItem = z
  .object({
    type: z.literal('Feature'),
    stac_version: z.string(),
    stac_extensions: z.array(z.string()),
    id: z.string(),
    collection: z.string(),
    geometry,
    bbox: z.array(z.number()).length(4),
    properties: z.record(z.string(), z.unknown()),
    assets: z
      .record(z.string(), z.record(z.string(), z.unknown()))
      .openapi({ description: 'Files that lie on the network; those of this machine are not told.' }),
    ...more,
  })
  .openapi('StacItem');

export const stacItems = z
  .object({
    type: z.literal('FeatureCollection'),
    features: z.array(stacItem),
    numberMatched: z.number().int(),
    numberReturned: z.number().int(),
    timeStamp: z.string(),
    ...more,
  })
  .openapi('StacItems');

export const stacCollection = z
  .object({
    type: z.literal('Collection'),
    stac_version: z.string(),
    id: z.string(),
    title: z.string(),
    description: z.string(),
    license: z.string(),
    extent: z.object({
      spatial: z.object({ bbox: z.array(z.array(z.number())) }),
      temporal: z.object({ interval: z.array(z.array(z.string().nullable())) }),
    }),
    ...more,
  })
  .openapi('StacCollection');

export const stacCollections = z.object({ collections: z.array(stacCollection), ...more }).openapi('StacCollections');

export const stacCatalog = z
  .object({
    type: z.literal('Catalog'),
    stac_version: version,
    id: z.string(),
    title: z.string(),
    description: z.string(),
    conformsTo: z.array(z.string()),
    ...more,
  })
  .openapi('StacCatalog');

const limit = parameter.integer(1, 999_999_999).openapi({ maximum: largestStacPage }).default(100);

export const itemsQuery = z.strictObject({
  bbox: parameter.bbox.optional(),
  datetime: parameter.datetime.optional(),
  ...cqlShape,
  limit,
  cursor: parameter.cursor.optional(),
});

const wantedGeometry = 'a GeoJSON geometry of at most 10000 positions, longitude first';

export const searchQuery = itemsQuery.extend({
  ids: parameter.names.optional().openapi({ description: 'Any of these scenes.' }),
  collections: parameter.names.optional().openapi({ description: 'Any of these collections.', example: 'scenes' }),
  intersects: z
    .string()
    .transform((text, context): Geometry => {
      const shape = geometryOf(parsed(text));
      if (shape !== null) return shape;
      context.issues.push({ code: 'custom', message: wantedGeometry, input: text });
      return z.NEVER;
    })
    .optional()
    .openapi({ type: 'string', description: 'A GeoJSON geometry that their ground meets.' }),
});

const wantedNumbers = 'four numbers minLon, minLat, maxLon, maxLat in degrees';
const wantedNames = 'a list of names';

export const searchBody = z
  .strictObject(
    {
      bbox: z
        .array(z.number({ error: wantedNumbers }), { error: wantedNumbers })
        .transform((box) => box.join(','))
        .pipe(parameter.bbox)
        .optional()
        .openapi({ type: 'array', items: { type: 'number' } }),
      datetime: parameter.datetime.optional(),
      ...cqlShape,
      intersects: z
        .unknown()
        .transform((value, context): Geometry => {
          const shape = geometryOf(value);
          if (shape !== null) return shape;
          context.issues.push({ code: 'custom', message: wantedGeometry, input: value });
          return z.NEVER;
        })
        .optional()
        .openapi({ type: 'object', description: 'A GeoJSON geometry that their ground meets.' }),
      ids: z.array(z.string({ error: wantedNames }), { error: wantedNames }).optional(),
      collections: z.array(z.string({ error: wantedNames }), { error: wantedNames }).optional(),
      limit: z
        .number({ error: 'a whole number from 1' })
        .int('a whole number from 1')
        .min(1, 'a whole number from 1')
        .default(100),
      cursor: parameter.cursor.optional(),
    },
    { error: 'a JSON object with what is searched for' },
  )
  .openapi('StacSearch');

const mostPositions = 10_000;
const depths: Readonly<Record<string, number>> = {
  ...{ Point: 0, MultiPoint: 1, LineString: 1, MultiLineString: 2, Polygon: 2, MultiPolygon: 3 },
};

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** The value as a geometry, or null where it is none. */
function geometryOf(value: unknown): Geometry | null {
  const { type, coordinates } = (value ?? {}) as { type?: unknown; coordinates?: unknown };
  const depth = typeof type === 'string' ? depths[type] : undefined;
  if (depth === undefined) return null;
  const count = countPositions(coordinates, depth);
  return count > 0 && count <= mostPositions ? (value as Geometry) : null;
}

/** How many positions lie at this depth; NaN where something else does. */
function countPositions(value: unknown, depth: number): number {
  if (!Array.isArray(value)) return Number.NaN;
  if (depth > 0) return value.reduce<number>((sum, one) => sum + countPositions(one, depth - 1), 0);
  const isPosition = value.length >= 2 && value.slice(0, 2).every((number) => Number.isFinite(number));
  return isPosition ? 1 : Number.NaN;
}
