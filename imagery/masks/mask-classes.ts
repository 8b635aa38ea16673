import type { Samples } from '../raster.ts';
import type { SuppliedMaskKind } from './supplied-mask.ts';

/**
 * Landsat Collection 2, QA_PIXEL: bits 0 fill, 1 dilated cloud, 2 cirrus, 3 cloud, 4 cloud shadow, 5 snow hide the
 * ground; 6 clear, 7 water and the confidences above do not.
 */
const landsatHidden = 0b11_1111;

/**
 * Sentinel-2 scene classification (SCL): 0 no data, 1 saturated or defective, 3 cloud shadow, 8 cloud of medium and
 * 9 of high probability, 10 thin cirrus, 11 snow or ice hide the ground. 2 dark (the shadow of hills, also ponds),
 * 4 vegetation, 5 bare, 6 water and 7 unclassified do not. Above 11 nothing is defined: not observed.
 */
const sceneClassesSeen: readonly number[] = [2, 4, 5, 6, 7];

const isSeen: Readonly<Record<SuppliedMaskKind, (value: number) => boolean>> = {
  mask: (value) => value === 0,
  'landsat-qa': (value) => (value & landsatHidden) === 0,
  scl: (value) => sceneClassesSeen.includes(value),
};

/** 1 where the mask's raw numbers say that the ground was observed. */
export function observedBy(kind: SuppliedMaskKind, numbers: Samples): Uint8Array {
  const seen = isSeen[kind];
  const observed = new Uint8Array(numbers.length);
  for (let i = 0; i < observed.length; i++) observed[i] = seen(numbers[i]) ? 1 : 0;
  return observed;
}
