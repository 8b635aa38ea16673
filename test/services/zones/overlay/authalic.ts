import type { Position } from 'geojson';
import { traceFlat } from '../../../../detectors/outline.ts';
import type { PixelRuns } from '../../../../detectors/runs.ts';
import { toLonLat } from '../../../../imagery/crs.ts';
import type { Grid } from '../../../../imagery/grid.ts';
import type { ZoneGeometry } from '../../../../services/zones/geometry/zone-geometry.ts';

/**
 * The oracle's plane, in which areas are those on the CGCS2000 ellipsoid: x = a·λ, y = a·q(φ) / 2 of the authalic
 * latitude (Snyder 1987, 3-12), with the formula as printed. Lines are put into it in pieces of a few metres.
 */
const A = 6378137;
const F = 1 / 298.257222101;
const E = Math.sqrt(F * (2 - F));
const PIECE_DEGREES = 5e-5;

export type Polygons = Position[][][];

export function authalic(lon: number, lat: number): Position {
  const s = E * Math.sin((lat * Math.PI) / 180);
  const q = (1 - E * E) * (s / E / (1 - s * s) - Math.log((1 - s) / (1 + s)) / (2 * E));
  // Counted from a place in Hunan, to keep digits.
  return [A * (((lon - 112) * Math.PI) / 180), (A * q) / 2 - 2_800_000];
}

/** A zone in the plane, its edges straight in lon/lat. */
export function authalicZone({ parts }: ZoneGeometry): Polygons {
  return parts.map((rings) =>
    rings.map((ring) => inPieces(pairs(ring), PIECE_DEGREES).map(([x, y]) => authalic(x, y))),
  );
}

/** A patch in the plane, its edges straight on its grid. */
export function authalicPatch(runs: PixelRuns, grid: Grid): Polygons {
  const lonLat = toLonLat(grid.crs!);
  const place = ([column, row]: Position) =>
    authalic(...lonLat(grid.originX + column * grid.pixelWidth, grid.originY + row * grid.pixelHeight));
  return traceFlat(runs).map((rings) => rings.map((ring) => inPieces(pairs(ring), 4).map(place)));
}

/** Shells less holes, which turn the other way. */
export function planeArea(polygons: Polygons): number {
  const turned = polygons
    .flat()
    .map((ring) => {
      const [x0, y0] = ring[0];
      let twice = 0;
      for (let i = 1; i < ring.length; i++)
        twice += (ring[i - 1][0] - x0) * (ring[i][1] - y0) - (ring[i][0] - x0) * (ring[i - 1][1] - y0);
      return twice / 2;
    })
    .reduce((sum, area) => sum + area, 0);
  return Math.abs(turned);
}

function pairs(flat: ArrayLike<number>): Position[] {
  return Array.from({ length: flat.length / 2 }, (_, i) => [flat[2 * i], flat[2 * i + 1]]);
}

function inPieces(ring: Position[], longest: number): Position[] {
  const points: Position[] = [ring[0]];
  for (let i = 1; i < ring.length; i++) {
    const [[ax, ay], [bx, by]] = [ring[i - 1], ring[i]];
    const pieces = Math.max(1, Math.ceil(Math.hypot(bx - ax, by - ay) / longest));
    for (let k = 1; k <= pieces; k++) points.push([ax + (k / pieces) * (bx - ax), ay + (k / pieces) * (by - ay)]);
  }
  return points;
}
