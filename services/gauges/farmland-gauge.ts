import type { Label } from '../lifecycle/label.ts';
import { type GaugeRow, inOrder, isSuspected, remainingM2, standingOf } from './gauge-row.ts';
import type { GaugeParameters } from './parameters.ts';
import { type Range, ratio, sumOf } from './range.ts';

export type FarmlandGrade = 'below' | 'near' | 'over';

/** The 15 % gauge of one district and year (DOMAIN §8). Areas in m² of farmland, not of patches. */
export interface FarmlandGauge {
  /** Administrative code; '' = all rows together. */
  district: string;
  year: string;
  /** Illegal farmland, as persons judged it; after what was put back, as the parameter says. */
  illegalM2: number;
  lawfulM2: number;
  /** Not judged, in doubt, or only suspected by the rules. */
  openM2: number;
  restoredM2: number;
  /** All farmland taken by new construction: what the ratio is of. */
  takenM2: number;
  /** illegal ÷ taken, 0–1: open counted as lawful, and as illegal. Null: no farmland was taken. */
  ratio: Range | null;
  /** The same with what the rules suspect counted as illegal, and all else that is open as lawful. */
  byOpinion: number | null;
  grade: { low: FarmlandGrade; high: FarmlandGrade } | null;
  warning: Label;
  /** Ids of the patches behind each figure, in order of number. */
  patches: { illegal: string[]; lawful: string[]; open: string[] };
}

/** One gauge per district, in order of code, and their total last, which is summed by itself and not from them. */
export function farmlandGauges(
  rows: readonly GaugeRow[],
  year: string,
  parameters: GaugeParameters,
): { districts: FarmlandGauge[]; total: FarmlandGauge } {
  const codes = [...new Set(rows.map(({ district }) => district))].sort();
  const gauge = (district: string) => farmlandGauge(rows, district, year, parameters);
  return { districts: codes.map(gauge), total: gauge('') };
}

/** The gauge of the districts whose code begins with `district`. */
export function farmlandGauge(
  rows: readonly GaugeRow[],
  district: string,
  year: string,
  { farmland }: GaugeParameters,
): FarmlandGauge {
  const counted = inOrder(
    rows.filter(
      (row) =>
        row.district.startsWith(district) && row.month.startsWith(year) && row.byNewConstruction && row.farmlandM2 > 0,
    ),
  );
  const of = (standing: string) => counted.filter((row) => standingOf(row) === standing);
  const [illegal, lawful, open] = [of('illegal'), of('lawful'), of('open')];
  const stillIllegal = (row: GaugeRow) => (farmland.restored === 'counts' ? row.farmlandM2 : remainingM2(row));
  const stillTaken = (row: GaugeRow) => (farmland.restored === 'illegal-and-total' ? remainingM2(row) : row.farmlandM2);
  const illegalM2 = sumOf(illegal, stillIllegal);
  const openIllegalM2 = sumOf(open, stillIllegal);
  const lawfulM2 = sumOf(lawful, (row) => row.farmlandM2);
  const takenM2 = sumOf([...illegal, ...open], stillTaken) + lawfulM2;
  const share = { low: ratio(illegalM2, takenM2), high: ratio(illegalM2 + openIllegalM2, takenM2) };
  const gradeOf = (value: number) => (value >= farmland.line ? 'over' : value >= farmland.near ? 'near' : 'below');
  const grade = takenM2 > 0 ? ({ low: gradeOf(share.low), high: gradeOf(share.high) } as const) : null;
  return {
    district,
    year,
    illegalM2,
    lawfulM2,
    openM2: sumOf(open, (row) => row.farmlandM2),
    restoredM2: sumOf([...illegal, ...open], (row) => row.farmlandM2 - remainingM2(row)),
    takenM2,
    ratio: takenM2 > 0 ? share : null,
    byOpinion: takenM2 > 0 ? ratio(illegalM2 + sumOf(open.filter(isSuspected), stillIllegal), takenM2) : null,
    grade,
    warning: warningOf(grade, farmland.line),
    patches: { illegal: ids(illegal), lawful: ids(lawful), open: ids(open) },
  };
}

export interface WhatIf {
  before: FarmlandGauge;
  after: FarmlandGauge;
  /** Patches named that change nothing here, as they take no farmland of this district and year. */
  without: string[];
}

/** The gauge if these patches (ids or numbers) were restored in full. */
export function whatIfRestored(
  rows: readonly GaugeRow[],
  named: readonly string[],
  district: string,
  year: string,
  parameters: GaugeParameters,
): WhatIf {
  const chosen = (row: GaugeRow) => named.includes(row.patchId) || named.includes(row.number);
  const restored = rows.map((row) => (chosen(row) ? { ...row, restoredM2: row.farmlandM2 } : row));
  const before = farmlandGauge(rows, district, year, parameters);
  const counted = new Set([...before.patches.illegal, ...before.patches.open]);
  const touched = rows.filter((row) => chosen(row) && counted.has(row.patchId));
  return {
    before,
    after: farmlandGauge(restored, district, year, parameters),
    without: named.filter((name) => !touched.some(({ patchId, number }) => name === patchId || name === number)),
  };
}

/** Below the line is no all-clear: grave consequences lead to accountability there too. */
function warningOf(grade: FarmlandGauge['grade'], line: number): Label {
  const percent = `${(100 * line).toFixed(0)} %`;
  const always = {
    zh: `低于 ${percent} 但造成严重后果的，同样问责`,
    en: `below ${percent} grave consequences lead to accountability as well`,
  };
  if (grade === null) return { zh: '尚无新增建设占用耕地的图斑', en: 'no patch of new construction on farmland yet' };
  const words: [Label, boolean][] = [
    [{ zh: `低限已达 ${percent}`, en: `at or over ${percent} already` }, grade.low === 'over'],
    [
      { zh: `高限已达 ${percent}，取决于未判图斑`, en: `at or over ${percent} if what is open is illegal` },
      grade.high === 'over',
    ],
    [{ zh: `接近 ${percent}`, en: `near ${percent}` }, grade.high === 'near'],
    [{ zh: `低于预警线`, en: 'below the warning line' }, true],
  ];
  const [{ zh, en }] = words.find(([, holds]) => holds)!;
  return grade.low === 'over' ? { zh, en } : { zh: `${zh}；${always.zh}`, en: `${en}; ${always.en}` };
}

function ids(rows: readonly GaugeRow[]): string[] {
  return rows.map(({ patchId }) => patchId);
}
