import { closeSync, copyFileSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';

/** A tag as it lies in the directory: 12 bytes, the last four its value or where that is. */
interface Entry {
  tag: number;
  bytes: Buffer;
}

const imageWidth = 256;
const imageLength = 257;
const tileOffsets = 324;
const tileByteCounts = 325;
const longType = 4;

/**
 * Writes a TIFF that shows `source` (classic, little-endian, tiled, whole tiles) `times` × `times` over: its tiles lie
 * in the file once and are named again and again, so that a scene of a gigapixel is as quick to make as to copy.
 */
export function repeatTiles(source: string, target: string, times: number): void {
  copyFileSync(source, target);
  const file = openSync(target, 'r+');
  try {
    const read = (at: number, length: number) => {
      const bytes = Buffer.alloc(length);
      readSync(file, bytes, 0, length, at);
      return bytes;
    };
    const head = read(0, 8);
    if (head.toString('latin1', 0, 2) !== 'II' || head.readUInt16LE(2) !== 42)
      throw new Error(`${source}: no classic TIFF.`);
    const directoryAt = head.readUInt32LE(4);
    const count = read(directoryAt, 2).readUInt16LE(0);
    const entries = Array.from({ length: count }, (_, i): Entry => {
      const bytes = read(directoryAt + 2 + 12 * i, 12);
      return { tag: bytes.readUInt16LE(0), bytes };
    });
    const numberOf = (tag: number) => {
      const { bytes } = entries.find((entry) => entry.tag === tag)!;
      return bytes.readUInt16LE(2) === 3 ? bytes.readUInt16LE(8) : bytes.readUInt32LE(8);
    };
    const listOf = (tag: number) => {
      const { bytes } = entries.find((entry) => entry.tag === tag)!;
      const raw = read(bytes.readUInt32LE(8), 4 * bytes.readUInt32LE(4));
      return Array.from({ length: raw.length / 4 }, (_, i) => raw.readUInt32LE(4 * i));
    };
    const across = Math.round(Math.sqrt(listOf(tileOffsets).length));
    const repeated = (list: number[]) =>
      Array.from({ length: list.length * times * times }, (_, i) => {
        const [row, column] = [Math.floor(i / (across * times)) % across, i % across];
        return list[row * across + column];
      });
    let end = fstatSync(file).size;
    const append = (bytes: Buffer) => {
      const at = end + (end % 2);
      writeSync(file, bytes, 0, bytes.length, at);
      end = at + bytes.length;
      return at;
    };
    const replace = (tag: number, type: number, values: number, value: number) => {
      const { bytes } = entries.find((entry) => entry.tag === tag)!;
      bytes.writeUInt16LE(type, 2);
      bytes.writeUInt32LE(values, 4);
      bytes.writeUInt32LE(value, 8);
    };
    for (const tag of [tileOffsets, tileByteCounts]) {
      const list = repeated(listOf(tag));
      const bytes = Buffer.alloc(4 * list.length);
      list.forEach((value, i) => {
        bytes.writeUInt32LE(value, 4 * i);
      });
      replace(tag, longType, list.length, append(bytes));
    }
    for (const tag of [imageWidth, imageLength]) replace(tag, longType, 1, numberOf(tag) * times);
    const counted = Buffer.alloc(2);
    counted.writeUInt16LE(count);
    const directory = append(Buffer.concat([counted, ...entries.map(({ bytes }) => bytes), Buffer.alloc(4)]));
    const pointer = Buffer.alloc(4);
    pointer.writeUInt32LE(directory);
    writeSync(file, pointer, 0, 4, 4);
  } finally {
    closeSync(file);
  }
}
