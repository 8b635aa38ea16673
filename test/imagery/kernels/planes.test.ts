import { afterAll, describe, expect, test } from 'vitest';
import { allocate, arenaMemory, release } from '../../../imagery/kernels/arena.ts';
import { codecs } from '../../../imagery/kernels/codecs.ts';
import { seededRandom } from '../../support/random.ts';

const memory = new Uint8Array(arenaMemory.buffer);
const room = 1 << 18;
const [source, target, list] = [allocate(room), allocate(room), allocate(64)];
afterAll(() => [source, target, list].forEach(release));

const random = seededRandom(11);
const below = (limit: number) => Math.floor(random() * limit);

const kinds = [
  { bits: 8, Type: Uint8Array, separate: codecs.separate8 },
  { bits: 16, Type: Uint16Array, separate: codecs.separate16 },
  { bits: 32, Type: Uint32Array, separate: codecs.separate32 },
  { bits: 64, Type: BigUint64Array, separate: codecs.separate64 },
] as const;

/** The planes as the definition has them, on numbers of the type. */
function planesOf(
  words: Iterable<number | bigint>,
  samples: number,
  chunkWidth: number,
  bits: number,
  summed: boolean,
) {
  const all = Array.from(words, BigInt);
  const planes: bigint[][] = Array.from({ length: samples }, () => []);
  for (let pixel = 0; pixel < all.length / samples; pixel++) {
    for (let band = 0; band < samples; band++) {
      const left = summed && pixel % chunkWidth > 0 ? planes[band][pixel - 1] : 0n;
      planes[band].push(BigInt.asUintN(bits, all[pixel * samples + band] + left));
    }
  }
  return planes;
}

describe.each(kinds)('$bits bit samples', ({ bits, Type, separate }) => {
  test.each([1, 2, 3, 4, 5, 8])('%i a pixel, with and without predictor 2, of any width', (samples) => {
    for (const chunkWidth of [1, 3, 7, 8, 15, 16, 17, 33, 64, 70]) {
      for (const isDifferenced of [false, true]) {
        const rows = 3;
        const width = random() < 0.5 ? chunkWidth : 1 + below(chunkWidth);
        const bytes = Type.BYTES_PER_ELEMENT;
        const values = Uint8Array.from({ length: chunkWidth * rows * samples * bytes }, () => below(256));
        memory.set(values, source);
        const pitch = (width + below(9)) * bytes;
        // Planes at odd multiples of the sample, with untouched bytes between rows and behind.
        const addresses = Array.from({ length: samples }, (_, band) => target + band * (pitch * rows + 160) + bytes);
        memory.fill(0x5a, target, target + samples * (pitch * rows + 160) + 64);
        new Uint32Array(arenaMemory.buffer, list, samples).set(addresses);
        separate(source, samples, isDifferenced, chunkWidth, list, pitch, width, rows);

        const words = new Type(values.buffer);
        const wanted = planesOf(words, samples, chunkWidth, bits, isDifferenced);
        for (const [band, address] of addresses.entries()) {
          for (let row = 0; row < rows; row++) {
            const at = address + row * pitch;
            const got = Array.from(new Type(memory.slice(at, at + width * bytes).buffer), BigInt);
            expect(got).toEqual(wanted[band].slice(row * chunkWidth, row * chunkWidth + width));
            const rest = memory.subarray(at + width * bytes, row < rows - 1 ? at + pitch : at + width * bytes + 60);
            expect(rest.every((byte) => byte === 0x5a)).toBe(true);
          }
        }
      }
    }
  });
});
