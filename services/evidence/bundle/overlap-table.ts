import type { Overlap } from '../../queue/detail.ts';
import { csvLine } from '../../zones/export/csv-line.ts';
import { roleOf } from '../../zones/layer-roles.ts';
import type { PatchRecord } from './record.ts';

/** How much of the patch lies in one zone of one layer. */
export interface OverlapLine {
  layer: string;
  layerTitle: string;
  /** Version of the layer: its id, first day and the sha256 of its file. */
  layerVersion: string;
  layerValidFrom: string;
  layerSha256: string;
  zone: string;
  zoneName: string;
  areaM2: number;
  areaMu: number;
  shareOfPatch: number;
  properties: Record<string, unknown>;
}

export function overlapLines({ detail, layers }: PatchRecord): OverlapLine[] {
  return detail.overlaps.map((overlap: Overlap) => {
    const version = layers.get(overlap.zoneId);
    return {
      layer: overlap.layer,
      layerTitle: roleOf(overlap.layer)?.title.zh ?? overlap.layer,
      layerVersion: version?.layerId ?? '',
      layerValidFrom: version?.validFrom ?? '',
      layerSha256: version?.sha256 ?? '',
      zone: overlap.externalId,
      zoneName: overlap.name,
      areaM2: overlap.areaM2,
      areaMu: overlap.areaMu,
      shareOfPatch: overlap.shareOfPatch,
      properties: overlap.properties,
    };
  });
}

/** For a spreadsheet: UTF-8 with a byte order mark, m² to 0.01 and 亩 to 0.0001. */
export function overlapCsv(lines: readonly OverlapLine[]): string {
  const head = ['图层', '图层名称', '图层版本', '起用日期', '地块', '名称', '面积_平方米', '面积_亩', '占图斑比例'];
  const rows = lines.map((line) => [
    ...[line.layer, line.layerTitle, line.layerVersion, line.layerValidFrom, line.zone, line.zoneName],
    ...[line.areaM2.toFixed(2), line.areaMu.toFixed(4), line.shareOfPatch.toFixed(4)],
  ]);
  return `\uFEFF${[head, ...rows].map((cells) => csvLine(cells)).join('')}`;
}
