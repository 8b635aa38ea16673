import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { type AuditReport, verifyAudit } from '../audit/verify.ts';
import { ServiceError } from '../error.ts';
import { openStore, type StoreLocation } from '../store/open.ts';
import { damageOfSqlite, emptyPostgres, tablesOfPostgres } from '../store/snapshot.ts';
import { FILES, type Manifest, POSTGRES_FILE, SQLITE_FILE } from './manifest.ts';
import { type OpenBackup, openBackup } from './open-backup.ts';
import { checkDump, restorePostgres } from './postgres-tools.ts';

export interface RestoreOptions {
  /** postgres:// address of an empty database, for a backup of one; null: the workspace has its own file. */
  database: string | null;
  onProgress?: (stage: 'files' | 'events', done: number, total: number) => void;
}

export interface Restored {
  manifest: Manifest;
  /** Events of the log, all of them verified; null: not looked at. */
  events: number | null;
}

/**
 * Puts a backup in place as a new workspace folder. All of it is unpacked beside that folder and verified first: every
 * file by its hash, the database by its own check, the log by its chain; only then does the folder take its name.
 * Nothing is left of one that fails.
 * @throws ServiceError bad-input where there is something already, or the backup is damaged; store-unusable
 */
export async function restoreBackup(path: string, to: string, options: RestoreOptions): Promise<Restored> {
  const home = resolve(to);
  await checkPlace(home);
  const backup = await openBackup(path);
  const staged = join(dirname(home), `.${basename(home)}.${randomBytes(6).toString('hex')}.part`);
  try {
    await checkDatabase(path, backup.manifest, options.database);
    await mkdir(staged, { mode: 0o700 });
    await unpack(backup, staged, options);
    const events = await bringBack(path, staged, backup.manifest, options);
    // Fails where somebody has put something there meanwhile.
    await rename(staged, home).catch(async (error: Error) => {
      if (options.database !== null) await emptyPostgres(options.database);
      throw new ServiceError('bad-input', `${to}: cannot take its place: ${error.message}.`);
    });
    return { manifest: backup.manifest, events };
  } finally {
    await backup.close();
    await rm(staged, { recursive: true, force: true });
  }
}

/**
 * Verifies a backup without putting it anywhere: hashes, database, log. Of a PostgreSQL dump only that it is one; its log
 * is verified when it is restored.
 * @throws ServiceError bad-input, one line
 */
export async function verifyBackup(path: string, options: Pick<RestoreOptions, 'onProgress'> = {}): Promise<Restored> {
  const backup = await openBackup(path);
  const { manifest } = backup;
  const folder = await mkdtemp(join(tmpdir(), 'tuban-backup-'));
  try {
    const database = join(folder, 'database');
    await readThrough(backup, (name) => (name === SQLITE_FILE || name === POSTGRES_FILE ? database : null), options);
    if (manifest.database === 'sqlite')
      return { manifest, events: await checkStore(path, database, manifest, options) };
    await checkDump(database);
    return { manifest, events: null };
  } finally {
    await backup.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function unpack(backup: OpenBackup, staged: string, options: RestoreOptions): Promise<void> {
  const place = (name: string) => {
    if (name === SQLITE_FILE) return join(staged, 'tuban.db');
    if (name === POSTGRES_FILE) return join(staged, '.database.part');
    return name.startsWith(FILES) ? join(staged, name.slice(FILES.length)) : null;
  };
  await readThrough(backup, place, options);
}

async function readThrough(
  { manifest, take }: OpenBackup,
  place: (name: string) => string | null,
  { onProgress = () => {} }: Pick<RestoreOptions, 'onProgress'>,
): Promise<void> {
  const total = manifest.files.reduce((sum, { bytes }) => sum + bytes, 0);
  let done = 0;
  for (const file of manifest.files)
    await take(file, place(file.name), (bytes) => {
      done += bytes;
      onProgress('files', done, total);
    });
}

/** Verifies the unpacked database, a PostgreSQL one where it is to be. Returns how many events its log has. */
async function bringBack(path: string, staged: string, manifest: Manifest, options: RestoreOptions): Promise<number> {
  if (options.database === null) return checkStore(path, join(staged, 'tuban.db'), manifest, options);
  const dump = join(staged, '.database.part');
  await restorePostgres(options.database, dump);
  await rm(dump);
  try {
    return await checkLog(path, { postgres: options.database }, manifest, options);
  } catch (error) {
    // It was empty before, and nobody is to work with what is not sound.
    await emptyPostgres(options.database);
    throw error;
  }
}

async function checkStore(
  path: string,
  file: string,
  manifest: Manifest,
  options: Pick<RestoreOptions, 'onProgress'>,
): Promise<number> {
  const store = await openStore({ sqlite: file });
  try {
    const damage = await damageOfSqlite(store);
    if (damage !== null) throw new ServiceError('bad-input', `${path}: its database is damaged: ${damage}.`);
  } finally {
    await store.close();
  }
  return checkLog(path, { sqlite: file }, manifest, options);
}

async function checkLog(
  path: string,
  location: StoreLocation,
  { head }: Manifest,
  { onProgress = () => {} }: Pick<RestoreOptions, 'onProgress'>,
): Promise<number> {
  const store = await openStore(location);
  try {
    const report = await verifyAudit(store, {
      onProgress: (stage, done, total) => stage === 'events' && onProgress('events', done, total),
    });
    if (!report.ok)
      throw new ServiceError('bad-input', `${path}: the log in it is not what was written: ${faultOf(report)}.`);
    if (head !== null && report.head.hash !== head.hash) {
      throw new ServiceError('bad-input', `${path}: the log in it ends otherwise than its manifest says.`);
    }
    return report.events;
  } finally {
    await store.close();
  }
}

function faultOf({ firstBroken }: AuditReport): string {
  return firstBroken === null ? 'patches or detections differ from it' : `it is broken from event ${firstBroken} on`;
}

async function checkPlace(home: string): Promise<void> {
  const there = await stat(home).catch(() => null);
  const isEmpty = there?.isDirectory() && (await readdir(home)).length === 0;
  if (there !== null && !isEmpty) {
    throw new ServiceError(
      'bad-input',
      `${home}: there is something already; a restored workspace wants a new folder.`,
    );
  }
  if (!(await stat(dirname(home)).catch(() => null))?.isDirectory()) {
    throw new ServiceError('bad-input', `${home}: cannot be made: there is no folder ${dirname(home)}.`);
  }
}

async function checkDatabase(path: string, manifest: Manifest, database: string | null): Promise<void> {
  if (manifest.database === 'sqlite' && database !== null) {
    const wanted = 'its database is a SQLite file; wanted TUBAN_DATABASE unset';
    throw new ServiceError('bad-input', `${path}: ${wanted}, got a postgres:// address.`);
  }
  if (manifest.database === 'sqlite') return;
  const wanted = 'holds a PostgreSQL database; wanted TUBAN_DATABASE to name an empty one';
  if (database === null) throw new ServiceError('bad-input', `${path}: ${wanted}, got none.`);
  const tables = await tablesOfPostgres(database);
  if (tables > 0) throw new ServiceError('bad-input', `${path}: ${wanted}, got one with ${tables} tables.`);
}
