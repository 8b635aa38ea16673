import type { PairWindow } from './features.ts';
import { boxSum } from './smoothing.ts';

/**
 * Asks not "did it change?" but "did it change, and is what it became no state that crops are in this
 * month?" (METHODS §0.4). What crops look like is told by the parcels themselves, seen in the same image.
 */
export const cropStateParameters = {
  /** Fewer parcels than this in view do not say what crops look like. */
  leastLooks: 15,
  /**
   * A state is a crop's when parcels in this many places are in it (one large building site is one place):
   * this share of all places, within these limits.
   */
  nearShare: 0.1,
  fewestNear: 2,
  mostNear: 5,
  /** Parcels within one square of this side are one place. */
  placePx: 128,
  /** Near: √ mean over bands of (ln ratio)² below this; fields of one crop differ by a tenth or two. */
  nearDistance: 0.16,
  /** Shadows dim by up to e^(steps · step), about four times. */
  shadowSteps: 10,
  shadowStep: 0.14,
  /** Factor by which a distance must be off the limit where the ground itself did not change. */
  clearly: 1.5,
  /** Ground greener than this is not bare. */
  barestNdvi: 0.45,
  /** Changed: the same distance between the two dates above this. */
  changeDistance: 0.22,
};

/** What one parcel shows on both dates, in the before radiometry, and where on the grid. */
export interface Look {
  before: readonly number[];
  after: readonly number[];
  column: number;
  row: number;
}

/** Cells of a palette's table: ln reflectance in steps of at least this, and at most so many in all. */
const finestStep = 0.05;
const mostTableCells = 2_000_000;

export interface CropStateChange {
  /**
   * Above 1 where the ground ended in no crop's state, and was in one before or looked otherwise; NaN where
   * unobserved. Bare soil among ploughed fields shows itself when the fields turn green, without changing.
   */
  excess: Float32Array;
  /** 1 where the ground changed as crops do this month. */
  seasonal: Uint8Array;
  /** 1 where it may be a crop in shadow: such a pixel is unobserved, and NaN in excess. */
  shaded: Uint8Array;
}

/**
 * Judges every pixel of a tied pair in its B, G, R and N bands (`bands` are their indices, in that order);
 * null when too few parcels are in view. `mayBeShaded` is 1 where a cloud's shadow may lie.
 */
export function cropStateChange(
  pair: PairWindow,
  bands: readonly number[],
  looks: readonly Look[],
  mayBeShaded: Uint8Array | null,
): CropStateChange | null {
  const { leastLooks, changeDistance, nearDistance } = cropStateParameters;
  if (looks.length < leastLooks) return null;
  const usualBefore = new Palette(looks, bands, 'before');
  const usualAfter = new Palette(looks, bands, 'after');
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
  const shaded = new Uint8Array(excess.length);
  const was = new Float64Array(bands.length);
  const is = new Float64Array(bands.length);
  for (let i = 0; i < excess.length; i++) {
    if (!pair.mask[i]) {
      excess[i] = Number.NaN;
      continue;
    }
    let squares = 0;
    for (let band = 0; band < is.length; band++) {
      was[band] = before[band][i];
      is[band] = after[band][i];
      squares += (is[band] - was[band]) ** 2;
    }
    const change = Math.sqrt(squares / is.length) / changeDistance;
    const strange = usualAfter.strangeness(is) / nearDistance;
    const found = strange > 1 && (change > 1 || becameStrange(strange, usualBefore, was, is));
    if (!found) {
      excess[i] = Math.min(1, change);
      if (strange <= 1 && change > 1) seasonal[i] = 1;
    } else if (mayBeShaded?.[i] && usualAfter.strangenessInShadow(is) <= nearDistance) {
      shaded[i] = 1;
      excess[i] = Number.NaN;
    } else excess[i] = strange;
  }
  return { excess, seasonal, shaded };
}

/**
 * Without change of its own, ground must have left the crops' states clearly, and be bare: woods look like a
 * crop while fields are green, and like none once they are harvested. ln N − ln R = 2 artanh NDVI.
 */
function becameStrange(
  strange: number,
  before: Palette,
  was: Float64Array,
  [, , red, nearInfrared]: Float64Array,
): boolean {
  const { nearDistance, clearly, barestNdvi } = cropStateParameters;
  if (nearInfrared - red > 2 * Math.atanh(barestNdvi)) return false;
  return strange > clearly && before.strangeness(was) < nearDistance / clearly;
}

/** ln of the 3 × 3 mean of observed pixels, per band. */
function logMeans({ width, height, mask }: PairWindow, bands: Float32Array[]): Float32Array[] {
  const count = boxSum(new Float32Array(mask), width, height, 1);
  return bands.map((band) => {
    const observed = new Float32Array(band.length);
    for (let i = 0; i < band.length; i++) if (mask[i]) observed[i] = band[i];
    const sum = boxSum(observed, width, height, 1);
    for (let i = 0; i < sum.length; i++) sum[i] = Math.log(Math.max(1e-6, sum[i] / Math.max(1, count[i])));
    return sum;
  });
}

/**
 * The states this month's parcels are in, place by place. How strange a spectrum is gets worked out once per
 * cell of a table over ln space and looked up from then on: images hold millions of pixels of few kinds.
 */
class Palette {
  /** ln spectra of the parcels of each place, one after the other. */
  readonly #places: Float64Array[];
  /** How many places make a state usual. */
  readonly #wanted: number;
  readonly #lowest: Float64Array;
  readonly #step: number;
  readonly #counts: Int32Array;
  /** NaN = not worked out yet. */
  readonly #table: Float32Array;

  constructor(looks: readonly Look[], bands: readonly number[], date: 'before' | 'after') {
    const { placePx, nearDistance, clearly, nearShare, fewestNear, mostNear } = cropStateParameters;
    const spectra = looks.map((look) => bands.map((band) => Math.log(Math.max(1e-6, look[date][band]))));
    const places = Map.groupBy(spectra.keys(), (i) => {
      const { column, row } = looks[i];
      return `${Math.floor(column / placePx)} ${Math.floor(row / placePx)}`;
    });
    this.#places = [...places.values()].map((group) => Float64Array.from(group.flatMap((i) => spectra[i])));
    this.#wanted = Math.max(fewestNear, Math.min(mostNear, Math.round(nearShare * this.#places.length)));
    // Beyond this margin round the parcels everything is as strange as it needs to be.
    const margin = 2 * clearly * nearDistance;
    const edge = (pick: (...values: number[]) => number) => bands.map((_, k) => pick(...spectra.map((s) => s[k])));
    this.#lowest = Float64Array.from(edge(Math.min), (value) => value - margin);
    const spans = edge(Math.max).map((value, k) => value + margin - this.#lowest[k]);
    const volume = spans.reduce((product, span) => product * span, 1);
    this.#step = Math.max(finestStep, (volume / mostTableCells) ** (1 / bands.length));
    this.#counts = Int32Array.from(spans, (span) => Math.ceil(span / this.#step) + 1);
    this.#table = new Float32Array(this.#counts.reduce((product, count) => product * count, 1)).fill(Number.NaN);
  }

  /**
   * Distance within which parcels of enough places are, Infinity where there are not that many places.
   * `lighter` is added to every band of the ln spectrum first.
   */
  strangeness(logSpectrum: Float64Array, lighter = 0): number {
    let cell = 0;
    for (let band = 0; band < logSpectrum.length; band++) {
      const count = this.#counts[band];
      const at = Math.round((logSpectrum[band] + lighter - this.#lowest[band]) / this.#step);
      cell = cell * count + (at < 0 ? 0 : at >= count ? count - 1 : at);
    }
    const known = this.#table[cell];
    if (!Number.isNaN(known)) return known;
    const distance = this.#nearest(this.#centreOf(cell));
    this.#table[cell] = distance;
    return distance;
  }

  /** The least strangeness that some amount of lightening gives. */
  strangenessInShadow(logSpectrum: Float64Array): number {
    const { shadowSteps, shadowStep } = cropStateParameters;
    let least = Infinity;
    for (let k = 1; k <= shadowSteps; k++) least = Math.min(least, this.strangeness(logSpectrum, k * shadowStep));
    return least;
  }

  #centreOf(cell: number): Float64Array {
    const centre = new Float64Array(this.#counts.length);
    for (let band = centre.length - 1, rest = cell; band >= 0; band--) {
      centre[band] = this.#lowest[band] + (rest % this.#counts[band]) * this.#step;
      rest = Math.floor(rest / this.#counts[band]);
    }
    return centre;
  }

  #nearest(spectrum: Float64Array): number {
    const nearPlaces = this.#wanted;
    const nearest = new Float64Array(nearPlaces).fill(Infinity);
    for (const place of this.#places) {
      const squares = leastSquares(place, spectrum);
      if (squares >= nearest[nearPlaces - 1]) continue;
      let at = nearPlaces - 1;
      for (; at > 0 && nearest[at - 1] > squares; at--) nearest[at] = nearest[at - 1];
      nearest[at] = squares;
    }
    return Math.sqrt(nearest[nearPlaces - 1] / spectrum.length);
  }
}

/** Squared distance from a spectrum to the nearest of several that lie one after the other. */
function leastSquares(spectra: Float64Array, spectrum: Float64Array): number {
  const bands = spectrum.length;
  let least = Infinity;
  for (let from = 0; from < spectra.length; from += bands) {
    let squares = 0;
    for (let band = 0; band < bands; band++) squares += (spectra[from + band] - spectrum[band]) ** 2;
    if (squares < least) least = squares;
  }
  return least;
}
