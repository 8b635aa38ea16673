import { falseDiscoveryThreshold, fitEmpiricalNull } from './empirical-null.ts';
import { histogramOf, kittlerIllingworth, otsu, twoMeans } from './histogram-threshold.ts';

/** How the changed are told from the unchanged, and what each rule proposed. */
export interface Threshold {
  value: number;
  chosen:
    | 'kittler-illingworth'
    | 'two-means'
    | 'k-means'
    | 'otsu'
    | 'fixed'
    | 'false-discovery'
    | 'null-guard'
    | 'none';
  kittlerIllingworth: number | null;
  twoMeans: number | null;
  otsu: number | null;
  /** Below this even the noise of unchanged ground reaches. */
  nullGuard: number;
  /** Share of the sample above `value`. */
  changedShare: number;
  /** More than half of the sample seems changed: nothing that was told from unchanged ground can be trusted. */
  mostlyChanged: boolean;
}

/**
 * `auto` is guarded: a rule's proposal is taken where it is believable. `ki` (Kittler-Illingworth), `2means` and
 * `otsu` are taken as they come. `fdr:Q`: the share of false among the flagged is to be at most Q, by the
 * empirical null.
 */
export type ThresholdRule = 'auto' | 'ki' | '2means' | 'otsu' | `fixed:${number}` | `fdr:${number}`;

/** The rule that a text names, or null: `fixed` wants a number ≥ 0, `fdr` one between 0 and 1. */
export function thresholdRule(text: string): ThresholdRule | null {
  if (text === 'auto' || text === 'ki' || text === '2means' || text === 'otsu') return text;
  const [, name, number] = /^(fixed|fdr):(\d*\.?\d+(?:e-?\d+)?)$/.exec(text) ?? [];
  const value = Number(number);
  if (name === 'fixed' && Number.isFinite(value)) return `fixed:${value}`;
  if (name === 'fdr' && value > 0 && value < 1) return `fdr:${value}`;
  return null;
}

/** What a method's scores need to be judged. */
export interface ScoreKind {
  /** The rule that `auto` asks first. */
  first: 'ki' | '2means';
  /** No threshold of `auto` lies below: there lie rounding and what flattening leaves of noise. */
  least: number;
  /** Robust deviations above the median that unchanged ground may reach; default 2.6, about 1 in 200 of noise. */
  guardDeviations?: number;
  /** Degrees of freedom of score² on unchanged ground, where the method knows them. */
  degrees?: number;
  /** Where the method itself parts the two classes: `auto` asks that first. */
  boundary?: number;
}

const usualKind: ScoreKind = { first: 'ki', least: 1 };

/** Scores above this quantile are clipped: a few blazing pixels must not stretch the histogram. */
const clipQuantile = 0.999;
const usualGuard = 2.6;
/** Kittler-Illingworth can settle inside the unchanged body; more than this share changed is not believed. */
const mostChanged = 0.4;
/**
 * Two means part a single half-normal body where the upper mean is 3.4 times the lower. Centres further apart are
 * two bodies, and then their own noise is no measure of how far the lower one reaches.
 */
const partedBodies = 3.8;

/**
 * The threshold of a sample of scores (NaN left out) by `rule`. `auto` is Kittler-Illingworth's minimum error,
 * 2-means where that finds no valley or calls too much changed (or the other way round, see ScoreKind), never below
 * what noise reaches. Breaks, and says 'null-guard', when more than half of the scene changed.
 */
export function chooseThreshold(
  scores: Float32Array,
  rule: ThresholdRule = 'auto',
  kind: ScoreKind = usualKind,
): Threshold {
  const sorted = scores.filter((score) => !Number.isNaN(score)).sort();
  const fixed = rule.startsWith('fixed:') ? Number(rule.slice(6)) : null;
  if (sorted.length === 0) return noThreshold(fixed);
  const nullGuard = Math.max(kind.least, unchangedReach(sorted, kind.guardDeviations ?? usualGuard));
  const clip = Math.max(kind.least, quantile(sorted, clipQuantile));
  const histogram = histogramOf(sorted, clip);
  const found = {
    kittlerIllingworth: kittlerIllingworth(histogram, clip),
    twoMeans: twoMeans(histogram, clip),
    otsu: otsu(histogram, clip),
    nullGuard,
  };
  const parted = found.twoMeans !== null && contrast(sorted, found.twoMeans, clip) > partedBodies;
  const chosen = byRule(rule, { ...found, sorted, kind, fixed, parted });
  const changedShare = shareAbove(sorted, chosen.value);
  const split = parted && found.twoMeans !== null ? shareAbove(sorted, found.twoMeans) : 0;
  return { ...chosen, ...found, changedShare, mostlyChanged: Math.max(changedShare, split) > 0.5 };
}

interface Evidence extends Pick<Threshold, 'kittlerIllingworth' | 'twoMeans' | 'otsu' | 'nullGuard'> {
  sorted: Float32Array;
  kind: ScoreKind;
  fixed: number | null;
  /** True: two means lie so far apart that there are two bodies. */
  parted: boolean;
}

type Chosen = Pick<Threshold, 'value' | 'chosen'>;

function byRule(rule: ThresholdRule, evidence: Evidence): Chosen {
  const { sorted, kind, fixed, nullGuard } = evidence;
  if (fixed !== null) return { value: fixed, chosen: 'fixed' };
  if (rule === 'auto') return guarded(evidence);
  if (rule.startsWith('fdr:')) {
    const value = falseDiscoveryThreshold(sorted, fitEmpiricalNull(sorted, kind.degrees), Number(rule.slice(4)));
    return { value: Math.max(kind.least, value), chosen: 'false-discovery' };
  }
  const asked = {
    ki: { value: evidence.kittlerIllingworth, chosen: 'kittler-illingworth' as const },
    '2means': { value: evidence.twoMeans, chosen: 'two-means' as const },
    otsu: { value: evidence.otsu, chosen: 'otsu' as const },
  }[rule as 'ki' | '2means' | 'otsu'];
  return asked.value === null ? { value: nullGuard, chosen: 'null-guard' } : { ...asked, value: asked.value };
}

function guarded({ sorted, kind, parted, nullGuard, kittlerIllingworth, twoMeans: means }: Evidence): Chosen {
  const believable = (value: number | null): value is number =>
    value !== null && shareAbove(sorted, value) <= mostChanged;
  if (kind.first === '2means' && parted && believable(means) && means >= kind.least) {
    return { value: means, chosen: 'two-means' };
  }
  const { boundary = null } = kind;
  if (believable(boundary) && boundary >= nullGuard) return { value: boundary, chosen: 'k-means' };
  const proposal = believable(kittlerIllingworth) ? kittlerIllingworth : believable(means) ? means : null;
  if (proposal === null || proposal < nullGuard) return { value: nullGuard, chosen: 'null-guard' };
  return { value: proposal, chosen: proposal === kittlerIllingworth ? 'kittler-illingworth' : 'two-means' };
}

function noThreshold(fixed: number | null): Threshold {
  // The largest number rather than Infinity: the model travels as JSON.
  const value = fixed ?? Number.MAX_VALUE;
  const chosen = fixed === null ? 'none' : 'fixed';
  const nothing = { kittlerIllingworth: null, twoMeans: null, otsu: null, nullGuard: Number.MAX_VALUE };
  return { value, chosen, ...nothing, changedShare: 0, mostlyChanged: false };
}

/**
 * Where the unchanged end, told from the lower half of the scores, which change cannot reach: median plus
 * the spread between lower quartile and median, scaled as for a normal body. Taken on score^⅔: a squared
 * distance is about χ², whose cube root is about normal in any number of dimensions (Wilson & Hilferty 1931).
 */
function unchangedReach(sorted: Float32Array, deviations: number): number {
  const median = quantile(sorted, 0.5) ** (2 / 3);
  const lowerDeviation = (median - quantile(sorted, 0.25) ** (2 / 3)) / 0.6745;
  return (median + deviations * lowerDeviation) ** 1.5;
}

/** Mean of the scores (clipped) above a value, over the mean of those below. */
function contrast(sorted: Float32Array, value: number, clip: number): number {
  let above = 0;
  let below = 0;
  const first = Math.round((1 - shareAbove(sorted, value)) * sorted.length);
  for (let i = 0; i < sorted.length; i++) {
    if (i < first) below += sorted[i];
    else above += Math.min(clip, sorted[i]);
  }
  return above / (sorted.length - first) / (below / first);
}

function quantile(sorted: Float32Array, q: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))];
}

function shareAbove(sorted: Float32Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] > value) high = middle;
    else low = middle + 1;
  }
  return 1 - low / sorted.length;
}
