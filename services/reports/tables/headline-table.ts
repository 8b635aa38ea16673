import type { HeadlineName, PeriodFacts, ScopeFacts } from '../facts.ts';
import { type Cell, column, label, mu, type ReportTable, rate } from '../table.ts';

const FIGURES: readonly [HeadlineName, zh: string, en: string, unit: 'count' | 'area'][] = [
  ['found', '发现图斑', 'patches found', 'count'],
  ['issued', '下发图斑', 'patches issued', 'count'],
  ['monitoredM2', '监测图斑面积', 'area of the patches issued', 'area'],
  ['farmlandM2', '占用耕地', 'farmland taken', 'area'],
  ['basicFarmlandM2', '其中永久基本农田', 'of it permanent basic farmland', 'area'],
];

/** The headline row: each figure against last year, and as a share of the province; '–' is said why. */
export function headlineTable({ kind }: PeriodFacts, { headline, lastYear, province }: ScopeFacts): ReportTable {
  const before = 'headline' in lastYear ? lastYear.headline : null;
  const rows = FIGURES.map(([name, zh, en, unit]): Record<string, Cell> => {
    const [now, then] = [headline[name], before?.[name] ?? null];
    const whole = kind === 'year' ? (province[name] ?? null) : null;
    const shown = (value: number | null) => (unit === 'area' ? mu(value) : value);
    return {
      figure: label(zh, en),
      unit: unit === 'area' ? label('亩', 'mu') : label('个', 'patches'),
      now: shown(now),
      nowM2: unit === 'area' ? now : null,
      lastYear: shown(then),
      lastYearM2: unit === 'area' ? then : null,
      change: then === null ? null : shown(Math.round((now - then) * 100) / 100),
      changeRate: then === null || then === 0 ? null : rate(now / then - 1),
      province: shown(whole),
      share: whole === null || whole === 0 ? null : rate(now / whole),
      why: whyNot(lastYear, then, kind, whole),
    };
  });
  return {
    id: 'headline',
    title: label('主要指标', 'Headline'),
    note: label(
      `流量：期内下发图斑；去年同期${'headline' in lastYear ? `为 ${lastYear.name}${lastYear.asReported ? '（按当时上报）' : '（按现有记录）'}` : '无数据'}`,
      'Flows: of the patches issued in the period',
    ),
    columns: [
      column('figure', '指标', 'figure', 'text', 1.9),
      column('unit', '单位', 'unit', 'text', 0.6),
      column('now', '本期', 'now', 'number', 1.1),
      column('nowM2', '本期 m²', 'now, m²', 'area'),
      column('lastYear', '去年同期', 'last year', 'number', 1.1),
      column('lastYearM2', '去年同期 m²', 'last year, m²', 'area'),
      column('change', '增减', 'change', 'number', 1.1),
      column('changeRate', '增减%', 'change, share', 'rate', 0.8),
      column('province', '全省', 'province', 'number'),
      column('share', '占全省%', 'share of province', 'rate', 0.9),
      column('why', '“–”的原因', 'why –', 'text'),
    ],
    rows,
  };
}

function whyNot(lastYear: ScopeFacts['lastYear'], then: number | null, kind: string, whole: number | null): Cell {
  const reasons = [];
  if ('why' in lastYear) {
    reasons.push(
      lastYear.why === 'term'
        ? label('任期无去年同期', 'a term has no last year')
        : label('去年同期无数据', 'no data last year'),
    );
  } else if (then === 0) reasons.push(label('去年同期为 0，不算比率', 'last year was 0: no ratio'));
  if (whole === null) {
    const entered =
      kind === 'year'
        ? label('全省数未录入', 'no province figure entered')
        : label('全省数只按年录入', 'province figures are yearly');
    reasons.push(entered);
  }
  if (reasons.length === 0) return null;
  return label(reasons.map(({ zh }) => zh).join('；'), reasons.map(({ en }) => en).join('; '));
}
