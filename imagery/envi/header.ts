import { ImageryError } from '../error.ts';
import type { RasterInfo, SampleType } from '../raster.ts';
import { parseNodata } from '../tiff/nodata.ts';

export type Interleave = 'bsq' | 'bil' | 'bip';

/** What an ENVI header says, checked. */
export interface EnviHeader extends Pick<RasterInfo, 'nodata' | 'scale' | 'bandNames'> {
  width: number;
  height: number;
  bandCount: number;
  /** Bytes before the first sample. */
  offset: number;
  sampleType: SampleType;
  interleave: Interleave;
  littleEndian: boolean;
  /** The fields as written, keys in small letters: 'map info' and its like. */
  fields: ReadonlyMap<string, string>;
}

const SAMPLE_TYPE_OF: Record<number, SampleType> = {
  1: 'uint8',
  2: 'int16',
  3: 'int32',
  4: 'float32',
  5: 'float64',
  12: 'uint16',
  13: 'uint32',
};

/** True for the first bytes of an ENVI header. */
export function isEnviHeader(head: Buffer): boolean {
  return /^(\xef\xbb\xbf)?ENVI\s/.test(head.subarray(0, 8).toString('latin1'));
}

/**
 * Reads a header: 'key = value' a line, values in braces may run over several.
 * @throws ImageryError image-damaged, image-unsupported naming the header
 */
export function parseEnviHeader(path: string, text: string): EnviHeader {
  const fields = fieldsOf(text);
  const whole = (key: string, least: number, standard?: number): number => {
    const found = fields.get(key);
    const value = found === undefined ? (standard ?? Number.NaN) : Number(found);
    if (Number.isInteger(value) && value >= least && value < 2 ** 31) return value;
    throw new ImageryError(
      'image-damaged',
      `${path}: is damaged: wanted '${key}' of ${least} or more, got ${found === undefined ? 'none' : `"${found.slice(0, 40)}"`}.`,
    );
  };
  const bandCount = whole('bands', 1, 1);
  return {
    width: whole('samples', 1),
    height: whole('lines', 1),
    bandCount,
    offset: whole('header offset', 0, 0),
    sampleType: sampleTypeOf(path, whole('data type', 0)),
    interleave: interleaveOf(path, fields.get('interleave') ?? 'bsq'),
    littleEndian: whole('byte order', 0, 0) === 0,
    nodata: parseNodata(fields.get('data ignore value')),
    scale: scaleOf(fields, bandCount),
    bandNames: bandNamesOf(fields.get('band names'), bandCount),
    fields,
  };
}

function fieldsOf(text: string): Map<string, string> {
  const fields = new Map<string, string>();
  const lines = text.split(/\r\n|\r|\n/);
  for (let i = 0; i < lines.length; i++) {
    const equals = lines[i].indexOf('=');
    if (equals < 0 || lines[i].trimStart().startsWith(';')) continue;
    const key = lines[i].slice(0, equals).trim().toLowerCase().replace(/\s+/g, ' ');
    const value = [lines[i].slice(equals + 1).trim()];
    if (value[0].startsWith('{')) {
      while (!lines[i].includes('}') && i + 1 < lines.length) value.push(lines[++i]);
      value[0] = value[0].slice(1);
      value[value.length - 1] = value[value.length - 1].split('}')[0];
    }
    fields.set(key, value.join('\n').trim());
  }
  return fields;
}

/** The parts of a value in braces. */
export function listOf(value: string | undefined): string[] {
  return value === undefined || value.trim() === '' ? [] : value.split(',').map((part) => part.trim());
}

function sampleTypeOf(path: string, code: number): SampleType {
  const sampleType = SAMPLE_TYPE_OF[code];
  if (sampleType !== undefined) return sampleType;
  const kind = code === 6 || code === 9 ? ' (complex numbers)' : code === 14 || code === 15 ? ' (64 bit integers)' : '';
  throw new ImageryError(
    'image-unsupported',
    `${path}: cannot be read: wanted data type 1, 2, 3, 4, 5, 12 or 13, got ${code}${kind}.`,
  );
}

function interleaveOf(path: string, text: string): Interleave {
  const interleave = text.toLowerCase();
  if (interleave === 'bsq' || interleave === 'bil' || interleave === 'bip') return interleave;
  throw new ImageryError(
    'image-unsupported',
    `${path}: cannot be read: wanted interleave bsq, bil or bip, got "${text.slice(0, 40)}".`,
  );
}

/** 'data gain values' and 'data offset values' a band, or one 'reflectance scale factor' to divide by. */
function scaleOf(fields: ReadonlyMap<string, string>, bandCount: number): RasterInfo['scale'] {
  const factor = Number(fields.get('reflectance scale factor') ?? 1);
  const gains = listOf(fields.get('data gain values')).map(Number);
  const offsets = listOf(fields.get('data offset values')).map(Number);
  const scale = Array.from({ length: bandCount }, (_, band) => ({
    scale: gains.length === bandCount ? gains[band] : factor > 0 ? 1 / factor : 1,
    offset: offsets.length === bandCount ? offsets[band] : 0,
  }));
  const isSaid = scale.some(({ scale, offset }) => scale !== 1 || offset !== 0);
  return isSaid && scale.every(({ scale, offset }) => Number.isFinite(scale + offset)) ? scale : null;
}

function bandNamesOf(value: string | undefined, bandCount: number): string[] | null {
  const names = listOf(value);
  return names.length === bandCount ? names : null;
}
