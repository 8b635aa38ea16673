import { issueMonth } from '../../../services/cycle/issue.ts';
import { openMonth } from '../../../services/cycle/open.ts';
import { ServiceError } from '../../../services/error.ts';
import { transition } from '../../../services/lifecycle/transition.ts';
import { allowedActions, stateNames } from '../../../services/lifecycle/transitions.ts';
import { mergePatches } from '../../../services/lineage/merge.ts';
import { splitPatch } from '../../../services/lineage/split.ts';
import { undoLineage } from '../../../services/lineage/take-back.ts';
import type { Store } from '../../../services/store/open.ts';
import type { PatchRow } from '../../../services/store/patches.ts';
import { line, part, plantRectangle, STEP } from '../../support/lineage-ground.ts';
import { completeMove } from '../../support/steps.ts';

const [LON, LAT] = [112.5, 26.9];
const ONWARD = [
  'acknowledge',
  'verify',
  'judge',
  'submit',
  'approve',
  'return',
  'rectify-before-filing',
  'submit-closure',
];

/** People who cut, join and take back the patches of one month, and move them between; what is refused changes nothing. */
export class RandomLineage {
  readonly month: string;
  readonly done: Record<string, number> = {};
  readonly #store: Store;
  readonly #random: () => number;
  #hours = 0;

  constructor(store: Store, random: () => number, month: string) {
    this.#store = store;
    this.#random = random;
    this.month = month;
  }

  /** Three patches side by side; mostly sent down as tasks. */
  async begin(): Promise<void> {
    const widths = [0, 1, 2].map(() => 2 + Math.floor(this.#random() * 6));
    let x = 0;
    for (const width of widths) {
      await plantRectangle(this.#store, [x, 0, width, 5], { month: this.month, lon: LON + x * STEP, lat: LAT });
      x += width;
    }
    if (this.#random() < 0.2) return;
    await openMonth(this.#store, { month: this.month, actor: 'wang', at: this.#now() }, 'drill');
    await issueMonth(this.#store, { month: this.month, actor: 'wang', at: this.#now() });
  }

  async act(): Promise<void> {
    const open = await this.#patches(stateNames('patch', { outcome: 'open' }));
    const roll = this.#random();
    const [name, act] =
      roll < 0.35
        ? ['split', () => this.#split(this.#any(open))]
        : roll < 0.55
          ? ['merge', () => this.#merge(open)]
          : roll < 0.75
            ? ['undo', async () => this.#undo(this.#any(await this.#patches(null)))]
            : ['step', () => this.#step(this.#any(open))];
    try {
      await (act as () => Promise<unknown>)();
      this.done[name as string] = (this.done[name as string] ?? 0) + 1;
    } catch (error) {
      if (!(error instanceof ServiceError) || error.code === 'store-unusable') throw error;
      this.done[`${name} refused`] = (this.done[`${name} refused`] ?? 0) + 1;
    }
  }

  /** All of the month in any of the states; null: in whichever. */
  #patches(states: readonly string[] | null): Promise<PatchRow[]> {
    const query = this.#store.db.selectFrom('patches').selectAll().where('month', '=', this.month).orderBy('number');
    return (states === null ? query : query.where('state', 'in', states)).execute();
  }

  #any<T>(list: readonly T[]): T {
    if (list.length === 0) throw new ServiceError('bad-input', 'Nothing is left to do it with.');
    return list[Math.floor(this.#random() * list.length)];
  }

  #now(): Date {
    this.#hours += Math.floor(this.#random() * 8);
    return new Date(Date.UTC(2025, 4, 1) + this.#hours * 3_600_000);
  }

  /** Along a slanting line, or round a corner, somewhere in its box. */
  async #split({ id, minLon, maxLon }: PatchRow): Promise<void> {
    const [from, to] = [(minLon - LON) / STEP, (maxLon - LON) / STEP];
    const at = () => from + (0.1 + 0.8 * this.#random()) * (to - from);
    const by =
      this.#random() < 0.7
        ? { lines: [line([at(), -1], [at(), 6])] }
        : { parts: [part(from - 1, -1, at() - from + 1, 1 + 5 * this.#random())] };
    await splitPatch(this.#store, { patch: id, by, actor: 'li', reason: 'two owners', at: this.#now() });
  }

  async #merge(open: readonly PatchRow[]): Promise<void> {
    const first = this.#any(open);
    const alike = open.filter(({ state }) => state === first.state || this.#random() < 0.1);
    const patches = [first.number, this.#any(alike).number, this.#any(alike).number];
    await mergePatches(this.#store, { patches, actor: 'li', reason: 'one project', at: this.#now() });
  }

  async #undo({ number }: PatchRow): Promise<void> {
    const actor = this.#random() < 0.9 ? 'li' : 'zhao';
    await undoLineage(this.#store, number, { actor, reason: 'slip', at: this.#now() });
  }

  async #step({ id, state, areaM2 }: PatchRow): Promise<void> {
    const possible = allowedActions('patch', state).map(({ action }) => action);
    const action = this.#any(possible.filter((name) => ONWARD.includes(name)));
    const judgement = this.#any(['illegal-construction', 'lawful', 'non-grain']);
    const move = completeMove({ subject: 'patch', id, action, at: this.#now() }, state, { judgement });
    const measured = this.#random() < 0.4 ? { violationM2: Math.round(areaM2 * this.#random() * 100 + 1) / 100 } : {};
    await transition(this.#store, { ...move, payload: { ...move.payload, ...measured } });
  }
}
