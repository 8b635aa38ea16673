import { traceFlat } from '../../detectors/outline.ts';
import type { PixelRuns } from '../../detectors/runs.ts';
import { simplifyOutlines } from '../../detectors/simplify.ts';
import type { Grid } from '../../imagery/grid.ts';
import { cornerPlacer } from './corner-positions.ts';

/** Nine decimals of a degree: a tenth of a millimetre, so that areas taken from the outline agree. */
export const perDegree = 1e9;

/** Traced rings run clockwise on the image; where north is up and x east, that is clockwise on the map, too. */
export function clockwiseOnMap(grid: Grid): boolean {
  return grid.pixelHeight < 0 === grid.pixelWidth > 0;
}

/**
 * The GeoJSON text of lonLatOutline(runs, grid), to the letter, without its objects: of the 200,000 corners of a
 * scene, JSON.stringify and an array for each take as long as all the rest.
 */
export function lonLatOutlineText(runs: PixelRuns, grid: Grid): string {
  return outlinesText(traceFlat(runs), grid);
}

/** GeoJSON texts, likewise, of the outlines for drawing of regions that share no pixel. */
export function displayOutlineTexts(regions: readonly PixelRuns[], grid: Grid): string[] {
  return simplifyOutlines(regions.map(traceFlat)).map((polygons) => outlinesText(polygons, grid));
}

/** Polygons of rings of points (column, row, …), shells clockwise on the image. */
function outlinesText(polygons: ArrayLike<number>[][], grid: Grid): string {
  const placer = cornerPlacer(grid);
  const backwards = clockwiseOnMap(grid);
  const parts = polygons.map((rings) => rings.map((ring) => ringText(placer.place(ring), backwards)).join(','));
  return parts.length === 1
    ? `{"type":"Polygon","coordinates":[${parts[0]}]}`
    : `{"type":"MultiPolygon","coordinates":[${parts.map((rings) => `[${rings}]`).join(',')}]}`;
}

/** '[-179.123456789,' and a bracket. */
const mostPerNumber = 18;
const [open, close, comma, point, minus, zero] = Buffer.from('[],.-0');
/** '000' to '999'. */
const threeDigits = Buffer.from(Array.from({ length: 1000 }, (_, i) => `${i}`.padStart(3, '0')).join(''));

let bytes = Buffer.alloc(0);

function ringText(lonLat: Float64Array, backwards: boolean): string {
  if (bytes.length < lonLat.length * mostPerNumber + 2) bytes = Buffer.alloc(2 * lonLat.length * mostPerNumber + 2);
  let n = 0;
  for (let i = 0; i < lonLat.length; i += 2) {
    const at = backwards ? lonLat.length - 2 - i : i;
    bytes[n++] = i > 0 ? comma : open;
    bytes[n++] = open;
    n = putDegrees(lonLat[at], bytes, n);
    bytes[n++] = comma;
    n = putDegrees(lonLat[at + 1], bytes, n);
    bytes[n++] = close;
  }
  bytes[n++] = close;
  return bytes.toString('latin1', 0, n);
}

/** Writes what JSON.stringify writes of the number rounded to nine decimals; returns where it ends. */
function putDegrees(degrees: number, text: Uint8Array, start: number): number {
  let n = start;
  const rounded = Math.round(degrees * perDegree);
  const size = Math.abs(rounded);
  // JSON writes so small a number with an exponent, and not-a-number as null.
  if (!(size >= 1000)) return putText(JSON.stringify(rounded / perDegree), text, n);
  if (rounded < 0) text[n++] = minus;
  const whole = Math.floor(size / perDegree);
  if (whole >= 100) text[n++] = threeDigits[3 * whole];
  if (whole >= 10) text[n++] = threeDigits[3 * whole + 1];
  text[n++] = threeDigits[3 * whole + 2];
  const rest = (size - whole * perDegree) | 0;
  if (rest === 0) return n;
  text[n++] = point;
  const thousands = (rest / 1000) | 0;
  const millions = (thousands / 1000) | 0;
  n = putThree(millions, text, n);
  n = putThree(thousands - 1000 * millions, text, n);
  n = putThree(rest - 1000 * thousands, text, n);
  while (text[n - 1] === zero) n--;
  return n;
}

function putThree(number: number, text: Uint8Array, n: number): number {
  text[n] = threeDigits[3 * number];
  text[n + 1] = threeDigits[3 * number + 1];
  text[n + 2] = threeDigits[3 * number + 2];
  return n + 3;
}

function putText(ascii: string, text: Uint8Array, n: number): number {
  for (let i = 0; i < ascii.length; i++) text[n + i] = ascii.charCodeAt(i);
  return n + ascii.length;
}
