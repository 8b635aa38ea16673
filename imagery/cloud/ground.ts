import type { Cells } from './cells.ts';
import { crowdedValue, percentile, sortedSample } from './levels.ts';

/** What lies under the clouds, told or guessed: reflectance of band b in cell k is bands[b][k] + level[b]. */
export interface Ground {
  bands: readonly Float32Array[];
  level: readonly number[];
  /** True: another date shows it. False: guessed from the scene itself. */
  told: boolean;
}

const groundParameters = {
  /**
   * Jumps count from where most of them lie: the clear ground's own (season, haze, sun), as far as it is within these
   * limits (measured: -0.02 to 0.04). Further off it would be cloud, on this date or on the reference.
   */
  clearJump: [-0.03, 0.05] as const,
  /** Without a reference, the ground is taken to be as dark as this percentile of the scene. */
  percentile: 0.25,
};

/** The ground as another date shows it, in this date's light. */
export function groundOf(reference: readonly Float32Array[], cells: Cells): Ground {
  const [least, most] = groundParameters.clearJump;
  const level = cells.bands.map((band, b) => {
    const clear = crowdedValue(sortedSample(band, cells.observed, reference[b]));
    return Math.min(most, Math.max(least, clear));
  });
  return { bands: reference, level, told: true };
}

/** The same dark ground everywhere, as a dark part of the scene suggests. */
export function groundGuessed(cells: Cells): Ground {
  const none = new Float32Array(cells.observed.length);
  const level = cells.bands.map((band) => percentile(sortedSample(band, cells.observed), groundParameters.percentile));
  return { bands: cells.bands.map(() => none), level, told: false };
}
