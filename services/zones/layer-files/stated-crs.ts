import { parseCrs } from '../../../imagery/crs.ts';
import { crsOfWkt } from '../../../imagery/crs-wkt.ts';
import { ImageryError } from '../../../imagery/error.ts';
import type { StatedCrs } from './layer-source.ts';

/** What well-known text states. @param by who says it, e.g. the .prj @param otherwise what stands there when nobody does */
export function statedByWkt(text: string | null, by: string, otherwise: string): StatedCrs {
  if (text === null || text.trim() === '') return nothingStated(otherwise);
  return known(by, () => crsOfWkt(text));
}

/** What a name states: EPSG:4526, urn:ogc:def:crs:OGC:1.3:CRS84. */
export function statedByName(name: string, by: string): StatedCrs {
  return known(by, () => parseCrs(name));
}

export function nothingStated(by: string, fallback: StatedCrs['fallback'] = null): StatedCrs {
  return { crs: null, by, problem: null, fallback };
}

function known(by: string, crsOf: () => string | null): StatedCrs {
  try {
    const crs = crsOf();
    return { crs, by, problem: crs === null ? 'a local system, which lies nowhere' : null, fallback: null };
  } catch (error) {
    if (!(error instanceof ImageryError)) throw error;
    return { crs: null, by, problem: error.message.replace(/\.$/, ''), fallback: null };
  }
}
