/**
 * Where the pixels of one target axis take their content on the source axis: target pixel i is
 * Σ_k weights[first[i] + k] · source[start[i] + k], k < first[i + 1] − first[i].
 *
 * Taps that would lie outside the source are left out and their weight is lost: what remains of the
 * full weight 1 says how much of a target pixel was inside.
 */
export interface AxisTaps {
  /** First source index of each target pixel. */
  start: Int32Array;
  /** First weight of each target pixel; one entry more than target pixels. */
  first: Int32Array;
  weights: Float32Array;
  /** Source indices any target pixel needs: from (inclusive) to (exclusive). */
  from: number;
  to: number;
}

/**
 * source coordinate = scale · target coordinate + offset, both counted in pixels from the outer edge of
 * the first pixel, so that the centre of pixel i is i + 0.5.
 */
export interface AxisMap {
  scale: number;
  offset: number;
}

export type TapMethod = 'nearest' | 'bilinear' | 'area';

/** Weights under this are rounding of an integer offset, not content. */
const LEAST_WEIGHT = 1e-4;

type Spread = (low: number, high: number, add: (index: number, weight: number) => void) => void;

const spreads: Record<TapMethod, Spread> = {
  // The pixel the target centre lies in; the nudge lets a centre on an edge fall the same way on every machine.
  nearest: (low, high, add) => add(Math.floor((low + high) / 2 + 1e-6), 1),
  // The two pixels whose centres enclose the target centre.
  bilinear: (low, high, add) => {
    const centre = (low + high) / 2 - 0.5;
    const index = Math.floor(centre);
    add(index, 1 - (centre - index));
    add(index + 1, centre - index);
  },
  // Every pixel the target pixel covers, by the share it covers.
  area: (low, high, add) => {
    for (let index = Math.floor(low); index < high; index++) {
      add(index, (Math.min(high, index + 1) - Math.max(low, index)) / (high - low));
    }
  },
};

/** Taps for `targetLength` pixels on a source axis of `sourceLength` pixels. */
export function axisTaps(map: AxisMap, targetLength: number, sourceLength: number, method: TapMethod): AxisTaps {
  const start = new Int32Array(targetLength);
  const first = new Int32Array(targetLength + 1);
  const weights: number[] = [];
  let from = sourceLength;
  let to = 0;
  for (let i = 0; i < targetLength; i++) {
    const a = map.scale * i + map.offset;
    const b = a + map.scale;
    spreads[method](Math.min(a, b), Math.max(a, b), (index, weight) => {
      if (index < 0 || index >= sourceLength || weight < LEAST_WEIGHT) return;
      if (weights.length === first[i]) start[i] = index;
      weights.push(weight);
      from = Math.min(from, index);
      to = Math.max(to, index + 1);
    });
    first[i + 1] = weights.length;
  }
  return { start, first, weights: Float32Array.from(weights), from: Math.min(from, to), to };
}
