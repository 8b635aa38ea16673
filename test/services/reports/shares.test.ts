import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cellText, rate } from '../../../services/reports/table.ts';
import { thinRing } from '../../../services/reports/thin-ring.ts';
import { wilson } from '../../../services/reports/wilson.ts';

const Z = 1.959964;

describe("Wilson's interval", () => {
  // Newcombe (1998), table I: 81/263, 15/148, 0/20, 1/29.
  it.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('of %i in %i is that of the literature', (hits, of, low, high) => {
    const interval = wilson(hits, of, Z)!;
    expect(interval.low).toBeCloseTo(low, 4);
    expect(interval.high).toBeCloseTo(high, 4);
  });

  it('holds the share, lies within 0 and 1, and is none of nothing', () => {
    expect(wilson(0, 0, Z)).toBeNull();
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), fc.nat(), (of, n) => {
        const hits = n % (of + 1);
        const { low, high } = wilson(hits, of, Z)!;
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
        expect(low).toBeLessThanOrEqual(hits / of);
        expect(high).toBeGreaterThanOrEqual(hits / of);
      }),
      { seed: 7 },
    );
  });
});

describe('A rate as it is printed', () => {
  it('is rounded down: what is not all is never 100.0', () => {
    expect(cellText(rate(0.9996), 'rate')).toBe('99.9');
    expect(cellText(rate(1), 'rate')).toBe('100.0');
    expect(cellText(rate(0.285), 'rate')).toBe('28.5');
    expect(cellText(rate(null), 'rate')).toBe('–');
  });
});

describe('A thinned outline', () => {
  it('loses no corner that a page could show', () => {
    const ring = Array.from({ length: 721 }, (_, k): [number, number] => {
      const turn = ((k % 720) / 360) * Math.PI;
      return [112 + 0.1 * Math.cos(turn), 27 + 0.1 * Math.sin(turn)];
    });
    const thin = thinRing(ring, 0.001);
    expect(thin.length).toBeLessThan(60);
    expect(thin[0]).toEqual(thin.at(-1));
    const area = (corners: readonly (readonly [number, number])[]) =>
      Math.abs(corners.slice(1).reduce((sum, [x, y], k) => sum + corners[k][0] * y - x * corners[k][1], 0) / 2);
    expect(area(thin) / area(ring)).toBeGreaterThan(0.98);
    expect(thinRing(ring, 1)).toEqual([]);
  });
});
