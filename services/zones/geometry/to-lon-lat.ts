import { isGeographic, transformer } from '../../../imagery/crs.ts';
import type { RawGeometry } from './zone-geometry.ts';

type Transform = (x: number, y: number) => readonly [lon: number, lat: number];

/** Transforms of zones by the number before the easting. */
const byPrefix = new Map<number, Transform>();

/**
 * Takes the parts of a shape from a CRS to lon/lat in degrees, in place. 'by-prefix': CGCS2000 Gauss-Krüger metres
 * whose zone is the number before the easting of each path's first point (13–23: 6°, 25–45: 3°). What cannot be
 * projected becomes NaN.
 * @throws ImageryError crs-unknown
 */
export function toLonLatParts(geometry: Pick<RawGeometry, 'parts'>, crs: string): void {
  if (crs !== 'by-prefix' && isGeographic(crs)) return;
  const same = crs === 'by-prefix' ? null : transformer(crs, 'EPSG:4326');
  for (const paths of geometry.parts) {
    for (const path of paths) projectPath(path, same ?? prefixTransform(path));
  }
}

function projectPath(path: Float64Array, transform: Transform | null): void {
  if (transform === null) {
    path.fill(Number.NaN);
    return;
  }
  for (let i = 0; i + 1 < path.length; i += 2) {
    const [lon, lat] = transform(path[i], path[i + 1]);
    path[i] = lon;
    path[i + 1] = lat;
  }
}

function prefixTransform(path: Float64Array): Transform | null {
  let zone = Number.NaN;
  for (let i = 0; i < path.length && Number.isNaN(zone); i += 2) zone = Math.floor(path[i] / 1e6);
  const known = byPrefix.get(zone);
  if (known !== undefined) return known;
  const code = epsgOfZone(zone);
  if (code === null) return null;
  const transform = transformer(`EPSG:${code}`, 'EPSG:4326');
  byPrefix.set(zone, transform);
  return transform;
}

/** EPSG code of the CGCS2000 Gauss-Krüger zone that has its number before its eastings: 13–23 6°, 25–45 3°. */
export function epsgOfZone(zone: number): number | null {
  if (zone >= 13 && zone <= 23) return 4478 + zone;
  return zone >= 25 && zone <= 45 ? 4488 + zone : null;
}
