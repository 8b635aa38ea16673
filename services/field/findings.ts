import { ServiceError } from '../error.ts';
import type { Label } from '../lifecycle/label.ts';

/** What somebody finds on site, as the phone's form has it. */

export interface Finding extends Label {
  code: string;
}

/** What stands or happens there. */
export const SEEN = [
  { code: 'building', zh: '房屋、厂棚', en: 'Building or shed' },
  { code: 'under-construction', zh: '正在建设', en: 'Under construction' },
  { code: 'hardened', zh: '硬化地面、道路', en: 'Hardened ground or road' },
  { code: 'earthworks', zh: '推土、平整', en: 'Bulldozed or levelled' },
  { code: 'dug', zh: '挖沙、采石、取土', en: 'Dug or mined' },
  { code: 'dumped', zh: '堆土、堆料、垃圾', en: 'Spoil, material or waste' },
  { code: 'pond', zh: '坑塘水面', en: 'Pond or water' },
  { code: 'trees', zh: '种树、果园', en: 'Trees or orchard' },
  { code: 'greenhouse', zh: '大棚、养殖设施', en: 'Greenhouse or farm building' },
  { code: 'solar', zh: '光伏板', en: 'Solar panels' },
  { code: 'crops', zh: '正常耕种', en: 'Crops, as before' },
  { code: 'idle', zh: '荒地、撂荒', en: 'Lying idle' },
  { code: 'restored', zh: '已拆除、已复耕', en: 'Cleared or cropped again' },
  { code: 'other', zh: '其他', en: 'Something else' },
] as const satisfies readonly Finding[];

/** What it is used for. */
export const USES = [
  { code: 'housing', zh: '农民住宅', en: 'Farmers’ housing' },
  { code: 'industry', zh: '工业、仓储', en: 'Industry or storage' },
  { code: 'commerce', zh: '商业、服务', en: 'Commerce or services' },
  { code: 'public', zh: '公共设施', en: 'Public facilities' },
  { code: 'road', zh: '道路交通', en: 'Roads' },
  { code: 'mining', zh: '采矿', en: 'Mining' },
  { code: 'energy', zh: '光伏、能源', en: 'Energy' },
  { code: 'facility-farming', zh: '设施农业', en: 'Facility farming' },
  { code: 'farming', zh: '农业种植', en: 'Farming' },
  { code: 'none', zh: '未使用', en: 'Not in use' },
  { code: 'unknown', zh: '不清楚', en: 'Not known' },
] as const satisfies readonly Finding[];

export interface Findings {
  /** Codes of SEEN, at least one. */
  seen: readonly string[];
  /** A code of USES; null where nobody asked. */
  use: string | null;
  /** Who uses or builds, as somebody there said: a hint for who judges, no judgement. */
  occupier: string | null;
  /** Whether work was found stopped; null where nobody looked. */
  stopped: boolean | null;
  /** Area put right so far as measured or paced there, m². */
  remedyM2: number | null;
  note: string | null;
  /** sha256 of the photos that show it. */
  photos: readonly string[];
  /** True: the visit is over, and what the lifecycle waits for may go on. */
  done: boolean;
  /** By the phone's clock, UTC. */
  filledAt: string;
}

/** One text of it for the history, Chinese as offices read it. */
export function wordsOf({ seen, use, occupier, stopped, remedyM2, note }: Findings): string {
  const named = (rows: readonly Finding[], code: string) => rows.find((row) => row.code === code)?.zh ?? code;
  const parts = [
    `现场：${seen.map((code) => named(SEEN, code)).join('、')}`,
    use === null ? '' : `用途：${named(USES, use)}`,
    occupier === null ? '' : `使用人：${occupier}`,
    stopped === null ? '' : stopped ? '已停工' : '仍在施工',
    remedyM2 === null ? '' : `已整改 ${remedyM2} m²`,
    note ?? '',
  ];
  return parts.filter((part) => part !== '').join('；');
}

/** @throws ServiceError bad-input */
export function checkFindings({ seen, use }: Findings): void {
  const codes = (rows: readonly Finding[]) => rows.map(({ code }) => code);
  const refused = (field: string, rows: readonly Finding[], got: string) =>
    new ServiceError('bad-input', `The form's ${field} is one of ${codes(rows).join(', ')}; got '${got}'.`);
  const unknown = seen.find((code) => !codes(SEEN).includes(code));
  if (unknown !== undefined) throw refused('seen', SEEN, unknown);
  if (use !== null && !codes(USES).includes(use)) throw refused('use', USES, use);
}
