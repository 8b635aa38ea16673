import type { MultiPolygon, Polygon, Position } from 'geojson';
import type { PixelRuns } from '../../detectors/runs.ts';
import { fromLonLat, isGeographic } from '../../imagery/crs.ts';
import type { Grid } from '../../imagery/grid.ts';
import { ServiceError } from '../error.ts';
import { type PixelRing, polygonCoverage, type WeightedRuns } from './coverage.ts';
import { runsInM2 } from './pixel-areas.ts';

export interface ZoneShape {
  id: string;
  /** Lon/lat, edges straight in lon/lat (RFC 7946), so that a neighbour's corner on an edge lies on it. */
  geometry: Polygon | MultiPolygon;
}

export interface ZoneOverlap {
  zoneId: string;
  areaM2: number;
}

/** Shares of a patch below this are the rounding of the sum, not ground. */
const ROUNDING = 1e-9;

/**
 * Longest edge, about 20 m, taken as straight in a projected CRS too. Its bow there is s²·tan φ / 8R = 5 µm, a
 * millionth of a 5 m patch: zones that meet in T-joints leave no more than that between them.
 */
const PIECE_DEGREES = 2e-4;

/**
 * THE area of a patch in m²: the ellipsoidal areas of its pixels added up. Every figure shown for a patch is this
 * one. Null when the grid is not georeferenced. @throws ImageryError crs-unknown
 */
export function runsAreaM2(runs: PixelRuns, grid: Grid): number | null {
  return runsInM2(runs, grid)?.total ?? null;
}

/**
 * How much of a patch lies in each zone, in m² on the ellipsoid, in the order of the zones; zones it does not touch
 * are left out. The pixels weigh what they weigh in runsAreaM2, so zones that tile the patch add up to its area.
 * @throws ServiceError bad-input when the grid is not georeferenced
 */
export function overlayRuns(runs: PixelRuns, grid: Grid, zones: readonly ZoneShape[]): ZoneOverlap[] {
  const weighted = runsInM2(runs, grid);
  if (!weighted) throw new ServiceError('bad-input', 'Zones need a patch with a CRS, but its grid has none.');
  const overlaps: ZoneOverlap[] = [];
  for (const zone of zones) {
    const areaM2 = Math.min(weighted.total, zoneCoverage(weighted, grid, zone.geometry));
    if (areaM2 > ROUNDING * weighted.total) overlaps.push({ zoneId: zone.id, areaM2 });
  }
  return overlaps;
}

function zoneCoverage(weighted: WeightedRuns, grid: Grid, geometry: Polygon | MultiPolygon): number {
  let sum = 0;
  for (const rings of projectedPolygons(geometry, grid.crs!)) {
    sum += polygonCoverage(
      weighted,
      rings.map((ring) => onGrid(ring, grid)),
    );
  }
  return sum;
}

type ProjectedRing = Float64Array;

/** One district meets thousands of patches: its corners are projected once for as long as the geometry lives. */
const projected = new WeakMap<Polygon | MultiPolygon, { crs: string; polygons: ProjectedRing[][] }>();

function projectedPolygons(geometry: Polygon | MultiPolygon, crs: string): ProjectedRing[][] {
  const known = projected.get(geometry);
  if (known?.crs === crs) return known.polygons;
  const coordinates = geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates;
  const polygons = coordinates.map((rings) => rings.map((ring) => projectRing(ring, crs)));
  projected.set(geometry, { crs, polygons });
  return polygons;
}

function projectRing(ring: readonly Position[], crs: string): ProjectedRing {
  const points = isGeographic(crs) ? ring : inShortPieces(ring);
  const project = fromLonLat(crs);
  const flat = new Float64Array(2 * points.length);
  points.forEach(([lon, lat], i) => {
    flat.set(project(lon, lat), 2 * i);
  });
  return flat;
}

function inShortPieces(ring: readonly Position[]): Position[] {
  const points: Position[] = ring.slice(0, 1);
  for (let i = 1; i < ring.length; i++) {
    const [lon0, lat0] = ring[i - 1];
    const [lon1, lat1] = ring[i];
    const pieces = Math.ceil(Math.hypot(lon1 - lon0, lat1 - lat0) / PIECE_DEGREES);
    for (let k = 1; k < pieces; k++)
      points.push([lon0 + (k / pieces) * (lon1 - lon0), lat0 + (k / pieces) * (lat1 - lat0)]);
    points.push(ring[i]);
  }
  return points;
}

function onGrid(ring: ProjectedRing, grid: Grid): PixelRing {
  const pixels = new Float64Array(ring.length);
  for (let i = 0; i < ring.length; i += 2) {
    pixels[i] = (ring[i] - grid.originX) / grid.pixelWidth;
    pixels[i + 1] = (ring[i + 1] - grid.originY) / grid.pixelHeight;
  }
  return pixels;
}
