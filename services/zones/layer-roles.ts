import type { FieldValue } from './layer-files/layer-file.ts';

/** The layer whose zones are the administrative districts themselves. */
export const DISTRICTS_LAYER = 'districts';

/** What a layer is for. A layer's name is its role; any other name is a custom layer, overlaid and shown like the rest. */
export interface LayerRole {
  name: string;
  title: { zh: string; en: string };
  kind: 'polygon' | 'line' | 'either';
  /**
   * district: the administrative units. land: what the ground is by survey. plan: lines drawn on it by plan or law.
   * instrument: documents that allow something there. project: places where something is due. duty: who looks after it.
   */
  group: 'district' | 'land' | 'plan' | 'instrument' | 'project' | 'duty';
}

export const LAYER_ROLES: readonly LayerRole[] = [
  role('districts', '行政区', 'Districts', 'district'),
  role('farmland', '耕地图斑', 'Farmland parcels', 'land'),
  role('land-use', '地类图斑', 'Land-use parcels', 'land'),
  role('permanent-basic-farmland', '永久基本农田', 'Permanent basic farmland', 'plan'),
  role('red-line', '生态保护红线', 'Ecological red line', 'plan'),
  role('growth-boundary', '城镇开发边界', 'Urban growth boundary', 'plan'),
  role('villages', '村庄', 'Villages', 'land'),
  role('built-up', '已建成区', 'Built-up base', 'land'),
  role('roads', '道路', 'Roads', 'land', 'either'),
  role('river-lake-lines', '河湖管理范围', 'River and lake management lines', 'plan', 'either'),
  role('mining-licences', '采矿权', 'Mining licences', 'instrument'),
  role('approvals', '审批（批文等）', 'Approvals', 'instrument'),
  role('land-supply', '供地', 'Land supply', 'instrument'),
  role('registrations', '不动产登记', 'Registrations', 'instrument'),
  role('quota-links', '增减挂钩', 'Quota links', 'instrument'),
  role('facility-farmland', '设施农用地备案', 'Facility farmland on record', 'instrument'),
  role('temporary-land', '临时用地', 'Temporary land', 'instrument'),
  role('homesteads', '宅基地', 'Homesteads', 'instrument'),
  role('balance-plans', '进出平衡方案', 'Farmland in-out balance plans', 'instrument'),
  role('red-line-findings', '有限人为活动认定', 'Findings of limited human activity', 'instrument'),
  role('water-permits', '涉河许可', 'Water-affairs permits', 'instrument'),
  role('restoration', '生态修复项目', 'Restoration projects', 'project'),
  role('reclamation', '土地整治项目', 'Land-reclamation projects', 'project'),
  role('idle-land', '批而未供与闲置土地', 'Approved but idle land', 'project'),
  role('grids', '田长制网格', 'Grids of field chiefs', 'duty'),
  role('emergency-areas', '应急监测区', 'Emergency areas', 'project'),
];

/** The role of a layer of this name, or null where it is a custom layer. */
export function roleOf(layer: string): LayerRole | null {
  return LAYER_ROLES.find(({ name }) => name === layer) ?? null;
}

/** Kinds of instrument, as rule sets name them; an `approvals` layer may hold any of them. */
export type InstrumentKind =
  | 'approval'
  | 'land-supply'
  | 'registration'
  | 'quota-link'
  | 'facility-farmland'
  | 'temporary-land'
  | 'homestead'
  | 'mining-licence'
  | 'balance-plan'
  | 'red-line-finding'
  | 'national-project'
  | 'water-permit';

const KIND_OF_LAYER: Readonly<Record<string, InstrumentKind>> = {
  'mining-licences': 'mining-licence',
  approvals: 'approval',
  'land-supply': 'land-supply',
  registrations: 'registration',
  'quota-links': 'quota-link',
  'facility-farmland': 'facility-farmland',
  'temporary-land': 'temporary-land',
  homesteads: 'homestead',
  'balance-plans': 'balance-plan',
  'red-line-findings': 'red-line-finding',
  'water-permits': 'water-permit',
};

/** Words in the `instrument` property of an approvals layer, the first that fits. */
const KIND_OF_WORD: readonly [RegExp, InstrumentKind][] = [
  [/增减挂钩|quota/i, 'quota-link'],
  [/设施农(用地|业)|facility/i, 'facility-farmland'],
  [/临时用地|temporary/i, 'temporary-land'],
  [/宅基地|homestead/i, 'homestead'],
  [/供地|划拨|出让|supply/i, 'land-supply'],
  [/登记|不动产|registration/i, 'registration'],
  [/采矿|mining/i, 'mining-licence'],
  [/进出平衡|balance/i, 'balance-plan'],
  [/有限人为活动|limited/i, 'red-line-finding'],
  [/重大项目|national/i, 'national-project'],
  [/涉河|水利|水务|water/i, 'water-permit'],
];

/** Properties that say what an instrument is, when and for how much, most telling first. */
const FIELDS = {
  instrument: ['instrument', 'PZLX', 'SPLX', '审批类型', '类型'],
  number: ['number', 'PZWH', 'PWH', 'WH', 'BDCDYH', 'XKZH', '批准文号', '文号'],
  date: ['date', 'PZRQ', 'PZSJ', 'QFRQ', 'DJSJ', 'BARQ', '批准日期'],
  expiry: ['expiry', 'JZRQ', 'DQRQ', 'YXQZ', 'ZZRQ', '截止日期', '有效期至'],
  areaM2: ['areaM2', 'PZMJ', 'MJ', '批准面积'],
  holder: ['holder', 'QLR', 'SYQR', 'YDDW', 'TDSYZ', '权利人', '用地单位'],
} as const;

export interface Instrument {
  kind: InstrumentKind;
  number: string | null;
  /** Day it was issued, YYYY-MM-DD; null = the layer does not say. */
  date: string | null;
  /** Last day it is valid, YYYY-MM-DD; null = no end is on file. */
  expiry: string | null;
  /** As the document says, m². */
  areaM2: number | null;
  holder: string | null;
}

/** The layer that documents of a kind stand in; those that have none of their own stand among the approvals. */
export function layerOfInstrument(kind: InstrumentKind): string {
  return Object.keys(KIND_OF_LAYER).find((layer) => KIND_OF_LAYER[layer] === kind) ?? 'approvals';
}

/** A zone of an instrument layer as a document; null where the layer holds none. */
export function instrumentOf(layer: string, properties: Readonly<Record<string, FieldValue>>): Instrument | null {
  const kind = KIND_OF_LAYER[layer];
  if (kind === undefined) return null;
  const word = textOf(properties, FIELDS.instrument);
  const stated = word === null ? undefined : KIND_OF_WORD.find(([pattern]) => pattern.test(word))?.[1];
  const area = Number(textOf(properties, FIELDS.areaM2) ?? Number.NaN);
  return {
    kind: kind === 'approval' ? (stated ?? kind) : kind,
    number: textOf(properties, FIELDS.number),
    date: dayOf(textOf(properties, FIELDS.date)),
    expiry: endOf(textOf(properties, FIELDS.expiry)),
    areaM2: Number.isFinite(area) && area > 0 ? area : null,
    holder: textOf(properties, FIELDS.holder),
  };
}

/**
 * What a document states but says so that it cannot be read, as the rest of sentences about it: it counts as not
 * stated, and whoever imports it has to know.
 */
export function unreadableIn(layer: string, properties: Readonly<Record<string, FieldValue>>): string[] {
  const document = instrumentOf(layer, properties);
  if (document === null) return [];
  const wanted = { date: 'a day', expiry: 'a day or month', areaM2: 'a number of m²' } as const;
  return (Object.keys(wanted) as (keyof typeof wanted)[]).flatMap((field) => {
    const text = textOf(properties, FIELDS[field]);
    if (text === null || document[field] !== null) return [];
    const name = FIELDS[field].find((each) => textOf(properties, [each]) === text);
    return [`its ${name} "${text.slice(0, 40)}" is not ${wanted[field]}: it counts as not stated`];
  });
}

/** GB/T 21010 code of the land class a zone states (DLBM), or null. */
export function landClassOf(properties: Readonly<Record<string, FieldValue>>): string | null {
  return textOf(properties, ['DLBM', 'dlbm', '地类编码']);
}

/** 2026-03-01, 2026/3/1, 20260301, 2026年3月1日 → 2026-03-01; null where it is no day. */
export function dayOf(text: string | null): string | null {
  const found = text === null ? null : /^(?:(\d{4})(\d{2})(\d{2})|(\d{4})\D(\d{1,2})\D(\d{1,2}))(?!\d)/.exec(text);
  if (!found) return null;
  const [year, month, date] = found.slice(1).filter((part) => part !== undefined);
  const day = `${year}-${month.padStart(2, '0')}-${date.padStart(2, '0')}`;
  const parsed = new Date(`${day}T00:00:00Z`);
  return Number.isNaN(parsed.getTime()) || !parsed.toISOString().startsWith(day) ? null : day;
}

/** Last day of a validity: the day, or the last one of a month that stands alone (2024年5月). */
function endOf(text: string | null): string | null {
  const day = dayOf(text);
  const month = day === null && text !== null ? /^(\d{4})\D(0?[1-9]|1[0-2])月?$/.exec(text) : null;
  if (!month) return day;
  return new Date(Date.UTC(Number(month[1]), Number(month[2]), 0)).toISOString().slice(0, 10);
}

function textOf(properties: Readonly<Record<string, FieldValue>>, names: readonly string[]): string | null {
  for (const name of names) {
    const value = properties[name];
    if (typeof value === 'number' && Number.isFinite(value)) return String(value);
    if (typeof value === 'string' && value.trim() !== '') return value.trim();
  }
  return null;
}

function role(
  name: string,
  zh: string,
  en: string,
  group: LayerRole['group'],
  kind: LayerRole['kind'] = 'polygon',
): LayerRole {
  return { name, title: { zh, en }, kind, group };
}
