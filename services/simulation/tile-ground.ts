import { PACKED, PAINT_STRIDE, PATTERNS } from './paint.ts';
import type { Textures } from './textures.ts';
import { TEXTURE_SIZE } from './textures.ts';

/** The paint of every pixel of one square and how lit it is; both size * size, row-major. */
export interface PaintedSquare {
  left: number;
  top: number;
  size: number;
  slots: Uint16Array;
  /** 1 in shadow, 0 lit. */
  shaded: Uint8Array;
}

const MASK = TEXTURE_SIZE - 1;

/** Share of the light left in shadow, blue to near infrared: the blue sky still shines into it. */
const SHADE = [0.52, 0.42, 0.37, 0.34];

/** cos(2 pi i / 256), so that rows cost a look-up. */
const COSINES = Float32Array.from({ length: 256 }, (_, i) => Math.cos((2 * Math.PI * i) / 256));

/**
 * Surface reflectance of a painted square, into four bands (B G R N) of size * size.
 * @param paints packed table of packPaints
 */
export function reflect(square: PaintedSquare, paints: Float32Array, textures: Textures, bands: Float32Array[]): void {
  const { size, slots } = square;
  const pattern = new Float32Array(size);
  for (let row = 0; row < size; row++) {
    const end = (row + 1) * size;
    for (let from = row * size; from < end; ) {
      const slot = slots[from];
      let to = from + 1;
      while (to < end && slots[to] === slot) to++;
      fillPattern(square, paints, slot * PAINT_STRIDE, row, from - row * size, to - row * size, textures, pattern);
      reflectRun(square, paints, slot * PAINT_STRIDE, row, from, to, textures, pattern, bands);
      from = to;
    }
  }
  darken(square, bands);
}

/** One run of equal paint: pixels from..to of the square, all in one row. */
function reflectRun(
  square: PaintedSquare,
  paints: Float32Array,
  at: number,
  row: number,
  from: number,
  to: number,
  textures: Textures,
  pattern: Float32Array,
  bands: Float32Array[],
): void {
  const { left, top, size } = square;
  const [blue, green, red, nir] = bands;
  const b0 = paints[at];
  const g0 = paints[at + 1];
  const r0 = paints[at + 2];
  const n0 = paints[at + 3];
  const b1 = paints[at + 4];
  const g1 = paints[at + 5];
  const r1 = paints[at + 6];
  const n1 = paints[at + 7];
  const cover = paints[at + PACKED.coverFraction];
  const patchiness = paints[at + PACKED.patchiness];
  const unevenness = paints[at + PACKED.unevenness];
  const grain = paints[at + PACKED.grain];
  const offset = paints[at + PACKED.offset];
  const line = ((top + row + (offset >> 9)) & MASK) * TEXTURE_SIZE;
  const firstColumn = left - row * size + (offset & MASK);
  const { fine, middle, coarse } = textures;
  for (let i = from; i < to; i++) {
    const t = line + ((firstColumn + i) & MASK);
    let share = cover + patchiness * middle[t] + unevenness * coarse[t] + pattern[i - row * size];
    share = share < 0 ? 0 : share > 1 ? 1 : share;
    const light = 1 + grain * fine[t];
    blue[i] = (b0 + b1 * share) * light;
    green[i] = (g0 + g1 * share) * light;
    red[i] = (r0 + r1 * share) * light;
    nir[i] = (n0 + n1 * share) * light;
  }
}

/** What the pattern adds to the cover share, for columns from..to of one row. */
function fillPattern(
  square: PaintedSquare,
  paints: Float32Array,
  at: number,
  row: number,
  from: number,
  to: number,
  textures: Textures,
  out: Float32Array,
): void {
  const name = PATTERNS[paints[at + PACKED.pattern]];
  if (name === 'none') {
    out.fill(0, from, to);
    return;
  }
  const depth = paints[at + PACKED.depth];
  if (name === 'crowns') {
    const line = ((square.top + row) & MASK) * TEXTURE_SIZE;
    for (let i = from; i < to; i++) out[i] = depth * textures.crowns[line + ((square.left + i) & MASK)];
    return;
  }
  const perM = paints[at + PACKED.period];
  const stepU = paints[at + PACKED.cos] * perM;
  const stepV = -paints[at + PACKED.sin] * perM;
  const y = square.top + row;
  // u runs along the rows, v across them, both in periods; kept positive for the bit masks below.
  let u = (square.left + from) * stepU + y * paints[at + PACKED.sin] * perM + 65536;
  let v = (square.left + from) * stepV + y * paints[at + PACKED.cos] * perM + 65536;
  for (let i = from; i < to; i++, u += stepU, v += stepV) {
    out[i] = depth * patternAt(name, u, v);
  }
}

function patternAt(name: (typeof PATTERNS)[number], u: number, v: number): number {
  switch (name) {
    case 'rows':
      return COSINES[(v * 256) & 255];
    case 'beds': {
      // Whole beds of one tone, with a path between them.
      const bed = Math.imul(v | 0, 0x9e3779b1) >>> 24;
      return v - (v | 0) < 0.16 ? -1 : bed / 128 - 0.8;
    }
    case 'lattice':
      return COSINES[(u * 256) & 255] + COSINES[(v * 256) & 255];
    default:
      return u - (u | 0) < 0.12 || v - (v | 0) < 0.12 ? 1 : 0;
  }
}

function darken({ shaded }: PaintedSquare, bands: Float32Array[]): void {
  for (let i = 0; i < shaded.length; i++) {
    if (shaded[i] === 0) continue;
    for (let band = 0; band < 4; band++) bands[band][i] *= SHADE[band];
  }
}
