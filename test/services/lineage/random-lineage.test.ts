import { expect, it } from 'vitest';
import { verifyAudit } from '../../../services/audit/verify.ts';
import { figureSet } from '../../../services/cycle/figure-set.ts';
import { figuresOf } from '../../../services/cycle/figures.ts';
import { readMonthRows } from '../../../services/cycle/read-rows.ts';
import { stateNames } from '../../../services/lifecycle/transitions.ts';
import { monthTable } from '../../../services/queue/month-table.ts';
import { allPieces } from '../../../services/store/cycle-rows.ts';
import type { Store } from '../../../services/store/open.ts';
import { seededRandom } from '../../support/random.ts';
import { describeOnBothStores } from '../../support/stores.ts';
import { figuresInSql } from '../cycle/figures-in-sql.ts';
import { namedFigures } from '../cycle/named-figures.ts';
import { RandomLineage } from './random-lineage.ts';

const REPLACED = stateNames('patch', { outcome: 'replaced' });
const END = new Date('2026-01-01T00:00:00Z');
/** Sequences in all, and how many share a store: each has a month of its own. */
const SEQUENCES = { sqlite: 440, postgres: 60 };
const PER_STORE = 20;
const ACTS = 7;

const hundredths = (areas: readonly number[]) => areas.reduce((sum, area) => sum + Math.round(area * 100), 0);
const patchesOf = (store: Store, month: string) =>
  store.db.selectFrom('patches').selectAll().where('month', '=', month).orderBy('number').execute();

/** What must be so of a month's patches after every act. @param issued hundredths of a m² that were there at first */
async function checkGround(store: Store, month: string, issued: number): Promise<void> {
  const patches = await patchesOf(store, month);
  const byId = new Map(patches.map((patch) => [patch.id, patch]));
  const standing = patches.filter(({ state }) => !REPLACED.includes(state));
  expect(hundredths(standing.map(({ areaM2 }) => areaM2)), 'area').toBe(issued);
  const links = (await allPieces(store.db)).filter(({ parentId }) => byId.has(parentId));
  for (const [id, own] of Map.groupBy(links, ({ parentId }) => parentId)) {
    expect(hundredths(own.map(({ areaM2 }) => areaM2)), 'of a parent').toBe(hundredths([byId.get(id)!.areaM2]));
  }
  for (const [id, own] of Map.groupBy(links, ({ childId }) => childId)) {
    expect(hundredths(own.map(({ areaM2 }) => areaM2)), 'of a child').toBe(hundredths([byId.get(id)!.areaM2]));
  }
  const [parents, children] = [new Set(links.map((l) => l.parentId)), new Set(links.map((l) => l.childId))];
  const withEvents = await store.db.selectFrom('events').select('subjectId').where('action', '=', 'succeed').execute();
  const succeeded = new Set(withEvents.map(({ subjectId }) => subjectId));
  for (const { id, state } of patches) {
    expect([state, parents.has(id)]).toEqual([state, state === 'split' || state === 'merged']);
    expect([state, children.has(id)]).toEqual([state, succeeded.has(id) && state !== 'withdrawn']);
  }
  // Nothing comes out of itself: taking away those without parents, again and again, leaves none.
  let rest = links;
  for (let before = -1; before !== rest.length; ) {
    before = rest.length;
    const hasParents = new Set(rest.map(({ childId }) => childId));
    rest = rest.filter(({ parentId }) => hasParents.has(parentId));
  }
  expect(rest).toEqual([]);
}

async function checkFigures(store: Store, month: string): Promise<void> {
  const { checks, differences } = figureSet((await readMonthRows(store.db, month, END)).rows);
  expect(checks.filter(({ holds }) => !holds)).toEqual([]);
  expect(differences.filter(({ what }) => what === 'split-area')).toEqual([]);
}

describeOnBothStores('Whatever is split, merged and taken back', (openFresh, { dialect }) => {
  const count = SEQUENCES[dialect];
  it(`keeps its area, its kin and its figures in balance over ${count} sequences`, { timeout: 240_000 }, async () => {
    const done: Record<string, number> = {};
    for (let first = 0; first < count; first += PER_STORE) {
      const store = await openFresh();
      for (let seed = first; seed < first + PER_STORE; seed++) {
        const n = seed % PER_STORE;
        const month = `${2025 + Math.floor(n / 12)}-${String((n % 12) + 1).padStart(2, '0')}`;
        const people = new RandomLineage(store, seededRandom(seed), month);
        await people.begin();
        const issued = hundredths((await patchesOf(store, month)).map(({ areaM2 }) => areaM2));
        for (let act = 0; act < ACTS; act++) {
          await people.act();
          await checkGround(store, month, issued);
          await checkFigures(store, month);
        }
        for (const [name, times] of Object.entries(people.done)) done[name] = (done[name] ?? 0) + times;
        if (n % 5 > 0) continue;
        const got = namedFigures(figuresOf((await readMonthRows(store.db, month, END)).rows));
        const wanted = await figuresInSql(store, month);
        for (const name of Object.keys(wanted)) expect(got[name], `${name}, seed ${seed}`).toBeCloseTo(wanted[name], 3);
        expect((await monthTable(store, month, END)).total.areaM2).toBeCloseTo(issued / 100, 1);
      }
      expect((await verifyAudit(store)).ok).toBe(true);
      await store.close();
    }
    for (const name of ['split', 'merge', 'undo', 'step'])
      expect(done[name], JSON.stringify(done)).toBeGreaterThan(count / 10);
  });
});
