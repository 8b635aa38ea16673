import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Outline, type Ring, traceOutlines } from '../../detectors/outline.ts';
import { anyBitmap, type Bitmap, bitmapOf, floodFill, runsOfBitmap } from '../support/bitmaps.ts';
import { geosJudgement, geosMissing } from '../support/geos.ts';

const outlinesOf = (bitmap: Bitmap) => traceOutlines(runsOfBitmap(bitmap));

/** Positive when clockwise on the image (rows down), by the shoelace formula. */
function area(ring: Ring): number {
  let twice = 0;
  for (let i = 1; i < ring.length; i++) twice += ring[i - 1][0] * ring[i][1] - ring[i][0] * ring[i - 1][1];
  return twice / 2;
}

const totalArea = (outlines: Outline[]) => outlines.flat().reduce((sum, ring) => sum + area(ring), 0);

/** Pixels whose centres lie inside by the even-odd rule: crossings of a ray to the left. */
function rasterised(outline: Outline, { width, height }: Bitmap): Uint8Array {
  const inside = new Uint8Array(width * height);
  for (const ring of outline) {
    for (let k = 1; k < ring.length; k++) {
      const [x, y1] = ring[k - 1];
      const y2 = ring[k][1];
      if (x !== ring[k][0]) continue;
      for (let row = Math.min(y1, y2); row < Math.max(y1, y2); row++)
        for (let column = x; column < width; column++) inside[row * width + column] ^= 1;
    }
  }
  return inside;
}

describe('outlines of any bitmap', () => {
  it('enclose, shells less holes, as many square pixels as are set', () => {
    fc.assert(
      fc.property(anyBitmap(), (bitmap) => {
        const set = bitmap.pixels.reduce((sum, pixel) => sum + pixel, 0);
        expect(totalArea(outlinesOf(bitmap))).toBe(set);
      }),
      { numRuns: 300 },
    );
  });

  it('are rings that close, turn at every corner and visit no corner twice', () => {
    fc.assert(
      fc.property(anyBitmap(), (bitmap) => {
        for (const ring of outlinesOf(bitmap).flat()) {
          expect(ring[0]).toEqual(ring[ring.length - 1]);
          const corners = ring.slice(1);
          expect(new Set(corners.map(String)).size).toBe(corners.length);
          corners.forEach(([x, y], i) => {
            const [px, py] = corners[(i + corners.length - 1) % corners.length];
            const [nx, ny] = corners[(i + 1) % corners.length];
            expect((x === px) !== (y === py)).toBe(true);
            expect((x === px) !== (x === nx) && (y === py) !== (y === ny)).toBe(true);
          });
        }
      }),
    );
  });

  it('are one polygon per 4-connected component, a clockwise shell first, then holes the other way', () => {
    fc.assert(
      fc.property(anyBitmap(), (bitmap) => {
        const labels = floodFill(bitmap, 4);
        const outlines = outlinesOf(bitmap);
        expect(outlines.length).toBe(Math.max(-1, ...labels) + 1);
        outlines.forEach((outline, label) => {
          expect(outline.map((ring) => Math.sign(area(ring)))).toEqual([1, ...outline.slice(1).map(() => -1)]);
          const own = Uint8Array.from(labels, (l) => (l === label ? 1 : 0));
          expect(rasterised(outline, bitmap)).toEqual(own);
        });
      }),
      { numRuns: 300 },
    );
  });
});

it.skipIf(geosMissing)('GEOS finds every outline of 400 random bitmaps valid, and the area the pixel count', () => {
  const bitmaps = fc.sample(anyBitmap(20), { numRuns: 400, seed: 7 });
  const judged = geosJudgement(bitmaps.map(outlinesOf));
  judged.forEach(({ valid, area: areaPx }, i) => {
    expect(valid).toBe(true);
    expect(areaPx).toBe(bitmaps[i].pixels.reduce((sum, pixel) => sum + pixel, 0));
  });
});

describe('drawn cases', () => {
  it('a rectangle has four corners', () => {
    expect(outlinesOf(bitmapOf('....', '.##.', '.##.'))).toHaveLength(1);
    expect(new Set(outlinesOf(bitmapOf('....', '.##.', '.##.'))[0][0].map(String))).toEqual(
      new Set(['1,1', '3,1', '3,3', '1,3']),
    );
  });

  it('pixels that share only a corner are two polygons', () => {
    const outlines = outlinesOf(bitmapOf('#.', '.#'));
    expect(outlines.map((outline) => outline.map(area))).toEqual([[1], [1]]);
  });

  it('a hole is a ring of its own', () => {
    expect(outlinesOf(bitmapOf('####', '#..#', '####'))[0].map(area)).toEqual([12, -2]);
  });

  it('two holes that share a corner are two rings', () => {
    expect(outlinesOf(bitmapOf('####', '#.##', '##.#', '####'))[0].map(area)).toEqual([16, -1, -1]);
  });

  it('a bay closed at a corner is a hole that touches the shell there', () => {
    const [outline, ...others] = outlinesOf(bitmapOf('.###', '#.##', '####'));
    expect(others).toEqual([]);
    expect(outline.map(area)).toEqual([11, -1]);
    const shared = outline[1].filter((corner) => outline[0].some((other) => String(other) === String(corner)));
    expect(new Set(shared.map(String))).toEqual(new Set(['1,1']));
  });

  it('a ring of diagonals is one polygon per pixel: nothing is enclosed', () => {
    const outlines = outlinesOf(bitmapOf('.#.', '#.#', '.#.'));
    expect(outlines.map((outline) => outline.map(area))).toEqual([[1], [1], [1], [1]]);
  });

  it('an island in a hole is a polygon of its own', () => {
    const outlines = outlinesOf(bitmapOf('#####', '#...#', '#.#.#', '#...#', '#####'));
    expect(outlines.map((outline) => outline.map(area))).toEqual([[25, -9], [1]]);
  });

  it('an empty bitmap has none', () => {
    expect(outlinesOf(bitmapOf('..'))).toEqual([]);
  });
});
