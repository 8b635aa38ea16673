import fc from 'fast-check';
import type { Position } from 'geojson';
import { describe, expect, it } from 'vitest';
import { type FlatOutline, traceFlat } from '../../detectors/outline.ts';
import { type DisplayOutline, simplifyOutlines } from '../../detectors/simplify.ts';
import { bitmapOf, runsOfBitmap } from '../support/bitmaps.ts';
import { geosJudgement, geosMissing, geosUnionAreas } from '../support/geos.ts';
import { anyMosaic, type Mosaic, patchesOf } from '../support/neighbours.ts';

const traced = (mosaic: Mosaic): FlatOutline[][] => patchesOf(mosaic).map(traceFlat);

function points(ring: ArrayLike<number>): Position[] {
  return Array.from({ length: ring.length / 2 }, (_, i) => [ring[2 * i], ring[2 * i + 1]]);
}

function area(ring: ArrayLike<number>): number {
  let twice = 0;
  for (let i = 2; i < ring.length; i += 2) twice += ring[i - 2] * ring[i + 1] - ring[i] * ring[i - 1];
  return twice / 2;
}

/** Distance from a point to the nearest place of a ring. */
function distance([x, y]: Position, ring: ArrayLike<number>): number {
  let least = Infinity;
  for (let i = 2; i < ring.length; i += 2) {
    const [dx, dy] = [ring[i] - ring[i - 2], ring[i + 1] - ring[i - 1]];
    const along = ((x - ring[i - 2]) * dx + (y - ring[i - 1]) * dy) / (dx * dx + dy * dy);
    const t = Math.max(0, Math.min(1, along));
    least = Math.min(least, Math.hypot(ring[i - 2] + t * dx - x, ring[i - 1] + t * dy - y));
  }
  return least;
}

/** Farthest that any place of one ring, looked at every tenth of a pixel, lies from the other. */
function farthest(from: ArrayLike<number>, to: ArrayLike<number>): number {
  let most = 0;
  for (let i = 2; i < from.length; i += 2) {
    const [dx, dy] = [from[i] - from[i - 2], from[i + 1] - from[i - 1]];
    const steps = Math.ceil(10 * Math.hypot(dx, dy));
    for (let k = 0; k < steps; k++)
      most = Math.max(most, distance([from[i - 2] + (k / steps) * dx, from[i - 1] + (k / steps) * dy], to));
  }
  return most;
}

type Segment = [number, number, number, number];

function segmentsOf(patches: DisplayOutline[][]): Segment[] {
  const segments: Segment[] = [];
  for (const ring of patches.flat(2))
    for (let i = 2; i < ring.length; i += 2) segments.push([ring[i - 2], ring[i - 1], ring[i], ring[i + 1]]);
  return segments;
}

/** True where two segments cross in a point inside both. Exact: corners lie on halves. */
function cross([ax, ay, bx, by]: Segment, [cx, cy, dx, dy]: Segment): boolean {
  const side = (px: number, py: number, qx: number, qy: number, rx: number, ry: number) =>
    Math.sign((qx - px) * (ry - py) - (rx - px) * (qy - py));
  return (
    side(ax, ay, bx, by, cx, cy) * side(ax, ay, bx, by, dx, dy) < 0 &&
    side(cx, cy, dx, dy, ax, ay) * side(cx, cy, dx, dy, bx, by) < 0
  );
}

describe('outlines for drawing, of any patches side by side', () => {
  it('keep every ring, turning as it did, with four corners or more', () => {
    fc.assert(
      fc.property(anyMosaic(), (mosaic) => {
        const before = traced(mosaic);
        const after = simplifyOutlines(before);
        expect(after.map((patch) => patch.map((outline) => outline.length))).toEqual(
          before.map((patch) => patch.map((outline) => outline.length)),
        );
        const pairs = after.flat(2).map((ring, i) => [ring, before.flat(2)[i]] as const);
        for (const [ring, was] of pairs) {
          expect(ring.length / 2).toBeGreaterThanOrEqual(5);
          expect([...ring.slice(0, 2)]).toEqual([...ring.slice(-2)]);
          expect(Math.sign(area(ring))).toBe(Math.sign(area(was)));
          // Corner cuts take half a pixel more than they give; then a twentieth may come or go.
          expect(Math.abs(area(ring))).toBeGreaterThanOrEqual(0.95 * (Math.abs(area(was)) - 0.5) - 1e-9);
          expect(Math.abs(area(ring))).toBeLessThanOrEqual(1.05 * (Math.abs(area(was)) - 0.5) + 1e-9);
        }
      }),
      { numRuns: 200 },
    );
  });

  it.each([0.5, 1])('lie nowhere farther than %s pixel from the record, nor the record from them', (most) => {
    fc.assert(
      fc.property(anyMosaic(12), (mosaic) => {
        const before = traced(mosaic);
        const rings = simplifyOutlines(before, most).flat(2);
        before.flat(2).forEach((was, i) => {
          expect(farthest(was, rings[i])).toBeLessThanOrEqual(most + 1e-9);
          expect(farthest(rings[i], was)).toBeLessThanOrEqual(most + 1e-9);
        });
      }),
      { numRuns: 60 },
    );
  });

  it('cross neither themselves nor each other', () => {
    fc.assert(
      fc.property(anyMosaic(), (mosaic) => {
        const segments = segmentsOf(simplifyOutlines(traced(mosaic)));
        segments.forEach((one, i) => {
          for (const other of segments.slice(0, i)) if (cross(one, other)) expect([one, other]).toBe('apart');
        });
      }),
      { numRuns: 200 },
    );
  });

  it.skipIf(geosMissing)('are valid to GEOS, and overlap nowhere: 600 mosaics', () => {
    const mosaics = fc
      .sample(anyMosaic(24), { numRuns: 600, seed: 5 })
      .map((mosaic) => simplifyOutlines(traced(mosaic)));
    const patches = mosaics.flat().map((patch) => patch.map((outline) => outline.map(points)));
    expect(patches.length).toBeGreaterThan(1300);
    const judged = geosJudgement(patches);
    expect(judged.filter(({ valid }) => !valid)).toEqual([]);
    const covered = geosUnionAreas(mosaics.map((patches) => patches.flat().map((outline) => outline.map(points))));
    mosaics.forEach((mosaic, i) => {
      const sum = mosaic.flat(2).reduce((total, ring) => total + area(ring), 0);
      expect(Math.abs(covered[i] - sum)).toBeLessThan(1e-6);
    });
  });

  it('are the same whatever else is far away', () => {
    const near = traceFlat(runsOfBitmap(bitmapOf('.###..', '######', '####..', '.##...')));
    const far = near.map((outline) => outline.map((ring) => ring.map((value) => value + 100)));
    expect(simplifyOutlines([far, near])[1]).toEqual(simplifyOutlines([near])[0]);
  });
});

/** A picture drawn by a rule for the middle of each pixel. */
function drawn(side: number, inside: (x: number, y: number) => boolean): FlatOutline[] {
  const pixels = Uint8Array.from({ length: side * side }, (_, i) =>
    inside((i % side) + 0.5, Math.floor(i / side) + 0.5) ? 1 : 0,
  );
  return traceFlat(runsOfBitmap({ width: side, height: side, pixels }));
}

describe('drawn shapes', () => {
  it('a disc keeps its area to 1 % and a fifth of its corners', () => {
    const disc = drawn(100, (x, y) => Math.hypot(x - 50, y - 50) < 40);
    const [[[ring]]] = simplifyOutlines([disc]);
    expect(area(ring) / (Math.PI * 1600)).toBeGreaterThan(0.99);
    expect(area(ring) / (Math.PI * 1600)).toBeLessThan(1.01);
    expect(ring.length).toBeLessThan(disc[0][0].length / 5);
  });

  it('a slanted rectangle has no stairs any more', () => {
    const slanted = drawn(100, (x, y) => {
      const [u, v] = [0.9 * (x - 50) + 0.436 * (y - 50), -0.436 * (x - 50) + 0.9 * (y - 50)];
      return Math.abs(u) < 40 && Math.abs(v) < 12;
    });
    expect(slanted[0][0].length / 2).toBeGreaterThan(100);
    expect(simplifyOutlines([slanted])[0][0][0].length / 2).toBeLessThanOrEqual(16);
  });

  it('a single pixel becomes a diamond', () => {
    const [[[ring]]] = simplifyOutlines([traceFlat(runsOfBitmap(bitmapOf('#')))]);
    expect(new Set(points(ring).map(String))).toEqual(new Set(['0.5,0', '1,0.5', '0.5,1', '0,0.5']));
  });

  it('a wall one pixel wide keeps its width everywhere', () => {
    const [[rings]] = simplifyOutlines([traceFlat(runsOfBitmap(bitmapOf('######', '#....#', '#....#', '######')))]);
    expect(rings.map((ring) => Math.sign(area(ring)))).toEqual([1, -1]);
    for (const corner of points(rings[1])) expect(distance(corner, rings[0])).toBeGreaterThan(0.7);
  });

  it('what meets at a corner only is apart afterwards', () => {
    const [[one, other]] = simplifyOutlines([traceFlat(runsOfBitmap(bitmapOf('##..', '##..', '..##', '..##')))]);
    for (const corner of points(other[0])) expect(distance(corner, one[0])).toBeGreaterThan(0.5);
  });

  it('more than a pixel, or less than a cut corner, is refused', () => {
    for (const most of [0.3, 1.01, Number.NaN])
      expect(() => simplifyOutlines([], most)).toThrow(`within ${Math.SQRT2 / 4} to 1 pixel, not ${most}`);
  });
});
