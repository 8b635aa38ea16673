import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { periodFacts } from '../../../services/reports/draw-facts.ts';
import type { PeriodFacts } from '../../../services/reports/facts.ts';
import { type Period, periodOf } from '../../../services/reports/period.ts';
import { readPeriod } from '../../../services/reports/read-period.ts';
import type { Store } from '../../../services/store/open.ts';
import { seededRandom } from '../../support/random.ts';
import { describeOnBothStores } from '../../support/stores.ts';
import { figuresInSql } from '../cycle/figures-in-sql.ts';
import { namedFigures } from '../cycle/named-figures.ts';
import { monthsOf, RandomOffice } from '../cycle/random-months.ts';
import { MONTHS, plantPrefecture } from './prefecture.ts';

const at = new Date('2026-01-01T00:00:00Z');

async function factsNow(store: Store, period: Period): Promise<PeriodFacts> {
  return periodFacts(store, await readPeriod(store, period, at), period, period, null);
}

describeOnBothStores('The figures of a report', (openFresh) => {
  it('are what SQL alone makes of the same store, for each month and the year of random histories', async () => {
    for (const seed of [4, 22]) {
      const store = await openFresh();
      const office = new RandomOffice(store, seededRandom(seed));
      await office.begin();
      for (let step = 0; step < 250; step++) await office.act();
      for (const name of [...monthsOf(2025), '2025']) {
        const period = periodOf(name.length === 4 ? 'year' : 'month', name);
        const { scopes } = await factsNow(store, period);
        const [got, wanted] = [namedFigures(scopes[0].figures), await figuresInSql(store, name)];
        for (const figure of Object.keys(wanted)) {
          expect(got[figure], `${name} ${figure}, seed ${seed}`).toBeCloseTo(wanted[figure], 3);
        }
        expect(scopes.flatMap(({ checks }) => checks.filter(({ holds }) => !holds))).toEqual([]);
      }
    }
  });

  it('beside those of the queue are what SQL makes of land, deadlines, reviews, causes and images', async () => {
    const store = await openFresh();
    await plantPrefecture(store, 3, 0.3);
    const { scopes } = await factsNow(store, periodOf('year', '2025'));
    for (const code of ['', '4304', '430421', '430412']) {
      const scope = scopes.find((one) => one.code === code)!;
      const wanted = await besidesInSql(store, code);
      const reviewed = (of: 'confirmed' | 'falseOnes') => scope.precision.reduce((sum, part) => sum + part[of], 0);
      const { grades } = scope.deadlines;
      const [observed, total] = ['observedM2', 'totalM2'].map((part) =>
        scope.imagery
          .filter((one) => one.code === code)
          .reduce((sum, { coverage }) => sum + (coverage?.[part as 'totalM2'] ?? 0), 0),
      );
      expect({
        issued: scope.headline.issued,
        farmland: scope.headline.farmlandM2,
        basic: scope.headline.basicFarmlandM2,
        overdue: grades.overdue + grades.supervise + grades.interview,
        confirmed: reviewed('confirmed'),
        falseOnes: reviewed('falseOnes'),
        caused: scope.causes.reduce((sum, { count }) => sum + count, 0),
        ...{ observed, total },
      }).toEqual(wanted);
      expect(wanted['farmland'] + wanted['overdue'] + wanted['confirmed']).toBeGreaterThan(0);
    }
    expect(scopes[0].months.map(({ status }) => status).slice(0, 7)).toEqual([
      ...Array(4).fill('unknown'),
      ...['closed', 'closed', 'open'],
    ]);
    expect(MONTHS).toEqual(scopes[0].months.flatMap(({ month, figures }) => (figures ? [month] : [])));
  });
});

/** By its own lists of states and layers; every planted patch was found by an image and sent down as it was. */
async function besidesInSql({ db }: Store, code: string): Promise<Record<string, number>> {
  const land = (
    layer: string,
  ) => `select coalesce(sum(round(cast(case when o.m > p."areaM2" then p."areaM2" else o.m end as numeric), 2)), 0)
    from patches p join (select "patchId", sum("areaM2") as m from "overlaps" where layer = '${layer}' group by "patchId") o
    on o."patchId" = p.id where p.district like '${code}%'`;
  const patches = (where: string) => `select count(*) from patches p where p.district like '${code}%' and ${where}`;
  const said = (what: string) =>
    `exists (select 1 from events e where e."subjectId" = p.id and e."payloadJson" like '%"${what}":%')`;
  const covered = (column: string) =>
    `select coalesce(sum("${column}"), 0) from coverage where district like '${code}%'`;
  const asked: Record<string, string> = {
    issued: patches('exists (select 1 from month_tasks t where t."patchId" = p.id)'),
    farmland: land('farmland'),
    basic: land('permanent-basic-farmland'),
    overdue: patches(`p."dueAt" < '2026'`),
    confirmed: patches(`p.state not in ('dismissed', 'false-change') and ${said('judgement')}`),
    falseOnes: patches(`p.state in ('dismissed', 'false-change')`),
    caused: patches(`p.state in ('resolved', 'restored') and ${said('cause')}`),
    observed: covered('observedM2'),
    total: covered('totalM2'),
  };
  const figures: Record<string, number> = {};
  for (const [name, query] of Object.entries(asked)) {
    const { rows } = await sql.raw<Record<string, unknown>>(`${query}`).execute(db);
    figures[name] = Math.round(Number(Object.values(rows[0])[0]) * 100) / 100;
  }
  return figures;
}
