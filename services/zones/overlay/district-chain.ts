import type { ZoneGeometry } from '../geometry/zone-geometry.ts';
import { bySizeThenCode } from './districts.ts';
import type { PreparedPatch } from './prepared-patch.ts';

export interface ChainDistrict {
  /** Administrative code: 6 digits of a county, 9 of a town, 12 of a village (XZQDM). Others have no level here. */
  code: string;
  geometry: ZoneGeometry;
}

export interface ChainLink {
  level: 'county' | 'town' | 'village';
  /** Null where the patch lies in none that is known (of the level above, where that is known). */
  code: string | null;
  /** Of the patch's area, 0–1, in this unit. */
  share: number;
  /** Of the patch's area in no known unit of this level. */
  nowhere: number;
}

const LEVELS = [
  { level: 'county', digits: 6 },
  { level: 'town', digits: 9 },
  { level: 'village', digits: 12 },
] as const;

/** Shares this small are two borders' rounding. */
const ROUNDING = 1e-6;

/**
 * County, town and village of a patch, in this order and always three: of each level the unit with the largest share
 * among those of the unit above, so that a patch on a county border is not put into another county's town. Ties go to
 * the lower code.
 */
export function districtChain(patch: PreparedPatch, districts: readonly ChainDistrict[]): ChainLink[] {
  let above = '';
  return LEVELS.map(({ level, digits }) => {
    const shares = sharesOf(
      patch,
      districts.filter(({ code }) => code.length === digits),
    );
    const nowhere = 1 - shares.reduce((sum, { share }) => sum + share, 0);
    const first = shares.filter(({ code }) => code.startsWith(above)).sort(bySizeThenCode)[0];
    if (first) above = first.code;
    return {
      level,
      code: first?.code ?? null,
      share: first?.share ?? 0,
      nowhere: nowhere > ROUNDING ? nowhere : 0,
    };
  });
}

/** Of each code that holds some of the patch; a unit in several zones counts once. */
function sharesOf(patch: PreparedPatch, districts: readonly ChainDistrict[]): { code: string; share: number }[] {
  const shares = new Map<string, number>();
  for (const { code, geometry } of districts) {
    const share = patch.areaInside(geometry) / patch.totalM2;
    if (share > 0) shares.set(code, (shares.get(code) ?? 0) + share);
  }
  return [...shares].map(([code, share]) => ({ code, share }));
}
