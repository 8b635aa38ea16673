import type { Share } from '../../cycle/figures.ts';
import type { PeriodFacts, ScopeFacts } from '../facts.ts';
import { clearance, type Ranked, rankCounties, rectifiedRate } from '../ranking.ts';
import { countiesOf } from '../scopes.ts';
import { type Cell, column, label, mu, type ReportTable, rate } from '../table.ts';

/** One page for a leader: every share with what it is of, small counties marked ‡. */
export function rankingTable(facts: PeriodFacts, code: string): ReportTable {
  const { smallPatches, smallAreaMu } = facts.parameters.ranking;
  const counties = rankCounties(countiesOf(facts.scopes, code), facts.parameters);
  return {
    id: 'ranking',
    title: label('区县排名', 'Ranking of districts'),
    note: label(
      `按整改率（已整改/违法图斑）排名，相同者比办结率。‡ 核查基数不足 ${smallPatches} 个或 ${smallAreaMu} 亩，不参与排名；“–”无违法图斑或分母为 0。立案、结案、移交、打回为 件数/应办数。`,
      `By breaches put right, then by patches done. ‡ fewer than ${smallPatches} patches or ${smallAreaMu} mu: not ranked.`,
    ),
    columns: [
      column('rank', '名次', 'rank', 'count', 0.72),
      column('name', '区县', 'district', 'text', 1.52),
      column('code', '代码', 'code', 'text'),
      column('base', '核查基数', 'verified base', 'count', 0.85),
      column('baseMu', '基数面积亩', 'base, mu', 'mu'),
      column('violations', '违法图斑', 'breaches', 'count', 0.85),
      column('rectified', '已整改', 'put right', 'count', 0.85),
      column('rectifiedRate', '整改率%', 'share put right', 'rate', 1),
      column('done', '已办结', 'done', 'count'),
      column('clearanceRate', '办结率%', 'clearance rate', 'rate', 1),
      ...shareColumns('filed', '立案', 'cases filed'),
      ...shareColumns('closedInTime', '结案', 'closed in time'),
      ...shareColumns('handedOver', '移交', 'handed over'),
      ...shareColumns('returned', '打回', 'ever returned of reported'),
      column('overdue', '超期', 'overdue now', 'count', 0.75),
      column('gauge', '15%线\n低–高', '15 % gauge, low–high', 'fraction', 1.6),
      column('gaugeLow', '违法占耕比 低', '15 % gauge, low', 'rate'),
      column('gaugeHigh', '违法占耕比 高', '15 % gauge, high', 'rate'),
      column('mark', '标记', 'mark', 'text'),
    ],
    rows: counties.map(row),
  };
}

function row({ scope, rank, why }: Ranked): Record<string, Cell> {
  const { figures, farmland } = scope;
  const { rates, errorRate } = figures;
  const done = clearance(scope);
  const { low = null, high = null } = farmland.ratio ?? {};
  return {
    rank: rank ?? (why === 'small' ? '‡' : null),
    name: scope.name || scope.code,
    code: scope.code,
    base: figures.base.count,
    baseMu: mu(figures.base.areaM2),
    violations: figures.violations.count,
    rectified: figures.rectified.count,
    rectifiedRate: rate(rectifiedRate(scope)),
    done: done.count,
    clearanceRate: rate(done.rate),
    ...shareCells('filed', rates.filed),
    ...shareCells('closedInTime', rates.closedInTime),
    ...shareCells('handedOver', rates.handedOver),
    ...shareCells('returned', errorRate),
    overdue: overdueOf(scope),
    gauge: low === null || high === null ? null : `${floorPercent(low)}–${floorPercent(high)}`,
    gaugeLow: rate(low),
    gaugeHigh: rate(high),
    mark: why === 'small' ? '‡' : null,
  };
}

/** Late now, whatever is called for by it. */
export function overdueOf({ deadlines: { grades } }: ScopeFacts): number {
  return grades.overdue + grades.supervise + grades.interview;
}

function shareColumns(id: string, zh: string, en: string) {
  return [
    column(id, zh, `${en}, count of all`, 'fraction', 0.9),
    column(`${id}Count`, `${zh}件数`, en, 'count'),
    column(`${id}Of`, `${zh}应办数`, `${en}: of`, 'count'),
    column(`${id}Rate`, `${zh}率`, `${en}, share`, 'rate'),
  ];
}

function shareCells(id: string, { count, of, rate: value }: Share): Record<string, Cell> {
  return {
    [id]: of === 0 ? null : `${count}/${of}`,
    [`${id}Count`]: count,
    [`${id}Of`]: of,
    [`${id}Rate`]: rate(value),
  };
}

function floorPercent(value: number): string {
  return (Math.floor(value * 1000 + 1e-6) / 10).toFixed(1);
}
