import { shownM2 } from './area.ts';
import type { PatchFacts } from './facts.ts';
import { formOpinion } from './form-opinion.ts';
import type { Opinion } from './opinion.ts';
import { nameOf, type RuleSet } from './rule-set.ts';

/** A patch's number and what it was judged on. */
export interface JudgedPatch {
  number: string;
  facts: PatchFacts;
}

/** Patches that go from one opinion to another, or stay. */
export interface Move {
  /** 'lawful', 'suspected-illegal:used-before-approval' … */
  from: string;
  to: string;
  patches: number;
  areaM2: number;
  /** Numbers of the first of them. */
  examples: string[];
}

/** What another rule set would change. */
export interface Backtest {
  before: string;
  after: string;
  patches: number;
  areaM2: number;
  changed: number;
  changedM2: number;
  /** Every pair of opinions that occurs; those that change first, largest number first. */
  moves: Move[];
}

const MOST_EXAMPLES = 5;

/** Judges the same facts by two rule sets and counts what changes, one patch at a time. */
export class OpinionComparison {
  readonly #before: RuleSet;
  readonly #after: RuleSet;
  readonly #moves = new Map<string, Move>();

  constructor(before: RuleSet, after: RuleSet) {
    this.#before = before;
    this.#after = after;
  }

  add({ number, facts }: JudgedPatch): void {
    const [from, to] = [this.#before, this.#after].map((rules) => verdictOf(formOpinion(facts, rules)));
    const key = `${from} ${to}`;
    const move = this.#moves.get(key) ?? { from, to, patches: 0, areaM2: 0, examples: [] };
    this.#moves.set(key, move);
    move.patches++;
    move.areaM2 += facts.patch.areaM2;
    if (move.examples.length < MOST_EXAMPLES) move.examples.push(number);
  }

  result(): Backtest {
    const moves = [...this.#moves.values()].map((move) => ({ ...move, areaM2: shownM2(move.areaM2) }));
    const changes = moves.filter(({ from, to }) => from !== to);
    const patches = (list: readonly Move[]) => list.reduce((sum, move) => sum + move.patches, 0);
    const area = (list: readonly Move[]) => shownM2(list.reduce((sum, move) => sum + move.areaM2, 0));
    return {
      before: nameOf(this.#before),
      after: nameOf(this.#after),
      patches: patches(moves),
      areaM2: area(moves),
      changed: patches(changes),
      changedM2: area(changes),
      moves: moves.sort(byWeight),
    };
  }
}

/** An opinion in one word: 'other:below-minimum-area'. */
export function verdictOf({ opinion, kind }: Pick<Opinion, 'opinion' | 'kind'>): string {
  return kind === null ? opinion : `${opinion}:${kind}`;
}

function byWeight(a: Move, b: Move): number {
  const stays = (move: Move) => Number(move.from === move.to);
  const [p, q] = [a, b].map(({ from, to }) => `${from} ${to}`);
  return stays(a) - stays(b) || b.patches - a.patches || (p < q ? -1 : 1);
}
