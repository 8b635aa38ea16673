import { fitWhitening, squaredDistances, type Whitening } from './distance.ts';
import { type ChangeFeatures, changeFeatures, type PairWindow, type VegetationBands } from './features.ts';
import { fitIrMad, type IrMad, irMadStatistic } from './irmad.ts';
import { type BandTie, fitNormalisation } from './normalisation.ts';
import { boxMaximum } from './smoothing.ts';
import { chooseThreshold, type Threshold } from './threshold.ts';

/** Part of every finding. Raise it when the same input would give another result. */
export const detectorVersion = 'two-date/4';

export const methods = ['cva', 'irmad'] as const;
export type Method = (typeof methods)[number];

/**
 * Everything global that scoring one window of a pair needs, fitted once on a sample of the pair.
 * Plain data: it travels to worker threads and into the evidence.
 */
export interface ChangeModel {
  method: Method;
  /** after · gain + offset = before's radiometry, per band. */
  ties: BandTie[];
  threshold: Threshold;
  vegetation: VegetationBands | null;
  centres: number[];
  spectral: Whitening | null;
  texture: Whitening | null;
  irmad: IrMad | null;
}

const mostFitted = 40_000;
/** Texture counts half: it adds edges that came or went, and must not drown the colours. */
const textureWeight = 0.5;
/** Differences under this share of a band's own spread over the scene are rounding, never change. */
const roundingShare = 0.003;
/** A pixel that ends fully green loses this share of its score: what is sought is land taken. */
const greenDiscount = 0.5;

/**
 * Fits the model on sample windows (before and after in their own radiometry). Pure and deterministic.
 * Throws nothing: a pair in which nothing varies gives a model that scores 0 everywhere.
 * @param calibrated both images are reflectance, so that unchanged ground has nearly equal numbers
 */
export function fitChangeModel(
  sample: PairWindow[],
  method: Method,
  vegetation: VegetationBands | null,
  calibrated = false,
): ChangeModel {
  const ties = fitTies(sample, calibrated);
  const centres = pooled(sample, (window) => window.before)
    .map(thinned)
    .map(mean);
  const base = { method, ties, vegetation, centres, spectral: null, texture: null, irmad: null };
  const tied = sample.map((window) => applyTies(window, ties));
  const { model, scores } = method === 'irmad' ? irMadModel(base, tied) : cvaModel(base, tied);
  const observed = scores.map((score, i) => observedOnly(score, tied[i].mask));
  return { ...model, threshold: chooseThreshold(concatenate(observed)) };
}

/** The radiometric ties alone, for those who judge the tied pair by other means. */
export function fitTies(sample: PairWindow[], calibrated: boolean): BandTie[] {
  const before = pooled(sample, (window) => window.before).map(thinned);
  const after = pooled(sample, (window) => window.after).map(thinned);
  return fitNormalisation(before, after, calibrated);
}

/** Change score per pixel of one window (after in its own radiometry), larger = more change, NaN = unobserved. */
export function scoreWindow(model: ChangeModel, window: PairWindow): Float32Array {
  return scoreTied(model, applyTies(window, model.ties));
}

/** A pixel whose own difference is less than this share of the strongest score near it is only that one's blur. */
const blurShare = 0.18;
/** How far smoothing and texture reach beyond an edge. */
const blurPx = 2;

/**
 * 1 where a score comes from a much stronger neighbour, reached by smoothing and texture, not from the pixel
 * itself: outlines would be two pixels too fat. `tied` is the window whose `score` it is.
 */
export function blurOfNeighbours(model: ChangeModel, tied: PairWindow, score: Float32Array): Uint8Array {
  const blurred = new Uint8Array(score.length);
  if (model.spectral === null) return blurred;
  const own = squaredDistances(
    model.spectral,
    tied.before.map((band, k) => tied.after[k].map((value, i) => value - band[i])),
  );
  const strongest = boxMaximum(score, tied.width, blurPx);
  for (let i = 0; i < blurred.length; i++) if (own[i] < (blurShare * strongest[i]) ** 2) blurred[i] = 1;
  return blurred;
}

/** The window with its after image brought to the before image's radiometry. */
export function applyTies(window: PairWindow, ties: BandTie[]): PairWindow {
  const after = window.after.map((band, k) => {
    const { gain, offset } = ties[k];
    const tied = new Float32Array(band.length);
    for (let i = 0; i < tied.length; i++) tied[i] = gain * band[i] + offset;
    return tied;
  });
  return { ...window, after };
}

type Unfinished = Omit<ChangeModel, 'threshold'>;

/** A model and the scores it gives its own sample. */
interface Fitted {
  model: Unfinished;
  scores: Float32Array[];
}

function cvaModel(base: Unfinished, tied: PairWindow[]): Fitted {
  const before = pooled(tied, (window) => window.before).map(thinned);
  const leastDeviation = before.map((band) => roundingShare * spread(band));
  const features = tied.map((window) => changeFeatures(window, base.centres, base.vegetation));
  const gather = (pick: (f: ChangeFeatures) => Float32Array[]) =>
    base.centres.map((_, band) =>
      thinned(concatenate(features.map((feature, i) => observedOnly(pick(feature)[band], tied[i].mask)))),
    );
  const spectral = fitWhitening(
    gather((feature) => feature.difference),
    leastDeviation,
  );
  const texture = fitWhitening(
    gather((feature) => feature.texture),
    leastDeviation,
  );
  const model = { ...base, spectral, texture };
  return { model, scores: features.map((feature) => cvaScore(model, feature)) };
}

function irMadModel(base: Unfinished, tied: PairWindow[]): Fitted {
  const before = pooled(tied, (window) => window.before).map(thinned);
  const after = pooled(tied, (window) => window.after).map(thinned);
  const model = { ...base, irmad: fitIrMad(before, after) };
  return { model, scores: tied.map((window) => irMadScore(model, window)) };
}

function scoreTied(model: ChangeModel, window: PairWindow): Float32Array {
  const score =
    model.method === 'irmad'
      ? irMadScore(model, window)
      : cvaScore(model, changeFeatures(window, model.centres, model.vegetation));
  for (let i = 0; i < score.length; i++) if (!window.mask[i]) score[i] = Number.NaN;
  return score;
}

function irMadScore({ irmad }: Unfinished, window: PairWindow): Float32Array {
  if (irmad === null) return new Float32Array(window.mask.length);
  const score = irMadStatistic(irmad, window.before, window.after);
  for (let i = 0; i < score.length; i++) score[i] = Math.sqrt(score[i]);
  return score;
}

/** √(spectral distance² + ½ texture distance²), discounted where the ground ended green. */
function cvaScore(model: Unfinished, { difference, texture, greenAfter: green }: ChangeFeatures): Float32Array {
  if (model.spectral === null) return new Float32Array(difference[0].length);
  const score = squaredDistances(model.spectral, difference);
  const edges = model.texture && squaredDistances(model.texture, texture);
  for (let i = 0; i < score.length; i++) {
    const distance = Math.sqrt(score[i] + (edges ? textureWeight * edges[i] : 0));
    score[i] = green ? distance * (1 - greenDiscount * green[i]) : distance;
  }
  return score;
}

function pooled(sample: PairWindow[], bands: (window: PairWindow) => Float32Array[]): Float32Array[] {
  return bands(sample[0]).map((_, band) =>
    concatenate(sample.map((window) => observedOnly(bands(window)[band], window.mask))),
  );
}

function observedOnly(values: Float32Array, mask: Uint8Array): Float32Array {
  const observed = new Float32Array(values.length);
  let n = 0;
  for (let i = 0; i < values.length; i++) if (mask[i]) observed[n++] = values[i];
  return observed.subarray(0, n);
}

function concatenate(parts: Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** Every n-th value, so that iterated fits see at most `mostFitted`: covariances settle long before. */
function thinned(values: Float32Array): Float32Array {
  const step = Math.ceil(values.length / mostFitted);
  if (step <= 1) return values;
  const thin = new Float32Array(Math.ceil(values.length / step));
  for (let i = 0; i < thin.length; i++) thin[i] = values[i * step];
  return thin;
}

function mean(values: Float32Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return values.length === 0 ? 0 : sum / values.length;
}

/** Standard deviation told from the quartiles: saturated roofs and clouds must not widen it. */
function spread(values: Float32Array): number {
  if (values.length === 0) return 0;
  const sorted = values.slice().sort();
  const quartile = (quarters: number) => sorted[(sorted.length * quarters) >> 2];
  return (quartile(3) - quartile(1)) / 1.349;
}
