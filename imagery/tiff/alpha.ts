import type { Samples } from '../raster.ts';
import type { TiffImage } from './image.ts';

/** ExtraSamples (tag 338): alpha that the colours are multiplied by already, and alpha that they are not. */
const ASSOCIATED = 1;
const UNASSOCIATED = 2;

/** Index of the sample that is alpha, or -1. */
export function alphaBand({ sampleCount, extraSamples }: TiffImage): number {
  const extra = extraSamples.findIndex((kind) => kind === ASSOCIATED || kind === UNASSOCIATED);
  return extra < 0 || sampleCount < 2 ? -1 : sampleCount - extraSamples.length + extra;
}

export function isPremultiplied(image: TiffImage): boolean {
  return alphaBand(image) >= 0 && !image.extraSamples.includes(UNASSOCIATED);
}

/**
 * Takes a premultiplied alpha out of the bands, in place: a half transparent pixel at an image's seam is stored half
 * as bright as the ground, which would count as change. Where alpha is 0 nothing can be said, nor is anything done.
 */
export function undoPremultiplied(bands: Samples[], alpha: Samples): void {
  const isFloat = alpha instanceof Float32Array || alpha instanceof Float64Array;
  const opaque = isFloat ? 1 : 2 ** (8 * alpha.BYTES_PER_ELEMENT - (isSigned(alpha) ? 1 : 0)) - 1;
  for (let i = 0; i < alpha.length; i++) {
    if (!(alpha[i] > 0 && alpha[i] < opaque)) continue;
    for (const band of bands) {
      const value = (band[i] * opaque) / alpha[i];
      band[i] = isFloat ? value : Math.min(opaque, Math.round(value));
    }
  }
}

function isSigned(samples: Samples): boolean {
  return samples instanceof Int8Array || samples instanceof Int16Array || samples instanceof Int32Array;
}
