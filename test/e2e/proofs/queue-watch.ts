import { sql } from 'kysely';
import { expect } from 'vitest';
import { ChainWalk, FROM_THE_BEGINNING } from '../../../services/audit/chain-walk.ts';
import { verifyAudit } from '../../../services/audit/verify.ts';
import { carryOver } from '../../../services/cycle/carry-over.ts';
import { figureSet } from '../../../services/cycle/figure-set.ts';
import { readMonthRows } from '../../../services/cycle/read-rows.ts';
import { printedMonth } from '../../../services/cycle/show.ts';
import { listDeadlines } from '../../../services/deadlines/list.ts';
import { standardRules } from '../../../services/lifecycle/deadline-rules.ts';
import { apply, type Projection } from '../../../services/lifecycle/projection.ts';
import type { Subject } from '../../../services/lifecycle/transition-row.ts';
import { type ChainedEventRow, chainedEvents } from '../../../services/store/audit.ts';
import type { Store } from '../../../services/store/open.ts';
import { type Model, modelled, sheetOf } from '../../support/sheet-model.ts';

/** A patch or case as the events say, and as the naive model says. */
export interface Known {
  subject: Subject;
  id: string;
  now: Projection;
  model: Model;
  /** Whether its last event sent out a numbered task. */
  taskSent: boolean;
}

/** Enough of a closed month to see that it is another. */
interface Brief {
  month: string;
  closedAt: string;
  sha256: string;
}

/** Steps of several patches at once: the model takes over what they make of a patch. */
export const APART = ['split', 'merge', 'succeed', 'withdraw'];

/**
 * Looks on while people work. After every step: the log goes on from where it was, its chain holds, every new event is
 * one that the model allows, what was moved is in the tables as the events add up, closed months are the same bytes, and
 * the area of all patches that stand for themselves is what was found. Less often: see deep().
 */
export class QueueWatch {
  readonly known = new Map<string, Known>();
  /** UTC of each month's closing. */
  readonly closedAt = new Map<string, string>();
  /** Numbers of patches whose remedy was handed in otherwise than their breach is. */
  readonly plantedDifferences = new Set<string>();
  readonly counts: Record<string, number> = {};
  readonly #store: Store;
  readonly #walk = new ChainWalk(FROM_THE_BEGINNING);
  readonly #closed = new Map<string, { brief: string; json: string; text: string }>();
  readonly #past: { at: Date; deadlines: string }[] = [];
  #tables: string[] | null = null;
  #foundM2 = 0;
  #last = '';

  constructor(store: Store) {
    this.#store = store;
  }

  async afterStep(): Promise<void> {
    const events = await chainedEvents(this.#store.db, this.#walk.head.seq, 5000);
    for (const event of events) {
      expect(this.#walk.step(event)).toBeNull();
      this.#follow(event);
    }
    this.count('events', events.length);
    if (events.length > 0) await this.#rowsAre(new Set(events.map(({ subjectId }) => subjectId)));
    if (events.some(({ action }) => ['find', ...APART, 'undo'].includes(action))) await this.#areaIsKept(events);
    await this.#closedAre();
    this.#last = await this.#fingerprint();
  }

  /** The dear checks: all months balance, the whole log is verified, and the past is what it was. */
  async deep(at: Date): Promise<void> {
    await this.#monthsBalance(at);
    const { ok, chain, projections } = await verifyAudit(this.#store);
    expect({ ok, chain: chain.first, faults: projections?.faults.first }).toEqual({ ok: true, chain: [], faults: [] });
    for (const [month, { json, text }] of this.#closed) {
      const printed = await printedMonth(this.#store, month);
      expect(printed.json === json && printed.text === text, `closed month ${month}`).toBe(true);
    }
    // The first moments, and the last ones: the log only grows.
    for (const { at: then, deadlines } of [...this.#past.slice(0, 2), ...this.#past.slice(2).slice(-2)])
      expect(await this.#deadlinesAt(then)).toBe(deadlines);
    this.#past.push({ at, deadlines: await this.#deadlinesAt(at) });
    this.count('past moments', Math.min(4, this.#past.length - 1));
    this.count('deep');
  }

  /** Whether anything is otherwise than after the step before. */
  async hasChanged(): Promise<boolean> {
    return (await this.#fingerprint()) !== this.#last;
  }

  /** How many rows each table has and how far all were moved: a refused step leaves it. */
  async #fingerprint(): Promise<string> {
    this.#tables ??= (await this.#store.db.introspection.getTables()).map(({ name }) => name);
    const counts = this.#tables.map((name) => sql`(select count(*) from ${sql.table(name)})`);
    const sums = ['patches', 'cases'].map((name) => sql`(select sum(version) from ${sql.table(name)})`);
    const all = sql.join([...counts, ...sums].map((one, i) => sql`${one} as ${sql.ref(`c${i}`)}`));
    const { rows } = await sql`select ${all}`.execute(this.#store.db);
    return JSON.stringify(rows[0]);
  }

  frozen({ taskSent, now }: Known): boolean {
    return taskSent || [...this.closedAt.values()].some((at) => at >= now.updatedAt);
  }

  count(name: string, more = 1): void {
    this.counts[name] = (this.counts[name] ?? 0) + more;
  }

  #follow(event: ChainedEventRow): void {
    const { subject, subjectId: id, action, actor, reason, payloadJson, at } = event;
    const key = `${subject}:${id}`;
    const before = this.known.get(key);
    const now = apply(before?.now ?? null, event);
    const { due: _, lifecycle: _edition, undoes: _undoes, undone: _undone, ...payload } = JSON.parse(payloadJson);
    const last = { by: actor, at: Date.parse(at), action };
    let model: Model;
    if (before === undefined) model = { sheets: [sheetOf(now)], last };
    else if (APART.includes(action)) model = { sheets: [...before.model.sheets, sheetOf(now)], last };
    else {
      const step = { subject: subject as Subject, id, action, actor, reason, payload, at: new Date(at) };
      model = modelled(before.model, step, { ...standardRules, frozen: this.frozen(before) }) as Model;
      expect(model, `${action} from ${before.now.state}`).toBeTypeOf('object');
    }
    expect(sheetOf(now), `${subject} ${id} after ${action}`).toEqual(model.sheets.at(-1));
    this.known.set(key, { subject: subject as Subject, id, now, model, taskSent: 'task' in payload });
    this.count(`${subject} ${action}`);
  }

  /** Which were moved are as their events add up; the rest is looked at in deep(). */
  async #rowsAre(ids: ReadonlySet<string>): Promise<void> {
    const { db } = this.#store;
    const list = [...ids];
    const patches = await db
      .selectFrom('patches')
      .select(['id', 'state', 'version', 'dueAt', 'updatedAt'])
      .where('id', 'in', list)
      .execute();
    const cases = await db.selectFrom('cases').select(['id', 'state', 'version']).where('id', 'in', list).execute();
    expect(patches.length + cases.length).toBe(list.length);
    for (const { id, ...row } of patches) {
      const { state, version, dueAt, updatedAt } = this.known.get(`patch:${id}`)!.now;
      expect(row, id).toEqual({ state, version, dueAt, updatedAt });
    }
    for (const { id, ...row } of cases) {
      const { state, version } = this.known.get(`case:${id}`)!.now;
      expect(row, id).toEqual({ state, version });
    }
  }

  /** Splitting and merging neither make nor lose ground. */
  async #areaIsKept(events: readonly ChainedEventRow[]): Promise<void> {
    const rows = await this.#store.db.selectFrom('patches').select(['id', 'state', 'areaM2']).execute();
    const found = new Set(events.filter(({ action }) => action === 'find').map(({ subjectId }) => subjectId));
    const sum = (list: readonly { areaM2: number }[]) => list.reduce((so, { areaM2 }) => so + areaM2, 0);
    this.#foundM2 += sum(rows.filter(({ id }) => found.has(id)));
    const standing = rows.filter(({ state }) => !['split', 'merged', 'withdrawn'].includes(state));
    expect(Math.abs(sum(standing) - this.#foundM2)).toBeLessThan(0.01);
  }

  /** By their hashes and lengths; deep() compares the bytes. */
  async #closedAre(): Promise<void> {
    const { db } = this.#store;
    const rows = await sql<Brief>`select month, "closedAt", sha256, "textSha256", length(json) as json,
      length(text) as text from closed_months order by month`.execute(db);
    for (const row of rows.rows) {
      if (!this.#closed.has(row.month)) {
        const { json, text } = await printedMonth(this.#store, row.month);
        const { carry, figures } = JSON.parse(json);
        expect([...carry.checks, ...figures.checks].filter(({ holds }: { holds: boolean }) => !holds)).toEqual([]);
        this.#closed.set(row.month, { brief: JSON.stringify(row), json, text });
        this.closedAt.set(row.month, row.closedAt);
      }
      expect(JSON.stringify(row), `closed month ${row.month}`).toBe(this.#closed.get(row.month)!.brief);
    }
    expect(rows.rows).toHaveLength(this.#closed.size);
  }

  async #monthsBalance(at: Date): Promise<void> {
    const { db } = this.#store;
    const months = await db.selectFrom('patches').select('month').distinct().orderBy('month').execute();
    const issued: string[] = [];
    for (const { month } of months) {
      const { rows, earlier } = await readMonthRows(db, month, at);
      const { checks, differences } = figureSet(rows);
      const carry = carryOver([], rows, earlier, () => false);
      expect(
        [...checks, ...carry.checks].filter(({ holds }) => !holds),
        month,
      ).toEqual([]);
      const unplanted = differences.filter(({ number }) => !this.plantedDifferences.has(number));
      expect(unplanted, month).toEqual([]);
      this.count('differences', differences.length);
      this.count('balances', checks.length + carry.checks.length);
      issued.push(...new Set(rows.filter((row) => row.issued).map(({ rootId }) => rootId)));
    }
    expect(new Set(issued).size, 'issued in two months').toBe(issued.length);
  }

  async #deadlinesAt(at: Date): Promise<string> {
    return JSON.stringify(await listDeadlines(this.#store, { at }));
  }
}
