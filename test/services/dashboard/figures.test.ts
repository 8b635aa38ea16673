import { expect, it } from 'vitest';
import { addActor, linkPatch, mergeActors } from '../../../services/actors/edit.ts';
import { FactKeeper } from '../../../services/dashboard/fact-keeper.ts';
import { readDashboard } from '../../../services/dashboard/read-dashboard.ts';
import { standardParameters } from '../../../services/gauges/parameters.ts';
import { readGaugeRows, readGauges } from '../../../services/gauges/read-gauges.ts';
import { thresholdRadar } from '../../../services/gauges/threshold-radar.ts';
import { seededRandom } from '../../support/random.ts';
import { describeOnBothStores } from '../../support/stores.ts';
import { monthsOf, RandomOffice } from '../cycle/random-months.ts';
import { MONTHS, plantPrefecture } from '../reports/prefecture.ts';
import { expectMonthTable, expectReport, expectStatistics, reportOf } from './same-figures.ts';

describeOnBothStores('The dashboard', (openFresh) => {
  it("says what the month's table, the statistics and the report say, at any moment of random histories", async () => {
    const seen = { violations: 0, dismissed: 0, overdue: 0, carried: 0 };
    for (const seed of [22]) {
      const store = await openFresh();
      const keeper = new FactKeeper(store);
      const office = new RandomOffice(store, seededRandom(seed));
      await office.begin();
      for (let step = 0; step < 220; step++) {
        await office.act();
        if (step % 73 !== 72) continue;
        const at = new Date(Date.UTC(2025, 6 + step / 73, 20));
        for (const month of monthsOf(2025)) {
          for (const district of ['', '430421']) {
            const shown = await readDashboard(keeper, { month, district, months: 4 }, at);
            await expectMonthTable(store, shown, at);
            await expectStatistics(store, shown, at);
            expectReport(shown, await reportOf(store, month, at));
            const last = shown.trend.at(-1)?.counts;
            seen.violations += last?.violations ?? 0;
            seen.dismissed += shown.funnel.dismissed.patches;
            seen.overdue += shown.funnel.overdue;
            seen.carried += last === undefined || last === null ? 0 : Math.abs(last.base - shown.funnel.warned);
          }
        }
      }
    }
    // A figure that was nothing throughout would show nothing.
    expect(Object.entries(seen).filter(([, sum]) => sum === 0)).toEqual([]);
  });

  it('says of land, actors, images and the detector what gauges, radar and report say', async () => {
    const store = await openFresh();
    const keeper = new FactKeeper(store);
    await plantPrefecture(store, 3, 0.5);
    const at = new Date('2025-09-01T00:00:00Z');
    const month = MONTHS[2];
    for (const district of ['', '430421']) {
      const shown = await readDashboard(keeper, { month, district, months: 12 }, at);
      expectReport(shown, await reportOf(store, month, at));
      const gauges = await readGauges(store, '2025', district);
      const { patches: _, ...total } = gauges.farmland.total;
      expect(shown.gauge.total).toMatchObject({ ...near(total), district });
      expect(shown.gauge.total.forecast).toEqual(deepNear(gauges.forecast));
      expect(total.takenM2).toBeGreaterThan(0);
      for (const { patches: __, ...own } of gauges.farmland.districts) {
        expect(shown.gauge.districts.find((one) => one.district === own.district)).toMatchObject(near(own));
      }
      const radar = thresholdRadar(await readGaugeRows(store, '2025', district), month, standardParameters);
      const { review, possible, near: close } = shown.radar.counts;
      expect(review + possible + close).toBe(radar.length);
      expect(shown.radar.entries.map(({ numbers }) => numbers)).toEqual(
        radar.slice(0, 20).map(({ numbers }) => numbers),
      );
      expect(district !== '' || radar.length > 0).toBe(true);
      const scope = (await reportOf(store, month, at)).scopes.find(({ code }) => code === district)!;
      expect(shown.coverage.total).toEqual(scope.imagery.find(({ code }) => code === district)!.coverage);
      expect(shown.precision.total.judged).toBeGreaterThan(0);
      expect(shown.counties.filter(({ rank }) => rank !== null).length).toBeGreaterThan(district === '' ? 1 : 0);
      expect(shown.trend.some(({ counts }) => (counts?.rectified ?? 0) > 0)).toBe(true);
    }
  });

  it('adds up what one actor took under any of its names, as soon as somebody says so', async () => {
    const store = await openFresh();
    await plantPrefecture(store, 5, 0.2);
    const keeper = new FactKeeper(store);
    const [at, month] = [new Date('2025-09-01T00:00:00Z'), MONTHS[2]];
    const stating = { actor: 'wang', at, reason: 'by the register' };
    const expectSame = async () => {
      const { radar } = await readDashboard(keeper, { month, district: '', months: 12 }, at);
      const wanted = thresholdRadar(await readGaugeRows(store, '2025', ''), month, standardParameters);
      const told = (entries: readonly { actor: string | null; numbers: string[] }[]) =>
        entries.slice(0, 20).map(({ actor, numbers }) => [actor, numbers]);
      expect(told(radar.entries)).toEqual(told(wanted));
      expect(radar.counts.review + radar.counts.possible + radar.counts.near).toBe(wanted.length);
      return wanted.filter(({ actor }) => actor !== null);
    };
    expect(await expectSame()).toEqual([]);
    const [one, other] = [
      await addActor(store, { name: '衡阳建材有限公司', kind: 'company' }, stating),
      await addActor(store, { name: '衡南砂石有限公司', kind: 'company' }, stating),
    ];
    const rows = (await readGaugeRows(store, '2025', '')).filter(
      ({ outcome, farmlandM2 }) => outcome === 'open' && farmlandM2 > 0,
    );
    for (const [k, { patchId }] of rows.slice(0, 12).entries())
      await linkPatch(store, patchId, k % 2 ? one : other, stating);
    await expectSame();
    await mergeActors(store, one, other, stating);
    expect((await expectSame()).map(({ actorId }) => actorId)).toEqual([other]);
  });

  it('knows what changes from one question to the next', async () => {
    const store = await openFresh();
    const keeper = new FactKeeper(store);
    const office = new RandomOffice(store, seededRandom(11));
    await office.begin();
    const at = new Date('2025-08-20T00:00:00Z');
    const question = { month: '2025-05', district: '', months: 4 };
    for (let step = 0; step < 40; step++) {
      await office.act();
      const shown = await readDashboard(keeper, question, at);
      await expectMonthTable(store, shown, at);
      expectReport(shown, await reportOf(store, question.month, at));
    }
  });
});

/** Shares and sums to what rounding leaves. */
function near({ year: _, ...gauge }: { year: string }): object {
  return Object.fromEntries(
    Object.entries(gauge).map(([name, value]) => [
      name,
      typeof value === 'number' ? expect.closeTo(value, 3) : deepNear(value),
    ]),
  );
}

function deepNear(value: unknown): unknown {
  if (typeof value === 'number') return expect.closeTo(value, 9);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, deepNear(part)]));
}
