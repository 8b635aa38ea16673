import { ImageryError } from '../error.ts';

/** The bytes of a TIFF, as far as they are wanted here. */
interface TiffBytes {
  path: string;
  fileSize: number;
  read(offset: number, length: number): Promise<Buffer>;
}

/** No writer needs as many; libtiff too takes what claims more for no directory. */
const MOST_TAGS = 4096;
/** Values of the tags of one directory: the places of eight million chunks, twice. */
const MOST_VALUE_BYTES = 192 * 2 ** 20;

/** Bytes of a value by field type (TIFF 6.0, BigTIFF). What is not listed no reader knows, and none believes. */
const TYPE_BYTES = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8];
const UNSIGNED = [1, 3, 4, 13, 16, 18];
const NUMBERS = [...UNSIGNED, 8, 9, 11, 12, 17];
/** Field types of the tags that pixels and places are told from; libtiff leaves tags of other types aside. */
const WANTED_TYPES: ReadonlyMap<number, readonly number[]> = new Map([
  ...[254, 256, 257, 258, 259, 262, 273, 274, 277, 278, 279, 284, 317, 322, 323, 324, 325, 338, 339, 34735].map(
    (tag): [number, number[]] => [tag, UNSIGNED],
  ),
  ...[33550, 33922, 34264].map((tag): [number, number[]] => [tag, NUMBERS]),
  ...[42112, 42113].map((tag): [number, number[]] => [tag, [2]]),
]);

/** Tags of one value. */
const SINGLE = new Set([254, 256, 257, 259, 262, 274, 277, 278, 284, 317, 322, 323]);

/**
 * Looks at the image directories of one TIFF before anything they claim is believed, or allocated: how many tags, each
 * once, of types that can be, with values that lie in the file.
 */
export class DirectoryGuard {
  readonly #file: TiffBytes;
  readonly #littleEndian: boolean;
  readonly #bigTiff: boolean;
  #claimed = 0;

  constructor(file: TiffBytes, { littleEndian, bigTiff }: { littleEndian: boolean; bigTiff: boolean }) {
    this.#file = file;
    this.#littleEndian = littleEndian;
    this.#bigTiff = bigTiff;
  }

  /** @throws ImageryError tiff-damaged, saying what of the directory at `offset` cannot be */
  async check(offset: number): Promise<void> {
    const [countBytes, entryBytes, wordBytes] = this.#bigTiff ? [8, 20, 8] : [2, 12, 4];
    const count = this.#number(await this.#file.read(offset, countBytes), 0, countBytes);
    if (count < 1 || count > MOST_TAGS)
      throw this.#damaged(`wanted 1 to ${MOST_TAGS} tags in a directory, got ${count}`);
    const entries = await this.#file.read(offset + countBytes, count * entryBytes);
    const seen = new Set<number>();
    let total = 0;
    for (let at = 0; at < entries.length; at += entryBytes) {
      const tag = this.#number(entries, at, 2);
      const type = this.#number(entries, at + 2, 2);
      if (seen.has(tag)) throw this.#damaged(`tag ${tag} stands twice in a directory`);
      seen.add(tag);
      if (WANTED_TYPES.get(tag)?.includes(type) === false)
        throw this.#damaged(`tag ${tag} is of field type ${type}, which it cannot be`);
      const values = this.#number(entries, at + 4, wordBytes);
      if (values !== 1 && SINGLE.has(tag)) throw this.#damaged(`wanted one value of tag ${tag}, got ${values}`);
      const bytes = values * (TYPE_BYTES[type] ?? 0);
      if (bytes <= wordBytes) continue;
      const end = this.#number(entries, at + 4 + wordBytes, wordBytes) + bytes;
      if (end > this.#file.fileSize) throw this.#endsTooEarly(tag, end);
      total += bytes;
    }
    this.#claimed += total;
    if (total > MOST_VALUE_BYTES)
      throw this.#damaged(`wanted at most ${MOST_VALUE_BYTES} bytes of tags in a directory, got ${total}`);
    // Tags may share values, but not so that a small file becomes a large one.
    if (this.#claimed > 2 * this.#file.fileSize)
      throw this.#damaged(`its tags claim ${this.#claimed} bytes of a file of ${this.#file.fileSize}`);
  }

  #number(bytes: Buffer, at: number, length: number): number {
    if (length === 2) return this.#littleEndian ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at);
    if (length === 4) return this.#littleEndian ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at);
    return Number(this.#littleEndian ? bytes.readBigUInt64LE(at) : bytes.readBigUInt64BE(at));
  }

  #damaged(what: string): ImageryError {
    return new ImageryError('tiff-damaged', `${this.#file.path}: is damaged: ${what}.`);
  }

  #endsTooEarly(tag: number, end: number): ImageryError {
    return new ImageryError(
      'tiff-damaged',
      `${this.#file.path}: is truncated: wanted at least ${end} bytes for tag ${tag}, got ${this.#file.fileSize}.`,
    );
  }
}
