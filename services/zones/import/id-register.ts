/**
 * The ids given so far. Most files are in order of their ids: as long as each is greater than the one before, none can
 * have been given already, and two million of them need no table to be looked up in.
 */
export class IdRegister {
  readonly #ascending: string[] = [];
  #all: Set<string> | null = null;

  constructor(ids: Iterable<string> = []) {
    for (const id of ids) this.add(id);
  }

  /** Adds an id; false where it was given before. */
  add(id: string): boolean {
    const { length } = this.#ascending;
    if (this.#all === null) {
      if (length === 0 || id > this.#ascending[length - 1]) {
        this.#ascending.push(id);
        return true;
      }
      this.#all = new Set(this.#ascending);
      this.#ascending.length = 0;
    }
    if (this.#all.has(id)) return false;
    this.#all.add(id);
    return true;
  }
}
