import type { PairWindow } from './features.ts';
import { symmetricEigen } from './matrix.ts';
import { pooled, spread, thinned } from './sample.ts';

/**
 * Celik's PCA and k-means (2009) as a filter. Blocks of the difference image, projected on their first principal
 * components and put to the nearer of two centres, part at a hyperplane: the score is how far a block lies along the
 * line between the centres, which is one weighted sum over the block. Plain data, since it travels as JSON.
 */
export interface PcaKMeans {
  /** Spread of each band's difference on most of the ground; 0 = the band says nothing. */
  deviation: number[];
  /** Median of each band's difference. */
  centre: number[];
  /** Weights over the h × h block, row by row from its upper left pixel, together 1. */
  weights: number[];
  /** Where the score has as far to either centre; null where the sample has no cluster of changed blocks. */
  boundary: number | null;
}

/** Block side h and number of components S (METHODS §3). */
const side = 4;
const components = 3;
/** A block reaches this far up and left of its pixel, and side − 1 − reach down and right. */
const reach = 1;
export const blockMarginPx = side - 1 - reach;
/** Differences under this share of a band's own spread over the scene are rounding, never change. */
const roundingShare = 0.003;
/** Differences above are clipped in the fit: a few blazing roofs would pull the upper centre away from the rest. */
const clipQuantile = 0.99;
const mostBlocks = 20_000;
const rounds = 100;

/** Fits on tied sample windows. Null where nothing varies. */
export function fitPcaKMeans(tied: PairWindow[]): PcaKMeans | null {
  const before = pooled(tied, (window) => window.before).map(thinned);
  const after = pooled(tied, (window) => window.after).map(thinned);
  const difference = before.map((band, k) => band.map((value, i) => after[k][i] - value));
  const centre = difference.map((band) => (band.length === 0 ? 0 : band.slice().sort()[band.length >> 1]));
  // Rounding adds to the spread, so that bands of identical images do not divide by 0.
  const deviation = difference.map((band, k) => Math.hypot(spread(band), roundingShare * spread(before[k])));
  if (!deviation.some((one) => one > 0)) return null;
  const blocks = sampledBlocks(tied, { deviation, centre });
  if (blocks.count === 0) return null;
  const axes = principalAxes(blocks);
  const { low, high } = twoClusters(blocks.values, blocks.count, axes);
  const weights = new Float64Array(side * side);
  axes.forEach((axis, s) => {
    for (let j = 0; j < weights.length; j++) weights[j] += (high[s] - low[s]) * axis[j];
  });
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  // Changed blocks differ more all over. Clusters that part otherwise are ripples of the noise.
  if (!weights.every((weight) => weight > 0)) return { deviation, centre, weights: flat(), boundary: null };
  let boundary = 0;
  for (let s = 0; s < axes.length; s++) boundary += ((high[s] - low[s]) * (high[s] + low[s])) / 2 / total;
  return { deviation, centre, weights: [...weights].map((weight) => weight / total), boundary };
}

/** The filtered difference, about the length of the difference vector in spreads; larger = more change. */
export function pcaKMeansScore(fit: PcaKMeans, window: PairWindow): Float32Array {
  const { width, height, mask } = window;
  const length = differenceLength(fit, window);
  const score = new Float32Array(length.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0, i = y * width; x < width; x++, i++) {
      const own = length[i];
      let sum = 0;
      for (let dy = -reach, j = 0; dy < side - reach; dy++) {
        const inside = y + dy >= 0 && y + dy < height;
        for (let dx = -reach; dx < side - reach; dx++, j++) {
          const at = i + dy * width + dx;
          // What nobody saw is taken to be like the pixel itself.
          const seen = inside && x + dx >= 0 && x + dx < width && mask[at] === 1;
          sum += fit.weights[j] * (seen ? length[at] : own);
        }
      }
      score[i] = sum > 0 ? sum : 0;
    }
  }
  return score;
}

/** ‖(after − before − centre) / deviation‖ per pixel; 0 where unobserved. */
function differenceLength(
  { deviation, centre }: Pick<PcaKMeans, 'deviation' | 'centre'>,
  pair: PairWindow,
): Float32Array {
  const length = new Float32Array(pair.mask.length);
  for (let k = 0; k < deviation.length; k++) {
    if (!(deviation[k] > 0)) continue;
    const scale = 1 / deviation[k];
    const a = pair.before[k];
    const b = pair.after[k];
    for (let i = 0; i < length.length; i++) {
      const d = (b[i] - a[i] - centre[k]) * scale;
      length[i] += d * d;
    }
  }
  for (let i = 0; i < length.length; i++) length[i] = pair.mask[i] ? Math.sqrt(length[i]) : 0;
  return length;
}

interface Blocks {
  count: number;
  /** side² values per block. */
  values: Float32Array;
}

/** Fully observed blocks, evenly spread over the sample. */
function sampledBlocks(tied: PairWindow[], scale: Pick<PcaKMeans, 'deviation' | 'centre'>): Blocks {
  const pixels = tied.reduce((sum, window) => sum + window.mask.length, 0);
  const step = Math.max(1, Math.floor(pixels / mostBlocks));
  const found: number[] = [];
  for (const window of tied) {
    const length = differenceLength(scale, window);
    for (let i = 0; i < length.length; i += step) {
      const block = blockAt(length, window, i);
      if (block !== null) found.push(...block);
    }
  }
  const values = Float32Array.from(found);
  const clip = values.slice().sort()[Math.floor(clipQuantile * values.length)];
  return { count: values.length / (side * side), values: values.map((value) => Math.min(value, clip)) };
}

function blockAt(length: Float32Array, { width, height, mask }: PairWindow, i: number): number[] | null {
  const x = (i % width) - reach;
  const y = Math.floor(i / width) - reach;
  if (x < 0 || y < 0 || x + side > width || y + side > height) return null;
  const block: number[] = [];
  for (let dy = 0; dy < side; dy++) {
    for (let dx = 0; dx < side; dx++) {
      const at = (y + dy) * width + x + dx;
      if (!mask[at]) return null;
      block.push(length[at]);
    }
  }
  return block;
}

/** The first `components` eigenvectors of the blocks' covariance. */
function principalAxes({ count, values }: Blocks): number[][] {
  const n = side * side;
  const means = new Float64Array(n);
  for (let i = 0; i < values.length; i++) means[i % n] += values[i] / count;
  const covariance = new Float64Array(n * n);
  for (let block = 0; block < count; block++) {
    for (let r = 0; r < n; r++) {
      const dr = values[block * n + r] - means[r];
      for (let c = 0; c < n; c++) covariance[r * n + c] += (dr * (values[block * n + c] - means[c])) / count;
    }
  }
  const { vectors } = symmetricEigen(covariance, n);
  return Array.from({ length: components }, (_, s) => Array.from({ length: n }, (_, j) => vectors[j * n + s]));
}

/** Two cluster centres in the space of the axes, by k-means from the mean of the lower and the upper end. */
function twoClusters(values: Float32Array, count: number, axes: number[][]) {
  const n = side * side;
  const projected = axes.map((axis) =>
    Float64Array.from({ length: count }, (_, block) => {
      let sum = 0;
      for (let j = 0; j < n; j++) sum += axis[j] * values[block * n + j];
      return sum;
    }),
  );
  // The sign of an eigenvector is chance; along the first one change is to be up.
  const sum = axes[0].reduce((total, one) => total + one, 0);
  const ends = projected[0].map((value) => value * Math.sign(sum || 1)).sort();
  let upper = Uint8Array.from(projected[0], (value) =>
    value * Math.sign(sum || 1) > (ends[0] + ends[Math.floor(0.999 * (count - 1))]) / 2 ? 1 : 0,
  );
  let low = centreOf(projected, upper, 0);
  let high = centreOf(projected, upper, 1);
  for (let round = 0; round < rounds; round++) {
    const next = Uint8Array.from(upper, (_, block) => {
      let nearer = 0;
      for (let s = 0; s < axes.length; s++) {
        nearer += (projected[s][block] - low[s]) ** 2 - (projected[s][block] - high[s]) ** 2;
      }
      return nearer > 0 ? 1 : 0;
    });
    const same = next.every((one, block) => one === upper[block]);
    upper = next;
    if (same) break;
    low = centreOf(projected, upper, 0);
    high = centreOf(projected, upper, 1);
  }
  return { low, high };
}

function centreOf(projected: Float64Array[], upper: Uint8Array, cluster: 0 | 1): number[] {
  return projected.map((values) => {
    let sum = 0;
    let n = 0;
    for (let i = 0; i < values.length; i++) {
      if (upper[i] !== cluster) continue;
      sum += values[i];
      n++;
    }
    return n === 0 ? 0 : sum / n;
  });
}

function flat(): number[] {
  return new Array<number>(side * side).fill(1 / side ** 2);
}
