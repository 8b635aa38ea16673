import { describe, expect, it } from 'vitest';
import { robustShift, type TieShift, tieShift } from '../../../imagery/registration/shift.ts';
import { tieTileImage } from '../../../imagery/registration/tie-tiles.ts';
import { FieldMosaic } from '../../support/field-mosaic.ts';
import { seededNormal } from '../../support/random.ts';

const quiet = { changedShare: 0, noise: 0.005 };
const busy = { changedShare: 0.4, noise: 0.01 };

/** The tie of two looks at one mosaic, the second displaced by (dx, dy) tenths of a pixel. */
function plantedTie(seed: number, size: number, dx: number, dy: number, conditions: typeof quiet): TieShift {
  const mosaic = new FieldMosaic(seed, size);
  const everywhere = new Uint8Array(size * size).fill(1);
  const still = { dx: 0, dy: 0 };
  const before = tieTileImage(mosaic.look({ date: 1, shiftTenths: still, ...conditions }), everywhere, size)!;
  const after = tieTileImage(mosaic.look({ date: 2, shiftTenths: { dx, dy }, ...conditions }), everywhere, size)!;
  return tieShift(before, after, size);
}

describe('tieShift', () => {
  it.each([
    [3, -7],
    [7, 14],
    [-14, 3],
    [0, 0],
  ])('finds a planted shift of (%i, %i) tenths of a pixel to 0.05 px where nothing changed', (dx, dy) => {
    const tie = plantedTie(dx + 20, 128, dx, dy, quiet);
    expect(Math.abs(tie.dx - dx / 10)).toBeLessThan(0.05);
    expect(Math.abs(tie.dy - dy / 10)).toBeLessThan(0.05);
    expect(tie.reliability).toBeGreaterThan(0.9);
  });

  it('finds it to 0.1 px where two fields in five were sown anew and the sensor is noisy', () => {
    const tie = plantedTie(5, 256, 14, -3, busy);
    expect(Math.hypot(tie.dx - 1.4, tie.dy + 0.3)).toBeLessThan(0.1);
    expect(tie.reliability).toBeGreaterThan(0.8);
  });

  it('has no trust in a tie between two images of nothing in common', () => {
    const noise = (seed: number) => Float32Array.from({ length: 128 * 128 }, seededNormal(seed));
    expect(tieShift(noise(1), noise(2), 128).reliability).toBeLessThan(0.6);
  });

  it('has no trust in a shift beyond its limit', () => {
    const mosaic = new FieldMosaic(3, 128);
    const whole = new Uint8Array(128 * 128).fill(1);
    const look = (dx: number) =>
      tieTileImage(mosaic.look({ date: 1, shiftTenths: { dx, dy: 0 }, ...quiet }), whole, 128)!;
    expect(tieShift(look(0), look(39), 128, 2).reliability).toBeLessThan(0.75);
  });
});

describe('robustShift', () => {
  const good = (dx: number, dy: number, reliability = 0.9): TieShift => ({ dx, dy, reliability });

  it('brings many noisy ties of a changed landscape to within 0.05 px', () => {
    const ties = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((seed) => plantedTie(seed, 128, 7, -14, busy));
    const shift = robustShift(ties)!;
    expect(Math.abs(shift.dx - 0.7)).toBeLessThan(0.05);
    expect(Math.abs(shift.dy + 1.4)).toBeLessThan(0.05);
    expect(shift.residualPx).toBeLessThan(0.2);
    expect(shift.tieCount).toBe(9);
  });

  it('throws out ties that contradict the rest, however reliable they look', () => {
    const ties = [good(0.5, 1), good(0.52, 0.98), good(0.48, 1.03), good(0.5, 1), good(0.51, 1), good(-4, 3, 0.97)];
    const shift = robustShift(ties)!;
    expect(shift).toMatchObject({ tieCount: 6, usedCount: 5 });
    expect(Math.hypot(shift.dx - 0.5, shift.dy - 1)).toBeLessThan(0.02);
    expect(shift.residualPx).toBeLessThan(0.05);
  });

  it('knows nothing from too few or only unreliable ties', () => {
    expect(robustShift([])).toBeNull();
    expect(robustShift([good(1, 1), good(1, 1), good(1, 1)])).toBeNull();
    expect(robustShift(Array.from({ length: 20 }, () => good(1, 1, 0.5)))).toBeNull();
  });

  it('shows ties that do not agree as a large residual', () => {
    const ties = [good(-3, 2), good(4, -1), good(0, 4), good(2, 2), good(-1, -4), good(3, 3), good(-4, 0)];
    expect(robustShift(ties)!.residualPx).toBeGreaterThan(1);
  });
});
