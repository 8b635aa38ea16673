import type { FieldValue } from '../zones/layer-files/layer-file.ts';

/** The layer of the field-chief system (田长制): a zone a grid. */
export const GRIDS_LAYER = 'grids';

export type GridLevel = 'village' | 'town' | 'county';

/** A grid as its layer has it. */
export interface Grid {
  code: string;
  name: string;
  level: GridLevel;
  /** 田长, where the layer names one; the register goes before it. */
  chief: string | null;
  phone: string | null;
  /** Code of the district it lies in, or null where nobody says. */
  district: string | null;
}

/** A grid with how much of a patch lies in it. */
export interface GridShare extends Grid {
  /** Of the patch, 0–1. */
  share: number;
}

/** Properties, most telling first. */
const FIELDS = {
  code: ['code', 'gridCode', 'WGBM', 'WGDM', 'WGBH', '网格编码', '网格编号', '网格代码', '编号'],
  name: ['name', 'WGMC', '网格名称', '名称', 'NAME', 'Name', 'XMC', 'XZQMC', 'MC'],
  level: ['level', 'WGJB', 'JB', '网格级别', '级别'],
  chief: ['chief', 'TZXM', '田长姓名', '田长', '责任人', '负责人'],
  phone: ['phone', 'LXDH', 'TZDH', '联系电话', '电话'],
} as const;

const LEVEL_WORDS: readonly [RegExp, GridLevel][] = [
  [/村|组|village/i, 'village'],
  [/乡|镇|街道|town/i, 'town'],
  [/县|区|市|county/i, 'county'],
];

/** A zone of the layer as a grid. A level that nobody states is told from the code's length: 6 county, 9 town, longer village. */
export function gridOf(zone: {
  externalId: string;
  district: string | null;
  properties: Readonly<Record<string, FieldValue>>;
}): Grid {
  const code = textOf(zone.properties, FIELDS.code) ?? zone.externalId;
  const stated = textOf(zone.properties, FIELDS.level);
  const level = stated === null ? undefined : LEVEL_WORDS.find(([pattern]) => pattern.test(stated))?.[1];
  return {
    code,
    name: textOf(zone.properties, FIELDS.name) ?? code,
    level: level ?? (code.length <= 6 ? 'county' : code.length <= 9 ? 'town' : 'village'),
    chief: textOf(zone.properties, FIELDS.chief),
    phone: textOf(zone.properties, FIELDS.phone),
    district: zone.district ?? (/^\d{6}/.exec(code)?.[0] || null),
  };
}

/** Townships first (DOMAIN §7), then villages; the county's only where there is no other. */
const ORDER: readonly GridLevel[] = ['town', 'village', 'county'];

/**
 * The grids of a patch, the one that is its own first: of each level the one with the largest share; where they lie one
 * in another, the township's. A village's grid that holds more of the patch than any township's does not lie in it, and
 * goes first. Pure; shares that differ by rounding only are a tie, which the lower code has.
 */
export function orderedGrids(grids: readonly GridShare[]): GridShare[] {
  const step = ({ share }: GridShare) => Math.round(share * 1e6);
  const bySize = grids.toSorted((a, b) => step(b) - step(a) || (a.code < b.code ? -1 : 1));
  const best = ORDER.flatMap((level) => bySize.find((grid) => grid.level === level) ?? []);
  const [town, village] = ['town', 'village'].map((level) => best.find((grid) => grid.level === level));
  const own = town && village && step(village) > step(town) ? village : best[0];
  return own === undefined ? [] : [own, ...bySize.filter((grid) => grid !== own)];
}

function textOf(properties: Readonly<Record<string, FieldValue>>, names: readonly string[]): string | null {
  for (const name of names) {
    const value = properties[name];
    if (typeof value === 'number' && Number.isFinite(value)) return String(value);
    if (typeof value === 'string' && value.trim() !== '') return value.trim();
  }
  return null;
}
