/** Samples a side of the small grey picture that photos are compared by. */
export const GREY_SIDE = 32;

/** Coarsest coefficients a side that the fingerprint is made of. */
const COARSE = 8;
/** Of 63: unrelated pictures differ in 31 ± 4. */
const MOST_BITS = 14;
/** Of the grey samples: what a re-shot or edited copy keeps, and other views of one place do not. */
const LEAST_CORRELATION = 0.93;
/** Grey levels, standard deviation: sky, fog or a hand over the lens are all alike. */
const LEAST_CONTRAST = 6;

/** How two photos are alike. */
export interface Likeness {
  /** Of the fingerprints' 63 bits, how many differ. */
  bits: number;
  /** Of the grey samples, −1 to 1. */
  correlation: number;
  /** Quarter turns clockwise that bring the one upon the other, and whether it is mirrored first. */
  turns: number;
  mirrored: boolean;
}

/** A photo made ready to be compared. */
export interface Fingerprint {
  grey: Uint8Array;
  low: number;
  high: number;
}

/** Cosines of the transform, COARSE rows of GREY_SIDE. */
const cosines = Float64Array.from({ length: COARSE * GREY_SIDE }, (_, i) => {
  const [u, x] = [Math.floor(i / GREY_SIDE), i % GREY_SIDE];
  return Math.cos(((2 * x + 1) * u * Math.PI) / (2 * GREY_SIDE));
});

/**
 * The perceptual hash of a grey picture: signs of its coarsest cosine coefficients about their median (pHash). Null
 * where it shows too little to be told from others.
 */
export function fingerprint(grey: Uint8Array): Fingerprint | null {
  if (contrast(grey) < LEAST_CONTRAST) return null;
  const coefficients = coarse(grey).slice(1);
  const median = Float64Array.from(coefficients).sort()[31];
  let [low, high] = [0, 0];
  for (let i = 0; i < 63; i++) {
    if (coefficients[i] <= median) continue;
    if (i < 32) low |= 1 << i;
    else high |= 1 << (i - 32);
  }
  return { grey, low, high };
}

/** A picture in all the ways it may be laid: four turns, and mirrored. The first is the picture as it is. */
export function laidAllWays(grey: Uint8Array): (Fingerprint & Pick<Likeness, 'turns' | 'mirrored'>)[] {
  return [false, true].flatMap((mirrored) => {
    let laid = mirrored ? mirror(grey) : grey;
    return [0, 1, 2, 3].flatMap((turns) => {
      if (turns > 0) laid = quarterTurn(laid);
      const print = fingerprint(laid);
      return print === null ? [] : [{ ...print, turns, mirrored }];
    });
  });
}

/** How like a photo is to another laid in any way, or null where it is another picture. */
export function likeness(ways: ReturnType<typeof laidAllWays>, other: Fingerprint): Likeness | null {
  let best: Likeness | null = null;
  for (const way of ways) {
    const bits = ones(way.low ^ other.low) + ones(way.high ^ other.high);
    if (bits > MOST_BITS) continue;
    const { turns, mirrored } = way;
    const close = correlation(way.grey, other.grey);
    if (close >= LEAST_CORRELATION && close > (best?.correlation ?? -1))
      best = { bits, correlation: close, turns, mirrored };
  }
  return best;
}

function coarse(grey: Uint8Array): Float64Array {
  const rows = new Float64Array(GREY_SIDE * COARSE);
  for (let y = 0; y < GREY_SIDE; y++) {
    for (let u = 0; u < COARSE; u++) {
      let sum = 0;
      for (let x = 0; x < GREY_SIDE; x++) sum += grey[y * GREY_SIDE + x] * cosines[u * GREY_SIDE + x];
      rows[y * COARSE + u] = sum;
    }
  }
  const all = new Float64Array(COARSE * COARSE);
  for (let v = 0; v < COARSE; v++) {
    for (let u = 0; u < COARSE; u++) {
      for (let y = 0; y < GREY_SIDE; y++) all[v * COARSE + u] += rows[y * COARSE + u] * cosines[v * GREY_SIDE + y];
    }
  }
  return all;
}

function quarterTurn(grey: Uint8Array): Uint8Array {
  const turned = new Uint8Array(grey.length);
  const last = GREY_SIDE - 1;
  for (let y = 0; y < GREY_SIDE; y++) {
    for (let x = 0; x < GREY_SIDE; x++) turned[x * GREY_SIDE + (last - y)] = grey[y * GREY_SIDE + x];
  }
  return turned;
}

function mirror(grey: Uint8Array): Uint8Array {
  return grey.map((_, i) => grey[i - (i % GREY_SIDE) + (GREY_SIDE - 1 - (i % GREY_SIDE))]);
}

function correlation(a: Uint8Array, b: Uint8Array): number {
  const [meanA, meanB] = [mean(a), mean(b)];
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    const [da, db] = [a[i] - meanA, b[i] - meanB];
    ab += da * db;
    aa += da * da;
    bb += db * db;
  }
  return ab / Math.sqrt(aa * bb);
}

function contrast(grey: Uint8Array): number {
  const middle = mean(grey);
  return Math.sqrt(grey.reduce((sum, level) => sum + (level - middle) ** 2, 0) / grey.length);
}

function mean(grey: Uint8Array): number {
  return grey.reduce((sum, level) => sum + level, 0) / grey.length;
}

function ones(word: number): number {
  let left = word - ((word >>> 1) & 0x55555555);
  left = (left & 0x33333333) + ((left >>> 2) & 0x33333333);
  return (((left + (left >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24;
}
