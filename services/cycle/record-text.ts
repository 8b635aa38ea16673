import { COMBINATIONS, type CountAndArea, type Figures, type Share } from './figures.ts';
import type { MonthRecord } from './record.ts';

/** A closed month in words. Kept with the record when it is closed, and printed from there: never put into words again. */
export function recordText(record: MonthRecord): string {
  const { figures, carry, month } = record;
  const { became } = carry;
  const districts = figures.districts.flatMap(({ district, figures: own }) => [
    '',
    `■ ${district} ${record.names[district] ?? ''}`.trimEnd(),
    ...figureLines(own),
  ]);
  return [
    `${month} 月清月结 Month closed${record.simulated ? '　SIMULATED 模拟数据' : ''}`,
    `开月 opened ${record.openedAt} ${record.openedBy}　结月 closed ${record.closedAt} ${record.closedBy}`,
    ...(record.opening.forced
      ? [`上月 ${record.opening.forced.openBefore} 未结即开 opened by force：${record.opening.forced.reason}`]
      : []),
    `运行 runs ${record.runs.length}　任务 tasks ${record.tasks.length}　日志截至 log up to ${record.log.seq}`,
    `事件链 chain ${record.log.hash}`,
    '',
    '■ 合计 Total',
    ...figureLines(figures.whole),
    ...districts,
    '',
    '■ 观测 Observed',
    ...record.observed.map(
      (one) =>
        `${one.district} 已观测 ${m2(one.observedM2)} / ${m2(one.totalM2)} 违法占已观测 ${percent(one.violationShare)}`,
    ),
    '',
    '■ 结转 Carried over',
    `上月结转 in ${carry.in.length} = 已办结 ${became.ended} + 仍在办 ${became.open} + 本月下发 ${became.taken} + 已拆分 ${became.split}`,
    `结转下月 out ${carry.out.length} = 本月在办 ${carry.own} + 上月仍在办 ${became.open} + 新并入 ${carry.joined.length}`,
    '',
    '■ 平衡检查 Checks',
    ...[...figures.checks, ...carry.checks].map(checkLine),
    '',
    `■ 差异 Differences（${figures.differences.length}）`,
    ...figures.differences.map(({ zh, en }) => `${zh} ${en}`),
    '',
    '■ 三清单一承诺 Three lists, one undertaking',
    ...record.returns.flatMap(({ district, name, problems, responsibilities, measures, undertaking }) => [
      `${district} ${name}　问题 ${problems.length}　责任 ${responsibilities.length}　整改 ${measures.length}`,
      `  ${undertaking.text}`,
    ]),
    '',
  ].join('\n');
}

/** The figures of DOMAIN §8, a line each. */
export function figureLines(figures: Figures): string[] {
  const { rates, review, outcomes, violations, ways } = figures;
  return [
    `原始下发 issued ${area(figures.issued)}　核查基数 base ${area(figures.base)}`,
    `未下发 not issued：已排除 ${figures.notIssued.dismissed}　待下发 ${figures.notIssued.pending}`,
    `办理中 open ${outcomes.open}　已办结 resolved ${outcomes.resolved}　已排除 dismissed ${outcomes.dismissed}`,
    `违法 violations ${area(violations)}　违法面积率 ${percent(figures.violationRate)}`,
    `已整改 rectified ${area(figures.rectified)}　未整改 not ${area(figures.notRectified)}　移送（另计）handed over ${figures.handedOver}`,
    `整改方式 by combination：${COMBINATIONS.map((name) => `${name} ${area(figures.combinations[name])}`).join('　')}`,
    `其中 拆除复耕 ${m2(ways.demolishedM2)}　补办 ${m2(ways.regularisedM2)}　没收 ${m2(ways.confiscatedM2)}`,
    `审核 review：未上报 ${review['not-reported']}　待市审 ${review['waiting-city']}　待省审 ${review['waiting-province']}　打回 ${review.returned}　审结 ${review.ended}`,
    `上报率 reported ${rate(figures.reportedRate)}　差错率 error ${rate(figures.errorRate)}`,
    `分级全立案 filed ${rate(rates.filed)}　限期全结案 closed in time ${rate(rates.closedInTime)}（在办 ${rates.closedInTime.running}）　依法全移交 handed over ${rate(rates.handedOver)}`,
  ];
}

export function checkLine({
  zh,
  en,
  wanted,
  got,
  difference,
  holds,
}: MonthRecord['figures']['checks'][number]): string {
  return `${holds ? '✓' : '✗'} ${zh} ${en}：${wanted} / ${got}${holds ? '' : `　差 ${difference}`}`;
}

function area({ count, areaM2 }: CountAndArea): string {
  return `${count}（${m2(areaM2)}）`;
}

function m2(value: number): string {
  return `${value.toFixed(2)} m²`;
}

function rate({ count, of, rate: value }: Share): string {
  return `${count}/${of} ${percent(value)}`;
}

/** Rounded down: 99.96 % is not all of it. */
function percent(value: number | null): string {
  return value === null ? '–' : `${(Math.floor(value * 1000) / 10).toFixed(1)} %`;
}
