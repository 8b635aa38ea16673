import type { ComplexSquare } from './fourier.ts';

/** A displacement in pixels, x right and y down. */
export interface Peak {
  x: number;
  y: number;
}

export interface PeakSearch {
  /** Steps per pixel. */
  upsampling: number;
  refinedHalfWidthPx: number;
  /** The spectrum is empty above this many cycles per pixel. */
  passBand: number;
}

/**
 * The peak to a small part of a pixel: the correlation Σ R(k) e^(2πi k·d / size) is evaluated at displacements
 * 1 / upsampling apart around the coarse peak (Guizar-Sicairos et al. 2008), then a parabola through the best.
 */
export function refinedPeak(spectrum: ComplexSquare, peak: Peak, search: PeakSearch): Peak {
  const { upsampling, refinedHalfWidthPx } = search;
  const reach = Math.round(refinedHalfWidthPx * upsampling);
  const offsets = Array.from({ length: 2 * reach + 1 }, (_, j) => (j - reach) / upsampling);
  const values = upsampled(
    spectrum,
    Math.floor(search.passBand * spectrum.size),
    offsets.map((d) => peak.x + d),
    offsets.map((d) => peak.y + d),
  );
  const n = offsets.length;
  let best = 0;
  for (let k = 1; k < values.length; k++) if (values[k] > values[best]) best = k;
  const column = best % n;
  const row = Math.floor(best / n);
  const stepX = column > 0 && column < n - 1 ? vertex(values[best - 1], values[best], values[best + 1]) : 0;
  const stepY = row > 0 && row < n - 1 ? vertex(values[best - n], values[best], values[best + n]) : 0;
  return {
    x: peak.x + offsets[column] + stepX / upsampling,
    y: peak.y + offsets[row] + stepY / upsampling,
  };
}

/** Where between −1 and 1 the parabola through three values has its top. */
function vertex(left: number, middle: number, right: number): number {
  const curvature = left - 2 * middle + right;
  return curvature < 0 ? (0.5 * (left - right)) / curvature : 0;
}

/**
 * Correlation at every (x of xs, y of ys), row-major by y, from the frequencies up to `limit` cycles per image
 * side. R is Hermitian: kx < 0 repeats kx > 0.
 */
function upsampled({ size, re, im }: ComplexSquare, limit: number, xs: number[], ys: number[]): Float64Array {
  const out = new Float64Array(xs.length * ys.length);
  const angle = (2 * Math.PI) / size;
  const waves = ys.map((y) => Array.from({ length: 2 * limit + 1 }, (_, k) => angle * (k - limit) * y));
  const cosines = waves.map((wave) => Float64Array.from(wave, Math.cos));
  const sines = waves.map((wave) => Float64Array.from(wave, Math.sin));
  for (let kx = 0; kx <= limit; kx++) {
    const across = xs.map((x) => Math.cos(angle * kx * x));
    const acrossSine = xs.map((x) => Math.sin(angle * kx * x));
    for (let j = 0; j < ys.length; j++) {
      let sumRe = 0;
      let sumIm = 0;
      for (let k = 0; k <= 2 * limit; k++) {
        const index = kx * size + ((k - limit + size) % size);
        sumRe += re[index] * cosines[j][k] - im[index] * sines[j][k];
        sumIm += re[index] * sines[j][k] + im[index] * cosines[j][k];
      }
      const twice = kx === 0 ? 1 : 2;
      for (let i = 0; i < xs.length; i++) {
        out[j * xs.length + i] += twice * (sumRe * across[i] - sumIm * acrossSine[i]);
      }
    }
  }
  return out;
}
