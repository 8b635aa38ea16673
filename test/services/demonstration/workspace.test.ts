import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PlantedFigures } from '../../../services/demonstration/planted.ts';
import {
  type DemonstratedMonth,
  isPrepared,
  prepareDemonstration,
  simulatedClock,
} from '../../../services/demonstration/workspace.ts';
import { type MonthTable, monthTable } from '../../../services/queue/month-table.ts';
import type { CountyTruth } from '../../../services/simulation/truth.ts';
import { coverageOfRun } from '../../../services/store/coverage.ts';
import { readMeta } from '../../../services/store/meta.ts';
import { openStore, type Store } from '../../../services/store/open.ts';
import { patchesOfMonth } from '../../../services/store/patches.ts';
import { dumpOf, halfPatches } from '../../support/store-dump.ts';

const size = { tilesAcross: 4, tilesDown: 1, tileSize: 256 };

let folder: string;
let store: Store;
let truth: CountyTruth;
const months: DemonstratedMonth[] = [];
const tables: MonthTable[] = [];

const options = () => ({ home: folder, directory: join(folder, 'county'), workers: 2, size });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tuban-demonstration-'));
  store = await openStore({ sqlite: ':memory:' });
  await prepareDemonstration(store, {
    ...options(),
    onMonth: async (month) => {
      months.push(month);
      tables.push(await monthTable(store, month.month, month.at));
    },
  });
  truth = JSON.parse(await readFile(join(folder, 'county', 'truth.json'), 'utf8'));
});
afterAll(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

describe('the tables of a demonstration', () => {
  it('are those of three months, each with findings', () => {
    expect(tables.map(({ month }) => month)).toEqual(['2024-07', '2024-08', '2024-09']);
    for (const [i, { total }] of tables.entries()) {
      expect(total.found).toBe(months[i].run.issued);
      expect(months[i].run.detections).toBeGreaterThan(0);
    }
    // What is seen again where a place is dealt with is no new patch: a month may have none.
    expect(tables.filter(({ total }) => total.found > 0).length).toBeGreaterThan(1);
    expect(tables.some(({ total }) => total.warned > 0 && total.resolved > 0)).toBe(true);
  });

  it('balance in every row: found = open + resolved + dismissed, and the total is the sum of the districts', () => {
    for (const { rows, total } of tables) {
      for (const row of [...rows, total]) {
        expect(row.found).toBe(row.open + row.resolved + row.dismissed);
        expect(row.warned).toBeLessThanOrEqual(row.found);
        expect(row.overdue).toBeLessThanOrEqual(row.open);
      }
      for (const column of ['found', 'warned', 'open', 'overdue', 'resolved', 'dismissed'] as const) {
        expect(rows.reduce((sum, row) => sum + row[column], 0)).toBe(total[column]);
      }
    }
  });

  it('rest on a coverage that adds up to each district', async () => {
    for (const [i, { run }] of months.entries()) {
      const coverage = await coverageOfRun(store.db, run.runId);
      expect(coverage.map(({ district }) => district)).toEqual(tables[i].rows.map(({ district }) => district));
      for (const [k, { totalM2, observedM2, cloudM2, noImageM2 }] of coverage.entries()) {
        expect(Math.abs(observedM2 + cloudM2 + noImageM2 - totalM2)).toBeLessThan(1e-6 * totalM2);
        expect(Math.min(observedM2, cloudM2, noImageM2)).toBeGreaterThanOrEqual(0);
        expect(tables[i].rows[k]).toMatchObject({ totalM2, observedM2 });
      }
    }
  });
});

describe('recall and false alarms', () => {
  const inDistrict = (figures: ReadonlyMap<string, PlantedFigures>) =>
    [...figures].filter(([district]) => district !== '').map(([, each]) => each);

  it('are counted against what was planted and could first be seen in the month', () => {
    for (const { month, planted } of months) {
      const due = truth.events.filter(({ firstClearMonth }) => firstClearMonth === month);
      expect(planted.get('')?.visible).toBe(due.length);
      for (const [district, { visible }] of planted) {
        if (district !== '') expect(visible).toBe(due.filter((event) => event.district === district).length);
      }
    }
    expect(months.reduce((sum, { planted }) => sum + (planted.get('')?.visible ?? 0), 0)).toBeGreaterThan(10);
  });

  it('fit each other and the queue, and the whole is the sum of the districts', async () => {
    for (const { month, planted } of months) {
      const all = planted.get('') as PlantedFigures;
      for (const { visible, found, heldBack, falseAlarms, issued } of planted.values()) {
        expect(found + heldBack).toBeLessThanOrEqual(visible);
        expect(falseAlarms).toBeLessThanOrEqual(issued);
      }
      for (const figure of ['visible', 'found', 'heldBack', 'falseAlarms', 'issued'] as const) {
        expect(inDistrict(planted).reduce((sum, each) => sum + each[figure], 0)).toBe(all[figure]);
      }
      expect(all.issued).toBe((await patchesOfMonth(store.db, month)).length);
    }
  });

  it('speak for the detection: more than a third of what could be seen was found, on little ground', () => {
    const sum = (figure: keyof PlantedFigures) =>
      months.reduce((so, { planted }) => so + (planted.get('')?.[figure] ?? 0), 0);
    console.log(
      `found ${sum('found')} of ${sum('visible')}, ${sum('falseAlarms')} false alarms in ${sum('issued')} issued`,
    );
    expect(sum('found')).toBeGreaterThan(0.35 * sum('visible'));
  });
});

describe('a demonstration', () => {
  it('says that it is simulated wherever it could be taken for real', async () => {
    expect(await readMeta(store.db, 'simulated')).toBe('1');
    expect(await readMeta(store.db, 'name')).toMatch(/模拟.*Simulated/);
    const scenes = await store.db.selectFrom('scenes').select(['sensor', 'path']).execute();
    for (const { sensor, path } of scenes)
      expect([sensor, path]).toEqual(['simulated-1m', expect.stringContaining('simulated')]);
    const people = await store.db.selectFrom('events').select('actor').distinct().execute();
    expect(people.map(({ actor }) => actor).sort()).toEqual(['tuban', '模拟人员 (simulated)'].sort());
  });

  it('has a clock that stood at the end of its last month when it was ready, and runs on', async () => {
    const clock = await simulatedClock(store);
    const ready = Date.parse((await readMeta(store.db, 'preparedAt')) as string);
    const lead = Date.parse('2024-10-31T18:00:00.000Z') - ready;
    expect(Math.abs((clock as () => Date)().getTime() - Date.now() - lead)).toBeLessThan(1000);
    const real = await openStore({ sqlite: ':memory:' });
    expect(await simulatedClock(real)).toBeNull();
    await real.close();
  });

  it('is left alone by a second start, at once', async () => {
    const before = await dumpOf(store, { withTimes: true });
    const began = performance.now();
    await prepareDemonstration(store, { ...options(), onMonth: async () => expect.unreachable() });
    expect(performance.now() - began).toBeLessThan(200);
    expect(await dumpOf(store, { withTimes: true })).toEqual(before);
  });

  it('that was cut short twice ends as if it had not been', async () => {
    const other = await openStore({ sqlite: ':memory:' });
    for (const stage of ['2024-07 compare', '2024-08 queue']) {
      const onStage = (now: string) => {
        if (now === stage) throw new Error(`cut short at ${stage}`);
      };
      await expect(prepareDemonstration(other, { ...options(), onStage })).rejects.toThrow(`cut short at ${stage}`);
      expect([await isPrepared(other), await halfPatches(other)]).toEqual([false, []]);
    }
    await prepareDemonstration(other, options());
    expect(await dumpOf(other)).toEqual(await dumpOf(store));
    await other.close();
  });
});
