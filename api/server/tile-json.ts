import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { BAND_PRESETS } from '../../services/tiles/band-choice.ts';
import { deepestZoom } from '../../services/tiles/matrix-set.ts';
import type { AboutImages } from '../../services/tiles/raster-tiles.ts';
import { address } from './addresses.ts';
import type { ApiEnv } from './context.ts';

/** TileJSON 3.0.0, and what it has no words for: the days of the images and the band choices by name. */
export const tileJson = z
  .object({
    tilejson: z.literal('3.0.0'),
    name: z.string(),
    tiles: z.array(z.string()),
    scheme: z.literal('xyz'),
    minzoom: z.number().int(),
    maxzoom: z.number().int(),
    bounds: z.array(z.number()).optional(),
    dates: z.array(z.string()).optional(),
    bands: z.array(z.string()).optional(),
    vector_layers: z
      .array(z.object({ id: z.string(), description: z.string(), fields: z.record(z.string(), z.string()) }))
      .optional(),
  })
  .openapi('TileJSON');

export type TileJson = z.infer<typeof tileJson>;

/** TileJSON of images at an address; the question asked of it is asked of the tiles. */
export function imagesJson(c: Context<ApiEnv>, name: string, path: string, { range, dates }: AboutImages): TileJson {
  const { minzoom = 0, maxzoom = deepestZoom, bounds } = range ?? {};
  return {
    ...{ tilejson: '3.0.0', name, tiles: [template(c, path, 'png')], scheme: 'xyz', minzoom, maxzoom },
    ...(bounds && { bounds }),
    ...{ dates, bands: Object.keys(BAND_PRESETS) },
  };
}

const clusterFields = { count: 'How many', areaM2: 'Their area, m²' };

export function patchesJson(c: Context<ApiEnv>): TileJson {
  const fields = {
    ...{ id: 'Its id', number: 'JCBH', state: 'GET /lifecycle', type: 'GET /change-types' },
    ...{ areaM2: 'm² on the ellipsoid', overdue: 'Past its due date' },
  };
  return {
    ...vectorJson(c, 'patches', '/tiles/patches'),
    vector_layers: [
      { id: 'patches', description: 'Outlines from level 12 on, points below', fields },
      {
        id: 'clusters',
        description: 'Instead, where a tile would hold more than 5,000',
        fields: { ...clusterFields, overdue: 'How many of them are past their due date' },
      },
    ],
  };
}

export function zonesJson(c: Context<ApiEnv>, layer: string): TileJson {
  const fields = { name: 'Its name', kind: 'What the layer is for', code: 'Its id in the layer', areaM2: 'm²' };
  return {
    ...vectorJson(c, layer, `/tiles/zones/${encodeURIComponent(layer)}`),
    vector_layers: [
      { id: 'zones', description: 'The zones', fields },
      { id: 'clusters', description: 'Instead, where a tile would hold more than 5,000', fields: clusterFields },
    ],
  };
}

function vectorJson(c: Context<ApiEnv>, name: string, path: string) {
  const [tilejson, scheme] = ['3.0.0', 'xyz'] as const;
  return { tilejson, name, tiles: [template(c, path, 'mvt')], scheme, minzoom: 0, maxzoom: 18 };
}

function template(c: Context<ApiEnv>, path: string, ending: string): string {
  return `${address(c, path)}/{z}/{x}/{y}.${ending}${new URL(c.req.url).search}`;
}
