import sharp from 'sharp';
import { ImageryError } from './error.ts';

/** Brightness limits that two pictures share, so that they can be compared: one low and high per channel. */
export interface Stretch {
  low: number[];
  high: number[];
}

/** Shares of the darkest and brightest samples that may be clipped. */
const clipLow = 0.01;
const clipHigh = 0.99;
/** What was not observed is drawn in this grey, never as if it were ground. */
const unobservedGrey = 96;

/**
 * One stretch for several rasters, from the quantiles of all their observed samples together.
 * `channels` are three bands (red, green, blue) of width × height samples each.
 */
export function commonStretch(rasters: { channels: Float32Array[]; mask: Uint8Array }[]): Stretch {
  const low: number[] = [];
  const high: number[] = [];
  for (let channel = 0; channel < 3; channel++) {
    const samples = rasters.flatMap(({ channels, mask }) => [...channels[channel].filter((_, i) => mask[i] === 1)]);
    const sorted = Float32Array.from(samples).sort();
    const at = (q: number) => sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? 0;
    low.push(at(clipLow));
    high.push(Math.max(at(clipHigh), at(clipLow) + 1e-6));
  }
  return { low, high };
}

/** PNG of three channels under a stretch; unobserved pixels are hatched grey. */
export async function renderPicture(
  channels: Float32Array[],
  mask: Uint8Array,
  width: number,
  height: number,
  stretch: Stretch,
): Promise<Buffer> {
  const pixels = new Uint8Array(width * height * 3);
  for (let i = 0; i < mask.length; i++) {
    for (let channel = 0; channel < 3; channel++) {
      const { low, high } = { low: stretch.low[channel], high: stretch.high[channel] };
      const level = (255 * (channels[channel][i] - low)) / (high - low);
      const hatch = ((i % width) + Math.floor(i / width)) % 12 < 2 ? 24 : 0;
      pixels[3 * i + channel] = mask[i] ? Math.max(0, Math.min(255, level)) : unobservedGrey + hatch;
    }
  }
  try {
    return await sharp(pixels, { raw: { width, height, channels: 3 } })
      .png({ compressionLevel: 6 })
      .toBuffer();
  } catch (error) {
    throw new ImageryError('picture-failed', `A picture of ${width} x ${height} pixels could not be made.`, error);
  }
}
