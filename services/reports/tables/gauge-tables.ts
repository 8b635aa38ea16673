import { floorGrades } from '../../gauges/floor-gauge.ts';
import type { PeriodFacts, ScopeFacts } from '../facts.ts';
import { countiesOf } from '../scopes.ts';
import { type Cell, column, label, mu, type ReportTable, rate } from '../table.ts';

const GRADES = { below: label('低于预警', 'below'), near: label('接近', 'near'), over: label('已达', 'over') };

/** The 15 % gauge, year to date, low–high over what nobody has judged. */
export function farmlandTable(facts: PeriodFacts, scope: ScopeFacts): ReportTable {
  const counties = scope.code.length === 6 ? [] : countiesOf(facts.scopes, scope.code);
  const named = counties.map((one): [string, ScopeFacts] => [one.name || one.code, one]);
  return {
    id: 'farmland-gauge',
    title: label(`15% 线（${scope.farmland.year}年初至今）`, '15 % gauge, year to date'),
    note: label(
      '违法占用耕地 ÷ 新增建设占用耕地；低：待定按合法，高：待定按违法。低于 15 % 而造成严重后果的，同样问责。',
      'Illegal farmland of all farmland taken by new construction; low and high over what is not yet judged.',
    ),
    columns: [
      column('name', '区县', 'district', 'text', 1.6),
      column('illegalMu', '违法亩', 'illegal, mu', 'mu', 1),
      column('lawfulMu', '合法亩', 'lawful, mu', 'mu', 1),
      column('openMu', '待定亩', 'open, mu', 'mu', 1),
      column('restoredMu', '已复耕亩', 'put back, mu', 'mu', 1),
      column('takenMu', '占用合计亩', 'taken, mu', 'mu', 1.1),
      column('low', '低%', 'low', 'rate', 0.8),
      column('high', '高%', 'high', 'rate', 0.8),
      column('byOpinion', '按规则意见%', 'by the rules’ opinion', 'rate', 1),
      column('grade', '高限', 'grade of the high end', 'text', 1),
    ],
    rows: [...named, [scope.code === '' ? '合计' : scope.name || scope.code, scope] as const].map(
      ([name, { farmland }]) => ({
        name,
        illegalMu: mu(farmland.illegalM2),
        lawfulMu: mu(farmland.lawfulM2),
        openMu: mu(farmland.openM2),
        restoredMu: mu(farmland.restoredM2),
        takenMu: mu(farmland.takenM2),
        low: rate(farmland.ratio?.low ?? null),
        high: rate(farmland.ratio?.high ?? null),
        byOpinion: rate(farmland.byOpinion),
        grade: farmland.grade ? GRADES[farmland.grade.high] : null,
      }),
    ),
  };
}

/** Farmland kept against the assigned minimum; where nobody entered one, it says so. */
export function floorTable(facts: PeriodFacts, { floors }: ScopeFacts): ReportTable {
  const names = new Map(facts.scopes.map(({ code, name }) => [code, name]));
  return {
    id: 'floor-gauge',
    title: label('耕地保有量', 'Farmland kept against the minimum'),
    note:
      floors.length === 0
        ? label('尚未录入任务数与年初数（tuban gauges set）', 'no minimum and standing have been entered')
        : label(
            '低：已发现的占用全部属实；高：只计人工确认的',
            'low: all that was found is true; high: what persons confirmed',
          ),
    columns: [
      column('name', '区县', 'district', 'text', 1.4),
      column('land', '地类', 'land', 'text', 1.2),
      column('floorMu', '任务亩', 'minimum, mu', 'mu', 1.2),
      column('keptLowMu', '保有亩 低', 'kept, low, mu', 'mu', 1.2),
      column('keptHighMu', '保有亩 高', 'kept, high, mu', 'mu', 1.2),
      column('marginLow', '余缺% 低', 'margin, low', 'rate', 0.9),
      column('marginHigh', '余缺% 高', 'margin, high', 'rate', 0.9),
      column('grade', '等级', 'grade', 'text', 1.1),
    ],
    rows: floors.map(
      ({ code, land, floorM2, keptM2, margin, grade }): Record<string, Cell> => ({
        name: names.get(code) || code,
        land: land === 'farmland' ? label('耕地', 'farmland') : label('永久基本农田', 'permanent basic farmland'),
        floorMu: mu(floorM2),
        keptLowMu: mu(keptM2.low),
        keptHighMu: mu(keptM2.high),
        marginLow: rate(margin.low),
        marginHigh: rate(margin.high),
        grade: floorGrades[grade.low],
      }),
    ),
  };
}
