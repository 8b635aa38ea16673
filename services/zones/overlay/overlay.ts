import type { MultiPolygon, Polygon, Position } from 'geojson';
import type { PixelRuns } from '../../../detectors/runs.ts';
import { fromLonLat, isGeographic } from '../../../imagery/crs.ts';
import { type Grid, type ProjectedBox, projectedBox, windowGrid } from '../../../imagery/grid.ts';
import { ServiceError } from '../../error.ts';
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
  const patch = boxOfRuns(runs, grid);
  const overlaps: ZoneOverlap[] = [];
  for (const zone of zones) {
    const areaM2 = Math.min(weighted.total, zoneCoverage(weighted, grid, patch, zone.geometry));
    if (areaM2 > ROUNDING * weighted.total) overlaps.push({ zoneId: zone.id, areaM2 });
  }
  return overlaps;
}

function zoneCoverage(
  weighted: WeightedRuns,
  grid: Grid,
  patch: ProjectedBox,
  geometry: Polygon | MultiPolygon,
): number {
  let sum = 0;
  for (const [shell, ...holes] of projectedPolygons(geometry, grid.crs!)) {
    // A ring beside the patch adds nothing; of a zone of a thousand parts, most are.
    if (!meets(shell, patch)) continue;
    const rings = [shell, ...holes.filter((hole) => meets(hole, patch))];
    sum += polygonCoverage(
      weighted,
      rings.map((ring) => onGrid(ring, grid)),
    );
  }
  return sum;
}

/** A closed ring in a projected CRS, x0, y0, x1, y1, …, and the box round it. */
interface ProjectedRing extends ProjectedBox {
  points: Float64Array;
}

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
  const corners = isGeographic(crs) ? ring : inShortPieces(ring);
  const project = fromLonLat(crs);
  const points = new Float64Array(2 * corners.length);
  const box = { minX: Infinity, minY: Infinity, maxX: -Infinity, maxY: -Infinity };
  corners.forEach(([lon, lat], i) => {
    const [x, y] = project(lon, lat);
    points[2 * i] = x;
    points[2 * i + 1] = y;
    box.minX = Math.min(box.minX, x);
    box.minY = Math.min(box.minY, y);
    box.maxX = Math.max(box.maxX, x);
    box.maxY = Math.max(box.maxY, y);
  });
  return { points, ...box };
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

function onGrid({ points }: ProjectedRing, grid: Grid): PixelRing {
  const pixels = new Float64Array(points.length);
  for (let i = 0; i < points.length; i += 2) {
    pixels[i] = (points[i] - grid.originX) / grid.pixelWidth;
    pixels[i + 1] = (points[i + 1] - grid.originY) / grid.pixelHeight;
  }
  return pixels;
}

/** The box round a patch in the units of its grid's CRS. */
function boxOfRuns(runs: PixelRuns, grid: Grid): ProjectedBox {
  const firstRow = runs.row[0] ?? 0;
  const lastRow = runs.row[runs.row.length - 1] ?? 0;
  const column = runs.start.reduce((a, b) => Math.min(a, b), Infinity);
  const width = runs.end.reduce((a, b) => Math.max(a, b), column) - column;
  return projectedBox(windowGrid(grid, { column, row: firstRow, width, height: lastRow - firstRow + 1 }));
}

function meets(a: ProjectedBox, b: ProjectedBox): boolean {
  return a.minX <= b.maxX && a.maxX >= b.minX && a.minY <= b.maxY && a.maxY >= b.minY;
}
