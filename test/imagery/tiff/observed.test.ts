import { afterAll, expect, test } from 'vitest';
import { allocate, arenaMemory, release } from '../../../imagery/kernels/arena.ts';
import { maskNodata } from '../../../imagery/tiff/nodata.ts';
import { maskMissing } from '../../../imagery/tiff/observed.ts';
import { SAMPLE_TYPES } from '../../../imagery/tiff/samples.ts';
import { seededRandom } from '../../support/random.ts';

const block = allocate(8 * 4096);
const maskBlock = allocate(4096);
afterAll(() => [block, maskBlock].forEach(release));
const random = seededRandom(2);

const values = [0, 1, -1, 255, 256, 65_535, -9999, 2 ** 32 - 1, -(2 ** 31), 0.5, 1e18, 1.01e18, 3.4028234663852886e38];
const wanted = [null, Number.NaN, Number.POSITIVE_INFINITY, -3.40282347e38, 1e10, ...values];

test.each(Object.entries(SAMPLE_TYPES))('the kernels mask %s as the plain code does', (name, { array }) => {
  const isFloat = name.startsWith('float');
  const pool = isFloat ? [...values, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0] : values;
  for (const nodata of wanted) {
    for (const length of [1, 15, 16, 17, 100, 1000]) {
      const band = new array(arenaMemory.buffer, block, length);
      const mask = new Uint8Array(arenaMemory.buffer, maskBlock, length);
      const expected = new Uint8Array(length);
      for (let i = 0; i < length; i++) {
        band[i] = pool[Math.floor(random() * pool.length)];
        expected[i] = mask[i] = random() < 0.8 ? 1 : 0;
      }
      maskNodata(band, nodata, expected);
      maskMissing(band, nodata, mask);
      expect(mask, `nodata ${nodata}, ${length} samples`).toEqual(expected);
    }
  }
});
