import type { LineString, MultiLineString, MultiPolygon, Point, Polygon } from 'geojson';
import { z } from 'zod';
import type { LonLatBox } from '../../imagery/grid.ts';
import { fromGeoJson } from '../zones/geometry/wkb.ts';
import type { ZoneGeometry } from '../zones/geometry/zone-geometry.ts';

/** Where a patrol was: a point, a track, or an area. Lon/lat. */
export type PatrolPlace = Point | LineString | MultiLineString | Polygon | MultiPolygon;

const position = z
  .array(z.number())
  .min(2)
  .transform((numbers) => numbers.slice(0, 2))
  .refine(([lon, lat]) => Math.abs(lon) <= 180 && Math.abs(lat) <= 85);
const line = z.array(position).min(2);
const rings = z.array(z.array(position).min(4)).min(1);
const place = z.discriminatedUnion('type', [
  z.object({ type: z.literal('Point'), coordinates: position }),
  z.object({ type: z.literal('LineString'), coordinates: line }),
  z.object({ type: z.literal('MultiLineString'), coordinates: z.array(line).min(1) }),
  z.object({ type: z.literal('Polygon'), coordinates: rings }),
  z.object({ type: z.literal('MultiPolygon'), coordinates: z.array(rings).min(1) }),
]);

/** A GeoJSON geometry as a patrol's place, heights left out; null where it is none. */
export function placeOf(geometry: unknown): PatrolPlace | null {
  const result = place.safeParse(geometry);
  return result.success ? (result.data as PatrolPlace) : null;
}

/** As something that distances are measured to: a point is a line of no length. */
export function shapeOfPlace(geometry: PatrolPlace): ZoneGeometry {
  if (geometry.type !== 'Point') return fromGeoJson(geometry);
  const [lon, lat] = geometry.coordinates;
  return { kind: 'line', parts: [[Float64Array.of(lon, lat, lon, lat)]] };
}

export function boxOfShape({ parts }: ZoneGeometry): LonLatBox {
  const box = { minLon: Infinity, minLat: Infinity, maxLon: -Infinity, maxLat: -Infinity };
  for (const path of parts.flat()) {
    for (let i = 0; i < path.length; i += 2) {
      box.minLon = Math.min(box.minLon, path[i]);
      box.maxLon = Math.max(box.maxLon, path[i]);
      box.minLat = Math.min(box.minLat, path[i + 1]);
      box.maxLat = Math.max(box.maxLat, path[i + 1]);
    }
  }
  return box;
}
