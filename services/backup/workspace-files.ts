import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Folders of images: large, kept by whoever supplied them, and found again by their hashes. */
const IMAGES = ['scenes', 'simulated'];
/** What waits to be taken in is nothing of the workspace yet. */
const NOT_OURS = ['inbox', 'quarantine'];
const DATABASE = /^tuban\.db(-wal|-shm|-journal)?$/;
const UNFINISHED = /^\..*\.part$/;

export interface WorkspaceFile {
  /** Below the workspace folder, with slashes. */
  name: string;
  path: string;
  bytes: number;
  mode: number;
}

export interface WorkspaceFiles {
  files: WorkspaceFile[];
  /** Folders that were not looked into. */
  leftOut: string[];
}

/**
 * The files of a workspace beside its database, in order of name: originals of photos, keys, and whatever else was put
 * there. A folder of the workspace may be a link to another disk; links below it are not followed.
 */
export async function workspaceFiles(home: string, withImages: boolean): Promise<WorkspaceFiles> {
  const found: WorkspaceFiles = { files: [], leftOut: [] };
  for (const name of (await readdir(home).catch(() => [])).toSorted()) {
    if (DATABASE.test(name) || UNFINISHED.test(name) || NOT_OURS.includes(name)) continue;
    const path = join(home, name);
    const what = await stat(path).catch(() => null);
    if (what?.isDirectory() && IMAGES.includes(name) && !withImages) found.leftOut.push(name);
    else if (what?.isDirectory()) await walk(path, name, found.files);
    else if (what?.isFile()) found.files.push({ name, path, bytes: what.size, mode: what.mode & 0o777 });
  }
  return found;
}

async function walk(folder: string, under: string, files: WorkspaceFile[]): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true });
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const [path, name] = [join(folder, entry.name), `${under}/${entry.name}`];
    if (entry.isDirectory()) await walk(path, name, files);
    else if (entry.isFile() && !UNFINISHED.test(entry.name)) {
      const { size, mode } = await stat(path);
      files.push({ name, path, bytes: size, mode: mode & 0o777 });
    }
  }
}
