import { ImageryError } from '../../imagery/error.ts';
import type { BandRole } from '../../imagery/scene.ts';
import type { ThreadPool } from '../jobs/threads.ts';
import { describeGuarded } from '../scenes/guard.ts';
import { type MaskWish, suppliedMask } from '../scenes/scene-facts.ts';

export interface PairOptions {
  bands?: BandRole[];
  /** What took both images, see imagery/sensors.ts. */
  sensor?: string;
  /** CRS for files that name none. */
  crs?: string;
  /** Masks that came with the images: what they hide is unobserved, and clouds are not looked for. */
  masks?: { before?: MaskWish; after?: MaskWish };
  /** True: patches will be written in lon/lat. */
  needsPlace: boolean;
  minAreaM2?: number;
}

/**
 * Describes two files that are to be compared, in threads that know lookJob.
 * @throws ImageryError for files that cannot be read, or differ in a way that makes no pair of them
 */
export async function openPair(beforePath: string, afterPath: string, options: PairOptions, pool: ThreadPool) {
  const { bands, sensor, crs, needsPlace, minAreaM2 } = options;
  const description = { ...(bands && { bands }), ...(sensor && { sensor }), ...(crs && { crs }) };
  const wishes = [options.masks?.before, options.masks?.after];
  const masks = await Promise.all(wishes.map((wish) => wish && suppliedMask(wish)));
  const looks = [beforePath, afterPath].map((path, i) =>
    describeGuarded(path, { ...description, ...(masks[i] && { mask: masks[i] }) }, pool),
  );
  // What is wrong with the earlier image is said first, whichever is found first.
  looks[1].catch(() => {});
  const [before, after] = [await looks[0], await looks[1]];
  const differ = (what: string, a: string, b: string) =>
    `${after.path}: has ${what} ${b}, but ${before.path} has ${a}.`;
  if (before.bandCount !== after.bandCount) {
    throw new ImageryError('bands-differ', differ('band count', `${before.bandCount}`, `${after.bandCount}`));
  }
  if (before.sampleType !== after.sampleType) {
    throw new ImageryError('sample-type-differs', differ('samples of type', before.sampleType, after.sampleType));
  }
  if ((before.grid.crs === null) !== (after.grid.crs === null)) {
    const bare = before.grid.crs === null ? before : after;
    throw new ImageryError(
      'crs-missing',
      `${bare.path}: names no CRS, but the other image does; wanted both or neither (name it with --crs EPSG:n).`,
    );
  }
  if (before.grid.crs === null && (needsPlace || minAreaM2 !== undefined)) {
    const cannot = needsPlace ? 'patches cannot be placed in lon/lat' : 'the smallest area cannot be told in m²';
    throw new ImageryError('crs-missing', `${before.path}: names no CRS, so ${cannot}; name it with --crs EPSG:n.`);
  }
  return { before, after };
}
