import type { BandRole } from '../imagery/scene.ts';
import { type Chronochrome, chronochromeScore, fitChronochrome } from './chronochrome.ts';
import { fitWhitening, squaredDistances, type Whitening } from './distance.ts';
import {
  type ChangeFeatures,
  changeFeatures,
  featureMarginPx,
  type PairWindow,
  type VegetationBands,
} from './features.ts';
import { fitIndexRule, type IndexName, type IndexRule, indexNames, indexScore } from './index-rules.ts';
import { fitIrMad, type IrMad, irMadStatistic } from './irmad.ts';
import { fitIsfa, type Isfa, isfaStatistic } from './isfa.ts';
import {
  fitLogRatio,
  type LogRatio,
  leastLogRatioThreshold,
  logRatioMarginPx,
  logRatioScore,
  ratioTies,
} from './log-ratio.ts';
import { type BandTie, fitNormalisation } from './normalisation.ts';
import { blockMarginPx, fitPcaKMeans, type PcaKMeans, pcaKMeansScore } from './pca-kmeans.ts';
import { concatenate, mean, observedOnly, pooled, spread, thinned, thinnedTo } from './sample.ts';
import { smoothedWindow, smoothingMarginPx } from './smoothed-window.ts';
import { boxMaximum } from './smoothing.ts';
import { chooseThreshold, type ScoreKind, type Threshold, type ThresholdRule } from './threshold.ts';

/** Part of every finding. Raise it when the same input would give another result. */
export const detectorVersion = 'two-date/5';

/** Scores for any pair. Beside them stand the index rules, which want bands of certain roles. */
export const methods = ['cva', 'irmad', 'isfa', 'pca-kmeans', 'chronochrome', 'log-ratio'] as const;
export const indexMethods = indexNames.map((name) => `index:${name}` as const);
export type Method = (typeof methods)[number] | `index:${IndexName}`;

/** Gaussian, σ = 1 px. CVA smooths its differences, the other scores both images. */
export const smoothings = ['none', 'gaussian'] as const;
export type Smoothing = (typeof smoothings)[number];

/**
 * Everything global that scoring one window of a pair needs, fitted once on a sample of the pair.
 * Plain data: it travels to worker threads and into the evidence. Parts that the method does not use are null.
 */
export interface ChangeModel {
  method: Method;
  smoothing: Smoothing;
  /** after · gain + offset = before's radiometry, per band. */
  ties: BandTie[];
  threshold: Threshold;
  vegetation: VegetationBands | null;
  centres: number[];
  spectral: Whitening | null;
  texture: Whitening | null;
  irmad: IrMad | null;
  isfa: Isfa | null;
  pcaKMeans: PcaKMeans | null;
  chronochrome: Chronochrome | null;
  logRatio: LogRatio | null;
  index: IndexRule | null;
}

export interface FitOptions {
  /** Where they were fitted before, by fitTies for the same method. */
  ties?: BandTie[];
  threshold?: ThresholdRule | undefined;
  /** Default: what the method is at its best with. */
  smoothing?: Smoothing | undefined;
  /** What the bands show; the index rules want it. */
  roles?: readonly BandRole[];
}

/** Kinds of ground are no Gaussians: their tails reach further than those of noise. */
const chronochromeGuard = 4.5;
/** What ties and whitenings are fitted on: the same to a hundredth of κ as with three times as many. */
const fewer = thinnedTo(16_000);
/** Texture counts half: it adds edges that came or went, and must not drown the colours. */
export const textureWeight = 0.5;
/** Differences under this share of a band's own spread over the scene are rounding, never change. */
const roundingShare = 0.003;
/** A pixel that ends fully green loses this share of its score: what is sought is land taken. */
export const greenDiscount = 0.5;

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
  options: FitOptions = {},
): ChangeModel {
  const ties = options.ties ?? fitTies(sample, calibrated, method);
  const centres = pooled(sample, (window) => window.before)
    .map(fewer)
    .map(mean);
  const smoothing = options.smoothing ?? (method === 'cva' || method === 'chronochrome' ? 'gaussian' : 'none');
  const unused = {
    spectral: null,
    texture: null,
    irmad: null,
    isfa: null,
    pcaKMeans: null,
    chronochrome: null,
    logRatio: null,
    index: null,
  };
  const base: Unfinished = { method, smoothing, ties, vegetation, centres, ...unused };
  const tied = sample.map((window) => applyTies(window, ties));
  const { model, scores } = method === 'cva' ? cvaModel(base, tied) : otherModel(base, tied, options.roles ?? []);
  const observed = scores.map((score, i) => observedOnly(score, tied[i].mask));
  return { ...model, threshold: chooseThreshold(concatenate(observed), options.threshold, scoreKind(model)) };
}

/** The radiometric ties alone, for those who judge the tied pair by other means. */
export function fitTies(sample: PairWindow[], calibrated: boolean, method: Method = 'cva'): BandTie[] {
  // One factor from grains of speckle wants more of them than a line through unchanged ground.
  const thin = method === 'log-ratio' ? thinned : fewer;
  const before = pooled(sample, (window) => window.before).map(thin);
  const after = pooled(sample, (window) => window.after).map(thin);
  return method === 'log-ratio' ? ratioTies(before, after) : fitNormalisation(before, after, calibrated);
}

/** Pixels of context round a window for scores inside that do not depend on where it was cut. */
export function scoreMarginPx(method: Method): number {
  if (method === 'cva') return featureMarginPx;
  if (method === 'log-ratio') return logRatioMarginPx;
  return smoothingMarginPx + blockMarginPx;
}

/** Change score per pixel of one window (after in its own radiometry), larger = more change, NaN = unobserved. */
export function scoreWindow(model: ChangeModel, window: PairWindow): Float32Array {
  return scoreTied(model, applyTies(window, model.ties));
}

/** A pixel whose own difference is less than this share of the strongest score near it is only that one's blur. */
export const blurShare = 0.18;
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
  const before = pooled(tied, (window) => window.before).map(fewer);
  const leastDeviation = before.map((band) => roundingShare * spread(band));
  const features = tied.map((window) => featuresOf(base, window));
  const gather = (pick: (f: ChangeFeatures) => Float32Array[]) =>
    base.centres.map((_, band) =>
      fewer(concatenate(features.map((feature, i) => observedOnly(pick(feature)[band], tied[i].mask)))),
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

/** What a window's CVA score is made of; unsmoothed, each pixel's difference is its own. */
function featuresOf(model: Unfinished, tied: PairWindow): ChangeFeatures {
  const features = changeFeatures(tied, model.centres, model.vegetation);
  if (model.smoothing === 'gaussian') return features;
  const difference = tied.before.map((band, k) => tied.after[k].map((value, i) => value - band[i]));
  return { ...features, difference };
}

function otherModel(base: Unfinished, tied: PairWindow[], roles: readonly BandRole[]): Fitted {
  const windows = tied.map((window) => smoothedAs(base, window));
  const before = pooled(windows, (window) => window.before).map(thinned);
  const after = pooled(windows, (window) => window.after).map(thinned);
  const { method } = base;
  const model: Unfinished = {
    ...base,
    ...(method === 'irmad' && { irmad: fitIrMad(before, after) }),
    ...(method === 'isfa' && { isfa: fitIsfa(before, after) }),
    ...(method === 'pca-kmeans' && { pcaKMeans: fitPcaKMeans(windows) }),
    ...(method === 'chronochrome' && { chronochrome: fitChronochrome(windows) }),
    ...(method === 'log-ratio' && { logRatio: fitLogRatio(windows) }),
    ...(method.startsWith('index:') && { index: fitIndexRule(windows, method.slice(6) as IndexName, roles) }),
  };
  return { model, scores: windows.map((window) => otherScore(model, window)) };
}

function scoreKind({ method, irmad, isfa, pcaKMeans }: Unfinished): ScoreKind {
  if (method === 'log-ratio') return { first: '2means', least: leastLogRatioThreshold };
  if (method === 'chronochrome') return { first: 'ki', least: 1, guardDeviations: chronochromeGuard };
  const degrees = irmad?.bands.length ?? isfa?.bands.length ?? (method.startsWith('index:') ? 1 : null);
  return {
    first: 'ki',
    least: 1,
    ...(degrees !== null && { degrees }),
    ...(pcaKMeans?.boundary && { boundary: pcaKMeans.boundary }),
  };
}

function scoreTied(model: ChangeModel, window: PairWindow): Float32Array {
  const score =
    model.method === 'cva' ? cvaScore(model, featuresOf(model, window)) : otherScore(model, smoothedAs(model, window));
  for (let i = 0; i < score.length; i++) if (!window.mask[i]) score[i] = Number.NaN;
  return score;
}

function smoothedAs({ smoothing }: Unfinished, window: PairWindow): PairWindow {
  return smoothing === 'gaussian' ? smoothedWindow(window) : window;
}

/** The score of any method but CVA; 0 throughout where nothing could be fitted. */
function otherScore(
  { irmad, isfa, pcaKMeans, chronochrome, logRatio, index }: Unfinished,
  window: PairWindow,
): Float32Array {
  if (irmad) return roots(irMadStatistic(irmad, window.before, window.after));
  if (isfa) return roots(isfaStatistic(isfa, window.before, window.after));
  if (pcaKMeans) return pcaKMeansScore(pcaKMeans, window);
  if (chronochrome) return chronochromeScore(chronochrome, window);
  if (logRatio) return logRatioScore(logRatio, window);
  if (index) return indexScore(index, window);
  return new Float32Array(window.mask.length);
}

function roots(squares: Float32Array): Float32Array {
  for (let i = 0; i < squares.length; i++) squares[i] = Math.sqrt(squares[i]);
  return squares;
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
