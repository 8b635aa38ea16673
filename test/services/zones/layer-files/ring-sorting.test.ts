import { afterAll, describe, expect, it } from 'vitest';
import { sortRings } from '../../../../services/zones/layer-files/shapefile/ring-sorting.ts';
import { temporaryFolder } from '../../../support/gdal.ts';
import { seededRandom } from '../../../support/random.ts';
import { square } from './shapefile-bytes.ts';

const folder = temporaryFolder();
afterAll(folder.remove);

const shell = (x: number, y: number, side: number) => Float64Array.from(square(x, y, side));
function hole(x: number, y: number, side: number): Float64Array {
  const ring = square(x, y, side);
  const turned = Array.from({ length: 5 }, (_, i) => ring.slice(8 - 2 * i, 10 - 2 * i)).flat();
  return Float64Array.from(turned);
}

/** Each polygon as its rings' first corners and sides. */
const shape = (polygons: Float64Array[][]) =>
  polygons.map((rings) => rings.map((ring) => `${Math.min(ring[0], ring[4])}+${Math.abs(ring[4] - ring[0])}`));

describe('rings are sorted into polygons', () => {
  it('by containment, shells and holes in the order they stand', () => {
    const rings = [hole(2, 2, 6), shell(0, 0, 10), shell(20, 0, 5), shell(3, 3, 2), hole(21, 1, 1), hole(3.5, 3.5, 1)];
    expect(shape(sortRings(rings))).toEqual([
      ['0+10', '2+6'],
      ['20+5', '21+1'],
      ['3+2', '3.5+1'],
    ]);
  });

  it('whatever their orientation', () => {
    const turned = [shell(2, 2, 6), hole(0, 0, 10), hole(20, 0, 5), hole(3, 3, 2), shell(21, 1, 1), shell(3.5, 3.5, 1)];
    expect(shape(sortRings(turned))).toEqual([
      ['0+10', '2+6'],
      ['20+5', '21+1'],
      ['3+2', '3.5+1'],
    ]);
  });

  it('when a hole touches its shell, from within', () => {
    const corner = hole(0, 0, 3);
    expect(sortRings([shell(0, 0, 10), corner])).toHaveLength(1);
    const over = corner.map((value) => (value === 0 ? -1e-9 : value));
    expect(sortRings([shell(0, 0, 10), over])).toHaveLength(1);
  });

  it('side by side when they only touch', () => {
    expect(sortRings([shell(0, 0, 1), shell(1, 0, 1), shell(1, 1, 1)])).toHaveLength(3);
  });

  it('one ring or none without a look', () => {
    const ring = Float64Array.from([Number.NaN, 1, 2, 3]);
    expect(sortRings([])).toEqual([]);
    expect(sortRings([ring])[0][0]).toBe(ring);
    expect(sortRings([ring, shell(0, 0, 1)])).toHaveLength(2);
  });

  it('a hundred thousand islands and their lakes in a moment', () => {
    const random = seededRandom(3);
    const rings: Float64Array[] = [];
    for (let i = 0; i < 50_000; i++) {
      const [x, y] = [(i % 250) * 10, Math.floor(i / 250) * 10];
      const lake = [hole(x + 2, y + 2, 3), shell(x, y, 8)];
      rings.push(...(random() < 0.5 ? lake : lake.reverse()));
    }
    const began = performance.now();
    const polygons = sortRings(rings);
    expect(polygons).toHaveLength(50_000);
    expect(polygons.every((polygon) => polygon.length === 2)).toBe(true);
    expect(performance.now() - began).toBeLessThan(10_000);
  });
});
