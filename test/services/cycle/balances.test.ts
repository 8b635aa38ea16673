import { afterAll, describe, expect, it } from 'vitest';
import { carryOver } from '../../../services/cycle/carry-over.ts';
import { figureSet } from '../../../services/cycle/figure-set.ts';
import { readMonthRows } from '../../../services/cycle/read-rows.ts';
import { openStore, type Store } from '../../../services/store/open.ts';
import { seededRandom } from '../../support/random.ts';
import { monthsOf, RandomOffice } from './random-months.ts';

/** Of the months alone; fewer than they might be, since the whole queue's 2,000 (test/e2e/proofs) hold the same checks. */
const RUNS = 200;
const STEPS = 16;
const done: Record<string, number> = {};

/** Ten runs in one store, each in a year of its own: what the years before left open is carried along. */
async function playYears(first: number): Promise<void> {
  const store = await openStore({ sqlite: ':memory:' });
  const closed = new Map<string, string>();
  try {
    for (let year = 0; year < 10; year++) await play(store, first + year, 2015 + year, closed);
  } finally {
    await store.close();
  }
}

async function play(store: Store, seed: number, year: number, closed: Map<string, string>): Promise<void> {
  const office = new RandomOffice(store, seededRandom(seed), year);
  await office.begin();
  for (let step = 0; step < STEPS; step++) {
    if (!(await office.act())) continue;
    await checkMonths(store, monthsOf(year), `seed ${seed}, step ${step}`);
    await checkClosed(store, closed);
  }
  for (const [name, count] of Object.entries(office.done)) done[name] = (done[name] ?? 0) + count;
}

/** Every check of every month holds, and no family is issued in two of them. */
async function checkMonths(store: Store, months: readonly string[], where: string): Promise<void> {
  const at = new Date('2026-01-01T00:00:00Z');
  const issued: string[] = [];
  for (const month of months) {
    const { rows, earlier } = await readMonthRows(store.db, month, at);
    const { checks, whole } = figureSet(rows);
    expect(
      checks.filter(({ holds }) => !holds),
      `${where}, ${month}`,
    ).toEqual([]);
    expect(carryOver([], rows, earlier, () => false).checks.filter(({ holds }) => !holds)).toEqual([]);
    expect(whole.errorRate.count).toBeLessThanOrEqual(whole.errorRate.of);
    issued.push(...new Set(rows.filter((row) => row.issued).map(({ rootId }) => rootId)));
  }
  expect(new Set(issued).size, where).toBe(issued.length);
}

/** Once there, a closed month is the same to the byte, and its own carry-over balances. */
async function checkClosed(store: Store, known: Map<string, string>): Promise<void> {
  const rows = await store.db.selectFrom('closed_months').selectAll().orderBy('month').execute();
  for (const row of rows) {
    const bytes = Object.values(row).join('\n');
    if (!known.has(row.month)) {
      const { carry, figures } = JSON.parse(row.json);
      expect([...carry.checks, ...figures.checks].every(({ holds }: { holds: boolean }) => holds)).toBe(true);
      known.set(row.month, bytes);
    }
    expect(bytes === known.get(row.month), row.month).toBe(true);
  }
  expect(rows).toHaveLength(known.size);
}

describe('Over random months of an office', () => {
  for (let first = 0; first < RUNS; first += 100) {
    it(`the figures balance after every step and closed months never change (runs ${first}-${first + 99})`, async () => {
      for (let seed = first; seed < first + 100; seed += 10) await playYears(seed);
    });
  }
  // A run in which nothing is issued or closed shows nothing.
  afterAll(() => {
    for (const name of ['open', 'issue', 'close', 'correct', 'step', 'split', 'case-step', 'undone']) {
      expect(done[name] ?? 0, `${name}: ${JSON.stringify(done)}`).toBeGreaterThan(20);
    }
  });
});
