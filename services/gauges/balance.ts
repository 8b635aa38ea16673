import { type FarmlandGauge, farmlandGauges } from './farmland-gauge.ts';
import { type GaugeRow, inOrder } from './gauge-row.ts';
import type { GaugeParameters } from './parameters.ts';
import { sumOf } from './range.ts';

/** Something that does not add up: shown, never hidden or smoothed over. */
export interface Difference {
  /** What was compared, e.g. 'headline farmlandM2', 'patch 4304212025060001 farmland'. */
  what: string;
  wanted: number;
  got: number;
  difference: number;
  zh: string;
  en: string;
}

/** A published or reported row to hold the patches against; a figure that is absent is not compared. */
export interface Headline {
  patches?: number;
  areaM2?: number;
  farmlandM2?: number;
  basicFarmlandM2?: number;
  /** Farmland taken by new construction. */
  takenM2?: number;
}

/** Figures count as the same within this share: sums of pixels end in rounding. */
const tolerance = 1e-6;

/** Every way in which the rows do not add up: by themselves, over the districts, and against a headline. */
export function balance(
  rows: readonly GaugeRow[],
  year: string,
  headline: Headline,
  parameters: GaugeParameters,
): Difference[] {
  const within = inOrder(rows.filter(({ month }) => month.startsWith(year)));
  return [
    ...within.flatMap(rowDifferences),
    ...twice(within),
    ...gaugeDifferences(within, year, parameters),
    ...headlineDifferences(within, year, headline, parameters),
  ];
}

function rowDifferences(row: GaugeRow): Difference[] {
  const name = `patch ${row.number}`;
  return [
    ...atMost(`${name} farmland in area`, row.farmlandM2, row.areaM2, `图斑 ${row.number} 耕地面积大于图斑面积`),
    ...atMost(
      `${name} basic farmland in area`,
      row.basicFarmlandM2,
      row.areaM2,
      `图斑 ${row.number} 永久基本农田面积大于图斑面积`,
    ),
    ...atMost(
      `${name} basic farmland in farmland`,
      row.basicFarmlandM2,
      row.farmlandM2,
      `图斑 ${row.number} 永久基本农田面积大于耕地面积（基本农田内有非耕地）`,
    ),
    ...atMost(
      `${name} restored in farmland`,
      row.restoredM2,
      row.farmlandM2,
      `图斑 ${row.number} 已恢复面积大于占用耕地面积`,
    ),
  ];
}

function twice(rows: readonly GaugeRow[]): Difference[] {
  return [...Map.groupBy(rows, ({ patchId }) => patchId).values()]
    .filter(({ length }) => length > 1)
    .map((same) => difference(`patch ${same[0].number} once`, 1, same.length, `图斑 ${same[0].number} 重复计入`));
}

function gaugeDifferences(rows: readonly GaugeRow[], year: string, parameters: GaugeParameters): Difference[] {
  const { districts, total } = farmlandGauges(rows, year, parameters);
  const figures = ['illegalM2', 'lawfulM2', 'openM2', 'takenM2'] as const;
  const names = { illegalM2: '违法', lawfulM2: '合法', openM2: '待定', takenM2: '占用合计' };
  const parts = (gauge: FarmlandGauge) => gauge.illegalM2 + gauge.lawfulM2 + gauge.openM2;
  const putBack = parameters.farmland.restored === 'counts' ? 0 : total.restoredM2;
  // Illegal is told after what was put back, open before it, so the parts miss the whole by something between.
  const short = total.takenM2 - parts(total);
  return [
    ...figures.flatMap((figure) =>
      same(
        `districts ${figure}`,
        total[figure],
        sumOf(districts, (each) => each[figure]),
        `各区县${names[figure]}耕地之和与合计不符`,
      ),
    ),
    ...(short > putBack + slack(total.takenM2) || short < -putBack - slack(total.takenM2)
      ? [difference('illegal + lawful + open', total.takenM2, parts(total), '违法、合法、待定之和与占用合计不符')]
      : []),
  ];
}

/** A reported row against the rows; `of`: whose it is, for the text. */
export function headlineDifferences(
  rows: readonly GaugeRow[],
  year: string,
  headline: Headline,
  parameters: GaugeParameters,
  of = '',
): Difference[] {
  const got: Required<Headline> = {
    patches: rows.length,
    areaM2: sumOf(rows, (row) => row.areaM2),
    farmlandM2: sumOf(rows, (row) => row.farmlandM2),
    basicFarmlandM2: sumOf(rows, (row) => row.basicFarmlandM2),
    takenM2: farmlandGauges(rows, year, parameters).total.takenM2,
  };
  const names = {
    patches: '图斑数',
    areaM2: '监测面积',
    farmlandM2: '占耕地',
    basicFarmlandM2: '占永久基本农田',
    takenM2: '新增建设占用耕地',
  };
  return (Object.keys(got) as (keyof Headline)[]).flatMap((name) => {
    const wanted = headline[name];
    return wanted === undefined
      ? []
      : same(`headline ${name} ${of}`.trim(), wanted, got[name], `${of} ${names[name]}与上报数不符`.trim());
  });
}

function same(what: string, wanted: number, got: number, zh: string): Difference[] {
  return Math.abs(got - wanted) <= slack(wanted) ? [] : [difference(what, wanted, got, zh)];
}

function atMost(what: string, got: number, most: number, zh: string): Difference[] {
  const fits = got >= 0 && got <= most + slack(most);
  return fits ? [] : [difference(what, most, got, zh)];
}

function difference(what: string, wanted: number, got: number, zh: string): Difference {
  const off = got - wanted;
  const [a, b, c] = [wanted, got, off].map((value) => Number(value.toFixed(2)));
  return {
    what,
    wanted,
    got,
    difference: off,
    zh: `${zh}：应 ${a}，得 ${b}，差 ${c}`,
    en: `${what}: wanted ${a}, got ${b}, off by ${c}`,
  };
}

function slack(value: number): number {
  return Math.max(1e-6, tolerance * Math.abs(value));
}
