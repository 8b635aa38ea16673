import { KINDS, OPINIONS } from '../../legality/kinds.ts';
import type { Difference } from '../../legality/late-document.ts';

/** What a new fact may change in an opinion, as a reader calls it. */
const NAMES: Readonly<Record<string, string>> = {
  opinion: '意见',
  kind: '情形',
  ruleId: '所依规则',
  ruleSet: '规则集',
  'figures.coveredM2': '有依据面积（m²）',
  'figures.freeM2': '无需审批面积（m²）',
  'figures.doubtfulM2': '存疑面积（m²）',
  'figures.uncoveredM2': '无合法依据面积（m²）',
  'figures.farmland.uncoveredM2': '其中耕地（m²）',
  'figures.permanentBasicFarmland.uncoveredM2': '其中永久基本农田（m²）',
  'figures.redLine.uncoveredM2': '其中生态保护红线（m²）',
  regularisedBy: '补办文件',
  missing: '缺失证据',
};

/** A line for each thing that differs, in Chinese. */
export function differenceWords(differences: readonly Difference[]): string {
  if (differences.length === 0) return '重新判定，无变化';
  const line = ({ what, before, after }: Difference) =>
    `${NAMES[what] ?? what}：${valueWords(before)} → ${valueWords(after)}`;
  return differences.map(line).join('\n');
}

function valueWords(value: string | number | null): string {
  if (value === null || value === '') return '无';
  const labels: Readonly<Record<string, { zh: string }>> = { ...OPINIONS, ...KINDS };
  return labels[value]?.zh ?? String(value);
}
