import { closeMonth } from '../../../services/cycle/close.ts';
import { correctMonth } from '../../../services/cycle/correct.ts';
import { issueMonth } from '../../../services/cycle/issue.ts';
import { openMonth } from '../../../services/cycle/open.ts';
import { ServiceError } from '../../../services/error.ts';
import { openCase } from '../../../services/lifecycle/case-opening.ts';
import { transition } from '../../../services/lifecycle/transition.ts';
import { allowedActions } from '../../../services/lifecycle/transitions.ts';
import type { Store } from '../../../services/store/open.ts';
import { plantPieces } from '../../support/lineage.ts';
import { plantPatch } from '../../support/patches.ts';
import { completeMove } from '../../support/steps.ts';

const DISTRICTS = ['430421', '430422'];
/** The way on, so that many get far. */
/** They move nothing, and would take the place of steps that do. */
const ASIDES = ['note', 'field-report'];
const ONWARD = [
  ...['acknowledge', 'verify', 'judge', 'submit', 'approve', 'rectify-before-filing', 'put-in-case'],
  ...['start-rectifying', 'submit-closure', 'resolve', 'confirm-restored', 'add-evidence'],
  ...['file', 'decide', 'perform', 'close', 'hand-over'],
];
const JUDGEMENTS = ['illegal-construction', 'non-grain', 'lawful'];

/** Four months of a year. */
export function monthsOf(year: number): string[] {
  return ['04', '05', '06', '07'].map((month) => `${year}-${month}`);
}

/** Does any of what people do to months, patches and cases; what is refused changes nothing. */
export class RandomOffice {
  readonly patches: string[] = [];
  readonly cases: string[] = [];
  readonly done: Record<string, number> = {};
  readonly #store: Store;
  readonly #random: () => number;
  readonly #year: number;
  readonly #months: string[];
  #hours = 0;

  constructor(store: Store, random: () => number, year = 2025) {
    this.#store = store;
    this.#random = random;
    this.#year = year;
    this.#months = monthsOf(year);
  }

  /** The first month with its tasks sent. */
  async begin(): Promise<void> {
    const doing = { month: this.#months[0], actor: 'wang' };
    for (let n = 0; n < 3; n++) await this.#plant(this.#months[0]);
    await openMonth(this.#store, { ...doing, at: this.#now() }, 'forced');
    await issueMonth(this.#store, { ...doing, at: this.#now() });
  }

  /** False where it was refused. */
  async act(): Promise<boolean> {
    const actions: [weight: number, name: string, act: () => Promise<unknown>][] = [
      [2, 'plant', () => this.#plant()],
      [3, 'open', () => openMonth(this.#store, this.#doing(), this.#random() < 0.5 ? 'forced' : undefined)],
      [4, 'issue', () => issueMonth(this.#store, this.#doing())],
      [3, 'close', () => closeMonth(this.#store, this.#doing())],
      [5, 'correct', () => correctMonth(this.#store, { ...this.#closed(), reason: 'as seen now' })],
      [12, 'step', () => this.#step('patch', this.patches)],
      [3, 'case-step', () => this.#step('case', this.cases)],
      [1, 'case', () => this.#case()],
      [1, 'split', () => this.#split()],
      [2, 'undo', () => this.#undo()],
    ];
    let at = this.#random() * actions.reduce((sum, [weight]) => sum + weight, 0);
    const [, name, act] = actions.find(([weight]) => {
      at -= weight;
      return at < 0;
    })!;
    try {
      await act();
      this.done[name] = (this.done[name] ?? 0) + 1;
      return true;
    } catch (error) {
      if (!(error instanceof ServiceError) || error.code === 'store-unusable') throw error;
      return false;
    }
  }

  #now(): Date {
    this.#hours += Math.floor(this.#random() * 60);
    return new Date(Date.UTC(this.#year, 4, 1) + this.#hours * 3_600_000);
  }

  /** Mostly the month that is at work; now and then another, which may be refused. */
  #doing(of: string = this.#random() < 0.9 ? this.#current() : this.#any(this.#months)) {
    return { month: of, actor: 'wang', at: this.#now() };
  }

  #current(): string {
    return this.#months[Math.min(this.done['close'] ?? 0, this.#months.length - 1)];
  }

  #closed() {
    return this.#doing(this.#months[Math.max(0, (this.done['close'] ?? 0) - 1)]);
  }

  #any<T>(list: readonly T[]): T {
    return list[Math.floor(this.#random() * list.length)];
  }

  #area(most: number): number {
    return Math.round(this.#random() * most * 100) / 100;
  }

  async #plant(month = this.#random() < 0.6 ? this.#current() : this.#any(this.#months)): Promise<void> {
    const seed = { month, district: this.#any(DISTRICTS), areaM2: 1 + this.#area(5000) };
    this.patches.push(await plantPatch(this.#store, { ...seed, foundAt: this.#now() }));
  }

  /** Any step that its state allows, hurrying forward; now and then with areas that do or do not add up. */
  async #step(subject: 'patch' | 'case', ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    // Mostly the same few, so that these get far.
    const id = this.#any(this.#random() < 0.7 ? ids.slice(0, 12) : ids);
    for (let n = 1 + Math.floor(this.#random() * 7); n > 0; n--) {
      const { state, areaM2 } = await this.#found(subject, id);
      const steps = allowedActions(subject, state).filter(({ action }) => action !== 'warn');
      // Steps about the clock leave the state as it is: few of them.
      const clock = this.#random() < 0.1;
      const moving = steps.filter(({ action, to }) => clock || to !== state || action === 'hand-over');
      const possible = moving.map(({ action }) => action).filter((action) => !ASIDES.includes(action));
      const onward = possible.filter((action) => ONWARD.includes(action));
      const [action] = onward.length > 0 && this.#random() < 0.7 ? [this.#any(onward)] : [this.#any(possible)];
      if (action === undefined || (state === 'found' && this.#random() < 0.6)) return;
      const given = { judgement: this.#any(JUDGEMENTS), caseId: this.#any(this.cases) };
      const move = completeMove({ subject, id, action, at: this.#now() }, state, given);
      const remedy = this.#remedy(areaM2);
      await transition(this.#store, { ...move, payload: { ...move.payload, ...remedy } });
    }
  }

  async #found(subject: 'patch' | 'case', id: string): Promise<{ state: string; areaM2: number }> {
    const { db } = this.#store;
    if (subject === 'patch') return db.selectFrom('patches').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
    const { state } = await db.selectFrom('cases').select('state').where('id', '=', id).executeTakeFirstOrThrow();
    return { state, areaM2: 0 };
  }

  #remedy(areaM2: number): object {
    const roll = this.#random();
    if (roll < 0.5) return {};
    if (roll < 0.7) return { remedy: { demolishedM2: areaM2 } };
    if (roll < 0.75) return { remedy: { regularisedM2: this.#area(areaM2), confiscatedM2: this.#area(areaM2) } };
    if (roll < 0.85) return { remedy: { regularisedM2: areaM2, confiscatedM2: areaM2 } };
    if (roll < 0.95) return { remedy: this.#halves(areaM2) };
    return { violationM2: this.#area(areaM2), restoredM2: this.#area(areaM2) };
  }

  #halves(areaM2: number) {
    const demolishedM2 = this.#area(areaM2);
    return { demolishedM2, regularisedM2: Math.round((areaM2 - demolishedM2) * 100) / 100 };
  }

  async #case(): Promise<void> {
    if (this.patches.length === 0) return;
    const patchIds = [this.#any(this.patches), this.#any(this.patches)];
    const opening = { title: 'pit', district: DISTRICTS[0], actor: 'li', at: this.#now(), patchIds };
    const { id } = await openCase(this.#store, opening);
    if (!this.cases.includes(id)) this.cases.push(id);
  }

  /** Two pieces that have the whole's area to 0.01 m². */
  async #split(): Promise<void> {
    if (this.patches.length === 0) return;
    const parentId = this.#any(this.patches);
    const { db } = this.#store;
    const known = await db.selectFrom('patch_lineage').select('childId').where('parentId', '=', parentId).execute();
    if (known.length > 0) return;
    const { month, district, areaM2 } = await db
      .selectFrom('patches')
      .selectAll()
      .where('id', '=', parentId)
      .executeTakeFirstOrThrow();
    const first = this.#area(areaM2);
    for (const part of [first, Math.round((areaM2 - first) * 100) / 100]) {
      const patchId = await plantPatch(this.#store, { month, district, areaM2: part, foundAt: this.#now() });
      await plantPieces(this.#store, parentId, [patchId]);
      this.patches.push(patchId);
    }
  }

  /** A false change that was a slip, taken back within the hour. */
  async #undo(): Promise<void> {
    const found = await this.#store.db.selectFrom('patches').select('id').where('state', '=', 'verified').execute();
    if (found.length === 0) return;
    const { id } = this.#any(found);
    const slip = { subject: 'patch', id, at: this.#now() } as const;
    await transition(this.#store, completeMove({ ...slip, action: 'close-false-change' }, 'verified'));
    await transition(this.#store, { ...slip, action: 'undo', actor: 'li', payload: { note: 'slip' } });
    this.done['undone'] = (this.done['undone'] ?? 0) + 1;
  }
}
