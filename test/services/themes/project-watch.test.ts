import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type PixelRuns, rectangleRuns } from '../../../detectors/runs.ts';
import { openStore, type Store } from '../../../services/store/open.ts';
import { listZones } from '../../../services/store/zones.ts';
import { leadKey, projectLeads } from '../../../services/themes/project-leads.ts';
import { projectSignals } from '../../../services/themes/project-signals.ts';
import { projectTotals } from '../../../services/themes/project-totals.ts';
import { type WatchedProject, watchProjects } from '../../../services/themes/project-watch.ts';
import { unitedRuns } from '../../../services/themes/sighted-areas.ts';
import { fromWkb } from '../../../services/zones/geometry/wkb.ts';
import { type MonthSeed, type Part, plantMonth, plantZones } from '../../support/planted-months.ts';
import { plantedGrid } from '../../support/planted-workspace.ts';
import { describeOnBothStores } from '../../support/stores.ts';

/** Zones of 20 × 10 pixels of 10 m, 2 ha, beside each other. */
const part = (i: number): Part => [20 + 30 * i, 40, 20, 10];
const share = (i: number, of: number): Part => [20 + 30 * i, 40, 20 * of, 10];

const supplied = { supplied: '2024-01-10', agreedStart: '2024-01-10' };
const whole: Part = [0, 0, 240, 200];

/** Month after month from January 2024 on, each compared with the one before; the 10th is the day of the image. */
function months(count: number, differ: Record<number, Partial<MonthSeed>> = {}): MonthSeed[] {
  const day = (i: number) => new Date(Date.UTC(2024, i, 10)).toISOString().slice(0, 10);
  return Array.from({ length: count }, (_, k) => {
    const i = k + 1;
    return { month: day(i).slice(0, 7), befores: [day(i - 1)], afters: [day(i)], ...differ[i] };
  });
}

async function plant(store: Store, seeds: readonly MonthSeed[]): Promise<void> {
  for (const seed of seeds) await plantMonth(store, seed);
}

const statesById = (projects: readonly WatchedProject[]) =>
  Object.fromEntries(projects.map(({ externalId, state }) => [externalId, state]));

describeOnBothStores('zones of projects', (openFresh) => {
  it('idle land is told by what month after month saw of it', async () => {
    const store = await openFresh();
    await plantZones(store, 'idle-land', {
      a: { part: part(0), properties: { ...supplied, clear: '是', BDCDYH: '430407001001GB00001W00000000' } },
      b: { part: part(1), properties: supplied },
      c: { part: part(2), properties: { ...supplied, governmentCause: '是', DZJGH: '123' } },
      d: { part: part(3), properties: supplied },
      e: { part: part(4), properties: supplied },
      f: { part: part(5), properties: { agreedStart: '2024-01-10' } },
    });
    await plant(
      store,
      months(14, {
        2: {
          found: [
            { type: 'built', part: share(1, 0.5) },
            { type: 'bare', part: share(3, 0.2) },
          ],
        },
        5: { cloud: part(2) },
        6: { found: [{ type: 'unknown', part: share(4, 0.5) }] },
      }),
    );
    const projects = await watchProjects(store, '2025-03-20');
    expect(statesById(projects)).toEqual({
      a: 'idle-not-started',
      b: 'started',
      c: 'unobserved',
      d: 'idle-stopped',
      e: 'unclear',
      f: 'not-supplied',
    });
    const [a, b, c, d] = projects;
    expect(a).toMatchObject({ side: 'market-clear', since: '2025-01-10', asOf: '2025-03-10', name: 'a号', gaps: [] });
    expect(a.areaM2).toBeGreaterThan(19_900);
    expect(a.realEstateUnit).toEqual({ value: '430407001001GB00001W00000000', valid: true });
    expect(b.developedShare).toBeCloseTo(0.5, 4);
    expect(d).toMatchObject({ side: 'unknown', since: '2025-03-10', months: { looked: 14, seen: 14 } });
    expect(c).toMatchObject({
      ...{ side: 'government', since: null, supervisionNumber: { value: '123', valid: false } },
      ...{
        gaps: [{ from: '2024-05-10', to: '2024-06-10' }],
        months: { looked: 14, seen: 13 },
        sources: ['two-date-1'],
      },
    });
    const totals = projectTotals(projects);
    expect(totals.reduce((sum, { zones }) => sum + zones, 0)).toBe(6);
    expect(totals.filter(({ side }) => side === 'government').map(({ state }) => state)).toEqual([
      'not-supplied',
      'unobserved',
    ]);
    expect(statesById(await watchProjects(store, '2024-12-31'))['a']).toBe('not-due');
  });

  it('restoration and new farmland are told by the green that came, stayed away or went', async () => {
    const store = await openFresh();
    const project = { began: '2024-01-10', due: '2024-08-31' };
    await plantZones(store, 'restoration', {
      came: { part: part(0), properties: project },
      late: { part: part(1), properties: project },
      unseen: { part: part(2), properties: project },
      'no-papers': { part: part(3) },
    });
    await plantZones(store, 'reclamation', {
      gone: { part: part(4), properties: project },
      harvested: { part: part(5), properties: project },
    });
    const green = (i: number, of: number) => ({ type: 'vegetation-gain' as const, part: share(i, of) });
    await plant(
      store,
      months(10, {
        3: { found: [green(0, 0.4), green(1, 0.4), green(4, 0.8), green(5, 0.8)] },
        5: { found: [green(0, 0.35)], noImage: part(2) },
        8: { found: [{ type: 'built', part: share(4, 0.05) }] },
        9: {
          found: [
            { type: 'built', part: share(4, 0.3) },
            { type: 'bare', part: share(5, 0.8) },
          ],
        },
      }),
    );
    const projects = await watchProjects(store, '2024-11-30');
    expect(statesById(projects)).toEqual({
      came: 'green',
      late: 'due',
      unseen: 'unobserved',
      'no-papers': 'due-unknown',
      gone: 'lost',
      harvested: 'green',
    });
    const gone = projects.find(({ externalId }) => externalId === 'gone')!;
    expect(gone).toMatchObject({ layer: 'reclamation', since: '2024-10-10', side: null });
    expect(gone.lostShare).toBeCloseTo(0.35, 4);
    const fresh = (day: readonly WatchedProject[]) => projectLeads(day, []).fresh.map(leadKey);
    expect(fresh(await watchProjects(store, '2024-10-09'))).toEqual(['restoration/late/due/2024-08-31']);
    expect(fresh(projects)).toEqual(['restoration/late/due/2024-08-31', 'reclamation/gone/lost/2024-10-10']);
    const only = await watchProjects(store, '2024-11-30', ['reclamation'], ({ externalId }) => externalId === 'gone');
    expect(only).toEqual([gone]);
  });

  it('a comparison that goes back before the cloud sees the months it spans; one that says nothing of it does not', async () => {
    const store = await openFresh();
    await plantZones(store, 'idle-land', {
      bridged: { part: part(0), properties: supplied },
      speckled: { part: part(1), properties: supplied },
      cut: { part: part(2), properties: supplied },
    });
    const befores = ['2024-06-10', '2024-05-10'];
    const back = (to: Part) => ({ before: '2024-05-10', after: '2024-07-10', part: to });
    const judged = [
      { before: '2024-06-10', after: '2024-07-10' },
      // A column of 20, and three of 20.
      { ...back([20, 40, 20, 10]) },
      { ...back([51, 40, 19, 10]) },
      { ...back([83, 40, 17, 10]) },
    ];
    const planted = months(14, { 5: { cloud: [0, 0, 240, 100] }, 6: { befores, judged } });
    await plant(store, planted);
    const gap = [{ from: '2024-05-10', to: '2024-06-10' }];
    const day = '2025-03-20';
    expect(await watchProjects(store, day)).toMatchObject([
      { externalId: 'bridged', state: 'idle-not-started', gaps: [] },
      { externalId: 'cut', state: 'unobserved', gaps: gap },
      { externalId: 'speckled', state: 'idle-not-started', gaps: [] },
    ]);
    await plantMonth(store, { ...planted[5], judged: null, startedAt: '2024-07-29T00:00:00.000Z' });
    expect((await watchProjects(store, day)).map(({ gaps }) => gaps)).toEqual([gap, gap, gap]);
  });

  it('what people dismissed is no work, or was not seen; what two runs of a month found counts once', async () => {
    const store = await openFresh();
    await plantZones(store, 'idle-land', {
      cloud: { part: part(0), properties: supplied },
      season: { part: part(1), properties: supplied },
      'built-before': { part: part(2), properties: supplied },
      twice: { part: part(3), properties: supplied },
    });
    const built = (i: number, of: number, dismissed?: string) => {
      return { type: 'built' as const, part: share(i, of), ...(dismissed && { dismissed }) };
    };
    const found = [built(0, 0.5, 'cloud'), built(1, 0.5, 'season'), built(2, 0.5, 'built-before'), built(3, 0.2)];
    const planted = months(13, { 1: { found } });
    await plant(store, planted);
    await plantMonth(store, { ...planted[0], found: [built(3, 0.25)], startedAt: '2024-02-29T00:00:00.000Z' });
    const projects = await watchProjects(store, '2025-02-20');
    expect(statesById(projects)).toEqual({
      cloud: 'unobserved',
      season: 'idle-not-started',
      'built-before': 'started',
      twice: 'idle-stopped',
    });
    expect(projects.find(({ externalId }) => externalId === 'twice')!.developedShare).toBeCloseTo(0.25, 4);
  });

  it('months without a run, and layers never looked at, are unobserved', async () => {
    const store = await openFresh();
    await plantZones(store, 'idle-land', { a: { part: part(0), properties: supplied } });
    const never = await watchProjects(store, '2025-03-20');
    expect(never).toMatchObject([
      { state: 'unobserved', gaps: [{ from: '2024-01-10', to: '2025-03-20' }], sources: [] },
    ]);
    await plant(store, months(14));
    const state = async (day: string) => (await watchProjects(store, day))[0];
    // In April nothing is missing yet; in May, April's run is.
    expect(await state('2025-04-30')).toMatchObject({ state: 'idle-not-started', asOf: '2025-03-10' });
    expect(await state('2025-05-01')).toMatchObject({
      ...{ state: 'unobserved', asOf: '2025-05-01' },
      gaps: [{ from: '2025-03-10', to: '2025-05-01' }],
    });
  });
});

describe('signals of a zone', () => {
  const grid = { ...plantedGrid, width: 2400, height: 1600 };

  async function sharesOf(seed: Partial<MonthSeed>, zones: Record<string, Part>): Promise<Record<string, number>> {
    const store = await openStore({ sqlite: ':memory:' });
    try {
      await plantZones(
        store,
        'restoration',
        Object.fromEntries(Object.entries(zones).map(([id, part]) => [id, { part }])),
      );
      await plant(store, months(1, { 1: { grid, ...seed } }));
      const rows = await listZones(store.db, { date: '2024-02-29' });
      const watched = rows.map(({ id, areaM2, geometry, ...box }) => {
        return { id: String(id), areaM2, box, geometry: fromWkb(geometry) };
      });
      const signals = await projectSignals(store, watched, '2024-02-29');
      return Object.fromEntries(
        rows.map(({ id, externalId }) => [externalId, signals.get(String(id))?.[0]?.observedShare ?? Number.NaN]),
      );
    } finally {
      await store.close();
    }
  }

  it('add up over the cells it lies in, and count only what the images reach', async () => {
    const zones: Record<string, Part> = {
      'in one': [1100, 40, 20, 10],
      'over four': [1014, 1014, 20, 20],
      'over the rim': [2390, 40, 20, 10],
      outside: [2500, 40, 20, 10],
    };
    const clear = await sharesOf({}, zones);
    expect(clear['in one']).toBeCloseTo(1, 5);
    expect(clear['over four']).toBeCloseTo(1, 5);
    expect(clear['over the rim']).toBeCloseTo(0.5, 4);
    expect(clear['outside']).toBe(0);
    const half = await sharesOf({ cloud: [1000, 1000, 24, 100], noImage: [1024, 1000, 5, 100] }, zones);
    expect(half['over four']).toBeCloseTo(0.25, 4);
    expect(half['in one']).toBeCloseTo(1, 5);
  });

  it('what was hidden and what was seen of it are the whole, whatever hides', async () => {
    const zone: Part = [1010, 1005, 30, 30];
    const position = fc.integer({ min: 990, max: 1040 });
    const size = fc.integer({ min: 1, max: 40 });
    await fc.assert(
      fc.asyncProperty(position, position, size, size, async (column, row, width, height) => {
        const common = (from: number, length: number, start: number, of: number) =>
          Math.max(0, Math.min(from + length, start + of) - Math.max(from, start));
        const hidden = common(column, width, zone[0], zone[2]) * common(row, height, zone[1], zone[3]);
        const { z } = await sharesOf({ cloud: [column, row, width, height] }, { z: zone });
        expect(z).toBeCloseTo(1 - hidden / 900, 4);
      }),
      { seed: 4, numRuns: 40 },
    );
  });
});

describe('pixels found by several runs', () => {
  const runs = fc.array(
    fc.tuple(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 20 }), fc.integer({ min: 1, max: 8 })),
  );
  const pixelsOf = ({ row, start, end }: PixelRuns) =>
    [...row].flatMap((r, i) => Array.from({ length: end[i] - start[i] }, (_, k) => `${r} ${start[i] + k}`));

  it('count once', () => {
    fc.assert(
      fc.property(runs, (all) => {
        const parts = all.map(([row, column, width]) => rectangleRuns(column, row, width, 1));
        const united = pixelsOf(unitedRuns([...parts, rectangleRuns(0, 2, 3, 1)]));
        expect(new Set(united).size).toBe(united.length);
        expect(new Set(united)).toEqual(new Set([...parts.flatMap(pixelsOf), '2 0', '2 1', '2 2']));
      }),
      { seed: 4, numRuns: 1000 },
    );
  });
});

describe('unobserved is never not started', () => {
  it('whichever months are hidden, as long as later comparisons do not reach back over them', async () => {
    const months14 = fc.uniqueArray(fc.integer({ min: 1, max: 14 }), { maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(
        months14,
        fc.boolean(),
        fc.double({ min: 0.15, max: 1, noNaN: true }),
        async (hidden, cloudy, of) => {
          const store = await openStore({ sqlite: ':memory:' });
          try {
            await plantZones(store, 'idle-land', { a: { part: part(0), properties: supplied } });
            const over: Part = of > 0.99 ? whole : [20, 40, Math.ceil(20 * of), 10];
            const differ = Object.fromEntries(hidden.map((i) => [i, cloudy ? { cloud: over } : { noImage: over }]));
            await plant(store, months(14, differ));
            const [{ state, gaps }] = await watchProjects(store, '2025-03-31');
            expect(state).toBe(hidden.length === 0 ? 'idle-not-started' : 'unobserved');
            expect(gaps.length > 0).toBe(hidden.length > 0);
          } finally {
            await store.close();
          }
        },
      ),
      { seed: 4, numRuns: 60 },
    );
  });
});
