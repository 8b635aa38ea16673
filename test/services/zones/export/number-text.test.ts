import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decimalsOf, numberText } from '../../../../services/zones/export/number-text.ts';

describe('numberText', () => {
  it.each([
    [12.3, 2, '12.30'],
    [0.1 + 0.2, 2, '0.30000000000000004'],
    [1e-7, null, '0.0000001'],
    [1.5e-12, null, '0.0000000000015'],
    [1e300, null, '1e+300'],
    [-2.5e21, null, '-2500000000000000000000'],
    [5e-324, null, '5e-324'],
    [-0, 2, '-0'],
    [7, 0, '7'],
  ])('%f with %s decimals is %s', (value, decimals, text) => expect(numberText(value, decimals)).toBe(text));

  it('comes back bit for bit, whatever digits were asked for', () => {
    const anyNumber = fc.double({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(anyNumber, fc.option(fc.integer({ min: 0, max: 15 })), (value, decimals) => {
        const text = numberText(value, decimals);
        expect(Object.is(Number(text), value)).toBe(true);
        expect(text.length).toBeLessThanOrEqual(decimals === null ? 25 : 40);
      }),
      { seed: 4, numRuns: 2000 },
    );
  });

  it('counts the digits behind the point, not those of an exponent', () => {
    expect(['12', '12.5', '1.25e-30'].map(decimalsOf)).toEqual([0, 1, 2]);
  });
});
