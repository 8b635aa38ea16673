import { closeSync, openSync, writeSync } from 'node:fs';

export interface Column {
  name: string;
  width: number;
  /** C: text; N: a number with two decimals. */
  type: 'C' | 'N';
}

/** Points of one ring, closed, x, y, x, y, …, clockwise as a shapefile wants its shells. */
type Ring = readonly number[];

const headerBytes = 100;
const flushBytes = 1 << 22;

/** Writes .shp, .shx and .dbf (GBK) of single-ring polygons one by one: memory stays a few megabytes. */
export class ShapefileWriter {
  private readonly shp: Spool;
  private readonly shx: Spool;
  private readonly box = [Infinity, Infinity, -Infinity, -Infinity];
  private count = 0;

  constructor(base: string) {
    this.shp = new Spool(`${base}.shp`, headerBytes);
    this.shx = new Spool(`${base}.shx`, headerBytes);
  }

  add(ring: Ring): void {
    const box = [Infinity, Infinity, -Infinity, -Infinity];
    for (let k = 0; k < ring.length; k += 2) {
      box[0] = Math.min(box[0], ring[k]);
      box[1] = Math.min(box[1], ring[k + 1]);
      box[2] = Math.max(box[2], ring[k]);
      box[3] = Math.max(box[3], ring[k + 1]);
    }
    const content = 4 + 32 + 8 + 4 + 8 * ring.length;
    const index = this.shx.take(8);
    index.writeInt32BE(this.shp.length / 2, 0);
    index.writeInt32BE(content / 2, 4);
    const bytes = this.shp.take(8 + content);
    bytes.writeInt32BE(++this.count, 0);
    bytes.writeInt32BE(content / 2, 4);
    bytes.writeInt32LE(5, 8);
    box.forEach((value, k) => {
      bytes.writeDoubleLE(value, 12 + 8 * k);
      this.box[k] = k < 2 ? Math.min(this.box[k], value) : Math.max(this.box[k], value);
    });
    bytes.writeInt32LE(1, 44);
    bytes.writeInt32LE(ring.length / 2, 48);
    bytes.writeInt32LE(0, 52);
    for (let k = 0; k < ring.length; k++) bytes.writeDoubleLE(ring[k], 56 + 8 * k);
  }

  finish(): void {
    for (const file of [this.shp, this.shx]) {
      const header = Buffer.alloc(headerBytes);
      header.writeInt32BE(9994, 0);
      header.writeInt32BE(file.length / 2, 24);
      header.writeInt32LE(1000, 28);
      header.writeInt32LE(5, 32);
      this.box.forEach((value, k) => {
        header.writeDoubleLE(value, 36 + 8 * k);
      });
      file.finish(header);
    }
  }
}

/** A .dbf whose text is GBK. */
export class DbfWriter {
  private readonly file: Spool;
  private readonly columns: readonly Column[];
  private readonly header: Buffer;
  private readonly recordBytes: number;
  private count = 0;

  constructor(path: string, columns: readonly Column[]) {
    this.columns = columns;
    this.recordBytes = 1 + columns.reduce((sum, { width }) => sum + width, 0);
    this.header = Buffer.alloc(33 + 32 * columns.length);
    this.file = new Spool(path, this.header.length);
  }

  add(values: readonly (string | number)[]): void {
    const record = this.file.take(this.recordBytes);
    record.fill(0x20);
    let at = 1;
    this.columns.forEach(({ width, type }, k) => {
      if (type === 'N') record.write((values[k] as number).toFixed(2).padStart(width), at, width, 'latin1');
      else writeGbk(record, at, values[k] as string);
      at += width;
    });
    this.count++;
  }

  finish(): void {
    const { header } = this;
    header.set([3, 126, 4, 1]);
    header.writeUInt32LE(this.count, 4);
    header.writeUInt16LE(header.length, 8);
    header.writeUInt16LE(this.recordBytes, 10);
    this.columns.forEach(({ name, width, type }, k) => {
      header.write(name, 32 + 32 * k, 'latin1');
      header.write(type, 43 + 32 * k, 'latin1');
      header[48 + 32 * k] = width;
      header[49 + 32 * k] = type === 'N' ? 2 : 0;
    });
    header[header.length - 1] = 0x0d;
    this.file.take(1)[0] = 0x1a;
    this.file.finish(header);
  }
}

/** A file written in large pieces, whose header is known at the end. */
class Spool {
  length: number;
  private readonly file: number;
  private readonly buffer = Buffer.alloc(flushBytes);
  private used = 0;

  constructor(path: string, headerLength: number) {
    this.file = openSync(path, 'w');
    this.length = headerLength;
    writeSync(this.file, Buffer.alloc(headerLength));
  }

  /** The next `bytes` bytes, to be filled in before the next call. */
  take(bytes: number): Buffer {
    if (this.used + bytes > flushBytes) this.flush();
    const piece = this.buffer.subarray(this.used, this.used + bytes);
    this.used += bytes;
    this.length += bytes;
    return piece;
  }

  finish(header: Buffer): void {
    this.flush();
    writeSync(this.file, header, 0, header.length, 0);
    closeSync(this.file);
  }

  private flush(): void {
    writeSync(this.file, this.buffer, 0, this.used);
    this.used = 0;
  }
}

let gbk: Map<string, number> | null = null;

/** Node decodes GBK but does not encode it: its decoder is turned round once. */
function gbkCodes(): Map<string, number> {
  const decoder = new TextDecoder('gbk');
  const codes = new Map<string, number>();
  for (let high = 0x81; high <= 0xfe; high++) {
    for (let low = 0x40; low <= 0xfe; low++) {
      const text = low === 0x7f ? '' : decoder.decode(Uint8Array.of(high, low));
      if (text.length === 1 && text !== '\ufffd') codes.set(text, high * 256 + low);
    }
  }
  return codes;
}

function writeGbk(target: Buffer, offset: number, text: string): void {
  gbk ??= gbkCodes();
  let at = offset;
  for (const character of text) {
    const code = gbk.get(character);
    if (code === undefined) target[at++] = character.charCodeAt(0);
    else at = target.writeUInt16BE(code, at);
  }
}
