import type { MultiPolygon, Polygon } from 'geojson';
import type { PixelRuns } from '../../../detectors/runs.ts';
import type { Grid } from '../../../imagery/grid.ts';
import { fromGeoJson } from '../geometry/wkb.ts';
import type { ZoneGeometry } from '../geometry/zone-geometry.ts';
import { runsInM2 } from './pixel-areas.ts';
import { prepareRuns } from './runs-patch.ts';

export interface ZoneShape {
  id: string;
  /** Lon/lat, edges straight in lon/lat (RFC 7946), so that a neighbour's corner on an edge lies on it. */
  geometry: Polygon | MultiPolygon;
}

export interface ZoneOverlap {
  zoneId: string;
  areaM2: number;
}

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
  const patch = prepareRuns(runs, grid);
  const overlaps: ZoneOverlap[] = [];
  for (const { id, geometry } of zones) {
    const areaM2 = patch.areaInside(shapeOf(geometry));
    if (areaM2 > 0) overlaps.push({ zoneId: id, areaM2 });
  }
  return overlaps;
}

/** One district meets thousands of patches: it is laid out once for as long as its geometry lives. */
const shapes = new WeakMap<Polygon | MultiPolygon, ZoneGeometry>();

/** A GeoJSON shape laid out as zones are. */
export function shapeOf(geometry: Polygon | MultiPolygon): ZoneGeometry {
  const known = shapes.get(geometry);
  if (known) return known;
  const shape = fromGeoJson(geometry);
  shapes.set(geometry, shape);
  return shape;
}
