import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { imagesAmong } from './image-files.ts';
import { type InboxEvent, quarantineName } from './inbox.ts';

/** What became of a file, and when (UTC). */
export interface InboxLine {
  at: string;
  what: InboxEvent['what'];
  name: string;
  scene: string | null;
  reason: string | null;
}

/** A file of the inbox; bytes as it lies there. */
export interface InboxFile {
  name: string;
  bytes: number;
  changedAt: string;
}

const mostLines = 200;

/** What a server's inbox did since it was started, and what lies in it. */
export class InboxRecord {
  readonly #folder: string;
  readonly #lines: InboxLine[] = [];

  /** @param folder the folder that is watched */
  constructor(folder: string) {
    this.#folder = folder;
  }

  add(event: InboxEvent, at: Date): void {
    const taken = event.what === 'taken';
    const outcome = { scene: taken ? event.scene.id : null, reason: taken ? null : event.reason };
    this.#lines.unshift({ at: at.toISOString(), what: event.what, name: event.name, ...outcome });
    this.#lines.length = Math.min(this.#lines.length, mostLines);
  }

  get lines(): readonly InboxLine[] {
    return this.#lines;
  }

  /** Images that wait to come to rest, and those that were refused. */
  async files(): Promise<{ waiting: InboxFile[]; refused: InboxFile[] }> {
    const [waiting, refused] = await Promise.all([
      imagesIn(this.#folder),
      imagesIn(join(this.#folder, quarantineName)),
    ]);
    return { waiting, refused };
  }
}

async function imagesIn(folder: string): Promise<InboxFile[]> {
  const names = imagesAmong(await readdir(folder).catch(() => []));
  const files = await Promise.all(
    names.map(async (name): Promise<InboxFile[]> => {
      // A file that was taken meanwhile is no longer there.
      const found = await stat(join(folder, name)).catch(() => null);
      return found?.isFile() ? [{ name, bytes: found.size, changedAt: found.mtime.toISOString() }] : [];
    }),
  );
  return files.flat();
}
