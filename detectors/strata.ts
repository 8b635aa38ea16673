/** Kinds of ground: centres in band space, each pixel belonging to the nearest. Plain arrays, since it travels as JSON. */
export interface Kinds {
  count: number;
  /** count × p, row by row. */
  centres: number[];
}

const rounds = 20;
const mostClustered = 10_000;

/**
 * At most `most` kinds by k-means on co-located samples, one array per band. Starts from quantiles of the brightness,
 * so the same samples give the same kinds. Kinds with fewer than `fewest` members join their neighbours.
 */
export function kindsOf(bands: Float32Array[], most: number, fewest: number): Kinds {
  const step = Math.ceil(bands[0].length / mostClustered);
  const some = step <= 1 ? bands : bands.map((band) => band.filter((_, i) => i % step === 0));
  let centres = startingCentres(some, most);
  for (let round = 0; round < rounds; round++) centres = meansOf(some, centres).centres;
  for (;;) {
    const { sizes } = meansOf(some, centres);
    const smallest = sizes.indexOf(Math.min(...sizes));
    if (sizes.length === 1 || sizes[smallest] * step >= fewest) break;
    centres = centres.filter((_, k) => k !== smallest);
  }
  return { count: centres.length, centres: centres.flat() };
}

/** The kind of sample i. */
export function nearestKind({ count, centres }: Kinds, bands: Float32Array[], i: number): number {
  const p = bands.length;
  let nearest = 0;
  let least = Infinity;
  for (let k = 0; k < count; k++) {
    let distance = 0;
    for (let b = 0; b < p; b++) {
      const d = bands[b][i] - centres[k * p + b];
      distance += d * d;
    }
    if (distance < least) {
      least = distance;
      nearest = k;
    }
  }
  return nearest;
}

/** Samples at even ranks of their brightness, the mean over the bands. */
function startingCentres(bands: Float32Array[], most: number): number[][] {
  const brightness = Float32Array.from(bands[0], (_, i) => bands.reduce((sum, band) => sum + band[i], 0));
  const order = Array.from(brightness.keys()).sort((a, b) => brightness[a] - brightness[b] || a - b);
  return Array.from({ length: most }, (_, k) => {
    const i = order[Math.floor(((k + 0.5) * order.length) / most)];
    return bands.map((band) => band[i]);
  });
}

/** One round of k-means. Centres without members stay where they are. */
function meansOf(bands: Float32Array[], centres: number[][]): { centres: number[][]; sizes: number[] } {
  const kinds = { count: centres.length, centres: centres.flat() };
  const sums = centres.map((centre) => centre.map(() => 0));
  const sizes = centres.map(() => 0);
  for (let i = 0; i < bands[0].length; i++) {
    const k = nearestKind(kinds, bands, i);
    sizes[k]++;
    for (let b = 0; b < bands.length; b++) sums[k][b] += bands[b][i];
  }
  return {
    centres: centres.map((centre, k) => (sizes[k] === 0 ? centre : sums[k].map((sum) => sum / sizes[k]))),
    sizes,
  };
}
