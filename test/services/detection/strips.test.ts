import fc from 'fast-check';
import { expect, it } from 'vitest';
import { pixelGrid } from '../../../imagery/grid.ts';
import { planStrips } from '../../../services/detection/strips.ts';

const length = fc.integer({ min: 1, max: 40_000 });
const tile = fc.oneof(fc.constantFrom(16, 256, 512, 1024), fc.integer({ min: 1, max: 40_000 }));

it('strips and segments cover the grid once, and all are longer than their seams', () => {
  fc.assert(
    fc.property(length, length, tile, tile, (width, height, chunkWidth, chunkHeight) => {
      const plan = planStrips(pixelGrid(width, height), { width: chunkWidth, height: chunkHeight });
      let row = 0;
      for (const strip of plan.strips) {
        expect(strip.row).toBe(row);
        expect(strip.height).toBeGreaterThanOrEqual(Math.min(64, height));
        row += strip.height;
      }
      expect(row).toBe(height);
      let column = 0;
      for (const segment of plan.segments) {
        expect(segment.column).toBe(column);
        expect(segment.width).toBeGreaterThanOrEqual(Math.min(64, width));
        column += segment.width;
      }
      expect(column).toBe(width);
    }),
  );
});

it('every tile of a file lies in one strip and one segment, but where the last two are one', () => {
  const plan = planStrips(pixelGrid(10_980, 10_980), { width: 256, height: 256 });
  expect(plan.strips.every(({ row }) => row % 256 === 0)).toBe(true);
  expect(plan.segments.every(({ column }) => column % 256 === 0)).toBe(true);
  expect(plan.strips.length).toBeGreaterThan(15);
});

it('a file of whole rows is taken in strips of its whole width, low enough to stay in memory', () => {
  const plan = planStrips(pixelGrid(32_768, 32_768), { width: 32_768, height: 1 });
  expect(plan.segments).toEqual([{ column: 0, width: 32_768 }]);
  expect(plan.strips[0].height).toBe(64);
});
