import { chiSquareTailTable } from './chi-square.ts';
import { fitIrMad, irMadStatistic } from './irmad.ts';

/** One band's radiometric tie: before ≈ gain * after + offset on ground that did not change. */
export interface BandTie {
  gain: number;
  offset: number;
  /** Correlation on the pseudo-invariant pixels the tie was fitted on. */
  correlation: number;
  /** Root mean square error on the third of them that was held out, in the before image's numbers. */
  heldOutError: number;
  /** How the tie was found; 'spread' = the fit was poor and medians and spreads were matched instead. */
  by: 'pseudo-invariant' | 'spread' | 'ratio';
}

/** No-change probability a pixel must pass (Canty & Nielsen 2008). */
const invariantAbove = 0.95;
/** When too few pass: the best share, and never fewer than this many (METHODS §2). */
const fallbackShare = 0.005;
const fewest = 500;
/** A band correlating less than this on its own invariant pixels has no trustworthy regression. */
const poorCorrelation = 0.5;
/** Reflectances nearer than this, in every band, may be the same ground; wanted on this share of the scene. */
const nearlyEqualShare = 0.15;
const nearlyEqualLeast = 0.01;

/**
 * Radiometric normalisation on pseudo-invariant pixels: orthogonal regression per band through the
 * pixels IR-MAD holds unchanged (Canty & Nielsen 2008). Arrays are co-located samples, one per band.
 * Without samples the images are taken as they are.
 */
export function fitNormalisation(before: Float32Array[], after: Float32Array[], calibrated = false): BandTie[] {
  const invariant = invariantSamples(before, after, calibrated);
  return before.map((band, k) => tieBand(band, after[k], invariant));
}

/** Indices of the pixels most surely unchanged, ascending. */
function invariantSamples(before: Float32Array[], after: Float32Array[], calibrated: boolean): Uint32Array {
  const count = before[0].length;
  const fit = fitIrMad(before, after, calibrated ? nearlyEqual(before, after) : undefined);
  if (fit === null) return Uint32Array.from({ length: count }, (_, i) => i);
  const t = irMadStatistic(fit, before, after);
  const wanted = Math.min(count, Math.max(fewest, Math.round(fallbackShare * count)));
  const tail = chiSquareTailTable(fit.bands.length);
  const passing = indicesWhere(t, (value) => tail(value) > invariantAbove);
  if (passing.length >= wanted) return passing;
  const limit = Float32Array.from(t).sort()[wanted - 1];
  return indicesWhere(t, (value) => value <= limit);
}

/**
 * Where most of a scene changed alike (a harvest), IR-MAD takes the change for the rule. Between images of
 * reflectance it is started on the pixels that are nearly equal as they stand, which finds the stable ground.
 */
function nearlyEqual(before: Float32Array[], after: Float32Array[]): Float64Array | undefined {
  const weights = new Float64Array(before[0].length).fill(1);
  for (const [k, x] of before.entries()) {
    const y = after[k];
    for (let i = 0; i < x.length; i++) {
      if (Math.abs(x[i] - y[i]) > nearlyEqualShare * 0.5 * (x[i] + y[i])) weights[i] = 0.001;
    }
  }
  const equal = weights.reduce((sum, weight) => sum + (weight === 1 ? 1 : 0), 0);
  return equal >= nearlyEqualLeast * weights.length ? weights : undefined;
}

function indicesWhere(values: Float32Array, test: (value: number) => boolean): Uint32Array {
  const found: number[] = [];
  for (let i = 0; i < values.length; i++) if (test(values[i])) found.push(i);
  return Uint32Array.from(found);
}

function tieBand(before: Float32Array, after: Float32Array, invariant: Uint32Array): BandTie {
  if (invariant.length === 0) return { gain: 1, offset: 0, correlation: 0, heldOutError: 0, by: 'spread' };
  const fitOn = invariant.filter((_, i) => i % 3 !== 2);
  const heldOut = invariant.filter((_, i) => i % 3 === 2);
  const tie = orthogonalRegression(before, after, fitOn);
  const trusted = tie.correlation >= poorCorrelation && tie.gain > 0;
  const { gain, offset } = trusted ? tie : spreadMatch(before, after, invariant);
  let squares = 0;
  for (const i of heldOut) squares += (gain * after[i] + offset - before[i]) ** 2;
  const heldOutError = heldOut.length === 0 ? 0 : Math.sqrt(squares / heldOut.length);
  return { gain, offset, correlation: tie.correlation, heldOutError, by: trusted ? 'pseudo-invariant' : 'spread' };
}

/** Line through the means along the leading eigenvector e of the 2×2 covariance: slope e₂/e₁. */
function orthogonalRegression(y: Float32Array, x: Float32Array, at: Uint32Array) {
  let mx = 0;
  let my = 0;
  for (const i of at) {
    mx += x[i];
    my += y[i];
  }
  mx /= at.length;
  my /= at.length;
  let xx = 0;
  let yy = 0;
  let xy = 0;
  for (const i of at) {
    xx += (x[i] - mx) ** 2;
    yy += (y[i] - my) ** 2;
    xy += (x[i] - mx) * (y[i] - my);
  }
  if (xx === 0 || yy === 0) return { gain: 1, offset: my - mx, correlation: xx === yy ? 1 : 0 };
  const gain = (yy - xx + Math.sqrt((yy - xx) ** 2 + 4 * xy * xy)) / (2 * xy || 1e-12);
  return { gain, offset: my - gain * mx, correlation: xy / Math.sqrt(xx * yy) };
}

/** Same mean and standard deviation: the best that can be said where the regression says nothing. */
function spreadMatch(y: Float32Array, x: Float32Array, at: Uint32Array) {
  const moments = (v: Float32Array) => {
    let mean = 0;
    for (const i of at) mean += v[i];
    mean /= at.length;
    let variance = 0;
    for (const i of at) variance += (v[i] - mean) ** 2;
    return { mean, deviation: Math.sqrt(variance / at.length) };
  };
  const a = moments(y);
  const b = moments(x);
  const gain = b.deviation > 0 && a.deviation > 0 ? a.deviation / b.deviation : 1;
  return { gain, offset: a.mean - gain * b.mean };
}
