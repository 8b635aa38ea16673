import { describe, expect, it } from 'vitest';
import { checkInput, inBaseUnit, inputsOf } from '../../../services/gauges/inputs.ts';

const input = { district: '430407', year: '2025', name: 'farmlandFloor', value: 1, unit: 'ha', source: '下达文件' };

describe('a figure that somebody enters', () => {
  it('is kept in m² for formulas, whatever it was entered in', () => {
    expect(inBaseUnit(3, 'ha')).toBe(30_000);
    expect(inBaseUnit(1.5, 'mu')).toBe(1000);
    expect(inBaseUnit(0.15, 'share')).toBe(0.15);
  });

  it.each(['43', '4304', '430407', '430407001', '430407001002'])('is of a district of any level: %s', (district) => {
    expect(() => checkInput({ ...input, district })).not.toThrow();
  });

  it.each<[Partial<typeof input>, string]>([
    [{ district: '43x' }, 'a code of 2, 4, 6, 9 or 12 digits'],
    [{ district: '4304070' }, 'a code of 2, 4, 6, 9 or 12 digits'],
    [{ year: '25' }, "The year of a gauge's input: wanted YYYY, got '25'."],
    [{ name: 'farm-land' }, 'letters and digits'],
    [{ value: Number.NaN }, 'wanted a number'],
    [{ unit: 'acre' }, "wanted m2, mu, ha, share, count, got 'acre'"],
    [{ unit: 'toString' }, "got 'toString'"],
    [{ source: ' ' }, 'where the figure comes from'],
  ])('is refused with %j', (given, words) => expect(() => checkInput({ ...input, ...given })).toThrow(words));

  it('is of its own district only', () => {
    const all = [
      { district: '4304', name: 'a', value: 1 },
      { district: '430407', name: 'a', value: 2 },
    ];
    expect(inputsOf(all, '4304')).toEqual({ a: 1 });
  });
});
