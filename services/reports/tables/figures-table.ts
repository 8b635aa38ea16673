import { COMBINATIONS, type CountAndArea, type Share } from '../../cycle/figures.ts';
import { localDay } from '../../local-time.ts';
import type { PeriodFacts, ScopeFacts } from '../facts.ts';
import { clearance, rectifiedRate } from '../ranking.ts';
import { type Cell, column, label, mu, type ReportTable, rate } from '../table.ts';
import { overdueOf } from './ranking-table.ts';

type Row = Record<string, Cell>;
const FLOW = label('流量', 'flow');
const STOCK = label('期末', 'as at the end');

/** The figures of DOMAIN §8, each a flow of the period or a state at its end. */
export function figuresTable(facts: PeriodFacts, scope: ScopeFacts): ReportTable {
  const { figures } = scope;
  const { outcomes, review, ways, notIssued } = figures;
  const rows: Row[] = [
    counted('原始下发', 'issued', FLOW, figures.issued),
    counted('核查基数', 'verified base', STOCK, figures.base),
    number('未下发已排除', 'dismissed before issue', STOCK, notIssued.dismissed),
    number('待下发', 'not yet issued', STOCK, notIssued.pending),
    number('办理中', 'open', STOCK, outcomes.open),
    number('已办结', 'resolved', STOCK, outcomes.resolved),
    number('已排除', 'dismissed', STOCK, outcomes.dismissed),
    counted('违法图斑（按违法面积）', 'breaches, by their area', STOCK, figures.violations),
    counted('已整改', 'put right', STOCK, figures.rectified),
    ...COMBINATIONS.filter((name) => figures.combinations[name].count > 0).map((name) =>
      counted(`　${name}`, `put right by ${name}`, STOCK, figures.combinations[name]),
    ),
    counted('未整改', 'not put right', STOCK, figures.notRectified),
    area('拆除复耕面积', 'demolished and recultivated', STOCK, ways.demolishedM2),
    area('补办面积', 'regularised', STOCK, ways.regularisedM2),
    area('没收面积', 'confiscated', STOCK, ways.confiscatedM2),
    number('移送（另计）', 'handed over, counted apart', STOCK, figures.handedOver),
    number('未上报', 'not reported', STOCK, review['not-reported']),
    number('待市审', 'waiting for the city', STOCK, review['waiting-city']),
    number('待省审', 'waiting for the province', STOCK, review['waiting-province']),
    number('打回', 'returned', STOCK, review.returned),
    number('审结', 'review ended', STOCK, review.ended),
    number('超期（全部在办）', 'overdue now, of all that is open', STOCK, overdueOf(scope)),
    number('应督办', 'to be supervised', STOCK, scope.deadlines.grades.supervise),
    number('应约谈', 'to be asked about', STOCK, scope.deadlines.grades.interview),
  ];
  return {
    id: 'figures',
    title: label('办理情况', 'What became of the patches'),
    note: label(
      `拆分、合并的图斑一族只计一次。“期末”为 ${localDay(facts.at)} 的状态，“流量”为${facts.from === facts.to ? '当月数' : `${facts.from} 至 ${facts.to} 之和`}。`,
      'A family of split or merged patches counts once. Flows are sums over the period, the rest is as at its end.',
    ),
    columns: [
      column('figure', '指标', 'figure', 'text', 2.2),
      column('nature', '性质', 'nature', 'text', 0.7),
      column('count', '个数', 'count', 'count', 0.9),
      column('mu', '面积（亩）', 'mu', 'mu', 1.1),
      column('areaM2', '面积（m²）', 'm²', 'area', 1.3),
    ],
    rows,
  };
}

/** The three rates and the other shares, each with what it is of. */
export function ratesTable(scope: ScopeFacts): ReportTable {
  const { figures } = scope;
  const { rates } = figures;
  const rows: Row[] = [
    shared('分级全立案', 'filed by grade', rates.filed),
    shared('限期全结案', 'closed in time', rates.closedInTime),
    shared('依法全移交', 'handed over by law', rates.handedOver),
    shared('整改率', 'breaches put right', {
      count: figures.rectified.count,
      of: figures.violations.count,
      rate: rectifiedRate(scope),
    }),
    shared('办结率', 'clearance', clearance(scope)),
    shared('上报率', 'reported', figures.reportedRate),
    shared('差错率（曾被打回/曾上报）', 'ever returned of ever reported', figures.errorRate),
  ];
  const { byLevel } = rates.filed;
  return {
    id: 'rates',
    title: label('三率与办结', 'The three rates, and others'),
    note: label(
      `立案层级：县 ${byLevel.county}、市 ${byLevel.city}、省 ${byLevel.province}、未注明 ${byLevel.unknown}。结案分母不含未到期在办 ${rates.closedInTime.running} 件。均为期末。`,
      'Rates are as at the end; cases still running in time are not in the second.',
    ),
    columns: [
      column('figure', '指标', 'figure', 'text', 2.2),
      column('count', '分子', 'count', 'count', 1),
      column('of', '分母', 'of', 'count', 1),
      column('rate', '比率%', 'share', 'rate', 1),
    ],
    rows,
  };
}

function counted(zh: string, en: string, nature: Cell, { count, areaM2 }: CountAndArea): Row {
  return { figure: label(zh, en), nature, count, mu: mu(areaM2), areaM2 };
}

function number(zh: string, en: string, nature: Cell, count: number): Row {
  return { figure: label(zh, en), nature, count, mu: null, areaM2: null };
}

function area(zh: string, en: string, nature: Cell, areaM2: number): Row {
  return { figure: label(zh, en), nature, count: null, mu: mu(areaM2), areaM2 };
}

function shared(zh: string, en: string, { count, of, rate: value }: Share): Row {
  return { figure: label(zh, en), count, of, rate: rate(value) };
}
