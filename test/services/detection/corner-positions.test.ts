import { describe, expect, it } from 'vitest';
import { toLonLat } from '../../../imagery/crs.ts';
import type { Grid } from '../../../imagery/grid.ts';
import { CornerPlacer, cornerPlacer } from '../../../services/detection/corner-positions.ts';
import { seededRandom } from '../../support/random.ts';

function gridAt(crs: string, originX: number, originY: number, pixelM: number): Grid {
  return { width: 8192, height: 8192, crs, originX, originY, pixelWidth: pixelM, pixelHeight: -pixelM };
}

/** Corners and middles of edges, in clumps as patches are, and a few outside the image. */
function somePoints(count: number): Float64Array {
  const random = seededRandom(11);
  const points = new Float64Array(2 * count);
  for (let i = 0; i < points.length; i += 2) {
    const [column, row] =
      i % 50 === 0 ? [9000 * random() - 400, 9000 * random() - 400] : [points[i - 2], points[i - 1]];
    points[i] = Math.round(2 * column + 40 * random()) / 2;
    points[i + 1] = Math.round(2 * row + 40 * random()) / 2;
  }
  return points;
}

const points = somePoints(4000);

function worstDegrees(grid: Grid, placed: Float64Array): number {
  const project = toLonLat(grid.crs!);
  let worst = 0;
  for (let i = 0; i < points.length; i += 2) {
    const [lon, lat] = project(
      grid.originX + points[i] * grid.pixelWidth,
      grid.originY + points[i + 1] * grid.pixelHeight,
    );
    worst = Math.max(worst, Math.abs(placed[i] - lon), Math.abs(placed[i + 1] - lat));
  }
  return worst;
}

describe('corners of pixels', () => {
  it.each<[string, Grid]>([
    ['UTM, 1 m', gridAt('EPSG:32650', 500_000, 3_600_000, 1)],
    ['UTM in the far north, at the edge of its zone', gridAt('EPSG:32650', 166_000, 8_000_000, 10)],
    ['CGCS2000 3°, 0.5 m', gridAt('EPSG:4547', 450_000, 2_990_000, 0.5)],
    ['CGCS2000 with the zone in front, 2 m', gridAt('EPSG:4526', 38_450_000, 2_990_000, 2)],
    ['30 m', gridAt('EPSG:32650', 300_000, 3_600_000, 30)],
    ['250 m, projected one by one', gridAt('EPSG:32650', 300_000, 3_600_000, 250)],
    ['web mercator', gridAt('EPSG:3857', 12_000_000, 4_000_000, 2.4)],
    ['degrees', { ...gridAt('EPSG:4490', 112, 27, 1e-5) }],
    ['over the date line', gridAt('EPSG:32601', 300_000, 7_900_000, 30)],
    ['over the pole, where meridians crowd', gridAt('EPSG:32633', 400_000, 10_010_000, 30)],
  ])('lie where the projection puts each of them: %s', (_, grid) => {
    expect(worstDegrees(grid, new CornerPlacer(grid).place(points))).toBeLessThan(3e-11);
  });

  it('are the same whichever patch asks, in whatever order', () => {
    const grid = gridAt('EPSG:32650', 500_000, 3_600_000, 1);
    const whole = new CornerPlacer(grid).place(points);
    const backwards = new CornerPlacer(grid);
    for (let i = points.length - 2; i >= 0; i -= 2)
      expect([...backwards.place(points.subarray(i, i + 2))]).toEqual([whole[i], whole[i + 1]]);
  });

  it('come from one placer for a grid', () => {
    const grid = gridAt('EPSG:32650', 500_000, 3_600_000, 1);
    expect(cornerPlacer(grid)).toBe(cornerPlacer(grid));
    expect(cornerPlacer({ ...grid, originX: 600_000 })).not.toBe(cornerPlacer(grid));
  });
});
