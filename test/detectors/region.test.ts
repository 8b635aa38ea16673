import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergeRegions, type Region, regionsOf } from '../../detectors/region.ts';
import { anyBitmap, type Bitmap, bitmapOf, floodFill, painted } from '../support/bitmaps.ts';

/** A bitmap with a score and two bands that name the pixel they belong to. */
function windowOf(bitmap: Bitmap, left = 0, top = 0, width = bitmap.width, height = bitmap.height) {
  const score = Float32Array.from(bitmap.pixels, (_, i) => 1 + ((i * 7) % 31));
  return {
    block: { stride: bitmap.width, left, top, width, height, column: left, row: top },
    score,
    changed: (i: number) => bitmap.pixels[i] === 1,
    before: (band: number, i: number) => 10 * band + i,
    after: (band: number, i: number) => 1000 * band + 2 * i,
    bands: 2,
    pair: (i: number) => (i % 3 === 0 ? 'a' : 'b'),
  };
}

/** Cuts at the given columns and rows and finds regions piece by piece, unmerged. */
function partsOf(bitmap: Bitmap, columns: number[], rows: number[], minPixels: number): Region[] {
  const edges = (cuts: number[], end: number) =>
    [...new Set([0, ...cuts.map((cut) => cut % end), end])].sort(ascending);
  const xs = edges(columns, bitmap.width);
  const ys = edges(rows, bitmap.height);
  return ys
    .slice(1)
    .flatMap((y, j) =>
      xs.slice(1).flatMap((x, i) => regionsOf(windowOf(bitmap, xs[i], ys[j], x - xs[i], y - ys[j]), minPixels)),
    );
}

const ascending = (a: number, b: number) => a - b;
const cuts = () => fc.array(fc.nat(20), { maxLength: 4 });

describe('regions of one window', () => {
  it('sum score, bands and pairs over their own pixels', () => {
    const [region, ...others] = mergeRegions(regionsOf(windowOf(bitmapOf('.#.', '..#')), 1), 1);
    expect(others).toEqual([]);
    // Pixels 1 and 5.
    expect(region.pixels).toBe(2);
    expect(region.score).toBe(8 + 5);
    expect(region.peak).toBe(8);
    expect(region.before).toEqual([6, 26]);
    expect(region.after).toEqual([12, 2012]);
    expect(region.pairs).toEqual({ b: 2 });
  });

  it('are 8-connected components, small ones dropped inside but kept at the edge for a neighbour to complete', () => {
    const bitmap = bitmapOf('#....', '.....', '..#..', '.....', '.....');
    expect(regionsOf(windowOf(bitmap), 2).map((region) => region.runs.row[0])).toEqual([0]);
    expect(mergeRegions(regionsOf(windowOf(bitmap), 2), 2)).toEqual([]);
  });

  it('index arrays that are wider than the block', () => {
    const bitmap = bitmapOf('....', '.##.', '.##.', '....');
    const [region] = regionsOf({ ...windowOf(bitmap, 1, 1, 2, 2), pair: String }, 1);
    expect(painted(region.runs, 4, 4)).toEqual(bitmap.pixels);
    expect(Object.keys(region.pairs)).toEqual(['5', '6', '9', '10']);
  });
});

describe('merged regions', () => {
  it('of a bitmap cut anywhere are the regions of the whole', () => {
    fc.assert(
      fc.property(anyBitmap(), cuts(), cuts(), fc.integer({ min: 1, max: 6 }), (bitmap, columns, rows, minPixels) => {
        const whole = mergeRegions(regionsOf(windowOf(bitmap), minPixels), minPixels);
        expect(mergeRegions(partsOf(bitmap, columns, rows, minPixels), minPixels)).toEqual(whole);
      }),
      { numRuns: 300 },
    );
  });

  it('are the flood-filled components of at least the wanted size, in reading order', () => {
    fc.assert(
      fc.property(anyBitmap(), fc.integer({ min: 1, max: 6 }), (bitmap, minPixels) => {
        const labels = floodFill(bitmap, 8);
        const sizes = new Map<number, number>();
        for (const label of labels) if (label >= 0) sizes.set(label, (sizes.get(label) ?? 0) + 1);
        const expected = [...sizes].sort(([a], [b]) => a - b).flatMap(([, size]) => (size >= minPixels ? [size] : []));
        const regions = mergeRegions(regionsOf(windowOf(bitmap), minPixels), minPixels);
        expect(regions.map((region) => region.pixels)).toEqual(expected);
      }),
    );
  });

  it('are the same to the last bit whatever order the windows came in', () => {
    const bitmap = bitmapOf('########', '#.#.#.##', '########', '..####..');
    const parts = partsOf(bitmap, [2, 5], [1, 3], 1).map((part, i) => ({
      ...part,
      score: part.score / 3 + 0.1 ** i,
      before: part.before.map((sum) => sum / 7),
    }));
    const expected = mergeRegions(parts, 1);
    fc.assert(
      fc.property(fc.shuffledSubarray(parts, { minLength: parts.length }), (shuffled) => {
        expect(mergeRegions(shuffled, 1)).toEqual(expected);
      }),
    );
  });

  it('join what meets only at the corner of four windows', () => {
    const bitmap = bitmapOf('#.', '.#');
    const merged = mergeRegions(partsOf(bitmap, [1], [1], 1), 1);
    expect(merged.map((region) => region.pixels)).toEqual([2]);
  });

  it('of nothing are nothing', () => {
    expect(mergeRegions([], 1)).toEqual([]);
  });
});
