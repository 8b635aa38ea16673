import exifr from 'exifr';
import { exifTime, gpsTime } from './exif-time.ts';
import { NO_FACTS, type PhotoFacts } from './photo-facts.ts';

type Tags = Record<string, unknown>;

const BLOCKS = { tiff: true, ifd0: {}, exif: true, gps: true, xmp: false, icc: false, iptc: false, jfif: false };
const RAW = { reviveValues: false, translateValues: false, mergeOutput: false };

/** What the EXIF of a JPEG or HEIC says. A block that cannot be read says nothing: EXIF is written by anybody. */
export async function readExif(bytes: Uint8Array): Promise<PhotoFacts> {
  const blocks = (await exifr.parse(bytes, { ...BLOCKS, ...RAW }).catch(() => null)) as Record<string, Tags> | null;
  if (!blocks) return NO_FACTS;
  const { ifd0 = {}, exif = {}, gps = {} } = blocks;
  const taken = exifTime(exif['DateTimeOriginal'], exif['OffsetTimeOriginal'] ?? exif['OffsetTime']);
  const changed = exifTime(ifd0['ModifyDate'], exif['OffsetTime'] ?? exif['OffsetTimeOriginal']);
  const turn = Number(ifd0['Orientation'] ?? 1);
  return {
    position: positionOf(gps),
    accuracyM: numberIn(gps['GPSHPositioningError'], 0, 1e6),
    azimuth: azimuthOf(gps),
    taken: taken ?? gpsTime(gps['GPSDateStamp'], gps['GPSTimeStamp']),
    changedAt: changed && taken && changed.at > taken.at ? changed.at : null,
    make: textOf(ifd0['Make']),
    model: textOf(ifd0['Model']),
    software: textOf(ifd0['Software']),
    focal35mm: numberIn(exif['FocalLengthIn35mmFormat'], 1, 2000),
    turned: turn >= 5 && turn <= 8,
  };
}

function positionOf(gps: Tags): PhotoFacts['position'] {
  const lat = angleOf(gps['GPSLatitude'], gps['GPSLatitudeRef'], 'N', 'S', 90);
  const lon = angleOf(gps['GPSLongitude'], gps['GPSLongitudeRef'], 'E', 'W', 180);
  // Receivers without a fix write zeros.
  if (lat === null || lon === null || (lat === 0 && lon === 0)) return null;
  return { lon, lat };
}

/** Degrees, minutes, seconds. Without its letter a coordinate may lie on either half of the globe. */
function angleOf(value: unknown, letter: unknown, plus: string, minus: string, most: number): number | null {
  if (!Array.isArray(value) && !ArrayBuffer.isView(value)) return null;
  const [degrees, minutes = 0, seconds = 0] = [...(value as number[])];
  const sign = letter === plus ? 1 : letter === minus ? -1 : Number.NaN;
  const angle = sign * (degrees + minutes / 60 + seconds / 3600);
  return Number.isFinite(angle) && Math.abs(angle) <= most ? angle : null;
}

function azimuthOf(gps: Tags): PhotoFacts['azimuth'] {
  const degrees = numberIn(gps['GPSImgDirection'], 0, 360);
  if (degrees === null) return null;
  const letter = gps['GPSImgDirectionRef'];
  return { degrees: degrees % 360, north: letter === 'T' ? 'true' : letter === 'M' ? 'magnetic' : 'unsaid' };
}

function numberIn(value: unknown, least: number, most: number): number | null {
  return typeof value === 'number' && value >= least && value <= most ? value : null;
}

/** Without what a terminal or a page would take for more than text. */
function textOf(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is taken out
  const text = value.replace(/[\u0000-\u001f\u007f]/g, ' ').trim();
  return text === '' ? null : text.slice(0, 200);
}
