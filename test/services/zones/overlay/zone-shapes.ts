import type { Position } from 'geojson';
import { toLonLat } from '../../../../imagery/crs.ts';
import type { Grid } from '../../../../imagery/grid.ts';
import type { ZoneGeometry } from '../../../../services/zones/geometry/zone-geometry.ts';
import { type Random, randomPartition } from '../../../support/random-shapes.ts';

/** Grids round Hengyang, where two zones of 3 degrees meet at 112.5° E. */
export const gridsOfHengyang: [string, Grid][] = (
  [
    ['zone 38, 1 m', 'EPSG:4526', 38420000, 2980000, 1],
    ['zone 37 beyond its edge, 2 m', 'EPSG:4525', 37655000, 2980000, 2],
    ['UTM 49, 10 m', 'EPSG:32649', 640000, 2990000, 10],
    ['web mercator 2 m', 'EPSG:3857', 12534000, 3112000, 2],
    ['lon/lat 1e-5°', 'EPSG:4490', 112.4, 26.9, 1e-5],
  ] as const
).map(([name, crs, originX, originY, pixel]) => [
  name,
  { width: 4096, height: 4096, crs, originX, originY, pixelWidth: pixel, pixelHeight: -pixel },
]);

/** A polygon given in a grid's pixel coordinates, as a zone. */
export function zoneAt(grid: Grid, ...rings: (readonly Position[])[]): ZoneGeometry {
  const lonLat = toLonLat(grid.crs!);
  const path = (ring: readonly Position[]) =>
    Float64Array.from(
      ring.flatMap(([x, y]) => lonLat(grid.originX + x * grid.pixelWidth, grid.originY + y * grid.pixelHeight)),
    );
  // Rows run down: turned, so that shells are anticlockwise on the map where they are so in these numbers.
  return { kind: 'polygon', parts: [rings.map((ring) => path(grid.pixelHeight < 0 ? ring.toReversed() : ring))] };
}

export const moved = (ring: readonly Position[], x: number, y: number): Position[] =>
  ring.map(([u, v]) => [u + x, v + y]);

/** Turned about a point by a small angle in radians. */
export const turned = (ring: readonly Position[], [x, y]: Position, angle: number): Position[] =>
  ring.map(([u, v]) => [u - angle * (v - y), v + angle * (u - x)]);

/** Anticlockwise where y runs up. */
export const rectangle = (x: number, y: number, width: number, height: number): Position[] => [
  [x, y],
  [x + width, y],
  [x + width, y + height],
  [x, y + height],
  [x, y],
];

/** A convex ring of a grid's pixels as zones that tile it, cut along lines that are straight in lon/lat. */
export function tiles(random: Random, grid: Grid, ring: readonly Position[], depth: number): ZoneGeometry[] {
  const [path] = zoneAt(grid, ring).parts[0];
  const around = Array.from({ length: path.length / 2 }, (_, i) => [path[2 * i], path[2 * i + 1]]);
  return randomPartition(random, around, depth).map((piece) => ({
    kind: 'polygon',
    parts: [[Float64Array.from(piece.flat())]],
  }));
}
