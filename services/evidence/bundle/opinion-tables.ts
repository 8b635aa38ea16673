import { muOf } from '../../legality/area.ts';
import { areaWords } from '../../legality/explain.ts';
import { INSTRUMENT_WORDS, RESULT_WORDS, TIME_WORDS } from '../../legality/explain-words.ts';
import type { Opinion, ZoneFigures } from '../../legality/opinion.ts';
import type { RuleSet } from '../../legality/rule-set.ts';
import type { Paper } from '../../print/paper.ts';
import { roleOf } from '../../zones/layer-roles.ts';

/** What an opinion rests on, for print: areas, documents, checks in order, what is missing. */
export function drawOpinionTables(paper: Paper, opinion: Opinion, rules: RuleSet): void {
  drawAreas(paper, opinion);
  drawDocuments(paper, opinion);
  drawChecks(paper, opinion, rules);
  drawLacking(paper, opinion);
}

function drawAreas(paper: Paper, { figures }: Opinion): void {
  const { areaM2, coveredM2, freeM2, doubtfulM2, uncoveredM2 } = figures;
  const zone = (name: string, { known, ...zone }: ZoneFigures) => [
    known ? name : `${name}（图层不全，仅供参考）`,
    areaCell(zone.areaM2),
    '—',
    areaCell(zone.doubtfulM2),
    areaCell(zone.uncoveredM2),
  ];
  paper.table({
    columns: [
      { title: '面积 m²（亩）', width: 2 },
      { title: '全部', width: 1.8, align: 'right' },
      { title: '有依据或无需审批', width: 1.9, align: 'right' },
      { title: '存疑', width: 1.8, align: 'right' },
      { title: '无合法依据', width: 1.8, align: 'right' },
    ],
    rows: [
      ['图斑', areaCell(areaM2), areaCell(coveredM2 + freeM2), areaCell(doubtfulM2), areaCell(uncoveredM2)],
      zone('耕地', figures.farmland),
      zone('永久基本农田', figures.permanentBasicFarmland),
      zone('生态保护红线', figures.redLine),
    ],
  });
}

function drawDocuments(paper: Paper, { figures, evidence }: Opinion): void {
  const documents = figures.byInstrument;
  if (documents.length === 0) return;
  paper.table({
    columns: [
      { title: '批件', width: 2.6 },
      { title: '日期', width: 1.3 },
      { title: '时间效力', width: 1.6 },
      { title: '覆盖面积', width: 2.4, align: 'right' },
    ],
    rows: documents.map(({ ref, kind, number, time, coveredM2 }) => [
      `${INSTRUMENT_WORDS[kind].zh} ${number ?? ref}`,
      String(evidence.find((one) => one.ref === ref)?.figures['date'] ?? '无'),
      TIME_WORDS[time].zh,
      areaWords(coveredM2, 'zh'),
    ]),
  });
}

function drawChecks(paper: Paper, { steps }: Opinion, rules: RuleSet): void {
  paper.table({
    columns: [
      { title: '检查（按序）', width: 2.4 },
      { title: '规则', width: 2.4 },
      { title: '结果', width: 1.1 },
      { title: '合规 m²', width: 1.4, align: 'right' },
      { title: '存疑 m²', width: 1.4, align: 'right' },
      { title: '未覆盖 m²', width: 1.4, align: 'right' },
    ],
    rows: steps.map((step) => {
      const title = rules.checks.find(({ id }) => id === step.ruleId)?.title.zh ?? step.check;
      const reached = step.result !== 'not-reached';
      const figure = (m2: number) => (reached ? m2.toFixed(2) : '—');
      return [
        title,
        [step.ruleId, ...(reached ? [step.coverageRuleId] : [])].join(' '),
        RESULT_WORDS[step.result].zh,
        ...[step.allowedM2, step.doubtfulM2, step.uncoveredM2].map(figure),
      ];
    }),
  });
}

function drawLacking(paper: Paper, { missing }: Opinion): void {
  if (missing.length === 0) return;
  paper.table({
    columns: [
      { title: '缺失证据', width: 4 },
      { title: '补正办法', width: 4 },
      { title: '影响', width: 1.2 },
    ],
    rows: missing.map(({ text, remedy, decides, what, ref }) => [
      text.zh || (what === 'layer' ? (roleOf(ref)?.title.zh ?? ref) : ref),
      remedy.zh,
      decides ? '影响认定' : '仅提示',
    ]),
  });
}

function areaCell(m2: number): string {
  return `${m2.toFixed(2)}\n（${muOf(m2).toFixed(2)}）`;
}
