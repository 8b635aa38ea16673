import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { moveFile } from './move-file.ts';
import type { NewScene } from './scene-record.ts';

/** What is to be done with one image and the files that belong to it, all of it or, once begun, again until it is. */
export interface Intent {
  /** The image first. */
  moves: { from: string; to: string }[];
  /** The scene to be registered then; null for a refused file. */
  scene: NewScene | null;
  /** Why it is refused: written beside it. */
  reason: string | null;
}

/**
 * Intents are written down before they are begun and struck off when they are done. Who finds one written down, and
 * knows that nobody is at it, does it again: what was done already is left as it is.
 */
export class MoveJournal {
  readonly #folder: string;
  readonly #perform: (intent: Intent) => Promise<void>;

  /** @param perform what to do when the files lie where they should */
  constructor(folder: string, perform: (intent: Intent) => Promise<void>) {
    this.#folder = folder;
    this.#perform = perform;
  }

  async do(intent: Intent): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
    const page = join(this.#folder, `${randomBytes(8).toString('hex')}.json`);
    await writeDurably(page, JSON.stringify(intent));
    await this.#carryOut(page, intent);
  }

  /**
   * Ends what a process that is no more had begun; the caller holds the lock that says so.
   * @returns what still cannot be done, and why
   */
  async endUnfinished(): Promise<{ intent: Intent; error: Error }[]> {
    const stuck: { intent: Intent; error: Error }[] = [];
    const pages = await readdir(this.#folder).catch(() => []);
    for (const name of pages.sort()) {
      const page = join(this.#folder, name);
      // Killed while writing it down: nothing was begun.
      if (!name.endsWith('.json')) {
        await rm(page, { force: true });
        continue;
      }
      const intent = JSON.parse(await readFile(page, 'utf8')) as Intent;
      await this.#carryOut(page, intent).catch((error: Error) => stuck.push({ intent, error }));
    }
    return stuck;
  }

  async #carryOut(page: string, intent: Intent): Promise<void> {
    const [image] = intent.moves;
    let isThere = true;
    for (const { from, to } of intent.moves) {
      const moved = await moveFile(from, to);
      if (to === image.to) isThere = moved;
    }
    if (isThere && intent.reason !== null) await writeFile(`${image.to}.reason.txt`, `${intent.reason}\n`);
    // Somebody else took the image away in the meantime: there is nothing to register.
    if (isThere) await this.#perform(intent);
    await rm(page, { force: true });
  }
}

/**
 * Where files that belong together go: under their own names, or where one of those is taken, all with a number.
 * @param names the image first
 */
export async function plannedMoves(folder: string, names: readonly string[], target: string): Promise<Intent['moves']> {
  const taken = new Set(await readdir(target).catch(() => []));
  const stem = basename(names[0], extname(names[0]));
  let n = 1;
  const placed = (name: string) => numbered(name, stem, n);
  while (names.some((name) => taken.has(placed(name)) || taken.has(`${placed(name)}.reason.txt`))) n++;
  return names.map((name) => ({ from: join(folder, name), to: join(target, placed(name)) }));
}

/** a.tif and a.json as a-2.tif and a-2.json. */
function numbered(name: string, stem: string, n: number): string {
  if (n === 1) return name;
  const kept = name.startsWith(stem) ? stem : basename(name, extname(name));
  return `${kept}-${n}${name.slice(kept.length)}`;
}

async function writeDurably(path: string, text: string): Promise<void> {
  const beside = `${path}.part`;
  const file = await open(beside, 'wx');
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(beside, path);
}
