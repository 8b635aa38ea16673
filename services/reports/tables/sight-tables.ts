import { CHANGE_TYPES } from '../../queue/change-types.ts';
import type { ImageryFacts, PeriodFacts, PrecisionFacts, ScopeFacts } from '../facts.ts';
import { addedUp } from '../precision.ts';
import { type Cell, type Column, column, label, type ReportTable, rate } from '../table.ts';
import { wilson } from '../wilson.ts';

/**
 * The imagery brief: what was received, used and seen; unobserved is never unchanged. Of one month it is printed by
 * county, of more by month, with the counties in JSON and XLSX.
 */
export function imageryTables(facts: PeriodFacts, scope: ScopeFacts): ReportTable[] {
  const names = new Map(facts.scopes.map(({ code, name }) => [code, name]));
  const known = scope.imagery.filter(({ received, coverage }) => received > 0 || coverage !== null);
  const [counties, whole] = [
    known.filter(({ code }) => code.length === 6),
    known.filter(({ code }) => code === scope.code),
  ];
  const isMonth = facts.kind === 'month';
  const rows = (all: readonly ImageryFacts[]) =>
    all.map((one) => imageryRow(one, names.get(one.code) || one.code || '合计'));
  const byCounty = scope.code.length === 6 ? [] : isMonth ? [...counties, ...whole] : counties;
  const table = (id: string, zh: string, en: string, own: readonly ImageryFacts[]): ReportTable => ({
    id,
    title: label(zh, en),
    note: label(
      '一景与数县相交的，各县分别计入，合计只计一次；未观测不等于无变化。没有列出的月份既无影像也无运行。',
      'A scene counts for each county it meets, in the total once. Unobserved is never unchanged. Months left out had neither scenes nor runs.',
    ),
    columns: IMAGERY_COLUMNS,
    rows: rows(own),
  });
  if (scope.code.length === 6 || isMonth) {
    return [table('imagery', '影像简报', 'Imagery brief', scope.code.length === 6 ? counties : byCounty)];
  }
  const detail = table('imagery-by-county', '影像简报：分县分月', 'Imagery brief by county and month', byCounty);
  return [table('imagery', '影像简报', 'Imagery brief', whole), { ...detail, unprinted: true }];
}

const IMAGERY_COLUMNS: Column[] = [
  column('month', '月份', 'month', 'text', 1),
  column('name', '区县', 'district', 'text', 1.5),
  column('received', '收到景', 'received', 'count', 0.8),
  column('processed', '处理景', 'processed', 'count', 0.8),
  column('used', '采用景', 'used', 'count', 0.8),
  column('observed', '覆盖%', 'observed', 'rate', 0.9),
  column('cloud', '云%', 'cloud', 'rate', 0.8),
  column('noImage', '无影像%', 'no image', 'rate', 0.9),
  column('totalKm2', '面积 km²', 'area, km²', 'number', 1),
];

function imageryRow({ month, received, processed, used, coverage }: ImageryFacts, name: string): Record<string, Cell> {
  const of = (part: 'observedM2' | 'cloudM2' | 'noImageM2') =>
    coverage === null || coverage.totalM2 === 0 ? null : rate(coverage[part] / coverage.totalM2);
  return {
    ...{ month, name, received, processed, used },
    observed: of('observedM2'),
    cloud: of('cloudM2'),
    noImage: of('noImageM2'),
    totalKm2: coverage === null ? null : Math.round(coverage.totalM2 / 1e4) / 100,
  };
}

type Grouping = [id: string, zh: string, en: string, keyOf: (part: PrecisionFacts) => string];

const GROUPINGS: readonly Grouping[] = [
  ['precision-by-type', '识别准确率：按类型', 'Precision by type', ({ type }) => type],
  ['precision-by-month', '识别准确率：按发现月', 'Precision by month found', ({ month }) => month],
  ['precision-by-detector', '识别准确率：按模型版本', 'Precision by detector version', ({ detector }) => detector],
];

/** How often the detector was right, of what people reviewed, with its interval. */
export function precisionTables({ parameters }: PeriodFacts, { precision }: ScopeFacts): ReportTable[] {
  const names = new Map(CHANGE_TYPES.map(({ code, label: name }) => [code, name]));
  return GROUPINGS.map(([id, zh, en, keyOf], k) => ({
    id,
    title: label(zh, en),
    ...(k === 0 && {
      note: label(
        '只计人工复核过的图斑：属实 ÷（属实＋伪变化）；重复、底图错误另计。区间为 95 % 威尔逊区间。',
        'Of reviewed patches only; duplicates and base-map errors are set aside. Wilson intervals.',
      ),
    }),
    columns: [
      column('key', ['类型', '发现月', '版本'][k], ['type', 'month', 'version'][k], 'text', 2),
      column('found', '发现', 'found', 'count', 0.8),
      column('reviewed', '已复核', 'reviewed', 'count', 0.8),
      column('confirmed', '属实', 'confirmed', 'count', 0.8),
      column('falseOnes', '伪变化', 'false', 'count', 0.8),
      column('setAside', '另计', 'set aside', 'count', 0.8),
      column('precision', '准确率%', 'precision', 'rate', 0.9),
      column('low', '区间低%', 'interval, low', 'rate', 0.9),
      column('high', '区间高%', 'interval, high', 'rate', 0.9),
    ],
    rows: addedUp(precision, keyOf).map(({ key, found, confirmed, falseOnes, setAside }) => {
      const reviewed = confirmed + falseOnes;
      const interval = wilson(confirmed, reviewed, parameters.confidence);
      return {
        key: names.get(key) ?? key,
        ...{ found, reviewed, confirmed, falseOnes, setAside },
        precision: rate(reviewed === 0 ? null : confirmed / reviewed),
        low: rate(interval?.low ?? null),
        high: rate(interval?.high ?? null),
      };
    }),
  }));
}
