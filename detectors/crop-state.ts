import type { PairWindow } from './features.ts';
import { boxSum } from './smoothing.ts';

/**
 * Asks not "did it change?" but "did it change, and is what it became no state that crops are in this
 * month?" (METHODS §0.4). What crops look like is told by the parcels themselves, seen in the same image.
 */
export const cropStateParameters = {
  /** Fewer parcels than this in view do not say what crops look like. */
  leastLooks: 40,
  /** A state is a crop's when this many parcels, and this share of them, are near it. */
  nearParcels: 4,
  nearShare: 0.015,
  /** Near: √ mean over bands of (ln ratio)² below this; fields of one crop differ by a tenth or two. */
  nearDistance: 0.16,
  /** Changed: the same distance between the two dates above this. */
  changeDistance: 0.22,
};

/** One spectrum per parcel, after image in the before radiometry. */
export type Looks = readonly (readonly number[])[];

/** Steps of ln reflectance within which one answer serves: an eighth of nearDistance. */
const step = 0.02;
/** Steps between ln 1e-6 and ln 1e6 and more: five bands of them make one exact number. */
const stepsPerBand = 1500;

export interface CropStateChange {
  /** Above 1 where the ground changed and ended in no crop's state, NaN where unobserved. */
  excess: Float32Array;
  /** 1 where the ground changed as crops do this month. */
  seasonal: Uint8Array;
}

/**
 * Judges every pixel of a tied pair in its B, G, R and N bands (`bands` are their indices, at most five);
 * null when too few parcels are in view.
 */
export function cropStateChange(pair: PairWindow, bands: readonly number[], looks: Looks): CropStateChange | null {
  const { leastLooks, changeDistance, nearDistance } = cropStateParameters;
  if (looks.length < leastLooks) return null;
  const palette = new Palette(looks.map((look) => bands.map((band) => look[band])));
  const before = logMeans(
    pair,
    bands.map((band) => pair.before[band]),
  );
  const after = logMeans(
    pair,
    bands.map((band) => pair.after[band]),
  );
  const excess = new Float32Array(pair.mask.length);
  const seasonal = new Uint8Array(excess.length);
  const spectrum = new Float64Array(bands.length);
  for (let i = 0; i < excess.length; i++) {
    if (!pair.mask[i]) {
      excess[i] = Number.NaN;
      continue;
    }
    let squares = 0;
    for (let band = 0; band < spectrum.length; band++) {
      spectrum[band] = after[band][i];
      squares += (after[band][i] - before[band][i]) ** 2;
    }
    const change = Math.sqrt(squares / spectrum.length) / changeDistance;
    excess[i] = change <= 1 ? change : Math.min(change, palette.strangeness(spectrum) / nearDistance);
    if (change > 1 && excess[i] <= 1) seasonal[i] = 1;
  }
  return { excess, seasonal };
}

/** ln of the 3 × 3 mean of observed pixels, per band. */
function logMeans({ width, height, mask }: PairWindow, bands: Float32Array[]): Float32Array[] {
  const count = boxSum(Float32Array.from(mask), width, height, 1);
  return bands.map((band) => {
    const observed = new Float32Array(band.length);
    for (let i = 0; i < band.length; i++) if (mask[i]) observed[i] = band[i];
    const sum = boxSum(observed, width, height, 1);
    for (let i = 0; i < sum.length; i++) sum[i] = Math.log(Math.max(1e-6, sum[i] / Math.max(1, count[i])));
    return sum;
  });
}

/** The states this month's parcels are in. */
class Palette {
  readonly #looks: Float64Array[];
  readonly #wanted: number;
  readonly #known = new Map<number, number>();

  constructor(looks: Looks) {
    const { nearParcels, nearShare } = cropStateParameters;
    this.#looks = looks.map((look) => Float64Array.from(look, (value) => Math.log(Math.max(1e-6, value))));
    this.#wanted = Math.max(nearParcels, Math.ceil(nearShare * looks.length));
  }

  /** Distance to the parcel by which enough of them are near. */
  strangeness(logSpectrum: Float64Array): number {
    let key = 0;
    for (const value of logSpectrum) key = key * stepsPerBand + Math.round(value / step) + stepsPerBand / 2;
    let distance = this.#known.get(key);
    if (distance === undefined) {
      distance = this.#nearest(logSpectrum.map((value) => Math.round(value / step) * step));
      this.#known.set(key, distance);
    }
    return distance;
  }

  #nearest(spectrum: Float64Array): number {
    const nearest = new Float64Array(this.#wanted).fill(Infinity);
    for (const look of this.#looks) {
      let squares = 0;
      for (let band = 0; band < spectrum.length; band++) squares += (look[band] - spectrum[band]) ** 2;
      if (squares >= nearest[this.#wanted - 1]) continue;
      let at = this.#wanted - 1;
      for (; at > 0 && nearest[at - 1] > squares; at--) nearest[at] = nearest[at - 1];
      nearest[at] = squares;
    }
    return Math.sqrt(nearest[this.#wanted - 1] / spectrum.length);
  }
}
