import { Clipper, FillRule } from 'clipper2-ts';
import type { Position } from 'geojson';
import { describe, expect, it } from 'vitest';
import { type PixelRuns, pixelCount } from '../../../../detectors/runs.ts';
import { polygonCoverage, ringCoverage, weightedRuns } from '../../../../services/zones/overlay/coverage.ts';
import { randomPartition, seeded, starRing } from '../../../support/random-shapes.ts';
import { randomRuns, rectangleRuns, runsOf } from '../../../support/runs.ts';

const flat = (ring: readonly Position[]) => Float64Array.from(ring.flat());
const ringAround = (x: number, y: number, ring: readonly Position[]): Position[] =>
  ring.map(([u, v]) => [x + u, y + v]);
const square = (x: number, y: number, side: number): Position[] => [
  [x, y],
  [x + side, y],
  [x + side, y + side],
  [x, y + side],
  [x, y],
];
const counted = (runs: PixelRuns) => weightedRuns(runs, () => 1);

/** Oracle 1: every pixel row of every run cut out of the polygon by Sutherland and Hodgman, half-plane by half-plane. */
function clippedArea(runs: PixelRuns, ring: readonly Position[]): number {
  let sum = 0;
  for (let i = 0; i < runs.row.length; i++) {
    let piece = ring.slice(1);
    piece = cut(piece, 0, runs.start[i], 1);
    piece = cut(piece, 0, runs.end[i], -1);
    piece = cut(piece, 1, runs.row[i], 1);
    piece = cut(piece, 1, runs.row[i] + 1, -1);
    let twice = 0;
    for (let k = 0; k < piece.length; k++) {
      const [a, b] = [piece[k], piece[(k + 1) % piece.length]];
      twice += a[0] * b[1] - b[0] * a[1];
    }
    sum += twice / 2;
  }
  return Math.abs(sum);
}

function cut(points: Position[], axis: 0 | 1, at: number, sign: 1 | -1): Position[] {
  const kept: Position[] = [];
  for (let k = 0; k < points.length; k++) {
    const [a, b] = [points[k], points[(k + 1) % points.length]];
    const [da, db] = [sign * (a[axis] - at), sign * (b[axis] - at)];
    if (da >= 0) kept.push(a);
    if (da >= 0 !== db >= 0) {
      const t = da / (da - db);
      kept.push([a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])]);
    }
  }
  return kept;
}

/** Oracle 2: clipper on thousandths of a pixel, for corners that lie on thousandths. */
function clipperArea(runs: PixelRuns, rings: readonly (readonly Position[])[]): number {
  const rectangles = Array.from(runs.row, (row, i) =>
    [
      [runs.start[i], row],
      [runs.end[i], row],
      [runs.end[i], row + 1],
      [runs.start[i], row + 1],
    ].map(([x, y]) => ({ x: 1000 * x, y: 1000 * y })),
  );
  const paths = rings.map((ring) =>
    ring.slice(1).map(([x, y]) => ({ x: Math.round(1000 * x), y: Math.round(1000 * y) })),
  );
  return Math.abs(Clipper.areaPaths(Clipper.intersect(rectangles, paths, FillRule.EvenOdd))) / 1e6;
}

const roundedToThousandths = (ring: readonly Position[]): Position[] =>
  ring.map(([x, y]) => [Math.round(1000 * x) / 1000, Math.round(1000 * y) / 1000]);

describe('the area of pixel runs inside a polygon', () => {
  it('is every pixel when the polygon surrounds them, and none when it is elsewhere', () => {
    const runs = randomRuns(seeded(3), 40, 900, 60, 40);
    expect(ringCoverage(counted(runs), flat(square(0, 800, 300)))).toBeCloseTo(pixelCount(runs), 9);
    expect(ringCoverage(counted(runs), flat(square(500, 800, 300)))).toBe(0);
    expect(ringCoverage(counted(runs), flat(square(40, 0, 300)))).toBe(0);
  });

  it('is a triangle cut from one pixel', () => {
    const runs = runsOf([[7, 3, 4]]);
    const triangle = flat([
      [3, 7],
      [4, 7],
      [3, 8],
      [3, 7],
    ]);
    expect(ringCoverage(counted(runs), triangle)).toBe(0.5);
  });

  it('equals a clipped area for random runs and random polygons', () => {
    const random = seeded(11);
    for (let n = 0; n < 300; n++) {
      const runs = randomRuns(random, 100, 200, 50, 30);
      const star = starRing(random, 3 + Math.floor(12 * random()), 40);
      const ring = ringAround(100 + 50 * random(), 200 + 30 * random(), star);
      expect(ringCoverage(counted(runs), flat(ring))).toBeCloseTo(clippedArea(runs, ring), 8);
    }
  });

  it('equals clipper on integers, holes included', () => {
    const random = seeded(12);
    for (let n = 0; n < 60; n++) {
      const runs = randomRuns(random, 10, 20, 40, 25);
      const [x, y] = [10 + 40 * random(), 20 + 25 * random()];
      const shell = roundedToThousandths(ringAround(x, y, starRing(random, 9, 40)));
      const hole = roundedToThousandths(ringAround(x, y, starRing(random, 7, 6)));
      const covered = polygonCoverage(counted(runs), [flat(shell), flat(hole)]);
      expect(Math.abs(covered - clipperArea(runs, [shell, hole]))).toBeLessThan(0.02);
    }
  });

  it('weighs each run, and cuts long runs so that a weight fits its place', () => {
    const runs = rectangleRuns(0, 0, 1000, 2);
    const rising = weightedRuns(runs, (column) => column, 10);
    // The left half of columns 0..1000 weighs the sum of 0..499, twice.
    expect(ringCoverage(rising, flat(square(-100, -100, 600)))).toBeCloseTo(499 * 500, 6);
    expect(rising.total).toBeCloseTo(999 * 1000, 6);
  });

  it('is conserved when a square is split again and again by random lines', () => {
    const random = seeded(13);
    for (let n = 0; n < 30; n++) {
      const runs = randomRuns(random, 10, 20, 60, 45);
      const pieces = randomPartition(random, square(0, 0, 100), 6);
      const weighted = counted(runs);
      const sum = pieces.reduce((total, piece) => total + ringCoverage(weighted, flat(piece)), 0);
      expect(sum).toBeCloseTo(pixelCount(runs), 7);
    }
  });

  it('stands edges that nearly coincide with pixel edges, and nearly level ones', () => {
    const runs = rectangleRuns(5, 5, 10, 10);
    for (const nudge of [0, 1e-15, -1e-15, 1e-12, -1e-9, 1e-300, Number.MIN_VALUE]) {
      const ring = square(5 + nudge, 5 - nudge, 10 + nudge);
      ring[1] = [15, 5 + Number.MIN_VALUE];
      expect(ringCoverage(counted(runs), flat(ring))).toBeCloseTo(100, 7);
    }
  });

  it('of nothing is nothing', () => {
    expect(ringCoverage(counted(runsOf([])), flat(square(0, 0, 10)))).toBe(0);
    expect(polygonCoverage(counted(rectangleRuns(0, 0, 5, 5)), [])).toBe(0);
  });
});
