import type { Insertable } from 'kysely';
import type { BatchRowTable } from '../store/schema-batches.ts';
import { prepareZone } from '../zones/geometry/repair.ts';
import { toLonLatParts } from '../zones/geometry/to-lon-lat.ts';
import { toWkb } from '../zones/geometry/wkb.ts';
import type { FieldValue, LayerFormat, RawFeature } from '../zones/layer-files/layer-file.ts';
import { type BatchProfile, M2_PER_UNIT } from './profile.ts';
import { changeTypeOf } from './type-codes.ts';

/** How the rows of a file are read. */
export interface RowTerms {
  batchId: string;
  profile: BatchProfile;
  crs: string;
  format: LayerFormat;
}

/** A feature of a received file as it is kept: everything as it came, and what the profile says it means. */
export function readRow(feature: RawFeature, { batchId, profile, crs, format }: RowTerms): Insertable<BatchRowTable> {
  const { fields } = profile;
  const { properties } = feature;
  const text = (field: string | undefined) => (field === undefined ? null : textOf(properties[field]));
  const district = text(fields.district);
  const typeCode = text(fields.type);
  return {
    ...{ batchId, row: feature.index, fid: feature.fid, propertiesJson: JSON.stringify(properties) },
    number: text(fields.number) ?? '',
    district: district !== null && /^\d{6}(\d{3}){0,2}$/.test(district) ? district : null,
    ...{ typeCode, type: changeTypeOf(typeCode, profile.types) },
    beforeDate: dayOf(text(fields.before)),
    afterDate: dayOf(text(fields.after)),
    builtDate: dayOf(text(fields.built)),
    statedM2: areaOf(properties, fields.area),
    opinion: text(fields.opinion),
    ...shapeOf(feature, crs, format),
  };
}

function shapeOf({ geometry, damage }: RawFeature, crs: string, format: LayerFormat) {
  const none = { geometry: null, areaM2: null };
  if (geometry === null) return { ...none, problem: damage ?? 'has no geometry' };
  toLonLatParts(geometry, crs);
  const prepared = prepareZone(geometry, 'polygon', {
    shellsMayTurnEitherWay: format === 'shapefile' || format === 'geopackage',
  });
  if ('rejected' in prepared) return { ...none, problem: prepared.rejected };
  const problems = [...(damage === null ? [] : [damage]), ...prepared.repairs];
  const problem = problems.length === 0 ? null : problems.join('; ');
  return { geometry: toWkb(prepared.geometry), areaM2: prepared.areaM2, problem };
}

function areaOf(properties: RawFeature['properties'], area: BatchProfile['fields']['area']): number | null {
  const text = area && textOf(properties[area.field]);
  const value = text ? Number(text) : Number.NaN;
  return Number.isFinite(value) ? value * M2_PER_UNIT[area!.unit] : null;
}

function textOf(value: FieldValue | undefined): string | null {
  const text = value === null || value === undefined ? '' : String(value).trim();
  return text === '' ? null : text;
}

/** Days as offices write them: 2025-06-18, 20250618, 2025/6/18, 2025.6.18, 2025年6月18日; null where it is none. */
export function dayOf(text: string | null): string | null {
  const found = /^(\d{4})(?:[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{2})(\d{2}))(?:[T ].*)?$/.exec(text ?? '');
  if (found === null) return null;
  const [year, month, day] = [found[1], found[2] ?? found[4], found[3] ?? found[5]];
  const iso = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  const date = new Date(`${iso}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(iso) ? iso : null;
}
