import { expect, it } from 'vitest';
import { CellSummer } from '../../../imagery/cloud/cell-sums.ts';
import { allocate, arenaMemory, release } from '../../../imagery/kernels/arena.ts';
import { seededRandom } from '../../support/random.ts';

const [width, height, cellPx] = [61, 40, 7];
/** Where the plane's first pixel lies: cells begin before it. */
const [column, row] = [10, 24];
const random = seededRandom(4);
const samples = Uint16Array.from({ length: width * height }, () => Math.floor(65_536 * random()));
const mask = Uint8Array.from({ length: width * height }, () => (random() < 0.8 ? 1 : 0));

function placed<A extends Uint8Array | Uint16Array | Float32Array>(values: A): number {
  const at = allocate(values.byteLength + 64);
  new Uint8Array(arenaMemory.buffer, at, values.byteLength).set(new Uint8Array(values.buffer));
  return at;
}

/** Sum and count of each cell's observed pixels, one by one. */
function counted(observed: (i: number) => boolean) {
  const columns = Math.ceil((column + width) / cellPx);
  const firstRow = Math.floor(row / cellPx);
  const rows = Math.ceil((row + height) / cellPx) - firstRow;
  const sums = new Float32Array(columns * rows);
  const counts = new Float32Array(columns * rows);
  for (let i = 0; i < samples.length; i++) {
    if (!observed(i)) continue;
    const cellRow = Math.floor((row + Math.floor(i / width)) / cellPx) - firstRow;
    const cell = cellRow * columns + Math.floor((column + (i % width)) / cellPx);
    sums[cell] += samples[i];
    counts[cell]++;
  }
  return { sums, counts };
}

it.each(['uint16', 'float32'] as const)('cells of %s planes sum the pixels that were observed', (sample) => {
  const summer = new CellSummer(column + width, row, row + height, cellPx, 4);
  const at = placed(sample === 'uint16' ? samples : Float32Array.from(samples));
  const maskAt = placed(mask);
  const place = { stride: width, width, height, column, row };
  summer.add(0, { ...place, sample, at, mask: maskAt });
  summer.add(1, { ...place, sample, at, mask: 0 });
  summer.addMask(2, { ...place, mask: maskAt });
  summer.addWhole(3, place);
  const { sums, counts, firstRow } = summer.take();
  const some = counted((i) => mask[i] === 1);
  const all = counted(() => true);
  expect(firstRow).toBe(3);
  const half = sums.length / 2;
  expect(sums.subarray(0, half)).toEqual(some.sums);
  expect(sums.subarray(half)).toEqual(all.sums);
  expect(counts.subarray(0, half)).toEqual(some.counts);
  expect(counts.subarray(half)).toEqual(all.counts);
  for (const one of [at, maskAt]) release(one);
  summer.release();
});
