import type { PairWindow } from '../../detectors/features.ts';
import { seededNormal, seededRandom } from './random.ts';

export interface PlantedOptions {
  seed: number;
  side: number;
  bands: number;
  /** Standard deviation of each date's own noise; the fields differ from each other by hundreds. */
  noise: number;
  /** How the after sensor sees band k: after = ground · gain[k] + offset[k]. Default: as the before sensor. */
  gain?: (band: number) => number;
  offset?: (band: number) => number;
  /** True where other ground lies on the second date. */
  changed?: (column: number, row: number) => boolean;
}

/** Fields of about 20 × 15 px with their own spectra, seen on two dates, and which pixels really changed. */
export interface PlantedPair {
  window: PairWindow;
  changed: Uint8Array;
}

export function plantedPair(options: PlantedOptions): PlantedPair {
  const { seed, side, bands, noise, gain = () => 1, offset = () => 0, changed = () => false } = options;
  const count = side * side;
  const empty = () => Array.from({ length: bands }, () => new Float32Array(count));
  const window = { width: side, height: side, before: empty(), after: empty(), mask: new Uint8Array(count).fill(1) };
  const truth = new Uint8Array(count);
  const normal = seededNormal(seed + 1);
  const fields = new Map<number, number[]>();
  for (let i = 0; i < count; i++) {
    const column = i % side;
    const row = Math.floor(i / side);
    const field = 1000 * Math.floor((column + 0.3 * row) / 21) + Math.floor((row - 0.2 * column) / 15);
    truth[i] = changed(column, row) ? 1 : 0;
    for (let band = 0; band < bands; band++) {
      const before = spectrumOf(fields, field, seed, bands)[band];
      const after = truth[i] ? spectrumOf(fields, field + 0.5, seed, bands)[band] : before;
      window.before[band][i] = before + noise * normal();
      window.after[band][i] = gain(band) * (after + noise * normal()) + offset(band);
    }
  }
  return { window, changed: truth };
}

/** Bands share most of their variation, as real ones do. */
function spectrumOf(known: Map<number, number[]>, field: number, seed: number, bands: number): number[] {
  const found = known.get(field);
  if (found) return found;
  const random = seededRandom(field * 7919 + seed);
  const brightness = 400 + 1200 * random();
  const made = Array.from({ length: bands }, () => brightness + 800 * random());
  known.set(field, made);
  return made;
}

/** The window without the pixels that fail the test. */
export function masked(window: PairWindow, observed: (column: number, row: number) => boolean): PairWindow {
  const { width, mask } = window;
  return { ...window, mask: mask.map((one, i) => (one && observed(i % width, Math.floor(i / width)) ? 1 : 0)) };
}

/** A block of the window, with the same pixels. */
export function cropped(window: PairWindow, column: number, row: number, width: number, height: number): PairWindow {
  const crop = <T extends Float32Array | Uint8Array>(values: T): T => {
    const out = values.slice(0, width * height) as T;
    for (let y = 0; y < height; y++) {
      const from = (row + y) * window.width + column;
      out.set(values.subarray(from, from + width), y * width);
    }
    return out;
  };
  return { width, height, before: window.before.map(crop), after: window.after.map(crop), mask: crop(window.mask) };
}
