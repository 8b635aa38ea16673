import type { PairWindow } from '../../detectors/features.ts';
import { seededRandom } from './random.ts';

export interface SpeckledOptions {
  seed: number;
  side: number;
  bands?: number;
  /** Looks of the before and the after image: whole numbers. */
  looks: [number, number];
  /** Factor on the reflectivity inside the changed pixels. */
  step: number;
  changed: (column: number, row: number) => boolean;
}

/** Two amplitude radar images (0–255, rounded) of the same dark and bright fields under speckle. */
export function speckledPair({ seed, side, bands = 1, looks, step, changed }: SpeckledOptions): {
  window: PairWindow;
  changed: Uint8Array;
} {
  const random = seededRandom(seed);
  /** Mean of n exponential deviates: Gamma(n, 1 / n). */
  const speckle = (n: number) => {
    let sum = 0;
    for (let k = 0; k < n; k++) sum -= Math.log(1 - random());
    return sum / n;
  };
  const count = side * side;
  const truth = Uint8Array.from({ length: count }, (_, i) => (changed(i % side, Math.floor(i / side)) ? 1 : 0));
  const ground = Float32Array.from({ length: count }, (_, i) => {
    const field = Math.floor((i % side) / 23) + 7 * Math.floor(i / side / 31);
    return 800 * (1 + ((field * 37) % 5) ** 2 / 4);
  });
  const image = (n: number, factor: number) =>
    Float32Array.from(ground, (value, i) =>
      Math.min(255, Math.round(Math.sqrt(value * (truth[i] ? factor : 1) * speckle(n)))),
    );
  const dates = (n: number, factor: number) => Array.from({ length: bands }, () => image(n, factor));
  const before = dates(looks[0], 1);
  const after = dates(looks[1], step);
  return { window: { width: side, height: side, before, after, mask: new Uint8Array(count).fill(1) }, changed: truth };
}
