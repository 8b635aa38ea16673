import { allocate, release } from './arena.ts';

/** Kept from one use to the next; more is given back at once. */
const kept = 32 * 2 ** 20;

let block: { at: number; bytes: number } | null = null;

/**
 * Runs `use` with the address of at least `bytes` bytes of the arena, whose content is lost afterwards. `use` neither
 * waits for anything nor calls withScratch itself: there is one such block per thread.
 * @returns what `use` returns, or null where the arena has no such room
 */
export function withScratch<T>(bytes: number, use: (at: number) => T): T | null {
  if (block === null || block.bytes < bytes) {
    if (block !== null) release(block.at);
    block = null;
    const wanted = Math.ceil(bytes * 1.125);
    try {
      block = { at: allocate(wanted), bytes: wanted };
    } catch (error) {
      if (error instanceof RangeError) return null;
      throw error;
    }
  }
  try {
    return use(block.at);
  } finally {
    if (block.bytes > kept) {
      release(block.at);
      block = null;
    }
  }
}
