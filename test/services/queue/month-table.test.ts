import { expect, it } from 'vitest';
import { listPatches } from '../../../services/queue/list.ts';
import { type MonthRow, monthTable } from '../../../services/queue/month-table.ts';
import { replaceCoverage } from '../../../services/store/coverage.ts';
import type { Store } from '../../../services/store/open.ts';
import { beginRun, finishRun } from '../../../services/store/runs.ts';
import { plantPatch, plantZone } from '../../support/patches.ts';
import { takeSteps } from '../../support/steps.ts';
import { describeOnBothStores } from '../../support/stores.ts';

const now = new Date('2025-07-20T00:00:00Z');
const late = new Date('2025-07-01T02:00:00Z');
const fresh = new Date('2025-07-18T02:00:00Z');
const review = 'warn acknowledge verify judge submit approve approve approve';

/** Roads of three districts, with the day on which each patch was found. */
const ROADS: Record<string, [foundAt: Date, road: string][]> = {
  '430421': [
    [late, ''], // open, overdue, never warned
    [fresh, ''], // open, in time
    [late, 'warn'], // open, overdue
    [late, 'warn pause'], // open, clock stopped: not overdue
    [late, 'dismiss'],
    [late, 'warn acknowledge verify close-false-change'], // warned, and dismissed in the end
  ],
  '430422': [
    [late, `${review} rectify-before-filing submit-closure resolve`],
    [late, `${review} rectify-before-filing submit-closure resolve confirm-restored`],
    [late, `${review} rectify-before-filing submit-closure resolve reopen`], // open again, overdue
    [late, 'warn refuse'], // back in found, once warned; overdue
  ],
};

async function plantRoads(store: Store): Promise<void> {
  for (const [district, roads] of Object.entries(ROADS)) {
    for (const [foundAt, road] of roads) {
      const id = await plantPatch(store, { district, foundAt, areaM2: 100 });
      if (road !== '') await takeSteps(store, id, road, { at: foundAt });
    }
  }
  await plantPatch(store, { month: '2025-05', district: '430421' }); // another month's
}

async function plantCoverage(
  store: Store,
  id: string,
  startedAt: string,
  observed: Record<string, number>,
  done = true,
): Promise<void> {
  await beginRun(store.db, { id, month: '2025-06', district: null, planJson: '{}', startedAt });
  const rows = Object.entries(observed).map(([district, observedM2]) => ({
    runId: id,
    district,
    totalM2: 1000,
    observedM2,
    cloudM2: 1000 - observedM2,
    noImageM2: 0,
  }));
  await replaceCoverage(store.db, id, rows);
  if (done) await finishRun(store.db, id, '{}', now);
}

function figures({ found, warned, open, overdue, resolved, dismissed, areaM2 }: MonthRow): number[] {
  return [found, warned, open, overdue, resolved, dismissed, areaM2];
}

describeOnBothStores('monthTable', (openFresh) => {
  it('counts each district and balances', async () => {
    const store = await openFresh();
    await plantZone(store, 'districts', '430421', '衡阳县');
    await plantRoads(store);
    const { rows, total, at } = await monthTable(store, '2025-06', now);
    expect(rows.map(({ district, name }) => [district, name])).toEqual([
      ['430421', '衡阳县'],
      ['430422', '430422'],
    ]);
    // found, warned, open, overdue, resolved, dismissed, m²
    expect(figures(rows[0])).toEqual([6, 3, 4, 2, 0, 2, 600]);
    expect(figures(rows[1])).toEqual([4, 4, 2, 2, 2, 0, 400]);
    expect(figures(total)).toEqual([10, 7, 6, 4, 2, 2, 1000]);
    expect({ district: total.district, name: total.name, at }).toEqual({
      district: '',
      name: '合计',
      at: now.toISOString(),
    });
  });

  it('agrees with the list under the same conditions', async () => {
    const store = await openFresh();
    await plantRoads(store);
    const { rows } = await monthTable(store, '2025-06', now);
    for (const { district, found, overdue, dismissed } of rows) {
      const count = async (more: object) =>
        (await listPatches(store, { month: '2025-06', district, ...more }, { limit: 1, at: now })).total;
      expect(await count({})).toBe(found);
      expect(await count({ overdue: { is: true, at: now } })).toBe(overdue);
      expect(await count({ states: ['dismissed', 'false-change'] })).toBe(dismissed);
    }
  });

  it('is overdue only once the due date has passed', async () => {
    const store = await openFresh();
    await plantPatch(store, { foundAt: fresh });
    const dueAt = new Date('2025-07-25T15:59:59.999Z'); // five working days after Friday 18 July
    expect((await monthTable(store, '2025-06', dueAt)).total.overdue).toBe(0);
    expect((await monthTable(store, '2025-06', new Date(dueAt.getTime() + 1))).total.overdue).toBe(1);
  });

  it('tells what was seen, by the latest finished run that looked at the district', async () => {
    const store = await openFresh();
    await plantCoverage(store, 'r1', '2025-07-01T00:00:00Z', { '430421': 500, '430422': 250 });
    await plantCoverage(store, 'r2', '2025-07-02T00:00:00Z', { '430421': 900 });
    await plantCoverage(store, 'r3', '2025-07-03T00:00:00Z', { '430421': 1000 }, false);
    const { rows, total } = await monthTable(store, '2025-06', now);
    expect(rows.map(({ observedFraction }) => observedFraction)).toEqual([0.9, 0.25]);
    expect(total).toMatchObject({ found: 0, totalM2: 2000, observedM2: 1150, observedFraction: 0.575 });
  });

  it('names a district nobody looked at, and gives no share for a total that lacks it', async () => {
    const store = await openFresh();
    await plantZone(store, 'districts', '430481', '耒阳市');
    await plantCoverage(store, 'r1', '2025-07-01T00:00:00Z', { '430421': 500 });
    const { rows, total } = await monthTable(store, '2025-06', now);
    expect(rows).toMatchObject([
      { district: '430421', observedFraction: 0.5 },
      { name: '耒阳市', found: 0, observedFraction: null },
    ]);
    expect(total.observedFraction).toBeNull();
  });

  it('shows only the districts the asker may see', async () => {
    const store = await openFresh();
    await plantRoads(store);
    await plantCoverage(store, 'r1', '2025-07-01T00:00:00Z', { '430421': 500, '430422': 250 });
    const { rows, total } = await monthTable(store, '2025-06', now, '430422');
    expect(rows.map(({ district }) => district)).toEqual(['430422']);
    expect(total).toMatchObject({ found: 4, observedFraction: 0.25 });
  });

  it('refuses to show figures that do not balance', async () => {
    const store = await openFresh();
    const id = await plantPatch(store);
    await store.db.updateTable('patches').set({ state: 'unheard-of' }).where('id', '=', id).execute();
    await expect(monthTable(store, '2025-06', now)).rejects.toMatchObject({
      code: 'store-unusable',
      message: expect.stringContaining('The table of 2025-06 does not balance for 430421: found 1, warned 0, open 0'),
    });
  });

  it('of a month without anything is an empty table', async () => {
    const { rows, total } = await monthTable(await openFresh(), '2025-06', now);
    expect(rows).toEqual([]);
    expect(total).toMatchObject({ found: 0, observedFraction: null });
    await expect(monthTable(await openFresh(), 'June', now)).rejects.toMatchObject({ code: 'bad-input' });
  });
});
