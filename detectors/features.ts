import { boxSum, convolve, gaussianKernel } from './smoothing.ts';

/**
 * Both dates on one grid, and what both saw. Whether after is still in its own radiometry or already tied to
 * before's is said by whoever takes the window.
 */
export interface PairWindow {
  width: number;
  height: number;
  before: Float32Array[];
  after: Float32Array[];
  /** 1 where both dates observed the pixel. */
  mask: Uint8Array;
}

/** Per pixel, what the change score is made of. Values mean nothing where the mask is 0. */
export interface ChangeFeatures {
  /** Gaussian-smoothed difference after − before, per band. */
  difference: Float32Array[];
  /** Change of local standard deviation (5 × 5), per band: edges that came or went. */
  texture: Float32Array[];
  /** NDVI of the after image's 5 × 5 mean, clipped to 0–1; null without red and near infrared. */
  greenAfter: Float32Array | null;
}

/** Smoothing of the difference: METHODS §3, Gaussian σ = 1 px first. */
const smoothing = gaussianKernel(1);
const textureRadiusPx = 2;
/** Pixels of context a window needs round it for exact features inside. */
export const featureMarginPx = Math.max(smoothing.length - 1, textureRadiusPx);

export interface VegetationBands {
  red: number;
  nearInfrared: number;
}

/**
 * Features of every pixel of a window whose after image is tied to before's radiometry. `centres` holds a typical value per band: squares are taken
 * round it, since float32 squares of large numbers lose the variance.
 */
export function changeFeatures(
  window: PairWindow,
  centres: ArrayLike<number>,
  vegetation: VegetationBands | null,
): ChangeFeatures {
  const { width, height, mask } = window;
  const observed = new Float32Array(mask);
  const gaussWeight = convolve(observed, width, height, smoothing);
  const boxCount = boxSum(observed, width, height, textureRadiusPx);
  const difference: Float32Array[] = [];
  const texture: Float32Array[] = [];
  const meansAfter: Float32Array[] = [];
  for (let band = 0; band < window.before.length; band++) {
    const a = window.before[band];
    const b = window.after[band];
    const d = new Float32Array(a.length);
    for (let i = 0; i < d.length; i++) if (mask[i]) d[i] = b[i] - a[i];
    const smooth = convolve(d, width, height, smoothing);
    for (let i = 0; i < d.length; i++) if (mask[i]) smooth[i] /= gaussWeight[i];
    difference.push(smooth);
    const local = localDeviation(b, window, boxCount, centres[band]);
    const localBefore = localDeviation(a, window, boxCount, centres[band]).deviation;
    for (let i = 0; i < d.length; i++) local.deviation[i] -= localBefore[i];
    texture.push(local.deviation);
    meansAfter.push(local.mean);
  }
  return { difference, texture, greenAfter: vegetation && greenness(meansAfter, vegetation) };
}

/** Mean and standard deviation over the observed pixels of each 5 × 5 box. */
function localDeviation(
  values: Float32Array,
  { width, height, mask }: PairWindow,
  boxCount: Float32Array,
  centre: number,
): { mean: Float32Array; deviation: Float32Array } {
  const count = values.length;
  const centred = new Float32Array(count);
  const squared = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    if (!mask[i]) continue;
    const v = values[i] - centre;
    centred[i] = v;
    squared[i] = v * v;
  }
  const mean = boxSum(centred, width, height, textureRadiusPx);
  const deviation = boxSum(squared, width, height, textureRadiusPx);
  for (let i = 0; i < count; i++) {
    if (!mask[i]) continue;
    const m = mean[i] / boxCount[i];
    mean[i] = m + centre;
    deviation[i] = Math.sqrt(Math.max(0, deviation[i] / boxCount[i] - m * m));
  }
  return { mean, deviation };
}

function greenness(means: Float32Array[], { red, nearInfrared }: VegetationBands): Float32Array {
  const r = means[red];
  const n = means[nearInfrared];
  const green = new Float32Array(r.length);
  for (let i = 0; i < green.length; i++) {
    const ndvi = (n[i] - r[i]) / (n[i] + r[i]);
    green[i] = ndvi > 0 ? Math.min(1, ndvi) : 0;
  }
  return green;
}
