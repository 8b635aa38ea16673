import type { MultiPolygon, Polygon, Position } from 'geojson';
import { type TypedChange, typeOf } from '../../detectors/change-type.ts';
import { type Ring, traceOutlines } from '../../detectors/outline.ts';
import type { Region } from '../../detectors/region.ts';
import type { PixelRuns } from '../../detectors/runs.ts';
import { toLonLat } from '../../imagery/crs.ts';
import type { Grid } from '../../imagery/grid.ts';
import type { BandRole } from '../../imagery/scene.ts';
import { runsAreaM2 } from '../zones/overlay.ts';
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

/** Decimals of a degree: a tenth of a millimetre, so that areas taken from the outline agree. */
const decimals = 9;

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
  const project = toLonLat(grid.crs ?? 'EPSG:4326');
  const corner = ([column, row]: [number, number]): Position => {
    const [lon, lat] = project(grid.originX + column * grid.pixelWidth, grid.originY + row * grid.pixelHeight);
    return [round(lon), round(lat)];
  };
  // Traced rings run clockwise on the image; north up and x east, that is clockwise on the map too.
  const turned = grid.pixelHeight < 0 === grid.pixelWidth > 0;
  const ring = (traced: Ring) => (turned ? traced.toReversed() : traced).map(corner);
  const polygons = traceOutlines(runs).map((outline) => outline.map(ring));
  return polygons.length === 1
    ? { type: 'Polygon', coordinates: polygons[0] }
    : { type: 'MultiPolygon', coordinates: polygons };
}

function round(degrees: number): number {
  return Math.round(degrees * 10 ** decimals) / 10 ** decimals;
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
