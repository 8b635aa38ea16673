import type { FieldValue } from '../zones/layer-files/layer-file.ts';
import { dayOf } from '../zones/layer-roles.ts';

/** When a restoration or reclamation project began and was to be done, YYYY-MM-DD; null = the layer does not say. */
export interface GreeningProject {
  zoneId: string;
  began: string | null;
  due: string | null;
}

/** Properties of such layers, most telling first. No exchange format fixes them: offices differ, --field renames. */
const began = ['began', 'KGRQ', 'KGSJ', '开工日期', '开工时间', '实施开始日期'];
const due = ['due', 'JGRQ', 'JHWGRQ', 'WGRQ', 'YSRQ', '竣工日期', '计划完工日期', '完成期限', '验收日期'];

/** What a zone of a project says of itself; nothing is guessed. */
export function greeningProjectOf(zoneId: string, properties: Readonly<Record<string, FieldValue>>): GreeningProject {
  const day = (names: readonly string[]) => {
    const stated = names.map((name) => String(properties[name] ?? '').trim()).find((text) => text !== '');
    return dayOf(stated ?? null);
  };
  return { zoneId, began: day(began), due: day(due) };
}
