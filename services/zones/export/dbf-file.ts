import { closeSync, openSync, readSync } from 'node:fs';
import { ServiceError } from '../../error.ts';
import type { FieldValue } from '../layer-files/layer-file.ts';
import { ByteSink } from './byte-sink.ts';
import { type DbfColumn, finalWidth, TEXT_BYTES, writeCell } from './dbf-column.ts';
import type { TextEncoding } from './text-encoding.ts';

/** Length byte of a value in the spool that is none. */
const NONE = 0xff;
const READ_BYTES = 1 << 20;
/** dBase's own limits; files above 2 GB many programs cannot open. */
const MOST_BYTES = 2 ** 31 - 1;
const MOST_COLUMNS = 255;
const MOST_RECORD_BYTES = 65_535;

/**
 * The .dbf of a shapefile. Its columns are as wide as their widest values, so these are put into a spool first, each
 * with its length before it, and into the file when all are known.
 */
export class DbfFile {
  readonly #shownAs: string;
  readonly #columns: DbfColumn[];
  readonly #encoding: TextEncoding;
  readonly #spoolPath: string;
  readonly #spool: ByteSink;
  #records = 0;

  constructor(spoolPath: string, shownAs: string, columns: DbfColumn[], encoding: TextEncoding) {
    if (columns.length > MOST_COLUMNS) {
      throw tooMuch(shownAs, `${columns.length} columns; a shapefile has at most ${MOST_COLUMNS}`);
    }
    this.#shownAs = shownAs;
    this.#columns = columns;
    this.#encoding = encoding;
    this.#spoolPath = spoolPath;
    this.#spool = new ByteSink(spoolPath, shownAs);
  }

  /** @param refuse gets a field's name and the rest of a sentence about it */
  add(properties: Readonly<Record<string, FieldValue>>, refuse: (field: string, problem: string) => never): void {
    const most = this.#columns.length * (1 + TEXT_BYTES * this.#encoding.mostBytes);
    const start = this.#spool.reserve(most);
    const { buffer } = this.#spool;
    let at = start;
    for (const column of this.#columns) {
      const { name } = column.field;
      const bytes = writeCell(column, properties[name], this.#encoding, buffer, at + 1, (problem) =>
        refuse(name, problem),
      );
      buffer[at] = bytes < 0 ? NONE : bytes;
      at += 1 + Math.max(0, bytes);
    }
    this.#spool.advance(at - start);
    this.#records++;
    if (this.#records % 4096 === 0) this.#checkSize();
  }

  /** Puts the file together. @returns its columns as they are in it */
  finish(path: string, today: Date): void {
    this.#checkSize();
    this.#spool.close();
    const file = new ByteSink(path, this.#shownAs);
    try {
      file.write(dbfHeader(this.#columns, this.#records, this.#recordBytes(), this.#encoding, today));
      this.#copyRecords(file);
      file.write(Uint8Array.of(0x1a));
      file.close();
    } finally {
      file.release();
    }
  }

  release(): void {
    this.#spool.release();
  }

  #recordBytes(): number {
    return this.#columns.reduce((sum, column) => sum + finalWidth(column), 1);
  }

  #checkSize(): void {
    const record = this.#recordBytes();
    if (record > MOST_RECORD_BYTES) throw tooMuch(this.#shownAs, `records of ${record} bytes; a .dbf holds 65,535`);
    if (record * this.#records > MOST_BYTES) throw tooMuch(this.#shownAs, 'more than 2 GB of attributes');
  }

  #copyRecords(file: ByteSink): void {
    const spool = new SpoolReader(this.#spoolPath);
    try {
      const record = this.#recordBytes();
      const layout = this.#columns.map((column) => ({ width: finalWidth(column), right: column.type === 'N' }));
      for (let i = 0; i < this.#records; i++) {
        let at = file.reserve(record);
        file.buffer.fill(0x20, at, at + record);
        at++;
        for (const { width, right } of layout) {
          const { from, bytes } = spool.next();
          if (bytes > 0) spool.buffer.copy(file.buffer, right ? at + width - bytes : at, from, from + bytes);
          at += width;
        }
        file.advance(record);
      }
    } finally {
      spool.close();
    }
  }
}

/** Reads the spool's values in order. */
class SpoolReader {
  readonly buffer = Buffer.allocUnsafe(READ_BYTES);
  readonly #file: number;
  #at = 0;
  #end = 0;

  constructor(path: string) {
    this.#file = openSync(path, 'r');
  }

  /** Where the next value lies in `buffer`, until the next call. */
  next(): { from: number; bytes: number } {
    if (this.#end - this.#at < 0x100) this.#refill();
    const length = this.buffer[this.#at];
    const from = this.#at + 1;
    const bytes = length === NONE ? 0 : length;
    this.#at = from + bytes;
    return { from, bytes };
  }

  close(): void {
    closeSync(this.#file);
  }

  #refill(): void {
    this.buffer.copyWithin(0, this.#at, this.#end);
    this.#end -= this.#at;
    this.#at = 0;
    for (;;) {
      const got = readSync(this.#file, this.buffer, this.#end, this.buffer.length - this.#end, null);
      this.#end += got;
      if (got === 0 || this.#end === this.buffer.length) return;
    }
  }
}

function dbfHeader(
  columns: readonly DbfColumn[],
  records: number,
  recordBytes: number,
  encoding: TextEncoding,
  today: Date,
): Buffer {
  const header = Buffer.alloc(32 * columns.length + 33);
  header[0] = 3;
  header.set([today.getFullYear() - 1900, today.getMonth() + 1, today.getDate()], 1);
  header.writeUInt32LE(records, 4);
  header.writeUInt16LE(header.length, 8);
  header.writeUInt16LE(recordBytes, 10);
  header[29] = encoding.languageDriver;
  columns.forEach((column, i) => {
    const at = 32 * (i + 1);
    encoding.write(column.name, header, at);
    header[at + 11] = column.type.charCodeAt(0);
    header[at + 16] = finalWidth(column);
    header[at + 17] = column.decimals;
  });
  header[header.length - 1] = 0x0d;
  return header;
}

function tooMuch(path: string, what: string): ServiceError {
  return new ServiceError('bad-input', `${path}: the export has ${what}: wanted a GeoPackage (.gpkg).`);
}
