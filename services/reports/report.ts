import { findClosed } from '../cycle/closed.ts';
import { ServiceError } from '../error.ts';
import type { Label } from '../lifecycle/label.ts';
import { localTime } from '../local-time.ts';
import { monthAfter } from '../month/calendar-month.ts';
import { closedMonthNames, latestMonthBefore } from '../store/cycle-months.ts';
import { readMeta } from '../store/meta.ts';
import type { Store } from '../store/open.ts';
import { periodFacts } from './draw-facts.ts';
import type { MapFacts, PeriodFacts, ScopeFacts } from './facts.ts';
import { readMap } from './map-data.ts';
import type { Period } from './period.ts';
import { readPeriod } from './read-period.ts';
import { label, type ReportTable } from './table.ts';
import { reportTables } from './tables/report-tables.ts';

/** A report: the canonical form, of which XLSX and PDF are other writings. */
export interface Report {
  edition: 'report-1';
  kind: Period['kind'];
  period: string;
  /** Months that it covers: of a span that is not over those there are. */
  from: string;
  to: string;
  title: Label;
  /** Code, '' = the whole, and name. */
  district: string;
  name: string;
  /** closed: drawn from the record of its last month alone, the same to the byte whenever it is drawn. */
  status: 'closed' | 'open';
  statusText: Label;
  /** UTC: when the figures were so. */
  at: string;
  simulated: boolean;
  /** Whether all checks hold; how many do not. */
  balanced: boolean;
  failed: number;
  tables: ReportTable[];
  map: MapFacts;
}

interface Drawn {
  /** Closed before records kept what reports need: told anew, and so not to the byte. */
  keptNothing?: boolean;
  facts: PeriodFacts;
  map: MapFacts;
  closed: boolean;
  simulated: boolean;
}

/**
 * The one source of a period's figures for JSON, XLSX, PDF and screens.
 * @param district code of 2, 4 or 6 digits, '' = the whole
 * @throws ServiceError bad-input: a term without its county; not-found: nothing is on record of the district
 */
export async function drawReport(store: Store, period: Period, district: string, at: Date): Promise<Report> {
  if (period.kind === 'term' && district.length !== 6) {
    throw new ServiceError('bad-input', `A term is of one county (six digits); got '${district}'.`);
  }
  const drawn = (await fromRecord(store, period)) ?? (await asNow(store, period, at));
  const { facts, map, closed, simulated } = drawn;
  const scope = facts.scopes.find(({ code }) => code === district);
  if (scope === undefined) {
    throw new ServiceError('not-found', `${period.name} has nothing on record of district ${district}.`);
  }
  const failed = scope.checks.filter(({ holds }) => !holds).length;
  return {
    edition: 'report-1',
    ...{ kind: period.kind, period: period.name, from: facts.from, to: facts.to },
    title: titleOf(period, scope),
    ...{ district, name: scope.name },
    status: closed ? 'closed' : 'open',
    statusText: statusText(drawn),
    ...{ at: facts.at, simulated, balanced: failed === 0, failed },
    tables: reportTables(facts, scope),
    map: {
      outlines: map.outlines.filter(({ code }) => code.startsWith(district)),
      points: map.points.filter(({ code }) => code.startsWith(district)),
    },
  };
}

/** Of a period whose last month is closed; null where it is not, or was closed before records kept what reports need. */
async function fromRecord({ db }: Store, { kind, from, to }: Period): Promise<Drawn | null> {
  if (kind === 'term') return null;
  const record = (await findClosed(db, to))?.record;
  if (record?.reports === undefined) return null;
  const { map } = record.reports;
  const points = [...map.points];
  for (const month of (await closedMonthNames(db)).filter((name) => name >= from && name < to)) {
    points.push(...((await findClosed(db, month))?.record.reports?.map.points ?? []));
  }
  return { facts: record.reports[kind], map: { ...map, points }, closed: true, simulated: record.simulated };
}

async function asNow(store: Store, period: Period, at: Date): Promise<Drawn> {
  const latest = await latestMonthBefore(store.db, monthAfter(period.to));
  const to = period.kind === 'term' || latest === null || latest < period.from ? period.to : latest;
  const span = { from: period.from, to };
  const read = await readPeriod(store, span, at);
  const keptNothing = period.kind !== 'term' && (await findClosed(store.db, period.to)) !== null;
  return {
    keptNothing,
    facts: await periodFacts(store, read, period, span, null),
    map: await readMap(store.db, read.rows, to),
    closed: false,
    simulated: (await readMeta(store.db, 'simulated')) === '1',
  };
}

const NAMES: Record<Period['kind'], Label> = {
  month: label('土地卫片执法月报', 'Monthly report'),
  quarter: label('土地卫片执法季报', 'Quarterly report'),
  year: label('土地卫片执法年报', 'Annual report'),
  term: label('任期土地执法情况报告', 'Term-of-office report'),
};

function titleOf({ kind, label: period }: Period, { code, name }: ScopeFacts): Label {
  const of = name || code;
  return label(`${of}${period.zh}${NAMES[kind].zh}`, `${NAMES[kind].en} ${period.en}${of ? `, ${of}` : ''}`);
}

function statusText({ closed, keptNothing, facts: { at, from, to } }: Drawn): Label {
  const span = from === to ? from : `${from} 至 ${to}`;
  const moment = localTime(at);
  if (keptNothing) {
    return label(`已结，但结月时未留存报表数据：${span}，按 ${moment} 的记录重算`, `closed, told anew as of ${at}`);
  }
  return closed
    ? label(`已结：${span}，结月 ${moment}`, `closed at ${at}`)
    : label(`未结：${span}，截至 ${moment} 的数据`, `not closed: as of ${at}`);
}
