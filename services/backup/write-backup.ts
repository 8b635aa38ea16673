import { createHash, randomBytes } from 'node:crypto';
import { type FileHandle, open, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, sep } from 'node:path';
import { ServiceError } from '../error.ts';
import { sha256Of } from '../sha256.ts';
import { headBefore } from '../store/audit.ts';
import { openStore, type Store } from '../store/open.ts';
import { snapshotSqlite } from '../store/snapshot.ts';
import {
  type BackupFile,
  FILES,
  MANIFEST,
  MANIFEST_HASH,
  type Manifest,
  manifestText,
  POSTGRES_FILE,
  SQLITE_FILE,
} from './manifest.ts';
import { dumpPostgres } from './postgres-tools.ts';
import { appendFile, endTar, piecesOfPath } from './tar.ts';
import { type WorkspaceFile, workspaceFiles } from './workspace-files.ts';

export interface BackupOptions {
  home: string;
  /** postgres:// address of the store, or null where it is the SQLite file of the workspace. */
  database: string | null;
  at: Date;
  /** Images too. */
  withImages?: boolean | undefined;
  /** In bytes. */
  onProgress?: (done: number, total: number) => void;
}

/**
 * Writes a workspace into one tar file while it is in use: the database as it stands at one moment, then the files,
 * which are written before rows name them and never changed. Nothing is left of a backup that fails; one that was there
 * under the name is replaced once the new one is whole.
 * @throws ServiceError bad-input for a place that cannot be written or lies in the workspace; store-unusable
 */
export async function writeBackup(store: Store, target: string, options: BackupOptions): Promise<Manifest> {
  await checkTarget(target, options.home);
  const beside = join(dirname(target), `.${basename(target)}.${randomBytes(6).toString('hex')}`);
  const [part, snapshot] = [`${beside}.part`, `${beside}.db.part`];
  const tar = await open(part, 'wx', 0o600).catch((error: Error) => {
    throw new ServiceError('bad-input', `${target}: cannot be written: ${error.message}.`);
  });
  try {
    const manifest = await fill(tar, store, { target, snapshot }, options);
    await tar.sync();
    await tar.close();
    await rename(part, target);
    return manifest;
  } catch (error) {
    if (error instanceof ServiceError) throw error;
    throw new ServiceError(
      'store-unusable',
      `${target}: the backup cannot be written: ${reasonOf(error)}.`,
      undefined,
      error,
    );
  } finally {
    await tar.close().catch(() => {});
    for (const path of [part, snapshot, `${snapshot}-wal`, `${snapshot}-shm`]) await rm(path, { force: true });
  }
}

async function fill(
  tar: FileHandle,
  store: Store,
  { target, snapshot }: { target: string; snapshot: string },
  options: BackupOptions,
): Promise<Manifest> {
  const { home, database, at, withImages = false, onProgress = () => {} } = options;
  const head = database === null ? await copySqlite(store, snapshot, target) : await copyPostgres(database, snapshot);
  const found = await workspaceFiles(home, withImages);
  const copy = { name: database === null ? SQLITE_FILE : POSTGRES_FILE, path: snapshot, mode: 0o644 };
  const wanted: WorkspaceFile[] = [
    { ...copy, bytes: (await stat(snapshot)).size },
    ...found.files.map((file) => ({ ...file, name: `${FILES}${file.name}` })),
  ];
  const total = wanted.reduce((sum, { bytes }) => sum + bytes, 0);
  const files: BackupFile[] = [];
  let done = 0;
  for (const file of wanted) {
    const sha256 = await addHashed(tar, file, (bytes) => {
      done += bytes;
      onProgress(done, total);
    });
    files.push({ name: file.name, bytes: file.bytes, sha256, mode: file.mode });
  }
  const kind = database === null ? 'sqlite' : 'postgres';
  const said = { format: 'tuban-backup', version: 1, at: at.toISOString(), database: kind } as const;
  const manifest: Manifest = { ...said, head, files, leftOut: found.leftOut };
  const text = manifestText(manifest);
  await addText(tar, MANIFEST, text);
  await addText(tar, MANIFEST_HASH, `${sha256Of(text)}\n`);
  await endTar(tar);
  return manifest;
}

/** The end of the log is read from the copy: the store has gone on. */
async function copySqlite(store: Store, path: string, target: string): Promise<Manifest['head']> {
  await snapshotSqlite(store, path, target);
  const copy = await openStore({ sqlite: path });
  try {
    const head = await headBefore(copy.db, Number.MAX_SAFE_INTEGER);
    return head && { seq: head.seq, hash: head.hash };
  } finally {
    await copy.close();
  }
}

async function copyPostgres(url: string, path: string): Promise<null> {
  await dumpPostgres(url, path);
  return null;
}

async function addHashed(tar: FileHandle, file: WorkspaceFile, onBytes: (bytes: number) => void): Promise<string> {
  const hash = createHash('sha256');
  async function* hashed() {
    for await (const piece of piecesOfPath(file.path, file.bytes)) {
      hash.update(piece);
      yield piece;
      onBytes(piece.length);
    }
  }
  await appendFile(tar, file, hashed());
  return hash.digest('hex');
}

async function addText(tar: FileHandle, name: string, text: string): Promise<void> {
  const bytes = Buffer.from(text);
  async function* whole() {
    yield bytes;
  }
  await appendFile(tar, { name, bytes: bytes.length, mode: 0o644 }, whole());
}

async function checkTarget(target: string, home: string): Promise<void> {
  const refuse = (wanted: string): never => {
    throw new ServiceError('bad-input', `${target}: cannot be written: wanted ${wanted}.`);
  };
  const folder = await realpath(dirname(target)).catch(() => null);
  if (folder === null) return refuse(`a folder that exists, but there is no ${dirname(target)}`);
  if ((await stat(target).catch(() => null))?.isDirectory()) return refuse('a file, got a folder');
  const inside = await realpath(home).catch(() => home);
  if (folder === inside || folder.startsWith(inside + sep)) return refuse('a place outside the workspace');
}

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG' ? 'the disk is full' : message;
}
