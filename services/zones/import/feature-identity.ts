import type { FieldValue, RawFeature } from '../layer-files/layer-file.ts';

/** Properties that may hold a feature's own number, most telling first; BSM (标识码) and OBJECTID are the survey's. */
const ID_PROPERTIES = ['id', 'ID', 'code', 'BSM', 'OBJECTID'];
/** XMC 行政区名称, XZQMC 行政区名称, MC 名称, XMMC 项目名称, DKMC 地块名称. */
const NAME_PROPERTIES = ['name', 'NAME', 'Name', 'XMC', 'XZQMC', 'MC', 'XMMC', 'DKMC'];
const DISTRICT_CODE_PROPERTIES = ['XZQDM', 'adcode', 'code', 'id', 'ID'];

/** 6 digits county, 9 township, 12 village. */
const DISTRICT_CODE = /^(\d{6}|\d{9}|\d{12})$/;

/** Where the ids of a layer's features stand: a property, the format's own id, their place, or their district's code. */
export type IdSource = { property: string } | 'feature.id' | 'index' | 'district code';

/** Of a hundred features so many have an id that no other has, where somebody numbered them and slipped. */
const LEAST_DISTINCT = 0.9;

/**
 * Where the ids stand, told from a layer's first features: the first candidate that each of them has and no two share;
 * else the first by which nearly all are told apart, since whoever made the layer knows a feature by that number and
 * not by its place. A property that repeats (a land class called 'code') is no id; where there is none, the place is.
 */
export function idSourceOf(features: readonly RawFeature[], stated?: string): IdSource {
  if (stated !== undefined) return { property: stated };
  const shares = ID_PROPERTIES.map((property) =>
    distinctShare(features.map((feature) => asText(feature.properties[property]))),
  );
  for (const least of [1, LEAST_DISTINCT]) {
    const found = shares.findIndex((share) => share >= least);
    if (found >= 0) return { property: ID_PROPERTIES[found] };
  }
  return distinctShare(features.map(({ fid }) => fid)) === 1 ? 'feature.id' : 'index';
}

/** The id of a feature; null where it has none. */
export function idOf(feature: RawFeature, source: IdSource): string | null {
  if (source === 'index') return String(feature.index);
  if (source === 'feature.id') return feature.fid;
  if (source === 'district code') return districtCodeOf(feature);
  return asText(feature.properties[source.property]);
}

/** As it stands in a report. */
export function nameOfSource(source: IdSource): string {
  return typeof source === 'string' ? source : source.property;
}

/** What people call the feature; its id where the file has no name. */
export function nameOf(feature: RawFeature, id: string): string {
  for (const property of NAME_PROPERTIES) {
    const text = asText(feature.properties[property]);
    if (text !== null) return text;
  }
  return id;
}

/** What is wanted of a district, for refusals. */
export const districtCodeWanted = `a code of 6, 9 or 12 digits in ${DISTRICT_CODE_PROPERTIES.join(', ')} or the feature's id`;

function districtCodeOf({ properties, fid }: RawFeature): string | null {
  const values = [...DISTRICT_CODE_PROPERTIES.map((property) => asText(properties[property])), fid];
  return values.find((value) => value !== null && DISTRICT_CODE.test(value)) ?? null;
}

/** How many of the features, from 0 to 1, such ids tell apart. */
function distinctShare(ids: readonly (string | null)[]): number {
  return ids.length === 0 ? 0 : new Set(ids.filter((id) => id !== null)).size / ids.length;
}

function asText(value: FieldValue | undefined): string | null {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : null;
}
