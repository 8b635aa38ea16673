import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { ServiceError } from '../../error.ts';

const CAPACITY = 1 << 20;

/** A file written from front to back through one buffer, so that two million small records are few large writes. */
export class ByteSink {
  readonly #path: string;
  readonly #file: number;
  #written = 0;
  #filled = 0;
  #isOpen = true;
  /** Write between `offset` and `offset + bytes` after `reserve(bytes)`, then `advance`. Another one after each `reserve`. */
  buffer: Buffer = Buffer.allocUnsafe(CAPACITY);

  /** @param path a name that no file has; `shownAs` is what messages call it */
  constructor(path: string, shownAs: string) {
    this.#path = shownAs;
    this.#file = this.#try(() => openSync(path, 'wx'));
  }

  /** Bytes so far. */
  get length(): number {
    return this.#written + this.#filled;
  }

  /** Makes room for so many bytes; returns where in `buffer` they begin. */
  reserve(bytes: number): number {
    if (this.#filled + bytes > this.buffer.length) this.#flush();
    if (bytes > this.buffer.length) this.buffer = Buffer.allocUnsafe(bytes);
    return this.#filled;
  }

  advance(bytes: number): void {
    this.#filled += bytes;
  }

  write(bytes: Uint8Array): void {
    this.buffer.set(bytes, this.reserve(bytes.length));
    this.#filled += bytes.length;
  }

  /** As UTF-8. */
  text(text: string): void {
    const at = this.reserve(text.length * 3);
    this.#filled += this.buffer.write(text, at, 'utf8');
  }

  /** Writes over the beginning, for headers that tell what follows. */
  rewrite(start: Uint8Array): void {
    this.#flush();
    this.#try(() => writeSync(this.#file, start, 0, start.length, 0));
  }

  /** To disk, before the file gets its name. */
  close(): void {
    this.#flush();
    this.#try(() => fdatasyncSync(this.#file));
    this.release();
  }

  /** Lets go of a file that is not wanted any more. */
  release(): void {
    if (this.#isOpen) closeSync(this.#file);
    this.#isOpen = false;
  }

  #flush(): void {
    let from = 0;
    while (from < this.#filled) {
      const start = from;
      from += this.#try(() => writeSync(this.#file, this.buffer, start, this.#filled - start, this.#written + start));
    }
    this.#written += this.#filled;
    this.#filled = 0;
  }

  #try<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      const full = (error as NodeJS.ErrnoException).code === 'ENOSPC';
      const why = full ? 'the disk is full' : (error as Error).message;
      throw new ServiceError('bad-input', `${this.#path}: cannot be written: ${why}.`, undefined, error);
    }
  }
}
