import { type ComplexSquare, transformBackward, transformForward } from './fourier.ts';
import { type Peak, refinedPeak } from './sub-pixel-peak.ts';

/**
 * Displacement of one image against another, in pixels, dx right and dy down:
 *
 *   after(x + dx, y + dy) ≈ before(x, y)
 *
 * so resample(after, grid of before, method, { dx, dy }) lays `after` on `before`.
 */
export interface TieShift {
  dx: number;
  dy: number;
  /** 1 − (mean + 2 deviations of the correlation away from the peak) / peak (Scheffler et al. 2017), 0–1. */
  reliability: number;
}

/** The shift of a whole pair, from many ties. */
export interface PairShift {
  dx: number;
  dy: number;
  /** Root mean square distance of the used ties from the shift: what one shift for all leaves uncorrected. */
  residualPx: number;
  tieCount: number;
  usedCount: number;
}

const registrationParameters = {
  /** Greatest shift looked for (AROSICS default, METHODS §1). */
  maxShiftPx: 5,
  /**
   * Cycles per pixel up to which the spectra are compared. Above it lie noise and aliasing, which sit still
   * while the scene moves: with 0.5, planted shifts were recovered 1.5–2 times worse (0.2–0.6 of parcels changed).
   */
  passBand: 0.35,
  /**
   * R = F_b·conj(F_a) / |·|^whitening. Full whitening (1) gives weak frequencies as much say as strong ones:
   * 0.8 halved the error on planted shifts with 60–90 % of parcels changed and cost nothing on easy ones.
   */
  whitening: 0.8,
  /** Steps per pixel of the matrix transform around the peak (METHODS §1). */
  upsampling: 20,
  /** Half the width of the square searched with upsampled steps, in pixels. */
  refinedHalfWidthPx: 0.75,
  /** Ties below count as no evidence: unrelated noise stays under 0.6, right ties on real pairs reach 0.8–0.99. */
  minReliability: 0.75,
  /** Fewer agreeing ties than this say nothing about a pair. */
  minTies: 4,
  /** A tie further from the median than this many robust deviations is an outlier. */
  outlierDeviations: 3,
  /** The robust deviation is taken as at least this much: the error of a good tie. */
  leastDeviationPx: 0.1,
};

/**
 * The shift between two tie-tile images (see tieTileImage), size × size values each, by phase correlation.
 * Reliability is 0 where the correlation has no peak within maxShiftPx.
 * @param size a power of two
 */
export function tieShift(
  before: Float32Array,
  after: Float32Array,
  size: number,
  maxShiftPx = registrationParameters.maxShiftPx,
): TieShift {
  const spectrum = phaseSpectrum(before, after, size);
  const surface: ComplexSquare = { size, re: spectrum.re.slice(), im: spectrum.im.slice() };
  transformBackward(surface);
  const peak = coarsePeak(surface.re, size, maxShiftPx);
  if (peak === null) return { dx: 0, dy: 0, reliability: 0 };
  const { x, y } = refinedPeak(spectrum, peak, registrationParameters);
  return { dx: x, dy: y, reliability: reliabilityOf(surface.re, size, peak) };
}

/**
 * R(k) = F_after(k)·conj(F_before(k)) / |·|^whitening within the pass band, transposed as the transform leaves it.
 * Both images are real, so one transform of before + i·after carries both:
 * F_before(k) = (Z(k) + conj Z(−k)) / 2, F_after(k) = (Z(k) − conj Z(−k)) / 2i.
 */
function phaseSpectrum(before: Float32Array, after: Float32Array, size: number): ComplexSquare {
  const z: ComplexSquare = { size, re: windowed(before, size), im: windowed(after, size) };
  transformForward(z);
  const re = new Float64Array(size * size);
  const im = new Float64Array(size * size);
  const { passBand, whitening } = registrationParameters;
  for (let kx = 0; kx < size; kx++) {
    for (let ky = 0; ky < size; ky++) {
      if (signed(kx, size) ** 2 + signed(ky, size) ** 2 > (passBand * size) ** 2) continue;
      const k = kx * size + ky;
      const opposite = ((size - kx) % size) * size + ((size - ky) % size);
      const beforeRe = z.re[k] + z.re[opposite];
      const beforeIm = z.im[k] - z.im[opposite];
      const afterRe = z.im[k] + z.im[opposite];
      const afterIm = z.re[opposite] - z.re[k];
      const crossRe = afterRe * beforeRe + afterIm * beforeIm;
      const crossIm = afterIm * beforeRe - afterRe * beforeIm;
      const magnitude = (crossRe * crossRe + crossIm * crossIm) ** (whitening / 2);
      if (magnitude === 0) continue;
      re[k] = crossRe / magnitude;
      im[k] = crossIm / magnitude;
    }
  }
  return { size, re, im };
}

/** The image less its mean under a Hann window, which takes away the seam between opposite edges. */
function windowed(image: Float32Array, size: number): Float64Array {
  let sum = 0;
  for (let k = 0; k < image.length; k++) sum += image[k];
  const mean = sum / image.length;
  const hann = Float64Array.from({ length: size }, (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * (i + 0.5)) / size));
  const faded = new Float64Array(image.length);
  for (let y = 0, k = 0; y < size; y++) {
    for (let x = 0; x < size; x++, k++) faded[k] = (image[k] - mean) * hann[x] * hann[y];
  }
  return faded;
}

/** Frequency or displacement of a cyclic index: 0 … size − 1 → −size / 2 … size / 2. */
function signed(index: number, size: number): number {
  return index <= size / 2 ? index : index - size;
}

/**
 * The whole-pixel displacement where the correlation is highest, or null where that is beyond the limit: the
 * highest within it would be a side lobe.
 */
function coarsePeak(surface: Float64Array, size: number, maxShiftPx: number): Peak | null {
  let best = 0;
  let at = -1;
  for (let k = 0; k < surface.length; k++) {
    if (surface[k] <= best) continue;
    best = surface[k];
    at = k;
  }
  if (at < 0) return null;
  const peak = { x: signed(at % size, size), y: signed(Math.floor(at / size), size) };
  return Math.abs(peak.x) <= maxShiftPx && Math.abs(peak.y) <= maxShiftPx ? peak : null;
}

/** How far the peak stands above everything further than 4 px from it. */
function reliabilityOf(surface: Float64Array, size: number, peak: Peak): number {
  let count = 0;
  let sum = 0;
  let squares = 0;
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const dx = Math.abs(signed((x - peak.x + size) % size, size));
      const dy = Math.abs(signed((y - peak.y + size) % size, size));
      if (dx <= 4 && dy <= 4) continue;
      const value = surface[y * size + x];
      count++;
      sum += value;
      squares += value * value;
    }
  }
  const mean = sum / count;
  const deviation = Math.sqrt(Math.max(0, squares / count - mean * mean));
  const height = surface[((peak.y + size) % size) * size + ((peak.x + size) % size)];
  return Math.min(1, Math.max(0, 1 - (mean + 2 * deviation) / height));
}

/**
 * One shift for the pair: the mean of the reliable ties that lie near their median. Null when fewer than
 * minTies agree: nothing is known, which is not the same as no shift. Ties that are reliable and contradict
 * each other show as a large residual.
 */
export function robustShift(ties: readonly TieShift[]): PairShift | null {
  const { minReliability, minTies, outlierDeviations, leastDeviationPx } = registrationParameters;
  const reliable = ties.filter((tie) => tie.reliability >= minReliability);
  if (reliable.length < minTies) return null;
  const middle = { dx: median(reliable.map((tie) => tie.dx)), dy: median(reliable.map((tie) => tie.dy)) };
  const distances = reliable.map((tie) => distance(tie, middle));
  const limit = outlierDeviations * Math.max(leastDeviationPx, median(distances));
  const used = reliable.filter((_, i) => distances[i] <= limit);
  if (used.length < minTies) return null;
  const dx = used.reduce((sum, tie) => sum + tie.dx, 0) / used.length;
  const dy = used.reduce((sum, tie) => sum + tie.dy, 0) / used.length;
  const squares = used.reduce((sum, tie) => sum + distance(tie, { dx, dy }) ** 2, 0);
  return { dx, dy, residualPx: Math.sqrt(squares / used.length), tieCount: ties.length, usedCount: used.length };
}

function distance(a: { dx: number; dy: number }, b: { dx: number; dy: number }): number {
  return Math.hypot(a.dx - b.dx, a.dy - b.dy);
}

function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}
