import { type FileHandle, open } from 'node:fs/promises';
import { ServiceError } from '../error.ts';

/**
 * The tar files of backups: plain files only, one after the other, which any tar can unpack. Each has exactly one form,
 * so that a changed byte shows wherever it lies.
 */

const BLOCK = 512;
const PIECE = 1 << 20;
/** The largest size that eleven octal digits hold; beyond it the number is written in binary, as GNU tar does. */
const MOST_OCTAL = 8 ** 11 - 1;

export interface TarEntry {
  name: string;
  bytes: number;
  /** Permissions, as in 0o644. */
  mode: number;
}

export interface PlacedEntry extends TarEntry {
  /** Where its bytes begin. */
  at: number;
}

/** @throws ServiceError bad-input where the name does not fit */
function tarHeader({ name, bytes, mode }: TarEntry): Buffer {
  const block = Buffer.alloc(BLOCK);
  const [prefix, rest] = splitName(name);
  block.write(rest, 0);
  block.write(`${mode.toString(8).padStart(7, '0')}\0${'0'.repeat(7)}\0${'0'.repeat(7)}\0`, 100);
  if (bytes <= MOST_OCTAL) block.write(`${bytes.toString(8).padStart(11, '0')}\0`, 124);
  else {
    block[124] = 0x80;
    block.writeBigUInt64BE(BigInt(bytes), 128);
  }
  block.write(`${'0'.repeat(11)}\0        0`, 136);
  block.write('ustar\x0000', 257);
  block.write(prefix, 345);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}

/** At a slash, so that the first part has at most 155 bytes and the second at most 100. */
function splitName(name: string): [prefix: string, rest: string] {
  if (Buffer.byteLength(name) <= 100) return ['', name];
  for (let slash = name.indexOf('/'); slash >= 0; slash = name.indexOf('/', slash + 1)) {
    const [prefix, rest] = [name.slice(0, slash), name.slice(slash + 1)];
    if (Buffer.byteLength(prefix) <= 155 && Buffer.byteLength(rest) <= 100) return [prefix, rest];
  }
  throw new ServiceError('bad-input', `${name}: its name is too long for a backup.`);
}

/** Appends one file, and zeros up to the next block. The pieces must come to what the entry says. */
export async function appendFile(to: FileHandle, entry: TarEntry, pieces: AsyncIterable<Uint8Array>): Promise<void> {
  await to.writeFile(tarHeader(entry));
  let written = 0;
  for await (const piece of pieces) {
    await to.writeFile(piece);
    written += piece.byteLength;
  }
  if (written !== entry.bytes) throw new Error(`${entry.name} changed while it was read`);
  await to.writeFile(Buffer.alloc(paddingOf(entry.bytes)));
}

export async function endTar(to: FileHandle): Promise<void> {
  await to.writeFile(Buffer.alloc(2 * BLOCK));
}

/** What a tar holds. @throws Error where it is not one of these, from its first byte to its last */
export async function entriesOfTar(file: FileHandle): Promise<PlacedEntry[]> {
  const { size } = await file.stat();
  const entries: PlacedEntry[] = [];
  for (let at = 0; ; ) {
    const block = await bytesAt(file, at, BLOCK);
    if (block.every((byte) => byte === 0)) {
      const end = await bytesAt(file, at, 2 * BLOCK);
      if (at + 2 * BLOCK !== size || end.some((byte) => byte !== 0)) throw new Error('it does not end as it should');
      return entries;
    }
    const entry = { ...readHeader(block), at: at + BLOCK };
    const padding = await bytesAt(file, entry.at + entry.bytes, paddingOf(entry.bytes));
    if (padding.some((byte) => byte !== 0)) throw new Error(`there is something after ${entry.name}`);
    entries.push(entry);
    at = entry.at + entry.bytes + padding.length;
  }
}

function readHeader(block: Buffer): TarEntry {
  const text = (from: number, to: number) => block.toString('utf8', from, to).replace(/\0.*$/s, '');
  const prefix = text(345, 500);
  const bytes = block[124] === 0x80 ? Number(block.readBigUInt64BE(128)) : Number.parseInt(text(124, 136), 8);
  const entry = {
    name: `${prefix === '' ? '' : `${prefix}/`}${text(0, 100)}`,
    bytes,
    mode: Number.parseInt(text(100, 108), 8),
  };
  if (!Number.isSafeInteger(bytes) || !Number.isSafeInteger(entry.mode) || !isSame(block, entry)) {
    throw new Error('the description of a file in it is damaged');
  }
  return entry;
}

function isSame(block: Buffer, entry: TarEntry): boolean {
  try {
    return tarHeader(entry).equals(block);
  } catch {
    return false;
  }
}

/** The bytes of a file of any size, piece by piece. */
export async function* piecesOf(file: FileHandle, at: number, bytes: number): AsyncGenerator<Buffer> {
  for (let done = 0; done < bytes; ) {
    const piece = await bytesAt(file, at + done, Math.min(PIECE, bytes - done));
    done += piece.length;
    yield piece;
  }
}

/** Of a whole file on the disk. */
export async function* piecesOfPath(path: string, bytes: number): AsyncGenerator<Buffer> {
  const file = await open(path);
  try {
    yield* piecesOf(file, 0, bytes);
  } finally {
    await file.close();
  }
}

async function bytesAt(file: FileHandle, at: number, count: number): Promise<Buffer> {
  const buffer = Buffer.alloc(count);
  for (let done = 0; done < count; ) {
    const { bytesRead } = await file.read(buffer, done, count - done, at + done);
    if (bytesRead === 0) throw new Error('it is cut off');
    done += bytesRead;
  }
  return buffer;
}

function paddingOf(bytes: number): number {
  return (BLOCK - (bytes % BLOCK)) % BLOCK;
}
