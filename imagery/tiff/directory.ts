/** One TIFF tag with its values; the field type says how they are stored. */
export interface TiffTag {
  id: number;
  type: 'ascii' | 'short' | 'long' | 'double' | 'long8';
  values: number[] | string;
}

const FIELD_TYPES = {
  ascii: { code: 2, bytes: 1 },
  short: { code: 3, bytes: 2 },
  long: { code: 4, bytes: 4 },
  double: { code: 12, bytes: 8 },
  long8: { code: 16, bytes: 8 },
} as const;

/**
 * The head of a little-endian TIFF: file header, one image file directory and the values too long to sit in it.
 * Its length depends on the tags' lengths only, so it can be reserved first and filled in once tile offsets are known.
 *
 *   | header 8 or 16 | entry count | entries, 12 or 20 each | 0 = no next directory | long values |
 */
export function encodeDirectory(tags: TiffTag[], bigTiff: boolean): Buffer {
  const sorted = tags.toSorted((a, b) => a.id - b.id);
  const headerBytes = bigTiff ? 16 : 8;
  const countBytes = bigTiff ? 8 : 2;
  const entryBytes = bigTiff ? 20 : 12;
  const wordBytes = bigTiff ? 8 : 4;
  const longValuesAt = headerBytes + countBytes + sorted.length * entryBytes + wordBytes;
  const values = sorted.map(encodeValues);
  const longBytes = values.reduce((sum, value) => sum + (value.length > wordBytes ? evenLength(value) : 0), 0);

  const head = Buffer.alloc(longValuesAt + longBytes);
  const writeWord = (value: number, at: number) =>
    bigTiff ? head.writeBigUInt64LE(BigInt(value), at) : head.writeUInt32LE(value, at);
  writeHeader(head, bigTiff, sorted.length);
  let nextLongAt = longValuesAt;
  for (const [index, tag] of sorted.entries()) {
    const at = headerBytes + countBytes + index * entryBytes;
    const value = values[index];
    head.writeUInt16LE(tag.id, at);
    head.writeUInt16LE(FIELD_TYPES[tag.type].code, at + 2);
    writeWord(value.length / FIELD_TYPES[tag.type].bytes, at + 4);
    const valueAt = at + 4 + wordBytes;
    if (value.length <= wordBytes) {
      value.copy(head, valueAt);
    } else {
      writeWord(nextLongAt, valueAt);
      value.copy(head, nextLongAt);
      nextLongAt += evenLength(value);
    }
  }
  return head;
}

function writeHeader(head: Buffer, bigTiff: boolean, entryCount: number): void {
  head.write('II', 0, 'latin1');
  if (bigTiff) {
    head.writeUInt16LE(43, 2);
    head.writeUInt16LE(8, 4);
    head.writeBigUInt64LE(16n, 8);
    head.writeBigUInt64LE(BigInt(entryCount), 16);
  } else {
    head.writeUInt16LE(42, 2);
    head.writeUInt32LE(8, 4);
    head.writeUInt16LE(entryCount, 8);
  }
}

function encodeValues(tag: TiffTag): Buffer {
  if (typeof tag.values === 'string') return Buffer.from(`${tag.values}\0`, 'latin1');
  const { bytes } = FIELD_TYPES[tag.type];
  const encoded = Buffer.alloc(tag.values.length * bytes);
  for (const [index, value] of tag.values.entries()) {
    const at = index * bytes;
    if (tag.type === 'short') encoded.writeUInt16LE(value, at);
    else if (tag.type === 'long') encoded.writeUInt32LE(value, at);
    else if (tag.type === 'long8') encoded.writeBigUInt64LE(BigInt(value), at);
    else encoded.writeDoubleLE(value, at);
  }
  return encoded;
}

/** TIFF wants every value to begin at an even offset. */
function evenLength(value: Buffer): number {
  return value.length + (value.length % 2);
}
