import { expect, test } from 'vitest';
import { allocate, arenaMemory, release } from '../../../imagery/kernels/arena.ts';

test('blocks do not overlap and start on cache lines', () => {
  const blocks = [100, 1, 64, 65, 5000].map((bytes) => ({ at: allocate(bytes), bytes }));
  expect(blocks.every(({ at }) => at % 64 === 0 && at >= 1 << 20)).toBe(true);
  const sorted = blocks.toSorted((a, b) => a.at - b.at);
  for (let i = 1; i < sorted.length; i++) {
    expect(sorted[i].at).toBeGreaterThanOrEqual(sorted[i - 1].at + sorted[i - 1].bytes);
  }
  for (const { at } of blocks) release(at);
});

test('what is released in any order is one piece again', () => {
  const most = arenaMemory.buffer.byteLength - (1 << 20);
  const third = Math.floor(most / 3 / 64) * 64;
  const [a, b, c] = [allocate(third), allocate(third), allocate(third)];
  expect(() => allocate(third)).toThrow(/wanted .* bytes in one piece/);
  release(b);
  release(a);
  release(c);
  const all = allocate(most);
  release(all);
});

test('a block is released once', () => {
  const at = allocate(10);
  release(at);
  expect(() => release(at)).toThrow(`no block is held at ${at}`);
});
