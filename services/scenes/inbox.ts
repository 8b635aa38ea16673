import { readdir, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { ImageryError } from '../../imagery/error.ts';
import { ServiceError } from '../error.ts';
import { withLock } from '../store/locks.ts';
import type { Store } from '../store/open.ts';
import { findScene, type SceneRow } from '../store/scenes.ts';
import { decodeGuarded } from './guard.ts';
import { companionsAmong, factsBeside, imagesAmong } from './image-files.ts';
import { exists } from './move-file.ts';
import { type Intent, MoveJournal, plannedMoves } from './move-journal.ts';
import type { FactsSaid } from './scene-facts.ts';
import { type NewScene, putScene, rowOf, sceneOfRow } from './scene-record.ts';

export interface InboxOptions {
  /** The folder that is looked at; its sub-folders are not. */
  folder: string;
  /** Where good images go, in a folder for each month; null: all files stay where they are. */
  scenesFolder: string | null;
  /** How long a file must not have changed before it is taken, ms. */
  settleMs: number;
  /** How much longer a file of which nothing tells day, sensor or CRS waits for the facts beside it, ms. */
  factsWaitMs: number;
  /** What is said of all files; a sidecar says it better. */
  facts: FactsSaid;
  now: () => Date;
}

/** What became of one file: path = where it lies now; stuck = it cannot be moved, and will be tried again. */
export type InboxEvent =
  | { what: 'taken'; name: string; path: string; scene: SceneRow }
  | { what: 'refused' | 'stuck'; name: string; path: string; reason: string };

/** Where refused files go, in the inbox itself. */
export const quarantineName = 'quarantine';

/** What was seen of a file, and since when (ms of a clock that only runs forward). */
interface Seen {
  stamp: string;
  since: number;
}

/**
 * A folder that images are dropped into. Each look registers what has come to rest; what cannot be a scene goes to
 * quarantine with a line that says why. No file is ever deleted or replaced, and a process killed at any point leaves
 * nothing that the next look does not put right (see MoveJournal).
 */
export class Inbox {
  readonly #store: Store;
  readonly #options: InboxOptions;
  readonly #seen = new Map<string, Seen>();
  /** Stamps of files that are done with and stay where they are. */
  readonly #done = new Map<string, string>();
  readonly #stuck = new Set<string>();
  readonly #onEvent: (event: InboxEvent) => void;
  readonly #journal: MoveJournal;

  /** @param onEvent told of each file as soon as it is done with */
  constructor(store: Store, options: InboxOptions, onEvent: (event: InboxEvent) => void) {
    this.#store = store;
    this.#options = { ...options, folder: resolve(options.folder) };
    this.#onEvent = onEvent;
    const journalFolder = join(options.scenesFolder ?? options.folder, '.moving');
    this.#journal = new MoveJournal(journalFolder, (intent) => this.#conclude(intent));
  }

  /** True while files are there that may still come to rest. */
  get isWaiting(): boolean {
    return this.#seen.size > 0;
  }

  /** Looks once. @throws ServiceError busy when another process is looking; bad-input when there is no such folder */
  async look(): Promise<void> {
    const { folder, scenesFolder, now } = this.#options;
    const names = await readdir(folder).catch((error: Error) => {
      throw new ServiceError('bad-input', `${folder}: wanted a folder to watch: ${error.message}.`);
    });
    await withLock(this.#store.db, `inbox ${folder}`, now(), async () => {
      const stuck = new Set<string>();
      for (const { intent, error } of scenesFolder === null ? [] : await this.#journal.endUnfinished()) {
        const name = basename(intent.moves[0].from);
        stuck.add(name);
        this.#saySoOnce(name, error);
      }
      for (const name of (await this.#atRest(names)).filter((one) => !stuck.has(one))) {
        await this.#take(name).catch((error: Error) => this.#saySoOnce(name, error));
      }
    });
  }

  /** A file that the disk or the rights on it keep where it is must not keep the others waiting. */
  #saySoOnce(name: string, error: Error): void {
    if (this.#stuck.has(name)) return;
    this.#stuck.add(name);
    this.#onEvent({ what: 'stuck', name, path: join(this.#options.folder, name), reason: oneLine(error) });
  }

  /** The images that have not changed, nor what belongs to them, for as long as they must not. */
  async #atRest(names: readonly string[]): Promise<string[]> {
    const images = await this.#images(names);
    for (const known of this.#seen.keys()) if (!images.includes(known)) this.#seen.delete(known);
    const resting: string[] = [];
    for (const image of images) {
      const stamp = await this.#stampOf([image, ...companionsAmong(names, image)]);
      if (stamp === null || this.#done.get(image) === stamp) continue;
      const seen = this.#seen.get(image);
      if (seen?.stamp !== stamp) this.#seen.set(image, { stamp, since: performance.now() });
      else if (performance.now() - seen.since >= this.#options.settleMs) resting.push(image);
    }
    return resting;
  }

  /** Images, less those that a sidecar names as the mask of another. */
  async #images(names: readonly string[]): Promise<string[]> {
    const images = imagesAmong(names);
    const masks = new Set<string>();
    for (const image of images) {
      const said = await factsBeside(join(this.#options.folder, image), names).catch(() => null);
      if (said?.mask) masks.add(basename(said.mask.path));
    }
    return images.filter((image) => !masks.has(image));
  }

  async #take(name: string): Promise<void> {
    const { folder, scenesFolder, facts, now } = this.#options;
    const path = join(folder, name);
    const seen = this.#seen.get(name)!;
    try {
      const said = { ...facts, ...(await factsBeside(path)) };
      const row = await rowOf(path, said, now());
      await this.#checkGood(row);
      const names = await readdir(folder);
      // What was just read is no longer what lies there: it rests anew.
      if ((await this.#stampOf([name, ...companionsAmong(names, name)])) !== seen.stamp) return;
      if (scenesFolder === null) await this.#keep(name, row, seen.stamp);
      else {
        const moves = await plannedMoves(folder, groupOf(names, name, said), join(scenesFolder, row.date.slice(0, 7)));
        await this.#journal.do({ moves, scene: movedRow(row, moves), reason: null });
      }
      this.#seen.delete(name);
    } catch (error) {
      if (!(error instanceof ImageryError || error instanceof ServiceError)) throw error;
      // Somebody took it away while it was looked at.
      if (!(await exists(path))) return;
      const waits =
        lacksFacts(error) && performance.now() - seen.since < this.#options.settleMs + this.#options.factsWaitMs;
      if (!waits) await this.#refuse(name, oneLine(error));
    }
  }

  /** @throws ImageryError tiff-damaged; ServiceError scene-invalid when it is there already */
  async #checkGood(row: NewScene): Promise<void> {
    const { damage } = await decodeGuarded(sceneOfRow(row as SceneRow), false);
    if (damage.length > 0) throw new ImageryError('tiff-damaged', damage[0]);
    const known = await findScene(this.#store.db, row.id);
    if (known === null || known.removedAt !== null || known.path === row.path) return;
    if (await exists(known.path)) {
      throw new ServiceError('scene-invalid', `${row.path}: is there already as scene ${known.id}: ${known.path}.`);
    }
  }

  async #keep(name: string, row: NewScene, stamp: string): Promise<void> {
    const { scene, isNew } = await putScene(this.#store, row, this.#options.now());
    this.#done.set(name, stamp);
    if (isNew) this.#onEvent({ what: 'taken', name, path: row.path, scene });
  }

  async #refuse(name: string, reason: string): Promise<void> {
    const { folder, scenesFolder } = this.#options;
    const { stamp } = this.#seen.get(name)!;
    this.#seen.delete(name);
    if (scenesFolder === null) {
      this.#done.set(name, stamp);
      return this.#onEvent({ what: 'refused', name, path: join(folder, name), reason });
    }
    const names = await readdir(folder);
    const said = await factsBeside(join(folder, name), names).catch(() => ({}));
    const moves = await plannedMoves(folder, groupOf(names, name, said), join(folder, quarantineName));
    await this.#journal.do({ moves, scene: null, reason });
  }

  /** The files lie where they should: what remains is to say so. */
  async #conclude({ moves, scene, reason }: Intent): Promise<void> {
    const [{ from, to: path }] = moves;
    const name = basename(from);
    if (reason !== null) return this.#onEvent({ what: 'refused', name, path, reason });
    const now = this.#options.now();
    // Counted from now: moving touched the files, and what is touched after it was added is read again.
    const added = await putScene(this.#store, { ...scene!, addedAt: now.toISOString() }, now);
    this.#stuck.delete(name);
    this.#onEvent({ what: 'taken', name, path, scene: added.scene });
  }

  /** Everything by which a change of any of the files would show; null when one is gone. */
  async #stampOf(names: readonly string[]): Promise<string | null> {
    const stamps: string[] = [];
    for (const name of names) {
      const file = await stat(join(this.#options.folder, name), { bigint: true }).catch(() => null);
      if (file === null) return null;
      stamps.push([name, file.size, file.mtimeNs, file.ctimeNs, file.ino].join(' '));
    }
    return stamps.join('\n');
  }
}

/** True for what a sidecar that is still to come may mend. */
function lacksFacts(error: ImageryError | ServiceError): boolean {
  return error.code === 'crs-missing' || (error instanceof ServiceError && error.details?.['lacks'] !== undefined);
}

/** The image, what belongs to it, and the mask its sidecar names, as far as they lie in the inbox. */
function groupOf(names: readonly string[], image: string, { mask }: FactsSaid): string[] {
  const masks = mask === undefined ? [] : names.filter((name) => name === basename(mask.path));
  return [...new Set([image, ...companionsAmong(names, image), ...masks])];
}

/** The row of a scene as it will be when its files have been moved. */
function movedRow(row: NewScene, moves: Intent['moves']): NewScene {
  const moved = (path: string) => moves.find(({ from }) => from === path)?.to ?? path;
  const { mask } = sceneOfRow(row as SceneRow);
  return { ...row, path: moved(row.path), maskJson: mask && JSON.stringify({ ...mask, path: moved(mask.path) }) };
}

function oneLine({ message }: Error): string {
  return message.replace(/\s*\n\s*/g, ' ').trim();
}
