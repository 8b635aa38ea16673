/**
 * Total-variation smoothing (Rudin, Osher & Fatemi 1992) by Chambolle's dual projection (2004): flattens noise
 * inside areas and keeps their edges, which a Gaussian would move. Minimises ∫|∇u| + ‖u − f‖² / 2λ.
 *
 * `values` is width × height, row-major; pixels whose mask is 0 stay as they are and touch nobody. One iteration
 * reaches one pixel, so a window with `iterations` pixels of context gives exactly what the whole image gives.
 */
export function smoothTotalVariation(
  values: Float32Array,
  mask: Uint8Array,
  width: number,
  { lambda, iterations }: { lambda: number; iterations: number },
): Float32Array {
  const count = values.length;
  const { right, below } = edges(mask, width);
  // The dual field: what flows over each pixel's right and lower edge, at most 1.
  const px = new Float32Array(count);
  const py = new Float32Array(count);
  const u = new Float32Array(count);
  for (let iteration = 0; iteration < iterations; iteration++) {
    divergence(px, py, width, u);
    for (let i = 0; i < count; i++) u[i] -= values[i] / lambda;
    const last = count - width;
    for (let i = 0; i < count; i++) {
      const gx = right[i] ? u[i + 1] - u[i] : 0;
      const gy = i < last && below[i] ? u[i + width] - u[i] : 0;
      const norm = 1 / (1 + step * Math.sqrt(gx * gx + gy * gy));
      px[i] = (px[i] + step * gx) * norm;
      py[i] = (py[i] + step * gy) * norm;
    }
  }
  divergence(px, py, width, u);
  for (let i = 0; i < count; i++) u[i] = values[i] - lambda * u[i];
  return u;
}

/** Converges up to 1/4 (Chambolle 2004, §3.1, with the remark on practice). */
const step = 0.248;

/** 1 where a pixel and its right (lower) neighbour are both observed. */
function edges(mask: Uint8Array, width: number): { right: Uint8Array; below: Uint8Array } {
  const count = mask.length;
  const right = new Uint8Array(count);
  const below = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    right[i] = (i + 1) % width === 0 ? 0 : mask[i] & mask[i + 1];
    below[i] = i + width < count ? mask[i] & mask[i + width] : 0;
  }
  return { right, below };
}

function divergence(px: Float32Array, py: Float32Array, width: number, out: Float32Array): void {
  const count = px.length;
  out[0] = px[0] + py[0];
  for (let i = 1; i < width; i++) out[i] = px[i] - px[i - 1] + py[i];
  // A row's first pixel has the row above's last one to its left, whose right edge carries nothing.
  for (let i = width; i < count; i++) out[i] = px[i] - px[i - 1] + py[i] - py[i - width];
}
