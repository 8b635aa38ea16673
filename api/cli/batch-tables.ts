import type { CampaignCounts, CampaignFigures } from '../../services/batches/campaign-figures.ts';
import type { Compared } from '../../services/batches/compare.ts';
import type { BatchMatch } from '../../services/batches/match-batch.ts';
import type { Check } from '../../services/batches/return/receipt.ts';
import type { BatchReturn } from '../../services/batches/return/return-batch.ts';
import type { RowState } from '../../services/batches/row-state.ts';
import { muOf } from '../../services/legality/area.ts';
import { localDay } from '../../services/local-time.ts';
import type { BatchFile, BatchRow } from '../../services/store/batch-files.ts';
import { printTable } from './output.ts';

const KINDS: Readonly<Record<string, string>> = {
  new: '新增 new',
  same: '相同 same',
  grows: '扩大 grows',
  'part-of': '部分 part of',
};
const STAGES = { asked: '待接收', accepted: '已接收', refused: '已拒收', answered: '已反馈' };

/** A row as `batch show` has it. */
export type ShownRow = Pick<BatchRow, 'row' | 'number' | 'areaM2' | 'statedM2' | 'problem'> & {
  link: { kind?: string; patchId?: string; actor?: string; compared: Compared[] } | null;
  state: RowState;
};

function out(line: string): void {
  process.stdout.write(`${line}\n`);
}

export function printMatch({ rows, linked, before, unusable }: BatchMatch): void {
  const kinds = Object.entries(linked).map(([kind, count]) => `${KINDS[kind]} ${count}`);
  out(`共 ${rows} 行 rows：${kinds.join('，')}；此前已匹配 matched before ${before}，无法匹配 unusable ${unusable}`);
}

export function printBatches(batches: readonly BatchFile[]): void {
  printTable(
    ['批次 batch', '文件 file', '行 rows', '方案 profile', '专项 campaign', '月份', '导入 imported', ''],
    batches.map(({ id, name, readTo, profile, campaign, month, importedAt, importedBy, state }) => [
      ...[id, name, String(readTo), profile, campaign ?? '', month, `${localDay(importedAt)} ${importedBy}`],
      state === 'ready' ? '' : '未完成 not whole',
    ]),
  );
}

export function printRows(rows: readonly ShownRow[]): void {
  printTable(
    [
      '#',
      '编号 number',
      '认定 match',
      '图斑 patch',
      '占本行 of row',
      '占已知 of known',
      '面积 m²',
      '差 diff',
      '状态 state',
      '部门',
    ],
    rows.map(({ row, number, areaM2, statedM2, problem, link, state }) => {
      const shares = link?.compared.find(
        ({ patchId, number }) => patchId === link.patchId || number === state.patchNumber,
      );
      const difference = areaM2 === null || statedM2 === null ? '' : (areaM2 - statedM2).toFixed(2);
      const by = link === null || link.actor === 'tuban' ? '' : `（${link.actor}）`;
      return [
        ...[String(row + 1), number, link === null ? (problem ?? '未匹配') : `${KINDS[link.kind ?? '']}${by}`],
        ...[state.patchNumber ?? '', percent(shares?.ofRow), percent(shares?.ofKnown)],
        ...[areaM2?.toFixed(2) ?? '', difference, state.state ?? ''],
        state.department === null ? '' : `${state.department.name} ${STAGES[state.department.stage]}`,
      ];
    }),
  );
}

export function printReturn({ files, receipt }: BatchReturn): void {
  for (const file of files) out(file);
  for (const [field, count] of Object.entries(receipt.filled)) out(`  ${field}: ${count} 行已填 filled`);
  if (receipt.lackingColumns.length > 0)
    out(`  文件没有这些答复列 no such columns: ${receipt.lackingColumns.join(', ')}`);
  for (const { number, field, problem } of receipt.misfits) out(`  ${number} ${field}: ${problem}`);
  printChecks(receipt.checks);
}

export function printCampaign({ campaign, cutOff, batches, total, byDistrict, places, checks }: CampaignFigures): void {
  out(`${campaign}：截止日 cut-off ${cutOff}，${batches} 批 batches，${places} 处地块 places`);
  const cells = (name: string, counts: CampaignCounts) => [
    ...[name, String(counts.total), String(counts.stock), String(counts.resolved), String(counts.dismissed)],
    ...[String(counts.remaining), muOf(counts.remainingM2).toFixed(2), String(counts.fresh), String(counts.undated)],
  ];
  const head = [
    '区县',
    '总数',
    '存量 stock',
    '已处置 resolved',
    '伪变化 dismissed',
    '剩余 remaining',
    '剩余亩',
    '新增 new',
    '不明',
  ];
  const lines = byDistrict.map(({ district, ...counts }) => cells(district || '未注明', counts));
  printTable(head, [...lines, cells('合计 total', total)]);
  printChecks(checks);
}

function printChecks(checks: readonly Check[]): void {
  for (const { what, holds } of checks) out(`  ${holds ? '✓' : '✗'} ${what}`);
}

function percent(share: number | undefined): string {
  return share === undefined ? '' : `${(100 * share).toFixed(1)} %`;
}
