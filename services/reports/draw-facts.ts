import { type Check, check, checksOf } from '../cycle/checks.ts';
import { figureSet } from '../cycle/figure-set.ts';
import { figuresOf } from '../cycle/figures.ts';
import { rounded } from '../cycle/month-row.ts';
import { GRADES } from '../deadlines/grade.ts';
import { farmlandGauge } from '../gauges/farmland-gauge.ts';
import { standardParameters } from '../gauges/parameters.ts';
import type { Store } from '../store/open.ts';
import { readCarry } from './carry.ts';
import type { DeadlineFacts, FarmlandFacts, PeriodFacts, ScopeFacts } from './facts.ts';
import { findersOf } from './finders.ts';
import { headlineOf } from './headline.ts';
import { readLastYear } from './last-year.ts';
import { monthFacts, readCorrections, readMonths } from './month-facts.ts';
import { standardReport } from './parameters.ts';
import { monthsOf, type Period } from './period.ts';
import { precisionOf } from './precision.ts';
import { provinceFigures } from './province.ts';
import type { ReadPeriod } from './read-period.ts';
import { scopesOver, within } from './scopes.ts';

/** What of a scope is read once for all scopes. */
interface Parts {
  carry: Awaited<ReturnType<typeof readCarry>>;
  months: Awaited<ReturnType<typeof readMonths>>;
  lastYear: Awaited<ReturnType<typeof readLastYear>>;
}

/**
 * The numbers of one period, for the whole and for every place in it: the one source of JSON, XLSX, PDF and screens.
 * @param read of this span or of one that holds it, to the same end
 * @param span the months of the period that there are
 * @param closing the month that is being closed, or null
 */
export async function periodFacts(
  store: Store,
  read: ReadPeriod,
  period: Period,
  span: { from: string; to: string },
  closing: string | null,
): Promise<PeriodFacts> {
  const rows = read.rows.filter(({ month }) => month >= span.from && month <= span.to);
  const imagery = read.imagery.filter(({ month }) => month >= span.from && month <= span.to);
  const own = { ...read, ...span, rows, imagery };
  const { db } = store;
  const months = monthsOf(span);
  const parts: Parts = {
    carry: await readCarry(db, span.from, rows),
    months: await readMonths(db, months, rows, closing),
    lastYear: await readLastYear(store, period, span, read.at),
  };
  const codes = [...rows.map(({ district }) => district), ...imagery.map(({ code }) => code)];
  return {
    edition: 'facts-1',
    ...{ kind: period.kind, name: period.name, ...span, at: read.at.toISOString(), parameters: standardReport },
    scopes: scopesOver(codes).map((code) => scopeFacts(own, parts, code)),
    corrections: await readCorrections(db, period.kind, span),
  };
}

function scopeFacts(read: ReadPeriod, { carry, months, lastYear }: Parts, code: string): ScopeFacts {
  const rows = within(read.rows, code);
  const figures = figuresOf(rows);
  const { checks: carryChecks, became, ...carried } = carry(code);
  const own = months.map((month) => monthFacts(month, code));
  const headline = headlineOf(rows, read.land);
  return {
    code,
    name: read.names.get(code) ?? '',
    figures,
    checks: [...checksOfScope(rows, code), ...carryChecks, ...reportChecks(figures.issued.count, headline.issued, own)],
    headline,
    lastYear: lastYear(code),
    province: provinceFigures(read, code),
    months: own,
    deadlines: deadlineFacts(read, code),
    farmland: farmlandFacts(read, code),
    floors: read.floors
      .filter(({ district }) => district.startsWith(code))
      .map(({ district, land, inputs, keptM2, margin, grade }) => ({
        ...{ code: district, land, floorM2: inputs.floorM2, keptM2, margin, grade },
      })),
    imagery: read.imagery.filter((one) => one.code === code || (one.code.length === 6 && one.code.startsWith(code))),
    precision: precisionOf(rows, read.reviewed),
    causes: countedCauses(read, rows),
    finders: findersOf(read.ledger, placesOf(read, rows)),
    carry: {
      ...became,
      ...{ in: carried.in.length, joined: carried.joined.length, own: carried.own, out: carried.out.length },
    },
  };
}

/** Where the patches of a scope lie. */
function placesOf({ reviewed }: ReadPeriod, rows: ReadPeriod['rows']): Set<string> {
  return new Set(rows.flatMap(({ patchId }) => reviewed.seen.get(patchId)?.placeId ?? []));
}

/** The checks of DOMAIN §8; of a county there are no parts to add up. */
function checksOfScope(rows: ReadPeriod['rows'], code: string): Check[] {
  return code.length === 6 ? checksOf(rows, figuresOf(rows), []) : figureSet(rows).checks;
}

/** That the parts of a report say the same. */
function reportChecks(issued: number, headline: number, months: ScopeFacts['months']): Check[] {
  return [
    check('headline', '主要指标下发数 = 原始下发', 'headline issued = issued', issued, [headline]),
    check(
      'months',
      '原始下发 = 各月下发之和（已结月按结月数）',
      'issued = sum over months, closed ones as reported',
      issued,
      months.map(({ figures }) => figures?.issued.count ?? 0),
    ),
  ];
}

function countedCauses({ causes }: ReadPeriod, rows: ReadPeriod['rows']): ScopeFacts['causes'] {
  const given = rows.flatMap(({ patchId }) => causes.get(patchId) ?? []);
  return [...Map.groupBy(given, (cause) => cause)]
    .map(([cause, same]) => ({ code: cause, count: same.length }))
    .sort((a, b) => b.count - a.count || (a.code < b.code ? -1 : 1));
}

function deadlineFacts({ deadlines }: ReadPeriod, code: string): DeadlineFacts {
  const own = within(deadlines, code);
  const sum = (of: (one: (typeof own)[number]) => number) => own.reduce((all, one) => all + of(one), 0);
  const grades = Object.fromEntries(GRADES.map((grade) => [grade, sum((one) => one.grades[grade])]));
  return { grades: grades as DeadlineFacts['grades'], paused: sum(({ paused }) => paused) };
}

/** Year to date, by the months in which patches were found. */
function farmlandFacts({ land, to }: ReadPeriod, code: string): FarmlandFacts {
  const year = to.slice(0, 4);
  const gauge = farmlandGauge([...land.values()], code, year, standardParameters);
  const { ratio, byOpinion, grade } = gauge;
  return {
    year,
    illegalM2: rounded(gauge.illegalM2),
    lawfulM2: rounded(gauge.lawfulM2),
    openM2: rounded(gauge.openM2),
    restoredM2: rounded(gauge.restoredM2),
    takenM2: rounded(gauge.takenM2),
    ...{ ratio, byOpinion, grade },
  };
}
