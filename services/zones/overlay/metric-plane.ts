import { groundPixelSizeM } from '../../../imagery/ellipsoid.ts';
import type { LonLatBox } from '../../../imagery/grid.ts';

const RADIANS = Math.PI / 180;
/** Of a degree: the piece of ground whose size is measured. */
const SMALL = 1e-3;

/** A plane in which distances round a place are those on the ground. */
export interface MetricPlane {
  /** Writes x (east) and y (north) in metres of a lon/lat point to to[at], to[at + 1]. */
  place(lon: number, lat: number, to: Float64Array, at: number): void;
}

/**
 * The plane that touches the ground at the middle of a box: transverse Mercator about its own meridian to second
 * order, which 10 km away is off by 1e-6 of the distance, and costs six multiplications a point.
 */
export function metricPlane({ minLon, minLat, maxLon, maxLat }: LonLatBox): MetricPlane {
  const [lon0, lat0] = [(minLon + maxLon) / 2, (minLat + maxLat) / 2];
  const cell = { width: 1, height: 1, pixelWidth: SMALL, pixelHeight: -SMALL };
  const corner = { originX: lon0 - SMALL / 2, originY: lat0 + SMALL / 2 };
  const size = groundPixelSizeM({ ...cell, ...corner, crs: 'EPSG:4326' })!;
  const east = size.x / SMALL;
  const north = size.y / SMALL;
  const sin = Math.sin(lat0 * RADIANS);
  // Per square degree: how parallels shorten northward, and how they bow.
  const shortening = north * sin * RADIANS;
  const bow = (east * sin * RADIANS) / 2;
  return {
    place(lon, lat, to, at) {
      const dLon = lon - lon0;
      const dLat = lat - lat0;
      to[at] = dLon * (east - shortening * dLat);
      to[at + 1] = north * dLat + bow * dLon * dLon;
    },
  };
}
