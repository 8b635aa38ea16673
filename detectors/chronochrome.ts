import { covariance, independentBands, weightedMeans } from './covariance.ts';
import type { PairWindow } from './features.ts';
import { cholesky, invertLower, type Matrix, multiply, transpose } from './matrix.ts';
import { pooled, spread, thinned } from './sample.ts';
import { type Kinds, kindsOf, nearestKind } from './strata.ts';

/**
 * Chronochrome (Schaum & Stocker 1997) by kinds of ground: per kind, a regression foretells the after image from the
 * before image, and the score is how far the ground is from that. A season that changes all woods alike, and all
 * fields in their many ways, is foretold. Plain arrays, since it travels as JSON.
 */
export interface Chronochrome {
  /** Indices of the bands compared, p of them. */
  bands: number[];
  /** Spread of each band of the before image: everything below is in these units, before and after. */
  scale: number[];
  kinds: Kinds;
  /** One per kind. */
  laws: Law[];
}

/** How one kind of ground goes over into the after image. */
interface Law {
  meanBefore: number[];
  meanAfter: number[];
  /** p × p, row = band of after, column = band of before. */
  regression: number[];
  /** Lower-triangular whitenings of the before image and of what the regression leaves. */
  whitenBefore: number[];
  whitenRest: number[];
}

const mostKinds = 12;
const fewestPixels = 250;
const rounds = 5;
/** Share of a kind kept at each trimming round: change is to have no say in what is foretold. */
const keptShare = 0.9;
/** Shrinkage of covariances to their diagonal, and rounding, as a share of a band's spread. */
const shrinkage = 0.1;
const rounding = 0.01;
/** Steadies the regression where bands are nearly alike. */
const ridge = 1e-4;
/**
 * Degrees of freedom of Student's t instead of a Gaussian (elliptically contoured change detection, Theiler et al.
 * 2010): where the before image is itself unlike its kind (the rim of a cloud), little is foretold, and little is said.
 */
const freedom = 4;

/** Fits on tied windows, smoothed beforehand. Null where nothing varies or too little was observed. */
export function fitChronochrome(windows: PairWindow[]): Chronochrome | null {
  const before = pooled(windows, (window) => window.before).map(thinned);
  const after = pooled(windows, (window) => window.after).map(thinned);
  const bands = before[0].length === 0 ? [] : independentBands(before, after);
  if (bands.length === 0 || before[0].length < fewestPixels) return null;
  const scale = bands.map((band) => spread(before[band]) || 1);
  const scaled = (all: Float32Array[]) => bands.map((band, k) => all[band].map((value) => value / scale[k]));
  const x = scaled(before);
  const y = scaled(after);
  const kinds = kindsOf(x, mostKinds, fewestPixels);
  const members = Array.from({ length: kinds.count }, () => [] as number[]);
  for (let i = 0; i < x[0].length; i++) members[nearestKind(kinds, x, i)].push(i);
  const laws: Law[] = [];
  for (const member of members) {
    const pick = (values: Float32Array) => Float32Array.from(member, (i) => values[i]);
    const law = fitLaw(x.map(pick), y.map(pick));
    if (law === null) return null;
    laws.push(law);
  }
  return { bands, scale, kinds, laws };
}

/** Distance of each pixel from what its kind of ground foretells; larger = more change. Expects a smoothed window. */
export function chronochromeScore(fit: Chronochrome, window: PairWindow): Float32Array {
  const scaled = (all: Float32Array[]) =>
    fit.bands.map((band, k) => {
      const factor = 1 / fit.scale[k];
      return all[band].map((value) => value * factor);
    });
  const x = scaled(window.before);
  const y = scaled(window.after);
  const score = new Float32Array(window.mask.length);
  const work = new Float64Array(2 * fit.bands.length);
  for (let i = 0; i < score.length; i++) {
    if (window.mask[i]) score[i] = Math.sqrt(squaredDistance(fit.laws[nearestKind(fit.kinds, x, i)], x, y, i, work));
  }
  return score;
}

function fitLaw(x: Float32Array[], y: Float32Array[]): Law | null {
  const p = x.length;
  const count = x[0].length;
  const weights = new Float64Array(count).fill(1);
  const distance = new Float32Array(count);
  const work = new Float64Array(2 * p);
  let law: Law | null = null;
  for (let round = 0; round < rounds; round++) {
    law = weightedLaw(x, y, weights, law);
    if (law === null) return null;
    for (let i = 0; i < count; i++) distance[i] = squaredDistance(law, x, y, i, work);
    const limit = distance.slice().sort()[Math.floor(keptShare * (count - 1))];
    for (let i = 0; i < count; i++) weights[i] = distance[i] <= limit ? 1 : 0;
  }
  return law;
}

/** Regression and whitenings over the weighted samples; what is left is weighted by the law of the round before. */
function weightedLaw(x: Float32Array[], y: Float32Array[], weights: Float64Array, last: Law | null): Law | null {
  const p = x.length;
  const meanBefore = weightedMeans(x, weights);
  const meanAfter = weightedMeans(y, weights);
  const sxx = covariance(x, x, meanBefore, meanBefore, weights);
  const syx = covariance(y, x, meanAfter, meanBefore, weights);
  const steadied = sxx.map((value, i) => (i % (p + 1) === 0 ? value * (1 + ridge) + ridge ** 2 : value));
  const l = cholesky(steadied, p);
  const whitenBefore = whitening(sxx, p);
  if (l === null || whitenBefore === null) return null;
  const inverse = invertLower(l, p);
  const regression = multiply(multiply(syx, transpose(inverse, p), p), inverse, p);
  const law = {
    meanBefore: [...meanBefore],
    meanAfter: [...meanAfter],
    regression: [...regression],
    whitenBefore: [...whitenBefore],
  };
  const rest = restOf(law, x, y);
  const zero = new Float64Array(p);
  const reliability = last === null ? weights : weights.map((weight, i) => weight * trust(law, x, i));
  const whitenRest = whitening(covariance(rest, rest, zero, zero, reliability), p);
  return whitenRest === null ? null : { ...law, whitenRest: [...whitenRest] };
}

function restOf({ meanBefore, meanAfter, regression }: Omit<Law, 'whitenRest'>, x: Float32Array[], y: Float32Array[]) {
  const p = x.length;
  return y.map((band, r) => {
    const rest = new Float32Array(band.length);
    for (let i = 0; i < rest.length; i++) {
      let sum = band[i] - meanAfter[r];
      for (let c = 0; c < p; c++) sum -= regression[r * p + c] * (x[c][i] - meanBefore[c]);
      rest[i] = sum;
    }
    return rest;
  });
}

/** (ν + p) / (ν + d²), d² = how unlike its kind the before image is. */
function trust(law: Omit<Law, 'whitenRest'>, x: Float32Array[], i: number): number {
  const p = x.length;
  let squares = 0;
  for (let r = 0; r < p; r++) {
    let sum = 0;
    for (let c = 0; c <= r; c++) sum += law.whitenBefore[r * p + c] * (x[c][i] - law.meanBefore[c]);
    squares += sum * sum;
  }
  return (freedom + p) / (freedom + squares);
}

/** `work` holds 2 p numbers, so that nothing is allocated per pixel. */
function squaredDistance(law: Law, x: Float32Array[], y: Float32Array[], i: number, work: Float64Array): number {
  const p = x.length;
  for (let c = 0; c < p; c++) work[c] = x[c][i] - law.meanBefore[c];
  let unlike = 0;
  for (let r = 0; r < p; r++) {
    let sum = y[r][i] - law.meanAfter[r];
    let own = 0;
    for (let c = 0; c < p; c++) sum -= law.regression[r * p + c] * work[c];
    for (let c = 0; c <= r; c++) own += law.whitenBefore[r * p + c] * work[c];
    work[p + r] = sum;
    unlike += own * own;
  }
  let squares = 0;
  for (let r = 0; r < p; r++) {
    let sum = 0;
    for (let c = 0; c <= r; c++) sum += law.whitenRest[r * p + c] * work[p + c];
    squares += sum * sum;
  }
  return (squares * (freedom + p)) / (freedom + unlike);
}

function whitening(matrix: Matrix, p: number): Matrix | null {
  const shrunk = matrix.map((value, i) => (i % (p + 1) === 0 ? value + rounding ** 2 : value * (1 - shrinkage)));
  const l = cholesky(shrunk, p);
  return l && invertLower(l, p);
}
