import { z } from '@hono/zod-openapi';
import type { Geometry } from 'geojson';
import { projected, type ReferenceSystem, referenceSystems } from '../../services/features/reference-systems.ts';
import type { Store } from '../../services/store/open.ts';
import { extentOfPatches } from '../../services/store/outlines.ts';

/** The parameters of OGC API - Features parts 2 and 3, shared by the collections. */

const wantedBox = 'four numbers, minimum and maximum of each axis (or six, with heights)';
const wantedUri = 'the address of a coordinate system that the collection is offered in';

const uri = z
  .string({ error: wantedUri })
  .max(200, wantedUri)
  .optional()
  .openapi({ format: 'uri', description: 'One of the crs of the collection; CRS84 if not given.' });

export const systemShape = {
  crs: uri,
  bbox: z
    .string({ error: wantedBox })
    .transform((text, context): number[] => {
      const numbers = text.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
      if (numbers.every(Number.isFinite) && (numbers.length === 4 || numbers.length === 6)) return numbers;
      context.issues.push({ code: 'custom', message: wantedBox, input: text });
      return z.NEVER;
    })
    .optional()
    .openapi({
      ...{ type: 'array', items: { type: 'number' }, minItems: 4, maxItems: 6 },
      description: 'In the system of bbox-crs, in the order of its axes; longitude first if none is given.',
      param: { style: 'form', explode: false },
    }),
  'bbox-crs': uri,
};

/** The coordinate systems in which what lies in the workspace is offered. */
export async function systemsOf(store: Store, within: string): Promise<ReferenceSystem[]> {
  const extent = await extentOfPatches(store.db, within);
  return referenceSystems(extent && (extent.box.minLon + extent.box.maxLon) / 2);
}

/** Features in a system: their geometries in its axes. Boxes of features stay in degrees only where they are degrees. */
export function inSystem<F extends { geometry: Geometry | null; bbox?: number[] }>(
  features: readonly F[],
  system: ReferenceSystem,
): F[] {
  if (system.uri.endsWith('/CRS84')) return [...features];
  return features.map(({ bbox: _, ...feature }) => {
    return { ...feature, geometry: projected(feature.geometry, system) } as unknown as F;
  });
}
