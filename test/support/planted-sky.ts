import type { Raster } from '../../imagery/raster.ts';
import { seededRandom } from './random.ts';

export interface PlantedSky {
  /** Share of the light from the ground that cloud hides, per pixel: 0 clear, 1 opaque. */
  alpha: Float32Array;
  /** Share of direct sunlight taken by the cloud that stands in the way, per pixel. */
  shade: Float32Array;
}

export interface SkyPlan {
  seed: number;
  /** Share of the pixels with alpha over 0.5. */
  cover: number;
  /** Greatest alpha. */
  thickness: number;
  /** Size of the largest lumps and width over which a cloud's edge fades, in pixels. */
  lumpPx: number;
  /** From a cloud to its shadow, in pixels. */
  shadow: { dx: number; dy: number };
}

/** Clouds as a fractal lump field, thick inside and fading out at their edges, and the shadows they throw. */
export function plantSky(width: number, height: number, plan: SkyPlan): PlantedSky {
  const lumps = fractalField(plan.seed, plan.lumpPx);
  const field = (x: number, y: number) => lumps(x + 500, y + 500);
  const values = new Float32Array(width * height);
  for (let k = 0; k < values.length; k++) values[k] = field(k % width, Math.floor(k / width));
  const sorted = values.slice().sort();
  const middle = sorted[Math.floor((1 - plan.cover) * (sorted.length - 1))];
  const fade = 0.12;
  const opacity = (value: number) => plan.thickness * smooth((value - middle) / fade + 0.5 / plan.thickness);
  const { dx, dy } = plan.shadow;
  return {
    alpha: values.map(opacity),
    shade: values.map((_, k) => opacity(field((k % width) - dx, Math.floor(k / width) - dy))),
  };
}

/** The raster (reflectance, bands B, G, R, N) as it would look under that sky: shadow on the ground, cloud above. */
export function underSky(raster: Raster<Float32Array>, sky: PlantedSky, cloudReflectance = 0.65): Raster<Float32Array> {
  // Direct light missing in shadow; blue keeps most because the sky lights it.
  const taken = [0.35, 0.42, 0.48, 0.6];
  const bands = raster.bands.map((band, b) =>
    band.map((value, k) => {
      const lit = value * (1 - taken[b] * sky.shade[k]);
      return lit + sky.alpha[k] * (cloudReflectance - lit);
    }),
  );
  return { ...raster, bands };
}

function smooth(t: number): number {
  const s = Math.max(0, Math.min(1, t));
  return s * s * (3 - 2 * s);
}

/** Five octaves of value noise, 0–1, largest features `scalePx` across. */
function fractalField(seed: number, scalePx: number): (x: number, y: number) => number {
  const octaves = [0, 1, 2, 3, 4].map((o) => ({ noise: valueNoise(seed + 101 * o), size: scalePx / 2 ** o }));
  return (x, y) => octaves.reduce((sum, { noise, size }, o) => sum + noise(x / size, y / size) / 2 ** o, 0) / 1.9375;
}

function valueNoise(seed: number): (x: number, y: number) => number {
  const random = seededRandom(seed);
  const lattice = Float32Array.from({ length: 128 * 128 }, random);
  const at = (i: number, j: number) => lattice[((j & 127) << 7) | (i & 127)];
  return (x, y) => {
    const i = Math.floor(x);
    const j = Math.floor(y);
    const s = smooth(x - i);
    const t = smooth(y - j);
    return (at(i, j) * (1 - s) + at(i + 1, j) * s) * (1 - t) + (at(i, j + 1) * (1 - s) + at(i + 1, j + 1) * s) * t;
  };
}
