import { localDay } from '../local-time.ts';
import { byDistrict } from './figure-set.ts';
import { baseOf, isRectified, outcomeOf } from './figures.ts';
import { type MonthRow, type Remedy, sumM2 } from './month-row.ts';

/** 三清单一承诺: what a county hands back of a month; pure. */
export interface CountyReturn {
  district: string;
  name: string;
  /** 问题清单: breaches, and what is in doubt. */
  problems: Problem[];
  /** 责任清单: who answers for each that is open, by when. */
  responsibilities: { number: string; responsible: string | null; state: string; due: string | null }[];
  /** 整改清单: how far each breach is put right. */
  measures: (Remedy & { number: string; violationM2: number; remainingM2: number; rectified: boolean })[];
  /** 承诺书, to be signed. */
  undertaking: { patches: number; remainingM2: number; lastDue: string | null; text: string };
}

export interface Problem {
  number: string;
  kind: 'violation' | 'in-doubt';
  opinion: string | null;
  judgement: string | null;
  areaM2: number;
  violationM2: number;
  state: string;
}

/** One for each district that has tasks, in order of code. */
export function countyReturns(
  rows: readonly MonthRow[],
  names: ReadonlyMap<string, string>,
  month: string,
): CountyReturn[] {
  return byDistrict(baseOf(rows)).map(([district, own]) =>
    countyReturn(own, district, names.get(district) ?? '', month),
  );
}

function countyReturn(own: readonly MonthRow[], district: string, name: string, month: string): CountyReturn {
  const problems = own.filter((row) => row.violation || isInDoubt(row));
  const open = problems.filter((row) => outcomeOf(row) === 'open');
  const breaches = own.filter(({ violation }) => violation);
  const dues = open.flatMap(({ dueAt }) => (dueAt === null ? [] : [localDay(dueAt)])).sort();
  const remainingM2 = sumM2(breaches.map((row) => row.remainingM2));
  const lastDue = dues.at(-1) ?? null;
  const by = lastDue === null ? '' : `于${lastDue}前`;
  const text =
    open.length === 0
      ? `${name || district}${month}月下发图斑中的问题已全部办结。`
      : `${name || district}承诺：${month}月未办结问题图斑${open.length}个、剩余违法面积${remainingM2}平方米，${by}依法处置到位。`;
  return {
    district,
    name,
    problems: problems.map(problemOf),
    responsibilities: open.map(({ number, state, dueAt }) => ({
      number,
      responsible: null,
      state,
      due: dueAt === null ? null : localDay(dueAt),
    })),
    measures: breaches.map((row) => ({
      number: row.number,
      violationM2: row.violationM2,
      ...row.remedy,
      remainingM2: row.remainingM2,
      rectified: isRectified(row),
    })),
    undertaking: { patches: open.length, remainingM2, lastDue, text },
  };
}

/** A person left it in doubt; or the rules did, and no person has judged it yet. */
function isInDoubt(row: MonthRow): boolean {
  if (row.state === 'in-doubt') return true;
  return row.judgement === null && outcomeOf(row) === 'open' && (row.opinion ?? 'in-doubt').startsWith('in-doubt');
}

function problemOf(row: MonthRow): Problem {
  const { number, opinion, judgement, areaM2, violationM2, state } = row;
  return { number, kind: row.violation ? 'violation' : 'in-doubt', opinion, judgement, areaM2, violationM2, state };
}
