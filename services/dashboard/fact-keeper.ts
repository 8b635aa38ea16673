import type { Kysely } from 'kysely';
import { allPatchIds, type FactMark, factMark, patchesSince } from '../store/dashboard-patches.ts';
import { hiddenNow, type Region, seeingAll } from '../store/hiding.ts';
import type { Store } from '../store/open.ts';
import type { Database } from '../store/schema.ts';
import { onOneState } from '../store/view.ts';
import { type PatchFact, readFacts } from './patch-fact.ts';

/** Patches read between two breaths of the process: others are served meanwhile. */
const PAGE = 250;
/** More changed patches than this are read before the view of the store is opened, and not while it is held. */
const MOST_IN_VIEW = 100;

/**
 * Keeps the facts of all patches in memory and reads again those alone that have changed: the log says which. So a
 * dashboard of two hundred thousand patches is added up without reading them, and still tells of one state of the store.
 */
export class FactKeeper {
  readonly #store: Store;
  readonly #facts = new Map<string, PatchFact>();
  #mark: FactMark | null = null;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(store: Store) {
    this.#store = store;
  }

  /** Does `work` on one state of the store with the facts of that state, of which it sees what its asker may. */
  read<T>(work: (db: Kysely<Database>, facts: Iterable<PatchFact>) => Promise<T>): Promise<T> {
    const regions = hiddenNow();
    // One after the other: the facts are of one state at a time.
    const done = this.#turn.then(() => this.#read(regions, work));
    this.#turn = done.catch(() => {});
    return done;
  }

  async #read<T>(regions: readonly Region[], work: (db: Kysely<Database>, facts: Iterable<PatchFact>) => Promise<T>) {
    for (;;) {
      await seeingAll(() => this.#catchUp());
      const result = await onOneState(this.#store.db, async (db) => {
        const isCurrent = await seeingAll(() => this.#followIn(db));
        return isCurrent ? { value: await work(db, visible(this.#facts.values(), regions)) } : null;
      });
      if (result !== null) return result.value;
    }
  }

  /** Outside of any view, a page at a time. */
  async #catchUp(): Promise<void> {
    const { db } = this.#store;
    const mark = await factMark(db);
    const isFresh = this.#mark === null || this.#mark.ground !== mark.ground;
    const changed = isFresh ? await allPatchIds(db) : await patchesSince(db, this.#mark as FactMark);
    if (isFresh) this.#facts.clear();
    for (let first = 0; first < changed.length; first += PAGE) {
      await this.#reread(db, changed.slice(first, first + PAGE));
      await new Promise(setImmediate);
    }
    this.#mark = mark;
  }

  /** What has changed since; false where it is so much that it had better be read outside. */
  async #followIn(db: Kysely<Database>): Promise<boolean> {
    const mark = await factMark(db);
    if (this.#mark === null || this.#mark.ground !== mark.ground) return false;
    const changed = await patchesSince(db, this.#mark);
    if (changed.length > MOST_IN_VIEW) return false;
    if (changed.length > 0) await this.#reread(db, changed);
    this.#mark = mark;
    return true;
  }

  async #reread(db: Kysely<Database>, ids: readonly string[]): Promise<void> {
    const facts = await readFacts(db, ids);
    for (const id of ids) this.#facts.delete(id);
    for (const fact of facts) this.#facts.set(fact.id, fact);
  }
}

function visible(facts: Iterable<PatchFact>, regions: readonly Region[]): Iterable<PatchFact> {
  return regions.length === 0 ? facts : outside(facts, regions);
}

function* outside(facts: Iterable<PatchFact>, regions: readonly Region[]): Generator<PatchFact> {
  for (const fact of facts) {
    const lies = ({ month, district }: Region) =>
      (month ?? fact.found) === fact.found && fact.district.startsWith(district);
    if (!regions.some(lies)) yield fact;
  }
}
