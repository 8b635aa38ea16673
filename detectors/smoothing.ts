/**
 * Window filters that know the mask: an unobserved neighbour adds nothing and weighs nothing.
 * All work on width × height arrays, row-major; borders count as unobserved.
 */

/** Normalised Gaussian weights for offsets 0..radius (symmetric), radius = ⌈3σ⌉. */
export function gaussianKernel(sigmaPx: number): Float32Array {
  const radius = Math.ceil(3 * sigmaPx);
  const weights = Float32Array.from({ length: radius + 1 }, (_, i) => Math.exp(-(i * i) / (2 * sigmaPx * sigmaPx)));
  const total = weights.reduce((sum, weight, i) => sum + (i === 0 ? weight : 2 * weight), 0);
  return weights.map((weight) => weight / total);
}

/**
 * Separable convolution of `values` (already 0 where unobserved) with a symmetric kernel, not divided by
 * the observed weight: convolve the mask the same way and divide where it matters.
 */
export function convolve(values: Float32Array, width: number, height: number, kernel: Float32Array): Float32Array {
  const radius = kernel.length - 1;
  const across = new Float32Array(values.length);
  for (let row = 0; row < height; row++) {
    const o = row * width;
    for (let column = 0; column < width; column++) {
      let sum = kernel[0] * values[o + column];
      if (column >= radius && column < width - radius) {
        for (let k = 1; k <= radius; k++) sum += kernel[k] * (values[o + column - k] + values[o + column + k]);
      } else {
        for (let k = 1; k <= radius; k++) {
          if (column >= k) sum += kernel[k] * values[o + column - k];
          if (column + k < width) sum += kernel[k] * values[o + column + k];
        }
      }
      across[o + column] = sum;
    }
  }
  const down = new Float32Array(values.length);
  for (let row = 0; row < height; row++) {
    const o = row * width;
    for (let column = 0; column < width; column++) down[o + column] = kernel[0] * across[o + column];
    for (let k = 1; k <= radius; k++) {
      const weight = kernel[k];
      if (row >= k) for (let c = 0, i = o, j = o - k * width; c < width; c++) down[i++] += weight * across[j++];
      if (row + k < height) for (let c = 0, i = o, j = o + k * width; c < width; c++) down[i++] += weight * across[j++];
    }
  }
  return down;
}

/** Sum over the (2·radius+1)² box round each pixel, by running sums; float64 inside so that it does not drift. */
export function boxSum(values: Float32Array, width: number, height: number, radius: number): Float32Array {
  const out = new Float32Array(values.length);
  const columnSums = new Float64Array(width);
  for (let row = 0; row < Math.min(radius, height); row++) addRow(columnSums, values, row * width, 1);
  for (let row = 0; row < height; row++) {
    if (row + radius < height) addRow(columnSums, values, (row + radius) * width, 1);
    if (row - radius - 1 >= 0) addRow(columnSums, values, (row - radius - 1) * width, -1);
    let sum = 0;
    for (let column = 0; column < Math.min(radius, width); column++) sum += columnSums[column];
    const o = row * width;
    for (let column = 0; column < width; column++) {
      if (column + radius < width) sum += columnSums[column + radius];
      if (column - radius - 1 >= 0) sum -= columnSums[column - radius - 1];
      out[o + column] = sum;
    }
  }
  return out;
}

function addRow(sums: Float64Array, values: Float32Array, from: number, sign: 1 | -1): void {
  for (let column = 0; column < sums.length; column++) sums[column] += sign * values[from + column];
}

/** Morphological opening of a 0/1 image by a 3 × 3 square: keeps what a 3 × 3 square fits into. */
export function open3x3(image: ArrayLike<number>, width: number): Uint8Array {
  const height = image.length / width;
  const opened = new Uint8Array(image.length);
  for (let row = 1; row < height - 1; row++) {
    for (let i = row * width + 1; i < row * width + width - 1; i++) {
      if (!image[i] || !image[i - 1] || !image[i + 1]) continue;
      const above = image[i - width - 1] && image[i - width] && image[i - width + 1];
      const below = image[i + width - 1] && image[i + width] && image[i + width + 1];
      if (!above || !below) continue;
      for (const line of [i - width, i, i + width]) opened.fill(1, line - 1, line + 2);
    }
  }
  return opened;
}

/** Greatest value within the (2·radius+1)² box round each pixel; NaN counts as nothing. */
export function boxMaximum(values: Float32Array, width: number, radius: number): Float32Array {
  const height = values.length / width;
  const across = new Float32Array(values.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0, i = y * width; x < width; x++, i++) {
      let most = 0;
      const last = Math.min(width - 1, x + radius) + y * width;
      for (let j = Math.max(0, x - radius) + y * width; j <= last; j++) if (values[j] > most) most = values[j];
      across[i] = most;
    }
  }
  const down = across.slice();
  for (let y = 0; y < height; y++) {
    for (let dy = -radius; dy <= radius; dy++) {
      if (dy === 0 || y + dy < 0 || y + dy >= height) continue;
      for (let i = y * width, j = i + dy * width, end = i + width; i < end; i++, j++) {
        if (across[j] > down[i]) down[i] = across[j];
      }
    }
  }
  return down;
}
