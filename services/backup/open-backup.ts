import { createHash } from 'node:crypto';
import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ServiceError } from '../error.ts';
import { type BackupFile, MANIFEST, MANIFEST_HASH, type Manifest, parseManifest } from './manifest.ts';
import { entriesOfTar, type PlacedEntry, piecesOf } from './tar.ts';

const MOST_MANIFEST_BYTES = 2 ** 30;

/** A backup whose manifest is sound and lists what it holds. */
export interface OpenBackup {
  manifest: Manifest;
  /**
   * Reads a file of it through, and writes it to `path` unless that is null; on the disk when this returns.
   * @throws ServiceError bad-input where its bytes are not what the manifest says; store-unusable where `path` cannot
   * be written
   */
  take(file: BackupFile, path: string | null, onBytes?: (bytes: number) => void): Promise<void>;
  close(): Promise<void>;
}

/** @throws ServiceError bad-input, one line, where it is no backup or a damaged one */
export async function openBackup(path: string): Promise<OpenBackup> {
  const tar = await open(path).catch((error: Error) => {
    throw new ServiceError('bad-input', `${path}: wanted a backup; it cannot be read: ${error.message}.`);
  });
  try {
    const entries = new Map((await entriesOfTar(tar)).map((entry) => [entry.name, entry]));
    const manifest = parseManifest(await bytesOf(tar, entries, MANIFEST), await bytesOf(tar, entries, MANIFEST_HASH));
    checkListed(manifest, entries);
    return {
      manifest,
      take: (file, to, onBytes = () => {}) => take(path, tar, entries.get(file.name)!, file, to, onBytes),
      close: () => tar.close(),
    };
  } catch (error) {
    await tar.close();
    throw new ServiceError(
      'bad-input',
      `${path}: wanted a whole backup: ${(error as Error).message}.`,
      undefined,
      error,
    );
  }
}

async function bytesOf(tar: FileHandle, entries: ReadonlyMap<string, PlacedEntry>, name: string): Promise<Buffer> {
  const entry = entries.get(name);
  if (entry === undefined || entry.bytes > MOST_MANIFEST_BYTES) throw new Error(`it has no ${name}`);
  const pieces: Buffer[] = [];
  for await (const piece of piecesOf(tar, entry.at, entry.bytes)) pieces.push(piece);
  return Buffer.concat(pieces);
}

function checkListed({ files }: Manifest, entries: ReadonlyMap<string, PlacedEntry>): void {
  for (const { name, bytes, mode } of files) {
    const entry = entries.get(name);
    if (entry?.bytes !== bytes || entry.mode !== mode) throw new Error(`${name} is not in it as its manifest says`);
  }
  const listed = new Set([MANIFEST, MANIFEST_HASH, ...files.map(({ name }) => name)]);
  if (listed.size !== entries.size) throw new Error('it holds files that its manifest does not list');
}

async function take(
  backup: string,
  tar: FileHandle,
  entry: PlacedEntry,
  { name, sha256, mode }: BackupFile,
  to: string | null,
  onBytes: (bytes: number) => void,
): Promise<void> {
  const hash = createHash('sha256');
  const out = to === null ? null : await create(to, mode);
  try {
    for await (const piece of piecesOf(tar, entry.at, entry.bytes)) {
      hash.update(piece);
      await out?.writeFile(piece);
      onBytes(piece.length);
    }
    await out?.sync();
  } catch (error) {
    throw unwritable(to ?? backup, error);
  } finally {
    await out?.close();
  }
  if (hash.digest('hex') === sha256) return;
  throw new ServiceError('bad-input', `${backup}: ${name} is not what its manifest says: it was changed.`);
}

async function create(path: string, mode: number): Promise<FileHandle> {
  try {
    await mkdir(dirname(path), { recursive: true });
    return await open(path, 'wx', mode);
  } catch (error) {
    throw unwritable(path, error);
  }
}

function unwritable(path: string, error: unknown): ServiceError {
  const { code, message } = error as NodeJS.ErrnoException;
  const reason = code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG' ? 'the disk is full' : message;
  return new ServiceError('store-unusable', `${path}: cannot be written: ${reason}.`, undefined, error);
}
