/**
 * The memory that WebAssembly kernels of this thread share: bytes read from a file are decoded, separated into bands
 * and scored in place, without a copy from one kernel to the next.
 *
 *   0 .. 1 MiB     static data of the kernels (memoryBase in their asconfig.json)
 *   1 MiB .. end   blocks handed out by allocate()
 *
 * Its size is fixed, since growing would detach every view; pages nobody has touched take no memory.
 */
const pages = 8192;
const pageBytes = 65_536;
const firstByte = 1 << 20;
/** Vectors of 16 bytes, cache lines of 64. */
const alignment = 64;

export const arenaMemory = new WebAssembly.Memory({ initial: pages, maximum: pages });

interface Block {
  at: number;
  bytes: number;
}

/** Free blocks by address; neighbours are joined. */
let free: Block[] = [{ at: firstByte, bytes: pages * pageBytes - firstByte }];
const held = new Map<number, number>();

/**
 * Address of a block of at least `bytes` bytes, aligned to a cache line; its content is whatever was there.
 * @throws RangeError when the arena is full
 */
export function allocate(bytes: number): number {
  const wanted = Math.max(alignment, Math.ceil(bytes / alignment) * alignment);
  const block = free.find((one) => one.bytes >= wanted);
  if (block === undefined) throw new RangeError(`Kernel memory: wanted ${wanted} bytes in one piece, got none.`);
  const { at } = block;
  block.at += wanted;
  block.bytes -= wanted;
  if (block.bytes === 0) free = free.filter((one) => one !== block);
  held.set(at, wanted);
  return at;
}

/** Gives a block of allocate() back. @throws RangeError for an address that is not held */
export function release(at: number): void {
  const bytes = held.get(at);
  if (bytes === undefined) throw new RangeError(`Kernel memory: no block is held at ${at}.`);
  held.delete(at);
  const sorted = [...free, { at, bytes }].sort((a, b) => a.at - b.at);
  free = [];
  for (const block of sorted) {
    const last = free.at(-1);
    if (last !== undefined && last.at + last.bytes === block.at) last.bytes += block.bytes;
    else free.push(block);
  }
}
