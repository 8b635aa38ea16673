import type { ColourBands } from './change-type.ts';
import type { PairWindow } from './features.ts';

/**
 * What the air adds to every pixel of an image, told from its darkest ones (dark object subtraction, Chavez 1988).
 * Without it, soil seen through the air is as grey as concrete: images are mostly reflectance above the air.
 */
const rules = {
  /** The darkest pixels are those below this share of all: a water surface, a shadow, a wood. */
  darkShare: 0.005,
  /** They are not black: reflectance that they have on the ground, or, of counts without scale, share of the count. */
  darkReflectance: 0.01,
  darkCountShare: 0.25,
  /** Air scatters red and infrared less than blue: no more than this share of it. Where nothing is dark, it counts. */
  mostOfBlue: { green: 0.8, red: 0.65, nearInfrared: 0.35, shortWave: 0.1 },
};

/** More pixels than this say nothing new. */
const mostLookedAt = 50_000;

/** Band by band, what the darkest observed pixels of the before image have; null where nothing is observed. */
export function darkestOf(sample: readonly PairWindow[]): number[] | null {
  const bands = sample[0]?.before.length ?? 0;
  const step = Math.ceil(sample.reduce((sum, { mask }) => sum + mask.length, 0) / mostLookedAt);
  const darkest = Array.from({ length: bands }, (_, band) => {
    const values: number[] = [];
    for (const { before, mask } of sample) {
      for (let i = 0; i < mask.length; i += step) if (mask[i]) values.push(before[band][i]);
    }
    return Float32Array.from(values).sort()[Math.floor(rules.darkShare * values.length)] ?? Number.NaN;
  });
  return darkest.length > 0 && darkest.every(Number.isFinite) ? darkest : null;
}

/**
 * What to take off each band, in the units of `darkest`.
 * @param reflectance true where those are reflectance, 0 to 1
 */
export function hazeOf(darkest: readonly number[], bands: ColourBands, reflectance: boolean): number[] {
  if (bands.blue === null) return darkest.map(() => 0);
  const onGround = (value: number) => (reflectance ? rules.darkReflectance : rules.darkCountShare * value);
  const haze = darkest.map((value) => Math.max(0, value - onGround(value)));
  const blue = haze[bands.blue];
  for (const [name, most] of Object.entries(rules.mostOfBlue) as [keyof ColourBands, number][]) {
    const band = bands[name];
    if (band !== null) haze[band] = Math.min(haze[band], most * blue);
  }
  return haze;
}
