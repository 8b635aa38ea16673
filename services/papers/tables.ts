import { verdictWords } from '../legality/explain.ts';
import { localDay } from '../local-time.ts';
import { roleOf } from '../zones/layer-roles.ts';
import { oneLine } from './clean.ts';
import { m2Text, muText } from './field.ts';
import { blank, type FilledBlock, type FilledColumn } from './filled.ts';
import { typeWords } from './patch-fields.ts';
import type { PaperRecord } from './record.ts';

/** Widths in points of a printed page, so that a number of 16 digits stands on one line. */
const patchColumns: FilledColumn[] = [
  { title: '序号', width: 29, align: 'center' },
  { title: '图斑编号', width: 92, align: 'left' },
  { title: '坐落', width: 60, align: 'left' },
  { title: '变化类型', width: 60, align: 'left' },
  { title: '面积（㎡）', width: 61, align: 'right' },
  { title: '面积（亩）', width: 56, align: 'right' },
  { title: '初步意见', width: 62, align: 'left' },
  { title: '办理期限', width: 62, align: 'left' },
];

/** Each patch a row, and their sum where there are several. */
export function patchesTable({ patches }: PaperRecord): FilledBlock {
  const rows = patches.map(({ detail: { patch, districtName }, opinion }, k) => [
    String(k + 1),
    patch.number,
    oneLine(districtName),
    typeWords(patch.type),
    m2Text(patch.areaM2),
    muText(patch.areaM2),
    opinion === null ? blank({ zh: '初步意见', en: 'opinion' }) : verdictWords(opinion, 'zh'),
    patch.dueAt === null ? '—' : localDay(patch.dueAt),
  ]);
  const sum = patches.reduce((all, { detail }) => all + detail.patch.areaM2, 0);
  if (patches.length > 1) rows.push(['', '合计', '', '', m2Text(sum), muText(sum), '', '']);
  return { block: 'table', columns: patchColumns, rows };
}

const overlapColumns: FilledColumn[] = [
  { title: '图斑编号', width: 92, align: 'left' },
  { title: '图层', width: 90, align: 'left' },
  { title: '要素', width: 128, align: 'left' },
  { title: '面积（㎡）', width: 66, align: 'right' },
  { title: '面积（亩）', width: 56, align: 'right' },
  { title: '占图斑', width: 50, align: 'right' },
];

/** How much of each patch lies in which zones on file. */
export function overlapsTable({ patches }: PaperRecord): FilledBlock {
  const rows = patches.flatMap(({ detail }) =>
    detail.overlaps.map(({ layer, name, externalId, areaM2, shareOfPatch }) => [
      detail.patch.number,
      roleOf(layer)?.title.zh ?? layer,
      oneLine(name || externalId),
      m2Text(areaM2),
      muText(areaM2),
      `${(100 * shareOfPatch).toFixed(1)}%`,
    ]),
  );
  if (rows.length === 0) return { block: 'paragraph', text: '在库图层中未见叠压。' };
  return { block: 'table', columns: overlapColumns, rows };
}
