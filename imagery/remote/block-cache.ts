export interface BlockCacheOptions {
  blockBytes: number;
  /** Adjacent blocks are asked for together, up to so many. */
  mostTogether: number;
  /** Up to so many blocks between two wanted ones are fetched along: less than a request costs. */
  bridge: number;
  /** Blocks kept; the least recently used go first. */
  capacity: number;
  /** Requests under way at once. */
  lanes: number;
}

/** Gives bytes from (inclusive) to (exclusive). */
export type FetchRange = (from: number, to: number) => Promise<Buffer>;

interface Wanted {
  resolve: (block: Buffer) => void;
  reject: (error: unknown) => void;
}

/** Adjacent blocks that one request fetches, and who waits for them. */
interface Run {
  first: number;
  last: number;
  waiting: Map<number, Wanted>;
}

/**
 * The bytes of a remote file in blocks. What is asked for in one turn of the event loop is fetched together, so that
 * the tiles of a window make a few requests instead of one each.
 */
export class BlockCache {
  readonly #byteLength: number;
  readonly #fetch: FetchRange;
  readonly #options: BlockCacheOptions;
  readonly #blocks = new Map<number, Promise<Buffer>>();
  readonly #wanted = new Map<number, Wanted>();
  readonly #queue: Run[] = [];
  #busy = 0;

  constructor(byteLength: number, fetch: FetchRange, options: BlockCacheOptions) {
    this.#byteLength = byteLength;
    this.#fetch = fetch;
    this.#options = options;
  }

  /** Bytes that are known already, from the start of the file. */
  put(head: Buffer): void {
    const { blockBytes } = this.#options;
    for (let i = 0; i * blockBytes < head.length; i++) {
      this.#blocks.set(i, Promise.resolve(head.subarray(i * blockBytes, (i + 1) * blockBytes)));
    }
  }

  /** Copies bytes from `position` into `target`, as many as one request may fetch; returns how many. */
  async copy(target: Buffer, position: number): Promise<number> {
    const { blockBytes, mostTogether } = this.#options;
    const end = Math.min(position + target.length, this.#byteLength);
    if (end <= position) return 0;
    const first = Math.floor(position / blockBytes);
    const last = Math.min(Math.ceil(end / blockBytes) - 1, first + mostTogether - 1);
    const indexes = Array.from({ length: last - first + 1 }, (_, i) => first + i);
    const blocks = await Promise.all(indexes.map((index) => this.#block(index)));
    let copied = 0;
    for (const [i, block] of blocks.entries()) {
      const skip = i === 0 ? position - first * blockBytes : 0;
      copied += block.copy(target, copied, skip, Math.min(block.length, skip + target.length - copied));
    }
    return copied;
  }

  /**
   * Has the blocks of these ranges fetched together, as far as half of the cache holds them: they are wanted in a
   * moment. What cannot be fetched is not said here, but to who wants it then.
   */
  expect(ranges: readonly { offset: number; length: number }[]): void {
    const { blockBytes, capacity } = this.#options;
    const wanted = new Set<number>();
    for (const { offset, length } of ranges) {
      const last = Math.ceil(Math.min(offset + length, this.#byteLength) / blockBytes) - 1;
      for (let i = Math.floor(offset / blockBytes); i <= last; i++) {
        if (wanted.size >= capacity / 2) return;
        wanted.add(i);
        this.#block(i).catch(() => {});
      }
    }
  }

  clear(): void {
    this.#blocks.clear();
  }

  #block(index: number): Promise<Buffer> {
    const known = this.#blocks.get(index);
    if (known !== undefined) {
      this.#blocks.delete(index); // to be put back as the most recent one
      this.#blocks.set(index, known);
      return known;
    }
    if (this.#wanted.size === 0) setImmediate(() => this.#plan());
    return this.#expect(index);
  }

  #expect(index: number): Promise<Buffer> {
    const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
    promise.catch(() => this.#blocks.delete(index)); // a later reader may be luckier
    this.#wanted.set(index, { resolve, reject });
    this.#blocks.set(index, promise);
    if (this.#blocks.size > this.#options.capacity) this.#blocks.delete(this.#blocks.keys().next().value!);
    return promise;
  }

  /** Joins what is wanted to runs of blocks. */
  #plan(): void {
    const { mostTogether, bridge } = this.#options;
    const waiting = new Map<number, Wanted>();
    let run: Run | undefined;
    for (const index of [...this.#wanted.keys()].sort((a, b) => a - b)) {
      if (run !== undefined && index - run.last <= bridge + 1 && index - run.first < mostTogether) {
        for (let between = run.last + 1; between < index; between++) {
          if (!this.#blocks.has(between)) this.#expect(between);
        }
        run.last = index;
      } else {
        run = { first: index, last: index, waiting };
        this.#queue.push(run);
      }
    }
    for (const [index, one] of this.#wanted) waiting.set(index, one);
    this.#wanted.clear();
    this.#work();
  }

  #work(): void {
    while (this.#busy < this.#options.lanes && this.#queue.length > 0) {
      this.#busy++;
      void this.#load(this.#queue.shift()!).finally(() => {
        this.#busy--;
        this.#work();
      });
    }
  }

  async #load({ first, last, waiting }: Run): Promise<void> {
    const { blockBytes } = this.#options;
    try {
      const bytes = await this.#fetch(first * blockBytes, Math.min((last + 1) * blockBytes, this.#byteLength));
      for (let i = first; i <= last; i++) {
        // A copy of its own: a block that is kept must not keep its whole run.
        waiting.get(i)?.resolve(Buffer.from(bytes.subarray((i - first) * blockBytes, (i - first + 1) * blockBytes)));
      }
    } catch (error) {
      for (let i = first; i <= last; i++) waiting.get(i)?.reject(error);
    }
  }
}
