import { ServiceError } from '../error.ts';
import type { Label } from '../lifecycle/label.ts';

/** What span of months a report is of; pure. */

export type ReportKind = 'month' | 'quarter' | 'year' | 'term';

export interface Period {
  kind: ReportKind;
  /** 2026-07, 2026-Q3, 2026 or 2024-03..2026-07. */
  name: string;
  /** First and last month, YYYY-MM. */
  from: string;
  to: string;
  label: Label;
}

const WANTED: Record<ReportKind, string> = {
  month: 'a month YYYY-MM',
  quarter: 'a quarter YYYY-Q1 to YYYY-Q4',
  year: 'a year YYYY',
  term: 'a term YYYY-MM..YYYY-MM, first month first',
};

/** @throws ServiceError bad-input where the name is none of its kind */
export function periodOf(kind: ReportKind, name: string): Period {
  const period = read(kind, name);
  if (period !== null) return period;
  throw new ServiceError('bad-input', `A ${kind} report is of ${WANTED[kind]}; got '${name}'.`);
}

/** The month, quarter and year that a month belongs to. */
export function periodsAround(month: string): Record<'month' | 'quarter' | 'year', Period> {
  const [year, number] = month.split('-');
  const quarter = Math.ceil(Number(number) / 3);
  return {
    month: periodOf('month', month),
    quarter: periodOf('quarter', `${year}-Q${quarter}`),
    year: periodOf('year', year),
  };
}

/** The same span of the year before; null of a term, which has none. */
export function yearBefore({ kind, name }: Period): Period | null {
  if (kind === 'term') return null;
  return periodOf(kind, `${Number(name.slice(0, 4)) - 1}${name.slice(4)}`);
}

/** Every month of a span, YYYY-MM. */
export function monthsOf({ from, to }: Pick<Period, 'from' | 'to'>): string[] {
  const count =
    12 * (Number(to.slice(0, 4)) - Number(from.slice(0, 4))) + Number(to.slice(5)) - Number(from.slice(5)) + 1;
  const first = 12 * Number(from.slice(0, 4)) + Number(from.slice(5)) - 1;
  return Array.from({ length: Math.max(0, count) }, (_, k) => monthName(first + k));
}

function monthName(since: number): string {
  return `${String(Math.floor(since / 12)).padStart(4, '0')}-${String((since % 12) + 1).padStart(2, '0')}`;
}

function read(kind: ReportKind, name: string): Period | null {
  const month = '((?:19|20)\\d{2})-(0[1-9]|1[0-2])';
  const match = (pattern: string) => new RegExp(`^${pattern}$`).exec(name);
  if (kind === 'month') {
    const found = match(month);
    const [, year, number] = found ?? [];
    return found && { kind, name, from: name, to: name, label: label(`${year}年${Number(number)}月`, name) };
  }
  if (kind === 'quarter') {
    const [, year, number] = match('((?:19|20)\\d{2})-Q([1-4])') ?? [];
    if (year === undefined) return null;
    const first = 3 * Number(number) - 3;
    const [from, to] = [monthName(12 * Number(year) + first), monthName(12 * Number(year) + first + 2)];
    return { kind, name, from, to, label: label(`${year}年第${'一二三四'[Number(number) - 1]}季度`, name) };
  }
  if (kind === 'year') {
    const found = match('(?:19|20)\\d{2}');
    return found && { kind, name, from: `${name}-01`, to: `${name}-12`, label: label(`${name}年`, name) };
  }
  const [, y1, m1, y2, m2] = match(`${month}\\.\\.${month}`) ?? [];
  if (y1 === undefined || `${y1}-${m1}` > `${y2}-${m2}`) return null;
  const [from, to] = [`${y1}-${m1}`, `${y2}-${m2}`];
  return { kind, name, from, to, label: label(`${y1}年${Number(m1)}月至${y2}年${Number(m2)}月`, `${from} to ${to}`) };
}

function label(zh: string, en: string): Label {
  return { zh, en };
}
