import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { distinctNames, shortNames } from '../../../../services/zones/export/column-names.ts';
import { textEncoding } from '../../../../services/zones/export/text-encoding.ts';

describe('column names', () => {
  it.each([
    ['gbk', ['图斑所在行政村名称', '图斑所在行政村编号'], ['图斑所在行', '图斑所在_1']],
    ['utf-8', ['图斑所在行政村名称', '图斑所在行政村编号'], ['图斑所', '图斑_1']],
    ['utf-8', ['DLBM', 'dlbm', ''], ['DLBM', 'dlbm_1', 'FIELD']],
    ['utf-8', ['ABCDEFGHIJK', 'ABCDEFGHIJ'], ['ABCDEFGH_1', 'ABCDEFGHIJ']],
  ] as const)('in %s %j become %j', (encoding, names, wanted) => {
    expect(shortNames('a.shp', names, textEncoding(encoding))).toEqual(wanted);
  });

  it('are at most ten bytes and all different without regard to case, and stay where they can', () => {
    const name = fc.string({ unit: fc.constantFrom('a', 'A', 'b', '田', '地', '_', '1'), maxLength: 14 });
    fc.assert(
      fc.property(
        fc.uniqueArray(name, { maxLength: 60 }),
        fc.constantFrom('utf-8' as const, 'gbk' as const),
        (names, encoding) => {
          const short = shortNames('a.shp', names, textEncoding(encoding));
          expect(new Set(short.map((one) => one.toLowerCase())).size).toBe(names.length);
          const width = encoding === 'gbk' ? 2 : 3;
          for (const one of short) {
            const bytes = [...one].reduce((sum, c) => sum + (c > '~' ? width : 1), 0);
            expect(bytes).toBeLessThanOrEqual(10);
            expect(bytes).toBeGreaterThan(0);
          }
        },
      ),
      { seed: 4, numRuns: 300 },
    );
  });

  it('with a character that GBK lacks are refused, naming field, character and remedy', () => {
    expect(() => shortNames('a.shp', ['面积', '𠮷地'], textEncoding('gbk'))).toThrow(
      'a.shp: the name of the field 𠮷地 has the character 𠮷, which GBK lacks; wanted --encoding utf-8, or a GeoPackage (.gpkg).',
    );
  });

  it('keep off names that are taken', () => {
    expect(distinctNames(['fid'], ['FID', 'fid_1'])).toEqual(['fid_2']);
  });
});
