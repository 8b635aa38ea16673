import type { MultiPolygon, Polygon } from 'geojson';
import type { LonLatBox } from '../../imagery/grid.ts';
import type { ZoneRow } from '../store/layers.ts';
import { statedDistrict } from './feature-identity.ts';
import { boxAround } from './geometry/coordinate-order.ts';
import { contains, pointInside } from './geometry/point-in-polygon.ts';

/** The districts known on a day, ready to be asked. */
export interface KnownDistricts {
  /** Round all of them; null = none known. */
  box: LonLatBox | null;
  /** The district of a zone: as its properties say, else where a point inside it lies, else null. */
  districtOf(properties: Record<string, unknown>, geometry: Polygon | MultiPolygon): string | null;
}

/** @param zones zones of the layer 'districts' valid on the day in question */
export function knownDistricts(zones: readonly ZoneRow[]): KnownDistricts {
  const codes = zones.map((zone) => zone.externalId);
  const shapes = zones.map((zone) => ({ ...zone, geometry: JSON.parse(zone.geometryJson) as Polygon | MultiPolygon }));
  return {
    box: boxAround(zones),
    districtOf(properties, geometry) {
      const stated = statedDistrict(properties, codes);
      if (stated !== null || shapes.length === 0) return stated;
      const [lon, lat] = pointInside(geometry);
      const home = shapes.find(
        (zone) =>
          zone.minLon <= lon &&
          lon <= zone.maxLon &&
          zone.minLat <= lat &&
          lat <= zone.maxLat &&
          contains(zone.geometry, [lon, lat]),
      );
      return home?.externalId ?? null;
    },
  };
}
