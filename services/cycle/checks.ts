import { baseOf, COMBINATIONS, combinationOf, type Figures, isRectified, isReplaced } from './figures.ts';
import { type MonthRow, rounded, sumM2 } from './month-row.ts';
import { total } from './patch-log.ts';

/** Two figures that must be the same, told each its own way; printed whether they are or not. */
export interface Check {
  id: string;
  zh: string;
  en: string;
  wanted: number;
  got: number;
  difference: number;
  holds: boolean;
}

/** A row that does not fit what is on record of it: shown, not hidden. */
export interface Difference {
  number: string;
  what: 'resolved-with-remainder' | 'remedy-exceeds' | 'remedy-without-breach' | 'split-area';
  zh: string;
  en: string;
  differenceM2: number;
}

/** The checks of one set of figures, with the parts it falls into (districts); [] = none. */
export function checksOf(rows: readonly MonthRow[], whole: Figures, parts: readonly Figures[]): Check[] {
  const { issued, base, notIssued, violations, rectified, notRectified, review, rates } = whole;
  const pieces = rows.filter((row) => row.issued && row.lineage !== 'original' && !isReplaced(row)).length;
  const split = rows.filter((row) => row.issued && row.lineage.startsWith('has-been-')).length;
  const again = rows.filter((row) => row.issued && row.lineage === 'split-again').length;
  const { open, resolved, dismissed } = whole.outcomes;
  const combined = COMBINATIONS.map((name) => whole.combinations[name]);
  const { demolishedM2, regularisedM2, confiscatedM2 } = whole.ways;
  const filedLevels = Object.values(rates.filed.byLevel);
  const { closedInTime } = rates;
  const outside = notIssued.dismissed + notIssued.pending + notIssued.replaced;
  const checks = [
    check(
      'rows',
      '全部 = 原始下发 + 拆分合并所得 + 未下发',
      'rows = issued + split off or merged + not issued',
      rows.length,
      [issued.count, pieces, again, outside],
    ),
    check(
      'base',
      '核查基数 = 原始下发 − 已拆分合并 + 拆分合并所得',
      'base = issued − replaced + replacing',
      base.count,
      [issued.count, -split, pieces],
    ),
    check('area', '原始下发面积 = 核查基数面积（拆分合并面积守恒）', 'issued area = base area', issued.areaM2, [
      base.areaM2,
    ]),
    check('outcomes', '核查基数 = 办理中 + 已办结 + 已排除', 'base = open + resolved + dismissed', base.count, [
      open,
      resolved,
      dismissed,
    ]),
    check('review', '核查基数 = 各审核环节之和', 'base = sum over review stages', base.count, Object.values(review)),
    check('total', '违法图斑 = 已整改 + 未整改', 'violations = rectified + not', violations.count, [
      rectified.count,
      notRectified.count,
    ]),
    check('total-area', '违法面积 = 已整改 + 未整改', 'violation area = rectified + not', violations.areaM2, [
      rectified.areaM2,
      notRectified.areaM2,
    ]),
    check('combinations', '已整改 = 各整改方式组合之和', 'rectified = sum over combinations', rectified.count, [
      ...combined.map(({ count }) => count),
    ]),
    check('combinations-area', '已整改面积 = 各组合面积之和', 'rectified area = combinations', rectified.areaM2, [
      ...combined.map(({ areaM2 }) => areaM2),
    ]),
    check('ways', '已整改面积 = 拆除复耕 + 补办 + 没收 − 超出', 'rectified area = ways − excess', rectified.areaM2, [
      demolishedM2,
      regularisedM2,
      confiscatedM2,
      -excessM2(rows),
    ]),
    check('reported', '已上报 = 审结 + 打回 + 待市审 + 待省审', 'reported = four stages', whole.reportedRate.count, [
      review.ended,
      review.returned,
      review['waiting-city'],
      review['waiting-province'],
    ]),
    check('filed', '已立案 = 各级立案之和', 'filed = sum over levels', rates.filed.count, filedLevels),
    check('cases', '立案 = 按期结案 + 逾期结案 + 逾期未结 + 在办', 'filed cases = four kinds', closedInTime.cases, [
      closedInTime.count,
      closedInTime.closedLate,
      closedInTime.openLate,
      closedInTime.running,
    ]),
  ];
  return parts.length === 0 ? checks : [...checks, ...districtChecks(whole, parts)];
}

function districtChecks(whole: Figures, parts: readonly Figures[]): Check[] {
  const sums: [id: string, zh: string, of: (figures: Figures) => number][] = [
    ['issued', '原始下发', ({ issued }) => issued.count],
    ['base', '核查基数', ({ base }) => base.count],
    ['violations', '违法图斑', ({ violations }) => violations.count],
    ['violation-area', '违法面积', ({ violations }) => violations.areaM2],
    ['rectified', '已整改', ({ rectified }) => rectified.count],
    ['reported', '已上报', ({ reportedRate }) => reportedRate.count],
    ['returned', '曾被打回', ({ errorRate }) => errorRate.count],
  ];
  return sums.map(([id, zh, of]) =>
    check(`districts-${id}`, `${zh} = 各区县之和`, `${id} = sum over districts`, of(whole), parts.map(of)),
  );
}

/** What the rectified rows had put right beyond their breach; each is among the differences. */
function excessM2(rows: readonly MonthRow[]): number {
  const rectified = baseOf(rows).filter(isRectified);
  return sumM2(rectified.map(({ remedy, violationM2 }) => rounded(total(remedy) - violationM2)));
}

/** Every row that does not fit, in order of number. */
export function differencesOf(rows: readonly MonthRow[]): Difference[] {
  const found: Difference[] = [];
  for (const row of baseOf(rows)) {
    const { number, remainingM2, violationM2, remedy } = row;
    if (row.violation && row.cleared && remainingM2 > 0) {
      const zh = `图斑 ${number} 已销号，剩余违法面积 ${remainingM2} m²，按未整改计`;
      const en = `cleared with ${remainingM2} m² left: counts as not rectified`;
      found.push({ number, what: 'resolved-with-remainder', zh, en, differenceM2: remainingM2 });
    }
    const over = rounded(total(remedy) - violationM2);
    if (row.violation && over > 0) {
      const zh = `图斑 ${number} 整改面积大于违法面积 ${over} m²`;
      const en = `put right ${over} m² more than the breach`;
      found.push({ number, what: 'remedy-exceeds', zh, en, differenceM2: over });
    }
    if (!row.violation && combinationOf(row) !== null) {
      const zh = `图斑 ${number} 未判定违法而有整改面积 ${total(remedy)} m²`;
      const en = 'put right, though no breach was judged';
      found.push({ number, what: 'remedy-without-breach', zh, en, differenceM2: total(remedy) });
    }
  }
  return [...found, ...splitDifferences(rows)].sort((a, b) => (a.number < b.number ? -1 : 1));
}

/** Pieces must have their parent's area, and what was merged that of those it was merged from. */
function splitDifferences(rows: readonly MonthRow[]): Difference[] {
  const pieces = Map.groupBy(rows, ({ parentId }) => parentId);
  const areas = new Map(rows.map(({ patchId, areaM2 }) => [patchId, areaM2]));
  return rows.flatMap(({ patchId, number, areaM2, mergedFrom = [] }) => {
    const parts = sumM2(mergedFrom.map((id) => areas.get(id) ?? 0));
    const cut = pieces.get(patchId);
    if (mergedFrom.length > 0 && rounded(areaM2 - parts) !== 0) {
      const differenceM2 = rounded(areaM2 - parts);
      const zh = `图斑 ${number} 面积与合并前各图斑面积之和差 ${differenceM2} m²`;
      return [
        {
          number,
          what: 'split-area',
          zh,
          en: `differs from what it was merged from by ${differenceM2} m²`,
          differenceM2,
        },
      ];
    }
    if (cut === undefined) return [];
    const differenceM2 = rounded(sumM2(cut.map((piece) => piece.areaM2)) - areaM2);
    const zh = `图斑 ${number} 拆分后面积之和与原面积差 ${differenceM2} m²`;
    const en = `its pieces differ from it by ${differenceM2} m²`;
    return differenceM2 === 0 ? [] : [{ number, what: 'split-area', zh, en, differenceM2 }];
  });
}

export function check(id: string, zh: string, en: string, wanted: number, parts: readonly number[]): Check {
  const got = sumM2(parts);
  const difference = rounded(got - wanted);
  return { id, zh, en, wanted, got, difference, holds: difference === 0 };
}
