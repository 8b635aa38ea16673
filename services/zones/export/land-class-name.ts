/** Names of the classes of GB/T 21010-2017 that patches meet most; what a parcel itself says goes before them. */
const NAMES: Readonly<Record<string, string>> = {
  '0101': '水田',
  '0102': '水浇地',
  '0103': '旱地',
  '0201': '果园',
  '0202': '茶园',
  '0203': '橡胶园',
  '0204': '其他园地',
  '0301': '乔木林地',
  '0302': '竹林地',
  '0305': '灌木林地',
  '0307': '其他林地',
  '0401': '天然牧草地',
  '0403': '人工牧草地',
  '0404': '其他草地',
  '0601': '工业用地',
  '0602': '采矿用地',
  '0701': '城镇住宅用地',
  '0702': '农村宅基地',
  '1003': '公路用地',
  '1006': '农村道路',
  '1101': '河流水面',
  '1103': '水库水面',
  '1104': '坑塘水面',
  '1107': '沟渠',
  '1202': '设施农用地',
  '1206': '裸土地',
  '1207': '裸岩石砾地',
};

/** The name of a parcel's land class: its own DLMC, or the standard's name of its code; null = neither is known. */
export function dlmcOf(code: string | null, properties: Readonly<Record<string, unknown>>): string | null {
  const own = properties['DLMC'];
  if (typeof own === 'string' && own.trim() !== '') return own.trim();
  return code === null ? null : (NAMES[code] ?? null);
}
