import type { RawFeature } from './geojson-file.ts';
import { refuseLayer, shown } from './layer-refusal.ts';

/** Properties that may hold a feature's own number, most telling first; BSM (标识码) and OBJECTID are the survey's. */
const ID_PROPERTIES = ['id', 'ID', 'code', 'OBJECTID', 'BSM'];
/** XMC 行政区名称, XZQMC 行政区名称, MC 名称, XMMC 项目名称, DKMC 地块名称. */
const NAME_PROPERTIES = ['name', 'NAME', 'Name', 'XMC', 'XZQMC', 'MC', 'XMMC', 'DKMC'];
/** XZQDM 行政区代码, ZLDWDM 坐落单位代码 (19 digits, the first six the county). */
const DISTRICT_PROPERTIES = ['district', 'XZQDM', 'ZLDWDM'];
const DISTRICT_CODE_PROPERTIES = ['XZQDM', 'adcode', 'code', 'id', 'ID'];

/** 6 digits county, 9 township, 12 village. */
const DISTRICT_CODE = /^(\d{6}|\d{9}|\d{12})$/;

export interface Identities {
  /** Where the ids were found: a property, 'feature.id' or 'index'. */
  from: string;
  /** One per feature, all different. */
  ids: string[];
}

/**
 * The ids of a layer's features: the first candidate that every feature has and no two share. A property that
 * repeats (a land class called 'code') is not an id; when there is none, the place in the file is.
 */
export function identify(features: readonly RawFeature[]): Identities {
  for (const property of ID_PROPERTIES) {
    const ids = features.map((feature) => asText(feature.properties[property]));
    if (areIds(ids)) return { from: property, ids };
  }
  const ids = features.map((feature) => asText(feature.id));
  if (areIds(ids)) return { from: 'feature.id', ids };
  return { from: 'index', ids: features.map((_, index) => String(index)) };
}

/** The administrative codes of a layer of districts. @throws ServiceError layer-invalid: one has none, or two share one */
export function identifyDistricts(path: string, features: readonly RawFeature[]): Identities {
  const seen = new Map<string, number>();
  const ids = features.map((feature, index) => {
    const values = [...DISTRICT_CODE_PROPERTIES.map((property) => feature.properties[property]), feature.id];
    const code = values.map(asText).find((value) => value !== null && DISTRICT_CODE.test(value));
    const label = { index, id: code ?? asText(feature.id) ?? 'none' };
    if (!code) {
      const wanted = `a code of 6, 9 or 12 digits in ${DISTRICT_CODE_PROPERTIES.join(', ')} or the feature's id`;
      refuseLayer(path, label, `is a district without code: wanted ${wanted}, got ${shown(feature.properties)}`);
    }
    const first = seen.get(code);
    if (first !== undefined) {
      refuseLayer(path, label, `has the code of features[${first}]; wanted one feature per district: merge the parts`);
    }
    seen.set(code, index);
    return code;
  });
  return { from: 'district code', ids };
}

/** What people call the feature; its id where the file has no name. */
export function nameOf(feature: RawFeature, id: string): string {
  return firstText(feature, NAME_PROPERTIES) ?? id;
}

/**
 * The district the file itself says the feature lies in: the longest known code its property begins with, or, where
 * no districts are known, the county (six digits). Null = the file does not say, or names a district nobody knows.
 */
export function statedDistrict(properties: Record<string, unknown>, known: readonly string[]): string | null {
  const stated = DISTRICT_PROPERTIES.map((property) => asText(properties[property])).find(
    (value) => value !== null && /^\d{6,}$/.test(value),
  );
  if (!stated) return null;
  if (known.length === 0) return stated.slice(0, 6);
  return known.reduce<string | null>(
    (best, code) => (stated.startsWith(code) && code.length > (best?.length ?? 0) ? code : best),
    null,
  );
}

function areIds(ids: readonly (string | null)[]): ids is string[] {
  return ids.every((id) => id !== null) && new Set(ids).size === ids.length;
}

function firstText(feature: RawFeature, properties: readonly string[]): string | null {
  for (const property of properties) {
    const text = asText(feature.properties[property]);
    if (text !== null) return text;
  }
  return null;
}

function asText(value: unknown): string | null {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : null;
}
