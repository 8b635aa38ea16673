import type { FirstFinder } from '../../field/clues/first-finder.ts';
import { CAUSES } from '../../lifecycle/reasons.ts';
import { localDay } from '../../local-time.ts';
import type { PeriodFacts, ScopeFacts } from '../facts.ts';
import { type Cell, column, label, mu, type ReportTable } from '../table.ts';

const STATUS = {
  closed: label('已结', 'closed'),
  open: label('未结', 'open'),
  unknown: label('无数据', 'no data'),
};

/** Month by month: closed ones as reported, and as corrected since. */
export function monthsTable({ months }: ScopeFacts): ReportTable {
  return {
    id: 'months',
    title: label('分月情况', 'Month by month'),
    note: label(
      '已结月按结月时上报数，不再变动；“更正后”为更正台账所记；未结月为当前数。',
      'Closed months as reported; corrected: as the correction ledger has it; open months as now.',
    ),
    columns: [
      column('month', '月份', 'month', 'text', 1),
      column('status', '状态', 'status', 'text', 0.95),
      column('issued', '下发', 'issued', 'count', 0.7),
      column('issuedMu', '下发亩', 'issued, mu', 'mu', 1),
      column('violations', '违法', 'breaches', 'count', 0.7),
      column('violationMu', '违法亩', 'breaches, mu', 'mu', 1),
      column('rectified', '已整改', 'put right', 'count', 0.8),
      column('rectifiedMu', '整改亩', 'put right, mu', 'mu', 1),
      column('entries', '更正条数', 'correction entries', 'count', 0.8),
      column('violationsNow', '更正后违法', 'breaches, corrected', 'count', 0.9),
      column('rectifiedNow', '更正后整改', 'put right, corrected', 'count', 0.9),
    ],
    rows: months.map(({ month, status, figures, corrected }) => ({
      month,
      status: STATUS[status],
      issued: figures?.issued.count ?? null,
      issuedMu: mu(figures?.issued.areaM2 ?? null),
      violations: figures?.violations.count ?? null,
      violationMu: mu(figures?.violations.areaM2 ?? null),
      rectified: figures?.rectified.count ?? null,
      rectifiedMu: mu(figures?.rectified.areaM2 ?? null),
      entries: corrected?.entries ?? 0,
      violationsNow: corrected?.violations.count ?? null,
      rectifiedNow: corrected?.rectified.count ?? null,
    })),
  };
}

const FINDERS: Record<FirstFinder['foundBy'], ReturnType<typeof label>> = {
  satellite: label('卫星', 'satellite'),
  patrol: label('巡查', 'patrol'),
  public: label('群众举报', 'public'),
  papers: label('批件到期', 'papers'),
};

/** Who found places first, and how soon. */
export function findersTable({ finders }: ScopeFacts): ReportTable {
  return {
    id: 'first-finder',
    title: label('首次发现', 'First finder'),
    note: label(
      '发现天数：变化发生至首次获知；制止天数：获知至开始整改或现场确认停止。均为中位数；本期图斑所在各处',
      'median days from onset to found, and from found to stopped',
    ),
    columns: [
      column('by', '来源', 'found by', 'text', 1.2),
      column('places', '处数', 'places', 'count', 1),
      column('stopped', '已制止', 'stopped', 'count', 0.8),
      column('goingOn', '未制止', 'going on', 'count', 0.8),
      column('nothing', '无违法', 'nothing', 'count', 0.8),
      column('known', '可知起始', 'onset known of', 'count', 0.9),
      column('daysAtLeast', '发现天数至少', 'days to found, at least', 'days', 1),
      column('daysAtMost', '发现天数至多', 'days to found, at most', 'days', 1),
      column('daysToStop', '制止天数', 'days to stopped', 'days', 0.9),
    ],
    rows: finders.map(({ by, ...figures }) => ({ by: FINDERS[by], ...figures })),
  };
}

/** Why breaches could come about, as said when patches were cleared. */
export function causesTable({ causes, figures }: ScopeFacts): ReportTable {
  const names = new Map(CAUSES.map(({ code, label: name }) => [code, name]));
  const all = causes.reduce((sum, { count }) => sum + count, 0);
  return {
    id: 'causes',
    title: label('销号原因', 'Causes given at clearing'),
    note: label(`已销号 ${all} 个，核查基数 ${figures.base.count} 个`, `of ${all} cleared patches`),
    columns: [
      column('cause', '原因', 'cause', 'text', 2),
      column('code', '代码', 'code', 'text', 1.4),
      column('count', '个数', 'count', 'count', 1),
      column('share', '占比%', 'share', 'rate', 1),
    ],
    rows: causes.map(({ code, count }) => ({
      cause: code === '' ? label('未填', 'none given') : (names.get(code) ?? code),
      code: code || null,
      count,
      share: Math.round((count / all) * 1e6) / 1e6,
    })),
  };
}

/** What came in from before the period, and goes on after it. */
export function carryTable({ carry }: ScopeFacts): ReportTable {
  const row = (zh: string, en: string, count: number) => ({ figure: label(zh, en), count });
  return {
    id: 'carry-over',
    title: label('结转', 'Carried over'),
    columns: [column('figure', '指标', 'figure', 'text', 3), column('count', '个数', 'count', 'count', 1)],
    rows: [
      row('期初结转', 'carried in', carry.in),
      row('　已办结', 'ended since', carry.ended),
      row('　仍在办', 'still open', carry.open),
      row('　本期下发', 'issued in the period', carry.taken),
      row('　已拆分或合并', 'split or merged', carry.split),
      row('新并入', 'joined since', carry.joined),
      row('本期在办', 'open of the period’s own', carry.own),
      row('期末结转', 'carried out', carry.out),
    ],
  };
}

const FIGURE_NAMES: Readonly<Record<string, ReturnType<typeof label>>> = {
  'issued.count': label('下发个数', 'issued'),
  'violations.count': label('违法个数', 'breaches'),
  'violations.areaM2': label('违法面积 m²', 'breaches, m²'),
  'rectified.count': label('已整改个数', 'put right'),
  'rectified.areaM2': label('已整改面积 m²', 'put right, m²'),
  'notRectified.count': label('未整改个数', 'not put right'),
};

/** The correction ledger: as reported, as now, and the entry that moved it. */
export function correctionsTable({ corrections, kind }: PeriodFacts, code: string): ReportTable {
  const rows = corrections.flatMap(({ month, entry, at, actor, reason, numbers, moved }): Record<string, Cell>[] => {
    const own = moved.filter((one) => one.code === code);
    const head = {
      month,
      entry,
      at: localDay(at),
      actor,
      reason,
      patches: numbers.filter((number) => number.startsWith(code)).length,
    };
    if (own.length === 0) return code === '' ? [{ ...head, figure: null, asReported: null, asNow: null }] : [];
    return own.map(({ figure, asReported, asNow }) => ({
      ...head,
      figure: FIGURE_NAMES[figure] ?? figure,
      asReported,
      asNow,
    }));
  });
  return {
    id: 'corrections',
    title: label('更正台账', 'Corrections'),
    note: label(
      kind === 'month' ? '上月结月以来对已结各月的更正' : '对本期已结各月的更正，截至出表',
      'entries to closed months: as reported, as now',
    ),
    columns: [
      column('month', '月份', 'month', 'text', 0.9),
      column('entry', '序号', 'entry', 'count', 0.6),
      column('at', '日期', 'date', 'text', 1.1),
      column('actor', '录入', 'by', 'text', 0.9),
      column('reason', '事由', 'reason', 'text', 1.7),
      column('patches', '图斑数', 'patches', 'count', 0.7),
      column('figure', '指标', 'figure', 'text', 1.3),
      column('asReported', '上报数', 'as reported', 'number', 1.2),
      column('asNow', '更正后', 'as now', 'number', 1.2),
    ],
    rows,
  };
}

/** Whether the figures balance: printed whether they do or not. */
export function checksTable({ checks }: ScopeFacts): ReportTable {
  return {
    id: 'checks',
    title: label('平衡检查', 'Checks'),
    columns: [
      column('holds', '结果', 'holds', 'text', 0.6),
      column('check', '关系', 'check', 'text', 4),
      column('id', '编号', 'id', 'text'),
      column('wanted', '应为', 'wanted', 'number', 1.1),
      column('got', '实为', 'got', 'number', 1.1),
      column('difference', '差', 'difference', 'number', 0.8),
    ],
    rows: checks.map(({ id, zh, en, wanted, got, difference, holds }) => ({
      holds: holds ? label('平', 'holds') : label('不平', 'differs'),
      check: label(zh, en),
      ...{ id, wanted, got, difference },
    })),
  };
}
