import type { Lineage } from './month-row.ts';

/** Who was cut out of whom; pure. A family is a patch and all that was cut out of it, however often. */
export class Families {
  readonly #parents: ReadonlyMap<string, string>;
  readonly #split: ReadonlySet<string>;

  constructor(pieces: readonly { patchId: string; parentId: string }[]) {
    this.#parents = new Map(pieces.map(({ patchId, parentId }) => [patchId, parentId]));
    this.#split = new Set(this.#parents.values());
  }

  parentOf(patchId: string): string | null {
    return this.#parents.get(patchId) ?? null;
  }

  rootOf(patchId: string): string {
    const seen = new Set<string>();
    let root = patchId;
    for (let parent = this.parentOf(root); parent !== null && !seen.has(root); parent = this.parentOf(root)) {
      seen.add(root);
      root = parent;
    }
    return root;
  }

  /** Whether its pieces stand for it. */
  isSplit(patchId: string): boolean {
    return this.#split.has(patchId);
  }

  lineageOf(patchId: string): Lineage {
    if (this.parentOf(patchId) === null) return this.isSplit(patchId) ? 'has-been-split' : 'original';
    return this.isSplit(patchId) ? 'split-again' : 'split-piece';
  }
}
