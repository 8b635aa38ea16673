import type { LonLatBox } from '../../../imagery/grid.ts';
import type { ZoneRow } from '../../store/zones.ts';
import { boxAround } from '../geometry/coordinate-order.ts';
import { containsPoint, pointInside } from '../geometry/point-in-polygon.ts';
import { fromWkb } from '../geometry/wkb.ts';
import type { ZoneGeometry } from '../geometry/zone-geometry.ts';
import type { FieldValue } from '../layer-files/layer-file.ts';

/** XZQDM 行政区代码, ZLDWDM 坐落单位代码 (19 digits, the first six the county). */
const DISTRICT_PROPERTIES = ['district', 'XZQDM', 'ZLDWDM'];

/** Lengths of the codes of villages, townships and counties: the finest that is known is a zone's district. */
const CODE_LENGTHS = [12, 9, 6];

/** A district as it goes to the threads. Plain data. */
export interface DistrictArea {
  code: string;
  geometry: ZoneGeometry;
  box: LonLatBox;
}

/** The districts known on a day, ready to be asked. */
export interface KnownDistricts {
  /** Round all of them; null = none known. */
  box: LonLatBox | null;
  /** The district of a zone: as its properties say, else where a point inside it lies, else null. */
  districtOf(properties: Readonly<Record<string, FieldValue>>, geometry: ZoneGeometry): string | null;
}

/** @param zones zones of the layer 'districts' valid on the day in question */
export function districtAreas(zones: readonly ZoneRow[]): DistrictArea[] {
  return zones.map(({ externalId, geometry, minLon, minLat, maxLon, maxLat }) => ({
    code: externalId,
    geometry: fromWkb(geometry),
    box: { minLon, minLat, maxLon, maxLat },
  }));
}

export function knownDistricts(areas: readonly DistrictArea[]): KnownDistricts {
  const codes = new Set(areas.map(({ code }) => code));
  // The smallest unit a point lies in is its district, as it is of a zone that states one.
  const finestFirst = areas.toSorted((a, b) => b.code.length - a.code.length);
  return {
    box: boxAround(areas.map(({ box }) => box)),
    districtOf(properties, geometry) {
      const stated = statedDistrict(properties, codes);
      if (stated !== null || areas.length === 0) return stated;
      const [lon, lat] = pointInside(geometry);
      const home = finestFirst.find(({ box, geometry: area }) => isIn(box, lon, lat) && containsPoint(area, lon, lat));
      return home?.code ?? null;
    },
  };
}

/**
 * The district the file itself says the feature lies in: the longest known code its property begins with, or, where
 * no districts are known, the county (six digits). Null = the file does not say, or names a district nobody knows.
 */
function statedDistrict(properties: Readonly<Record<string, FieldValue>>, known: ReadonlySet<string>): string | null {
  for (const property of DISTRICT_PROPERTIES) {
    const text = String(properties[property] ?? '').trim();
    if (!/^\d{6,}$/.test(text)) continue;
    if (known.size === 0) return text.slice(0, 6);
    return CODE_LENGTHS.map((length) => text.slice(0, length)).find((code) => known.has(code)) ?? null;
  }
  return null;
}

function isIn(box: LonLatBox, lon: number, lat: number): boolean {
  return box.minLon <= lon && lon <= box.maxLon && box.minLat <= lat && lat <= box.maxLat;
}
