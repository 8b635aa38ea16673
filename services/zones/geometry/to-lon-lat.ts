import { isGeographic, toLonLat } from '../../../imagery/crs.ts';
import { inverseGaussKruger, type ProjectPath } from './gauss-kruger.ts';
import type { RawGeometry } from './zone-geometry.ts';

const projections = new Map<string, ProjectPath>();

/**
 * Takes the parts of a shape from a CRS to lon/lat in degrees, in place. 'by-prefix': CGCS2000 Gauss-Krüger metres
 * whose zone is the number before the easting of each path's first point (13–23: 6°, 25–45: 3°). What cannot be
 * projected becomes NaN.
 * @throws ImageryError crs-unknown
 */
export function toLonLatParts(geometry: Pick<RawGeometry, 'parts'>, crs: string): void {
  if (crs !== 'by-prefix' && isLonLat(crs)) return;
  const same = crs === 'by-prefix' ? null : projectionOf(crs);
  for (const paths of geometry.parts) {
    for (const path of paths) (same ?? byPrefix(path))(path);
  }
}

/** EPSG code of the CGCS2000 Gauss-Krüger zone that has its number before its eastings: 13–23 6°, 25–45 3°. */
export function epsgOfZone(zone: number): number | null {
  if (zone >= 13 && zone <= 23) return 4478 + zone;
  return zone >= 25 && zone <= 45 ? 4488 + zone : null;
}

const lonLat = new Map<string, boolean>();

/** Asked once for each feature: a CRS's name takes longer to understand than a feature to project. */
function isLonLat(crs: string): boolean {
  let known = lonLat.get(crs);
  if (known === undefined) {
    known = isGeographic(crs);
    lonLat.set(crs, known);
  }
  return known;
}

function projectionOf(crs: string): ProjectPath {
  let project = projections.get(crs);
  if (project === undefined) {
    project = inverseGaussKruger(crs) ?? pointByPoint(crs);
    projections.set(crs, project);
  }
  return project;
}

function pointByPoint(crs: string): ProjectPath {
  const transform = toLonLat(crs);
  return (path) => {
    for (let i = 0; i + 1 < path.length; i += 2) [path[i], path[i + 1]] = transform(path[i], path[i + 1]);
  };
}

function byPrefix(path: Float64Array): ProjectPath {
  let zone = Number.NaN;
  for (let i = 0; i < path.length && Number.isNaN(zone); i += 2) zone = Math.floor(path[i] / 1e6);
  const code = epsgOfZone(zone);
  return code === null ? nowhere : projectionOf(`EPSG:${code}`);
}

function nowhere(path: Float64Array): void {
  path.fill(Number.NaN);
}
