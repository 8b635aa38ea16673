import type { MultiPolygon, Polygon, Position } from 'geojson';
import { type TypedChange, typeOf } from '../../detectors/change-type.ts';
import { traceFlat } from '../../detectors/outline.ts';
import type { Region } from '../../detectors/region.ts';
import type { PixelRuns } from '../../detectors/runs.ts';
import type { Grid } from '../../imagery/grid.ts';
import type { BandRole } from '../../imagery/scene.ts';
import { runsAreaM2 } from '../zones/overlay.ts';
import { cornerPlacer } from './corner-positions.ts';
import { clockwiseOnMap, perDegree } from './outline-text.ts';
import { colourBands } from './scene-pair.ts';

/** A changed region as evidence: where, how large, how sure, what. */
export interface FoundPatch {
  region: Region;
  typed: TypedChange;
  /** On the ellipsoid, from the pixel runs; null on a grid without CRS. */
  areaM2: number | null;
  /** Mean score over threshold. */
  score: number;
}

export function describeRegion(region: Region, grid: Grid, roles: readonly BandRole[]): FoundPatch {
  const mean = (sums: number[]) => sums.map((sum) => sum / region.pixels);
  const typed = typeOf(mean(region.before), mean(region.after), colourBands(roles), {
    pixels: region.pixels,
    ...boundingSize(region.runs),
  });
  return { region, typed, areaM2: runsAreaM2(region.runs, grid), score: region.score / region.pixels };
}

/** The pixel-edge outline in lon/lat, RFC 7946 (shells counter-clockwise, holes clockwise). */
export function lonLatOutline(runs: PixelRuns, grid: Grid): Polygon | MultiPolygon {
  const placer = cornerPlacer(grid);
  const turned = clockwiseOnMap(grid);
  const polygons = traceFlat(runs).map((outline) => outline.map((ring) => positions(placer.place(ring), turned)));
  return polygons.length === 1
    ? { type: 'Polygon', coordinates: polygons[0] }
    : { type: 'MultiPolygon', coordinates: polygons };
}

function positions(lonLat: Float64Array, turned: boolean): Position[] {
  const ring: Position[] = [];
  for (let i = 0; i < lonLat.length; i += 2) {
    const at = turned ? lonLat.length - 2 - i : i;
    ring.push([round(lonLat[at]), round(lonLat[at + 1])]);
  }
  return ring;
}

function round(degrees: number): number {
  return Math.round(degrees * perDegree) / perDegree;
}

function boundingSize({ row, start, end }: PixelRuns): { width: number; height: number } {
  let left = Infinity;
  let right = -Infinity;
  for (let i = 0; i < row.length; i++) {
    left = Math.min(left, start[i]);
    right = Math.max(right, end[i]);
  }
  return { width: right - left, height: row[row.length - 1] - row[0] + 1 };
}
