/**
 * How even the grain of an image is: coefficients of variation of 8 × 8 blocks. Speckle multiplies, so it has one
 * coefficient everywhere (1/√looks for intensity, about half of it for amplitude); texture of ground has many.
 */
export interface Grain {
  /** Of the smoothest tenth of the blocks. */
  smoothest: number;
  median: number;
}

const side = 8;
const fewestBlocks = 30;
/** Blocks darker than this share of the mean are mostly rounding. */
const darkShare = 0.1;
/**
 * Measured: 8-bit radar pairs 0.17–0.39 and 0.74–0.84 of the median; optical images up to 0.11, and 0.2–0.6 of the
 * median where it is above 0.05.
 */
const leastSmoothest = 0.1;
const leastEvenness = 0.65;

/** Grain of one band (row-major, `width` columns); null where too few blocks are wholly observed and not saturated. */
export function grainOf(values: Float32Array, mask: Uint8Array, width: number): Grain | null {
  const height = Math.floor(values.length / width);
  let total = 0;
  let observed = 0;
  let most = -Infinity;
  for (let i = 0; i < values.length; i++) {
    if (!mask[i]) continue;
    total += values[i];
    observed++;
    if (values[i] > most) most = values[i];
  }
  const dark = (darkShare * total) / observed;
  const variations: number[] = [];
  for (let y = 0; y + side <= height; y += side) {
    for (let x = 0; x + side <= width; x += side) {
      const variation = variationOf(values, mask, width, y * width + x, { dark, most });
      if (variation !== null) variations.push(variation);
    }
  }
  if (variations.length < fewestBlocks) return null;
  variations.sort((a, b) => a - b);
  return { smoothest: variations[Math.floor(variations.length / 10)], median: variations[variations.length >> 1] };
}

/** True where the grain is coarse and even, as speckle's is. */
export function isSpeckled(grain: Grain | null): boolean {
  return grain !== null && grain.smoothest >= leastSmoothest && grain.smoothest >= leastEvenness * grain.median;
}

/** Deviation over mean of a block; null where it is dark, touches the brightest value or is not wholly observed. */
function variationOf(
  values: Float32Array,
  mask: Uint8Array,
  width: number,
  from: number,
  { dark, most }: { dark: number; most: number },
): number | null {
  let sum = 0;
  let squares = 0;
  for (let dy = 0; dy < side; dy++) {
    for (let i = from + dy * width, end = i + side; i < end; i++) {
      if (!mask[i] || values[i] === most) return null;
      sum += values[i];
      squares += values[i] * values[i];
    }
  }
  const mean = sum / (side * side);
  if (!(mean > dark)) return null;
  return Math.sqrt(Math.max(0, squares / (side * side) - mean * mean)) / mean;
}
