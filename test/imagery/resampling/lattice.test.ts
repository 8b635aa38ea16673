import { describe, expect, it } from 'vitest';
import { controlLattice, LATTICE_ERROR_PX, latticeRow, type PixelMap } from '../../../imagery/resampling/lattice.ts';

/** Greatest distance, in pixels, between the lattice's and the map's own coordinates of the pixel centres. */
function worstError(map: PixelMap, width: number, height: number): number {
  const lattice = controlLattice(map, width, height);
  const u = new Float64Array(width);
  const v = new Float64Array(width);
  let worst = 0;
  for (let row = 0; row < height; row++) {
    latticeRow(lattice, row, u, v);
    for (let column = 0; column < width; column++) {
      const [x, y] = map(column + 0.5, row + 0.5);
      worst = Math.max(worst, Math.hypot(u[column] - x, v[column] - y));
    }
  }
  return worst;
}

describe('the control lattice', () => {
  it('is exact for an affine map and keeps its coarsest step', () => {
    const affine: PixelMap = (c, r) => [3 + 0.9 * c - 0.1 * r, -7 + 0.1 * c + 0.9 * r];
    expect(controlLattice(affine, 100, 70).step).toBe(32);
    expect(worstError(affine, 100, 70)).toBeLessThan(1e-9);
  });

  it('halves its step until a curved map is followed within the stated error', () => {
    const curved: PixelMap = (c, r) => [c + (c / 60) ** 2, r + (r * c) / 2000 + (r / 80) ** 2];
    expect(controlLattice(curved, 300, 200).step).toBeLessThan(32);
    expect(worstError(curved, 300, 200)).toBeLessThan(LATTICE_ERROR_PX);
  });

  it('says NaN where the projection has no answer', () => {
    const half: PixelMap = (c, r) => (c > 64 ? [Number.NaN, Number.NaN] : [c, r]);
    const lattice = controlLattice(half, 128, 64);
    const u = new Float64Array(128);
    latticeRow(lattice, 10, u, new Float64Array(128));
    expect(u[63]).toBeCloseTo(63.5, 9);
    expect(u[70]).toBeNaN();
  });
});
