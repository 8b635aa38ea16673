import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Entry, openPromise, type ZipFile } from 'yauzl';
import { ServiceError } from '../error.ts';

const MOST_ENTRIES = 65_534;

/** A zip that was opened: its names are plain, each once. */
export interface OpenZip {
  /** Sizes by name, unpacked. */
  sizes: ReadonlyMap<string, number>;
  /** A file's bytes, `most` at most. @throws ServiceError bad-input where it is missing, damaged or larger */
  read(name: string, most: number): Promise<Buffer>;
  /** sha256 of a file's bytes, which are not held. @throws ServiceError bad-input */
  hash(name: string): Promise<string>;
  /** Writes a file's bytes to a new file of the disk. @throws ServiceError bad-input */
  copy(name: string, to: string): Promise<void>;
  close(): void;
}

/**
 * Opens a zip for reading file by file; nothing is ever unpacked to the disk.
 * @param what what it should be, for the refusal: 'a package'
 * @throws ServiceError bad-input, one line: no zip, cut off, a name twice or one that leads out of it
 */
export async function openZip(path: string, what: string): Promise<OpenZip> {
  const zip = await openPromise(path, { lazyEntries: true, autoClose: false, strictFileNames: true }).catch((error) => {
    throw new ServiceError('bad-input', `${path}: wanted ${what}; it cannot be opened as one: ${reasonOf(error)}.`);
  });
  try {
    const entries = await entriesOf(zip, path, what);
    const entryOf = (name: string) => entries.get(name) ?? refuse(path, `lacks ${name}`);
    return {
      sizes: new Map([...entries].map(([name, { uncompressedSize }]) => [name, uncompressedSize])),
      read: (name, most) => bytesOf(zip, entryOf(name), path, most),
      hash: (name) => hashOf(zip, entryOf(name), path),
      copy: (name, to) => copyOf(zip, entryOf(name), path, to),
      close: () => zip.close(),
    };
  } catch (error) {
    zip.close();
    throw error;
  }
}

async function entriesOf(zip: ZipFile, path: string, what: string): Promise<Map<string, Entry>> {
  if (zip.entryCount > MOST_ENTRIES) refuse(path, `holds ${zip.entryCount} files; wanted at most ${MOST_ENTRIES}`);
  const entries = new Map<string, Entry>();
  try {
    for await (const entry of zip.eachEntry()) {
      if (entries.has(entry.fileName)) refuse(path, `holds ${JSON.stringify(entry.fileName)} twice`);
      entries.set(entry.fileName, entry);
    }
  } catch (error) {
    if (error instanceof ServiceError) throw error;
    refuse(path, `wanted ${what}, is a damaged one: ${reasonOf(error)}`);
  }
  return entries;
}

async function bytesOf(zip: ZipFile, entry: Entry, path: string, most: number): Promise<Buffer> {
  const { fileName, uncompressedSize } = entry;
  if (uncompressedSize > most) refuse(path, `holds ${fileName} of ${uncompressedSize} bytes; wanted at most ${most}`);
  const pieces: Buffer[] = [];
  await each(zip, entry, path, (piece) => pieces.push(piece));
  return Buffer.concat(pieces);
}

async function hashOf(zip: ZipFile, entry: Entry, path: string): Promise<string> {
  const hash = createHash('sha256');
  await each(zip, entry, path, (piece) => hash.update(piece));
  return hash.digest('hex');
}

async function copyOf(zip: ZipFile, entry: Entry, path: string, to: string): Promise<void> {
  try {
    await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(to, { flags: 'wx' }));
  } catch (error) {
    refuse(path, `holds ${entry.fileName}, which cannot be unpacked: ${reasonOf(error)}`);
  }
}

/** Never more bytes than the entry says: the library ends the stream there. */
async function each(zip: ZipFile, entry: Entry, path: string, take: (piece: Buffer) => void): Promise<void> {
  try {
    const stream: Readable = await zip.openReadStreamPromise(entry);
    for await (const piece of stream) take(piece as Buffer);
  } catch (error) {
    refuse(path, `holds ${entry.fileName}, which cannot be unpacked: ${reasonOf(error)}`);
  }
}

function refuse(path: string, what: string): never {
  throw new ServiceError('bad-input', `${path}: ${what}.`);
}

/** What the system and the zip library say, where a person would not understand it. */
const PLAIN: readonly (readonly [RegExp, string])[] = [
  [/^ENOENT/, 'there is no such file'],
  [/^EISDIR/, 'it is a folder'],
  [/^EACCES/, 'it may not be read'],
  [/end of central directory/i, 'it is no zip, or was cut off'],
];

function reasonOf(error: unknown): string {
  const [line] = (error instanceof Error ? error.message : String(error)).split('\n');
  const plain = PLAIN.find(([pattern]) => pattern.test(line))?.[1];
  return plain ?? line.slice(0, 200).replace(/\.+$/, '');
}
