import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { crc32 } from 'node:zlib';
import { ServiceError } from '../error.ts';

/** Of a zip without the extensions for more. */
const MOST_BYTES = 0xffff_ffff;
const MOST_ENTRIES = 0xffff;
const UTF8_NAMES = 0x0800;
const VERSION = 20;
/** 1980-01-01: the same content is the same file, whenever it is written. */
const DATE = 0x21;

interface Entry {
  name: Buffer;
  crc: number;
  size: number;
  offset: number;
}

/**
 * Writes a zip of files stored as they are (photos do not shrink), entry by entry, beside its place; it takes its name
 * when it is whole.
 */
export class ZipWriter {
  readonly #path: string;
  readonly #beside: string;
  readonly #file: FileHandle;
  readonly #entries: Entry[] = [];
  #at = 0;

  private constructor(path: string, beside: string, file: FileHandle) {
    this.#path = path;
    this.#beside = beside;
    this.#file = file;
  }

  /** @throws ServiceError bad-input where it cannot be written there */
  static async create(path: string): Promise<ZipWriter> {
    const beside = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.part`);
    const file = await open(beside, 'wx').catch((error: Error) => {
      throw new ServiceError('bad-input', `${path}: cannot be written: ${error.message}.`);
    });
    return new ZipWriter(path, beside, file);
  }

  async add(name: string, bytes: Uint8Array): Promise<void> {
    await this.#begin(name, crc32(bytes), bytes.byteLength);
    await this.#write(bytes);
  }

  /** A file of the disk, of any size, which must not change meanwhile: it is read twice. Returns its size and sha256. */
  async addFile(name: string, path: string): Promise<{ bytes: number; sha256: string }> {
    const hash = createHash('sha256');
    let [crc, bytes] = [0, 0];
    for await (const piece of createReadStream(path)) {
      crc = crc32(piece as Buffer, crc);
      bytes += (piece as Buffer).byteLength;
      hash.update(piece as Buffer);
    }
    await this.#begin(name, crc, bytes);
    const from = this.#at;
    for await (const piece of createReadStream(path)) await this.#write(piece as Buffer);
    if (this.#at - from !== bytes) throw new ServiceError('bad-input', `${path}: was changed while it was packed.`);
    return { bytes, sha256: hash.digest('hex') };
  }

  async #begin(name: string, crc: number, size: number): Promise<void> {
    const entry = { name: Buffer.from(name), crc, size, offset: this.#at };
    if (this.#at + entry.size + 1000 > MOST_BYTES || this.#entries.length >= MOST_ENTRIES - 1) {
      throw new ServiceError(
        'bad-input',
        `${this.#path}: a package holds at most 4 GB and 65,534 files; take less at once.`,
      );
    }
    const head = Buffer.alloc(30);
    head.writeUInt32LE(0x04034b50, 0);
    writeCommon(head, 4, entry);
    await this.#write(head);
    await this.#write(entry.name);
    this.#entries.push(entry);
  }

  async finish(): Promise<void> {
    const from = this.#at;
    for (const entry of this.#entries) {
      const head = Buffer.alloc(46);
      head.writeUInt32LE(0x02014b50, 0);
      head.writeUInt16LE(VERSION, 4);
      writeCommon(head, 6, entry);
      head.writeUInt32LE(entry.offset, 42);
      await this.#write(head);
      await this.#write(entry.name);
    }
    const end = Buffer.alloc(22);
    end.writeUInt32LE(0x06054b50, 0);
    end.writeUInt16LE(this.#entries.length, 8);
    end.writeUInt16LE(this.#entries.length, 10);
    end.writeUInt32LE(this.#at - from, 12);
    end.writeUInt32LE(from, 16);
    await this.#write(end);
    await this.#file.sync();
    await this.#file.close();
    await rename(this.#beside, this.#path);
  }

  /** Leaves nothing behind. */
  async abandon(): Promise<void> {
    await this.#file.close().catch(() => {});
    await rm(this.#beside, { force: true });
  }

  async #write(bytes: Uint8Array): Promise<void> {
    await this.#file.write(bytes);
    this.#at += bytes.byteLength;
  }
}

/** What the local and the central header of an entry both begin with. */
function writeCommon(head: Buffer, at: number, { name, crc, size }: Entry): void {
  head.writeUInt16LE(VERSION, at);
  head.writeUInt16LE(UTF8_NAMES, at + 2);
  // Stored, at midnight.
  head.writeUInt16LE(DATE, at + 8);
  head.writeUInt32LE(crc, at + 10);
  head.writeUInt32LE(size, at + 14);
  head.writeUInt32LE(size, at + 18);
  head.writeUInt16LE(name.byteLength, at + 22);
}
