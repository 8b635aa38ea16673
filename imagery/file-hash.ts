import { createHash, randomBytes } from 'node:crypto';
import { type FileHandle, mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { ImageryError } from './error.ts';
import { isRemotePath } from './remote/location.ts';

/**
 * A file system may give two writings within this time the same time stamp: a hash taken so soon after the last
 * change may be of bytes that are no longer there, though every stamp is as it was.
 */
const stampsTellApartMs = 2000;
const readAtOnceBytes = 4 * 2 ** 20;

/** One remembered hash, and everything by which a change of the file would show. */
interface Remembered {
  path: string;
  /** Size, mtime and ctime in ns, inode and device: decimal, for they are larger than a number holds. */
  stamp: string;
  /** When the hashing began, ms since 1970. */
  hashedAt: number;
  sha256: string;
}

let folder: string | null = null;

/**
 * From now on this process remembers hashes of files in `place`, a folder that other processes may use at the same
 * time; null, as at the beginning: nowhere. A folder that cannot be made or written is gone without.
 */
export function rememberHashesIn(place: string | null): void {
  folder = place;
}

/**
 * sha256 of a file's bytes, 64 hex digits. Remembered (see rememberHashesIn) as long as the file is the same by path,
 * size, time of modification and of change in ns, and inode, and was at rest for 2 s when it was hashed; `anew`: the
 * bytes are read whatever is remembered.
 * That of a remote file is another thing, and says so: see remoteHash.
 * @throws ImageryError file-missing, not-a-file
 */
export async function sceneHash(path: string, { anew = false } = {}): Promise<string> {
  // What speaks HTTP takes longer to load than a hash takes to look up.
  if (isRemotePath(path)) return (await import('./remote/identity.ts')).remoteHash(path);
  const handle = await openFile(path);
  try {
    const before = await stampOf(handle, path);
    const entry = folder === null ? null : join(folder, 'hashes', `${nameOf(resolve(path))}.json`);
    const known = entry && !anew && (await remembered(entry));
    if (known && known.path === resolve(path) && known.stamp === before.stamp && wasAtRest(before, known.hashedAt)) {
      return known.sha256;
    }
    const hashedAt = Date.now();
    const sha256 = await hashOf(handle, path);
    const after = await stampOf(handle, path);
    if (entry && after.stamp === before.stamp && wasAtRest(after, hashedAt)) {
      await remember(entry, { path: resolve(path), stamp: after.stamp, hashedAt, sha256 });
    }
    return sha256;
  } finally {
    await handle.close();
  }
}

function nameOf(path: string): string {
  return createHash('sha256').update(path).digest('hex').slice(0, 32);
}

function wasAtRest({ changedMs }: { changedMs: number }, hashedAt: number): boolean {
  return changedMs < hashedAt - stampsTellApartMs;
}

async function openFile(path: string): Promise<FileHandle> {
  return open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    const isMissing = error.code === 'ENOENT' || error.code === 'ENOTDIR';
    const what = isMissing ? 'but there is no such file' : `but it cannot be opened (${error.code})`;
    throw new ImageryError(isMissing ? 'file-missing' : 'not-a-file', `${path}: wanted an image, ${what}.`, error);
  });
}

async function stampOf(handle: FileHandle, path: string): Promise<{ stamp: string; changedMs: number }> {
  const stat = await handle.stat({ bigint: true });
  if (!stat.isFile()) throw new ImageryError('not-a-file', `${path}: wanted an image file, got a folder or device.`);
  const { size, mtimeNs, ctimeNs, ino, dev } = stat;
  // Some file systems keep no time of change worth the name: the later of both is when it was last touched.
  const changedMs = Number((mtimeNs > ctimeNs ? mtimeNs : ctimeNs) / 1_000_000n);
  return { stamp: [size, mtimeNs, ctimeNs, ino, dev].join(' '), changedMs };
}

async function hashOf(handle: FileHandle, path: string): Promise<string> {
  const hash = createHash('sha256');
  // Two buffers: one is filled while the other is hashed.
  const buffers = [Buffer.allocUnsafe(readAtOnceBytes), Buffer.allocUnsafe(readAtOnceBytes)];
  try {
    let position = 0;
    let reading = handle.read(buffers[0], 0, readAtOnceBytes, position);
    for (let turn = 0; ; turn++) {
      const { bytesRead } = await reading;
      if (bytesRead === 0) return hash.digest('hex');
      position += bytesRead;
      reading = handle.read(buffers[(turn + 1) % 2], 0, readAtOnceBytes, position);
      hash.update(buffers[turn % 2].subarray(0, bytesRead));
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new ImageryError('not-a-file', `${path}: wanted an image, but it cannot be read (${code}).`, error);
  }
}

/** What the folder holds of a file, or null: an entry that is no such thing is as good as none. */
async function remembered(entry: string): Promise<Remembered | null> {
  try {
    const known = JSON.parse(await readFile(entry, 'utf8')) as Partial<Remembered> | null;
    const { path, stamp, hashedAt, sha256 } = known ?? {};
    const isWhole = typeof path === 'string' && typeof stamp === 'string' && typeof hashedAt === 'number';
    return isWhole && /^[0-9a-f]{64}$/.test(sha256 ?? '') ? (known as Remembered) : null;
  } catch {
    return null;
  }
}

/** Beside its place first, then renamed: another process sees the old entry or the new one, whole. */
async function remember(entry: string, known: Remembered): Promise<void> {
  const temporary = `${entry}.${randomBytes(6).toString('hex')}.part`;
  try {
    await mkdir(join(entry, '..'), { recursive: true });
    await writeFile(temporary, JSON.stringify(known), { flag: 'wx' });
    await rename(temporary, entry);
  } catch {
    // Full, read-only or not ours: the hash is right all the same, and will be taken again the next time.
    await rm(temporary, { force: true }).catch(() => {});
  }
}
