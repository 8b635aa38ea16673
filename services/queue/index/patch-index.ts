import { hiddenNow, seeingAll } from '../../store/hiding.ts';
import { indexRows, patchesChangedSince } from '../../store/index-rows.ts';
import { districtNames } from '../../store/month-figures.ts';
import type { Store } from '../../store/open.ts';
import { type Marks, marksOf, onOneState, snapshotName } from '../../store/view.ts';
import type { PatchFilter } from '../filter.ts';
import { Columns } from './columns.ts';
import { matchOf, placesOf } from './match.ts';

/** More changes than these between two questions, and all is read anew. */
const mostChanges = 5000;

/** The patches of a filter at one state of the store. Of that state only until the next await. */
export interface Found {
  snapshot: string;
  columns: Columns;
  /** In the order of lists. */
  places: Int32Array;
  /** Names by code of district. */
  names: ReadonlyMap<string, string>;
}

/**
 * All patches of a store in memory, for a server that is asked for lists and figures all the time: some 150 bytes a patch.
 * Before each question it catches up with the events since, so that it always tells of a committed state.
 */
export class PatchIndex {
  readonly #store: Store;
  #columns: Columns | null = null;
  #marks: Marks | null = null;
  #names: ReadonlyMap<string, string> = new Map();
  /** Catching up, one after another. */
  #syncing: Promise<void> = Promise.resolve();

  constructor(store: Store) {
    this.#store = store;
  }

  /** Null where the filter asks for what only the database can tell: words, people, CQL2. */
  async find(filter: PatchFilter, at: Date): Promise<Found | null> {
    const { text, assignee, question, condition, ...plain } = filter;
    if (text !== undefined || assignee !== undefined || question !== undefined || condition !== undefined) return null;
    const hidden = hiddenNow();
    for (;;) {
      const marks = await seeingAll(() => this.#caughtUp(at));
      // Another question may have made it go on meanwhile; from here to the end nobody comes between.
      if (this.#columns === null || this.#marks === null || !sameState(this.#marks, marks)) continue;
      const columns = this.#columns;
      const places = placesOf(columns, matchOf(columns, plain, hidden));
      return { snapshot: snapshotName(marks, at), columns, places, names: this.#names };
    }
  }

  async #caughtUp(at: Date): Promise<Marks> {
    const seen = await marksOf(this.#store.db, at);
    if (this.#marks !== null && sameState(this.#marks, seen)) return seen;
    const turn = this.#syncing.then(() => this.#sync(at));
    this.#syncing = turn.then(
      () => {},
      () => {},
    );
    return turn;
  }

  #sync(at: Date): Promise<Marks> {
    return onOneState(this.#store.db, async (db) => {
      const marks = await marksOf(db, at);
      const known = this.#marks;
      if (known !== null && sameState(known, marks)) return marks;
      if (known?.layers !== marks.layers) this.#names = await districtNames(db);
      const changed = known?.overlaps === marks.overlaps ? await this.#changedSince(db, known, marks) : null;
      const rows = changed === null ? null : await indexRows(db, changed);
      this.#columns = rows === null ? Columns.of(await indexRows(db, null)) : this.#columns!.with(rows);
      this.#marks = marks;
      return marks;
    });
  }

  async #changedSince(db: Store['db'], known: Marks, marks: Marks): Promise<string[] | null> {
    if (this.#columns === null || Number(known.head) > Number(marks.head)) return null;
    return patchesChangedSince(db, Number(known.head ?? 0), mostChanges);
  }
}

/** Due dates that pass change nothing of what is kept. */
function sameState(a: Marks, b: Marks): boolean {
  return a.head === b.head && a.overlaps === b.overlaps && a.layers === b.layers;
}

const indexes = new WeakMap<Store, PatchIndex>();

/** The one index of a store. */
export function indexOf(store: Store): PatchIndex {
  const known = indexes.get(store);
  if (known !== undefined) return known;
  const index = new PatchIndex(store);
  indexes.set(store, index);
  return index;
}
