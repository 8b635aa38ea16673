/** Where the parts of a valid TIFF lie, for tests that change them. */
export interface TiffLayout {
  littleEndian: boolean;
  bigTiff: boolean;
  directories: DirectoryPlace[];
}

interface DirectoryPlace {
  at: number;
  /** Where the offset of the next directory stands. */
  nextAt: number;
  entries: EntryPlace[];
}

export interface EntryPlace {
  /** Of the entry itself. */
  at: number;
  tag: number;
  type: number;
  count: number;
  /** Where its values stand, in the entry or elsewhere. */
  valueAt: number;
  valueBytes: number;
}

const typeBytes = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8];

export function layoutOf(file: Buffer): TiffLayout {
  const littleEndian = file.toString('latin1', 0, 2) === 'II';
  const numbers = new TiffNumbers(file, littleEndian, readShort(file, 2, littleEndian) === 43);
  const { bigTiff } = numbers;
  const directories: DirectoryPlace[] = [];
  for (let at = numbers.word(bigTiff ? 8 : 4); at !== 0; ) {
    const count = bigTiff ? numbers.word(at) : numbers.short(at);
    const first = at + (bigTiff ? 8 : 2);
    const entryBytes = bigTiff ? 20 : 12;
    const entries = Array.from({ length: count }, (_, i) => numbers.entry(first + i * entryBytes));
    const nextAt = first + count * entryBytes;
    directories.push({ at, nextAt, entries });
    at = numbers.word(nextAt);
  }
  return { littleEndian, bigTiff, directories };
}

/** Reads and writes numbers of a TIFF as its byte order and kind have them. */
export class TiffNumbers {
  readonly file: Buffer;
  readonly littleEndian: boolean;
  readonly bigTiff: boolean;

  constructor(file: Buffer, littleEndian: boolean, bigTiff: boolean) {
    this.file = file;
    this.littleEndian = littleEndian;
    this.bigTiff = bigTiff;
  }

  short(at: number): number {
    return readShort(this.file, at, this.littleEndian);
  }

  /** An offset or count. */
  word(at: number): number {
    return this.number(at, this.bigTiff ? 8 : 4);
  }

  number(at: number, bytes: number): number {
    const { file, littleEndian: little } = this;
    if (bytes === 1) return file[at];
    if (bytes === 2) return this.short(at);
    if (bytes === 4) return little ? file.readUInt32LE(at) : file.readUInt32BE(at);
    return Number(little ? file.readBigUInt64LE(at) : file.readBigUInt64BE(at));
  }

  setWord(at: number, value: number): void {
    this.setNumber(at, this.bigTiff ? 8 : 4, value);
  }

  /** What does not fit is cut off. */
  setNumber(at: number, bytes: number, value: number): void {
    const wide = Buffer.alloc(8);
    wide.writeBigUInt64LE(BigInt.asUintN(64, BigInt(value)));
    const narrow = wide.subarray(0, bytes);
    if (!this.littleEndian) narrow.reverse();
    narrow.copy(this.file, at);
  }

  entry(at: number): EntryPlace {
    const wordBytes = this.bigTiff ? 8 : 4;
    const type = this.short(at + 2);
    const count = this.word(at + 4);
    const valueBytes = count * (typeBytes[type] ?? 0);
    const inline = at + 4 + wordBytes;
    const valueAt = valueBytes > wordBytes ? this.word(inline) : inline;
    return { at, tag: this.short(at), type, count, valueAt, valueBytes };
  }
}

function readShort(file: Buffer, at: number, littleEndian: boolean): number {
  return littleEndian ? file.readUInt16LE(at) : file.readUInt16BE(at);
}

export function bytesOfType(type: number): number {
  return typeBytes[type] ?? 0;
}
