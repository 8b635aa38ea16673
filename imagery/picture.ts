import sharp from 'sharp';
import { ImageryError } from './error.ts';

/** What a picture is made of: red, green and blue of width × height samples each, and which were observed. */
export interface Channels {
  channels: Float32Array[];
  /** 1 = observed. */
  mask: Uint8Array;
}

/** What two pictures share, so that they can be compared: which values are black, and how far above them is white. */
export interface Stretch {
  /** Per channel. */
  low: number[];
  range: number;
}

/** Shares of the darkest and brightest samples that may be clipped. */
const clipLow = 0.02;
const clipHigh = 0.98;
/** White lies at most this many times the middle half's spread above it: a cloud or roof must not darken the ground. */
const mostSpreads = 2.5;
/** Middle tones are lifted, as screens expect of light: level = share ^ gamma. */
const gamma = 0.6;
/** Samples per raster that a stretch is told from: quantiles of more move by less than a grey level. */
const mostSamples = 10_000;
/** The golden section: steps of it, taken modulo 1, are spread evenly and fall into no step with rows or columns. */
const golden = (Math.sqrt(5) - 1) / 2;
/** What was not observed is drawn in this grey, never as if it were ground. */
const unobservedGrey = 96;

/**
 * One stretch for several rasters, from the quantiles of their observed samples together. Black is each
 * channel's own, which takes the haze away; the range is the widest channel's, which keeps the colours.
 */
export function commonStretch(rasters: Channels[]): Stretch {
  const limits = [0, 1, 2].map((channel) => {
    const sorted = Float32Array.from(rasters.flatMap((raster) => sampled(raster, channel))).sort();
    const at = (q: number) => sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? 0;
    const reach = at(0.75) + mostSpreads * (at(0.75) - at(0.25));
    return { low: at(clipLow), high: Math.min(at(clipHigh), reach) };
  });
  const range = Math.max(1e-6, ...limits.map(({ low, high }) => high - low));
  return { low: limits.map(({ low }) => low), range };
}

/** Observed values of a channel at places spread over the raster: the same ones in every raster of that size. */
function sampled({ channels, mask }: Channels, channel: number): number[] {
  const values: number[] = [];
  const all = mask.length <= mostSamples;
  for (let k = 0; k < Math.min(mask.length, mostSamples); k++) {
    const i = all ? k : Math.floor(((k * golden) % 1) * mask.length);
    if (mask[i]) values.push(channels[channel][i]);
  }
  return values;
}

/** PNG of three channels under a stretch; unobserved pixels are hatched grey. */
export function renderPicture(shown: Channels, width: number, height: number, stretch: Stretch): Promise<Buffer> {
  return encodePng(stretchedPixels(shown, width, height, stretch), width, height);
}

/** The same as red, green, blue of each pixel, to be drawn upon. */
export function stretchedPixels(
  { channels, mask }: Channels,
  width: number,
  height: number,
  stretch: Stretch,
): Uint8Array {
  const pixels = new Uint8Array(width * height * 3);
  for (let channel = 0; channel < 3; channel++) {
    const samples = channels[channel];
    const low = stretch.low[channel];
    const scale = 1 / stretch.range;
    for (let i = 0; i < mask.length; i++) {
      const share = Math.max(0, Math.min(1, (samples[i] - low) * scale));
      pixels[3 * i + channel] = mask[i] ? 255 * share ** gamma : hatched(i, width);
    }
  }
  return pixels;
}

/** PNG of red, green, blue of each pixel. @throws ImageryError picture-failed */
export async function encodePng(pixels: Uint8Array, width: number, height: number): Promise<Buffer> {
  try {
    return await sharp(pixels, { raw: { width, height, channels: 3 } })
      .png({ compressionLevel: 6 })
      .toBuffer();
  } catch (error) {
    throw new ImageryError('picture-failed', `A picture of ${width} x ${height} pixels could not be made.`, error);
  }
}

function hatched(i: number, width: number): number {
  return unobservedGrey + (((i % width) + Math.floor(i / width)) % 12 < 2 ? 24 : 0);
}
