import type { MultiPolygon, Polygon } from 'geojson';
import { z } from 'zod';
import { ServiceError } from '../../error.ts';
import { prepareZone } from '../../zones/geometry/repair.ts';
import { fromGeoJson, toGeoJson } from '../../zones/geometry/wkb.ts';
import { viewCone } from '../checks/view-geometry.ts';

const position = z.array(z.number()).min(2);
const rings = z.array(z.array(position).min(4)).min(1);
const shape = z.union([
  z.object({ type: z.literal('Polygon'), coordinates: rings }),
  z.object({ type: z.literal('MultiPolygon'), coordinates: z.array(rings).min(1) }),
]);
const feature = z.object({ type: z.literal('Feature'), geometry: shape });
const document = z.union([
  shape,
  feature.transform(({ geometry }) => geometry),
  z
    .object({ type: z.literal('FeatureCollection'), features: z.array(feature).length(1) })
    .transform(({ features }) => features[0].geometry),
]);

/** The ground within so many metres of a point. */
export function circleAround([lon, lat]: readonly [lon: number, lat: number], radiusM: number): Polygon {
  const { parts } = viewCone({ lon, lat }, 0, 360, radiusM);
  // A view all round is a circle, but for its apex.
  const rim = parts[0][0].slice(2, -2);
  rim.set(rim.subarray(0, 2), rim.length - 2);
  return toGeoJson({ kind: 'polygon', parts: [[rim]] }) as Polygon;
}

/** The one polygon of a GeoJSON text, made valid. @throws ServiceError bad-input naming the file */
export function areaOfText(text: string, name: string): Polygon | MultiPolygon {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new ServiceError('bad-input', `${name}: wanted a GeoJSON polygon; ${(error as Error).message}.`);
  }
  const result = document.safeParse(value);
  if (!result.success) throw new ServiceError('bad-input', `${name}: wanted one GeoJSON polygon, in lon/lat.`);
  const geometry = result.data as Polygon | MultiPolygon;
  const { parts } = fromGeoJson(geometry);
  const prepared = prepareZone({ type: geometry.type, parts, hadHeights: false }, 'polygon');
  if ('rejected' in prepared) throw new ServiceError('bad-input', `${name}: the polygon ${prepared.rejected}.`);
  return toGeoJson(prepared.geometry) as Polygon | MultiPolygon;
}
