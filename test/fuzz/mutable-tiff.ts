import { bytesOfType, type EntryPlace, layoutOf, type TiffLayout, TiffNumbers } from './tiff-layout.ts';

/** Tags of the tables that say where chunks lie: tiles first, then strips. */
const offsetTags = [324, 273];
const countTags = [325, 279];

/** A copy of a valid TIFF that is about to be spoilt, and a source of chance. */
export class MutableTiff {
  readonly layout: TiffLayout;
  readonly below: (limit: number) => number;
  #numbers: TiffNumbers;

  /** @param random in [0, 1) */
  constructor(good: Buffer, random: () => number) {
    this.layout = layoutOf(good);
    this.below = (limit) => Math.floor(random() * limit);
    this.#numbers = new TiffNumbers(Buffer.from(good), this.layout.littleEndian, this.layout.bigTiff);
  }

  get bytes(): Buffer {
    return this.#numbers.file;
  }

  get numbers(): TiffNumbers {
    return this.#numbers;
  }

  pick<T>(from: readonly T[]): T {
    return from[this.below(from.length)];
  }

  entry(tag: number, directory = 0): EntryPlace | undefined {
    return this.layout.directories[directory].entries.find((entry) => entry.tag === tag);
  }

  value(tag: number, index = 0, directory = 0): number | undefined {
    const entry = this.entry(tag, directory);
    if (entry === undefined || index >= entry.count) return undefined;
    const size = bytesOfType(entry.type);
    return this.numbers.number(entry.valueAt + index * size, size);
  }

  /** @returns false where there is no such value */
  setValue(tag: number, value: number, index = 0, directory = 0): boolean {
    const entry = this.entry(tag, directory);
    if (entry === undefined || index >= entry.count) return false;
    const size = bytesOfType(entry.type);
    this.numbers.setNumber(entry.valueAt + index * size, size, value);
    return true;
  }

  setType(entry: EntryPlace, type: number): void {
    this.numbers.setNumber(entry.at + 2, 2, type);
  }

  setCount(entry: EntryPlace, count: number): void {
    this.numbers.setWord(entry.at + 4, count);
  }

  /** Of the values, or the values themselves where they fit. */
  setPointer(entry: EntryPlace, word: number): void {
    this.numbers.setWord(entry.at + 4 + (this.layout.bigTiff ? 8 : 4), word);
  }

  /** Puts bytes at the end of the file. @returns where they lie */
  append(bytes: Uint8Array): number {
    const at = this.bytes.length;
    const { littleEndian, bigTiff } = this.layout;
    this.#numbers = new TiffNumbers(Buffer.concat([this.bytes, bytes]), littleEndian, bigTiff);
    return at;
  }

  /** Gives a tag other values, kept at the end of the file. */
  replace(entry: EntryPlace, type: number, count: number, values: Uint8Array): void {
    const wordBytes = this.layout.bigTiff ? 8 : 4;
    this.setType(entry, type);
    this.setCount(entry, count);
    if (values.length <= wordBytes) Buffer.from(values).copy(this.bytes, entry.at + 4 + wordBytes);
    else this.setPointer(entry, this.append(values));
  }

  /** Doubles in the byte order of the file. */
  doubles(values: readonly number[]): Uint8Array {
    const bytes = Buffer.alloc(8 * values.length);
    for (const [i, value] of values.entries()) {
      if (this.layout.littleEndian) bytes.writeDoubleLE(value, 8 * i);
      else bytes.writeDoubleBE(value, 8 * i);
    }
    return bytes;
  }

  /** Directory entries of the tables of chunks of one image. */
  tables(directory = 0): { offsets: EntryPlace; counts: EntryPlace } | undefined {
    const one = (tags: number[]) => tags.map((tag) => this.entry(tag, directory)).find((entry) => entry !== undefined);
    const [offsets, counts] = [one(offsetTags), one(countTags)];
    return offsets && counts && { offsets, counts };
  }

  /** Indices of the chunks of an image that are written. */
  written(directory = 0): number[] {
    const tables = this.tables(directory);
    if (tables === undefined) return [];
    const all = Array.from({ length: tables.counts.count }, (_, i) => i);
    return all.filter((i) => this.value(tables.counts.tag, i, directory)! > 0);
  }

  /** Where a chunk lies. */
  chunk(index: number, directory = 0): { at: number; bytes: number } {
    const { offsets, counts } = this.tables(directory)!;
    return { at: this.value(offsets.tag, index, directory)!, bytes: this.value(counts.tag, index, directory)! };
  }

  moveChunk(index: number, { at, bytes }: { at?: number; bytes?: number }, directory = 0): void {
    const { offsets, counts } = this.tables(directory)!;
    if (at !== undefined) this.setValue(offsets.tag, at, index, directory);
    if (bytes !== undefined) this.setValue(counts.tag, bytes, index, directory);
  }

  /** Flips so many bits between two places. */
  flip(bits: number, from: number, to: number): void {
    for (let i = 0; i < bits; i++) this.bytes[from + this.below(to - from)] ^= 1 << this.below(8);
  }
}
