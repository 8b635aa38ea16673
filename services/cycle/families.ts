import type { Lineage } from './month-row.ts';

/**
 * Who came out of whom; pure. A family is all that is joined by splits and merges, however often: of those a patch came
 * out of and those that came out of it.
 */
export class Families {
  readonly #parents: ReadonlyMap<string, string[]>;
  readonly #children: ReadonlyMap<string, string[]>;
  readonly #roots = new Map<string, string>();

  /** @param links those that stand: what was taken back is not among them */
  constructor(links: readonly { childId: string; parentId: string }[]) {
    this.#parents = grouped(links.map(({ childId, parentId }) => [childId, parentId]));
    this.#children = grouped(links.map(({ childId, parentId }) => [parentId, childId]));
    for (const id of [...this.#parents.keys(), ...this.#children.keys()]) {
      if (!this.#roots.has(id)) this.#enter(this.#joined(id));
    }
  }

  /** In order of id; [] where it was neither cut out of another nor merged. */
  parentsOf(patchId: string): readonly string[] {
    return this.#parents.get(patchId) ?? [];
  }

  childrenOf(patchId: string): readonly string[] {
    return this.#children.get(patchId) ?? [];
  }

  /** The one that stands for its family: of those that came out of no other the first by id. */
  rootOf(patchId: string): string {
    return this.#roots.get(patchId) ?? patchId;
  }

  /** All that belong to any family, in order of id. */
  members(): string[] {
    return [...this.#roots.keys()].sort();
  }

  /** Whether others stand for it: its pieces, or what it was merged into. */
  isReplaced(patchId: string): boolean {
    return this.#children.has(patchId);
  }

  lineageOf(patchId: string): Lineage {
    const [parents, children] = [this.parentsOf(patchId), this.childrenOf(patchId)];
    if (parents.length > 0 && children.length > 0) return 'split-again';
    if (parents.length > 0) return parents.length > 1 ? 'merged' : 'split-piece';
    if (children.length === 0) return 'original';
    return this.parentsOf(children[0]).length > 1 ? 'has-been-merged' : 'has-been-split';
  }

  #joined(start: string): Set<string> {
    const family = new Set([start]);
    for (const id of family) {
      for (const other of [...this.parentsOf(id), ...this.childrenOf(id)]) family.add(other);
    }
    return family;
  }

  #enter(family: ReadonlySet<string>): void {
    const [root] = [...family].filter((id) => !this.#parents.has(id)).sort();
    for (const id of family) this.#roots.set(id, root ?? id);
  }
}

function grouped(pairs: readonly (readonly [string, string])[]): Map<string, string[]> {
  const groups = Map.groupBy(pairs, ([key]) => key);
  return new Map([...groups].map(([key, own]) => [key, own.map(([, value]) => value).sort()]));
}
