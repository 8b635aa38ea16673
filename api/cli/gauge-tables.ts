import type { FarmlandGauge, WhatIf } from '../../services/gauges/farmland-gauge.ts';
import { type FloorGauge, floorGrades } from '../../services/gauges/floor-gauge.ts';
import type { QuotaResult } from '../../services/gauges/quota-link.ts';
import type { Range } from '../../services/gauges/range.ts';
import type { GaugesReport } from '../../services/gauges/read-gauges.ts';
import { type RadarEntry, radarLevels } from '../../services/gauges/threshold-radar.ts';
import { muOf } from '../../services/legality/area.ts';
import { printTable } from './output.ts';

/** Gauges for a terminal, Chinese first. Which patches stand behind a figure is in the JSON. */

const areaHead = ['m²', '亩', '公顷 ha'];

export function printGauges(report: GaugesReport): void {
  const { year, known, differences } = report;
  say(`${year} 年，已有成果月份 months known：${known ? `${known.from} – ${known.to}` : '无 none'}`);
  say(`\n违法占用耕地比例 illegal farmland ÷ farmland taken by new construction`);
  const { districts, total } = report.farmland;
  const name = (code: string) => `${code} ${report.names[code] ?? ''}`.trim();
  printTable(
    ['区县 district', '违法 亩', '待定 亩', '合法 亩', ...areaHead, '比例 low–high', '按规则意见', '图斑'],
    [...districts, total].map((gauge) => [gauge === total ? '合计 total' : name(gauge.district), ...gaugeCells(gauge)]),
  );
  say(`${total.warning.zh} / ${total.warning.en}`);
  printForecast(report);
  printFloors(report, name);
  printQuota(report.quota);
  say(`\n差异 differences：${differences.length === 0 ? '无 none' : differences.length}`);
  for (const { zh, en } of differences) say(`  ${zh} / ${en}`);
}

function gaugeCells(gauge: FarmlandGauge): string[] {
  const { illegal, lawful, open } = gauge.patches;
  return [
    mu(gauge.illegalM2),
    mu(gauge.openM2),
    mu(gauge.lawfulM2),
    ...areaCells(gauge.takenM2),
    gauge.ratio ? percents(gauge.ratio) : '–',
    gauge.byOpinion === null ? '–' : percent(gauge.byOpinion),
    String(illegal.length + lawful.length + open.length),
  ];
}

function printForecast({ forecast, year }: GaugesReport): void {
  if (forecast === null) return;
  const title = `年末预测 forecast for the end of ${year}`;
  if (forecast.tooEarly) {
    say(`${title}：${forecast.because.zh} / ${forecast.because.en}`);
    return;
  }
  const { expected, interval, monthsLeft } = forecast;
  say(`${title}：${percents(expected)}，区间 interval ${percents(interval)}（余 ${monthsLeft} 个月 months left）`);
}

function printFloors({ floors, floorsLacking }: GaugesReport, name: (code: string) => string): void {
  if (floors.length + floorsLacking.length === 0) return;
  say('\n耕地保有量 farmland kept against the assigned minimum');
  const lands = { farmland: '耕地', 'basic-farmland': '永久基本农田' };
  printTable(
    ['区县 district', '地类', '任务 公顷', '现有 公顷', '余缺 公顷', '余缺 %', '等级', '年末预测 %'],
    floors.map((floor) => [
      name(floor.district),
      lands[floor.land],
      hectares(floor.inputs.floorM2),
      rangeOf(floor.keptM2, hectares),
      rangeOf(floor.marginM2, hectares),
      rangeOf(floor.margin, (share) => (100 * share).toFixed(2)),
      floorGrades[floor.grade.low].zh,
      endOf(floor),
    ]),
  );
  for (const { district, land, missing } of floorsLacking) {
    say(
      `  ${name(district)} ${lands[land]}：缺 ${missing.join(', ')}（tuban gauges set）/ missing ${missing.join(', ')}`,
    );
  }
}

function endOf({ forecast }: FloorGauge): string {
  if (forecast.tooEarly) return forecast.because.zh;
  return `${(100 * forecast.expected).toFixed(2)}（${rangeOf(forecast.interval, (share) => (100 * share).toFixed(2))}）`;
}

function printQuota(quota: readonly QuotaResult[]): void {
  if (quota.length === 0) return;
  say('\n增违挂钩与冻结指标 quota link and frozen indicators');
  for (const { title, unit, value, formula, missing, source } of quota) {
    const shown =
      value === null
        ? `缺 missing ${missing.join(', ') || '（除数为零 division by zero）'}`
        : unit === 'm2'
          ? areaText(value)
          : unit === 'share'
            ? percent(value)
            : String(value);
    say(`  ${title.zh} ${title.en}：${shown}\n    = ${formula}（${source}）`);
  }
}

export function printRadar(entries: readonly RadarEntry[]): void {
  if (entries.length === 0) {
    say('无达到或接近界线者 nobody is at or near a line');
    return;
  }
  say(`${entries[0].from} – ${entries[0].to}`);
  printTable(
    ['占地主体 actor', '永久基本农田 亩', '其他耕地 亩', '提示', '区县', '图斑'],
    entries.map((entry) => [
      shownActor(entry),
      rangeOf(entry.basicFarmlandM2, mu),
      rangeOf(entry.otherFarmlandM2, mu),
      radarLevels[entry.level].zh,
      entry.districts.join(', '),
      String(entry.patches.judged.length + entry.patches.open.length),
    ]),
  );
  for (const { actor, because } of entries)
    for (const { zh, en } of because) say(`  ${actor ?? '未知 unknown'}：${zh} / ${en}`);
}

/** With the other names it is on record by; whom nobody knows goes by the patch. */
function shownActor({ actor, names, numbers }: RadarEntry): string {
  if (actor === null) return `未知 unknown（${numbers.join(', ')}）`;
  const others = names.filter((name) => name !== actor);
  return others.length === 0 ? actor : `${actor}（${others.join('、')}）`;
}

export function printWhatIf({ before, after, without }: WhatIf): void {
  printTable(
    ['', '违法 亩', '待定 亩', '合法 亩', ...areaHead, '比例 low–high', '按规则意见', '图斑'],
    [
      ['现状 now', ...gaugeCells(before)],
      ['恢复后 if restored', ...gaugeCells(after)],
    ],
  );
  say(`${after.warning.zh} / ${after.warning.en}`);
  if (without.length > 0) say(`不影响本指标 change nothing here：${without.join(', ')}`);
}

function areaCells(m2: number): string[] {
  return [m2.toFixed(0), mu(m2), hectares(m2)];
}

function areaText(m2: number): string {
  return `${m2.toFixed(0)} m²（${mu(m2)} 亩，${hectares(m2)} 公顷 ha）`;
}

function mu(m2: number): string {
  return muOf(m2).toFixed(2);
}

function hectares(m2: number): string {
  return (m2 / 10_000).toFixed(2);
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}

function percents(range: Range): string {
  return rangeOf(range, percent);
}

function rangeOf({ low, high }: Range, text: (value: number) => string): string {
  return text(low) === text(high) ? text(low) : `${text(low)} – ${text(high)}`;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
