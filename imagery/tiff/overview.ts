import { ImageryError } from '../error.ts';
import type { TiffFile } from './file.ts';
import type { GeoKeys } from './geokeys.ts';
import { checkNotTruncated, readImage, type TagReader, type TiffImage } from './image.ts';

/** One image directory of a file: its tags by number, as numbers or as text. */
export interface ImageDirectory {
  tags: TagReader;
  text(tag: number): Promise<string | null>;
  geoKeys(): GeoKeys | null;
}

/** Every image directory of one file, in the order they are chained. */
export interface DirectoryChain<D extends ImageDirectory = ImageDirectory> {
  file: TiffFile;
  littleEndian: boolean;
  directories: D[];
}

/** An image and the file it lies in, which may be a sidecar. */
export interface StoredImage {
  file: TiffFile;
  image: TiffImage;
}

/** One resolution of an image: its pixels, and the mask that says which of them were observed (0 = not). */
export interface TiffLevel<D extends ImageDirectory = ImageDirectory> extends StoredImage {
  directory: D;
  mask: StoredImage | null;
}

/** Files beside an image that hold parts of it: 'x.tif.ovr', and 'x.tif.msk' with its own overviews. */
export interface SidecarChains<D extends ImageDirectory = ImageDirectory> {
  overviews: DirectoryChain<D>[];
  masks: DirectoryChain<D>[];
}

/** NewSubfileType (tag 254), TIFF 6.0: bits of what a directory is to the first one. */
const SUBFILE_TYPE = 254;
const REDUCED = 1;
const MASK = 4;

/**
 * The image itself, then its overviews, largest first, each with its mask. An overview that stores its pixels
 * otherwise than the image, or in a way that is not read, is not offered; nor is one without a mask where
 * the image has one, because what it shows there would count as observed.
 * @throws ImageryError tiff-damaged, tiff-unsupported
 */
export async function findLevels<D extends ImageDirectory>(
  main: DirectoryChain<D>,
  sidecars: SidecarChains<D>,
): Promise<TiffLevel<D>[]> {
  const { file } = main;
  const directory = main.directories[0];
  const image = await readChecked(file, directory, main.littleEndian);
  const rest = { ...main, directories: main.directories.slice(1) };
  const masks = [
    ...(await imagesOf(sidecars.masks, () => true)),
    ...(await imagesOf([rest, ...sidecars.overviews], (kind) => (kind & MASK) !== 0)),
  ];
  const reduced = [
    ...(await imagesOf([rest], (kind) => (kind & (REDUCED | MASK)) === REDUCED, notIfUnsupported)),
    ...(await imagesOf(sidecars.overviews, (kind) => (kind & MASK) === 0, notIfUnsupported)),
  ];
  const withMask = (level: Omit<TiffLevel<D>, 'mask'>): TiffLevel<D> => ({
    ...level,
    mask: masks.find((mask) => sameSize(mask.image, level.image)) ?? null,
  });
  const full = withMask({ file, directory, image });
  const levels = [full];
  for (const level of reduced.toSorted((a, b) => b.image.width - a.image.width).map(withMask)) {
    if (!isOverviewOf(level.image, image) || (full.mask !== null && level.mask === null)) continue;
    if (levels.some((known) => sameSize(known.image, level.image))) continue;
    // Which sample is alpha, only the image itself says in every file.
    levels.push({ ...level, image: { ...level.image, extraSamples: image.extraSamples } });
  }
  return levels;
}

async function imagesOf<D extends ImageDirectory>(
  chains: DirectoryChain<D>[],
  isWanted: (kind: number) => boolean,
  onRefusal = refuse,
): Promise<Omit<TiffLevel<D>, 'mask'>[]> {
  const found: Omit<TiffLevel<D>, 'mask'>[] = [];
  for (const { file, directories, littleEndian } of chains) {
    for (const directory of directories) {
      if (!isWanted((await directory.tags(SUBFILE_TYPE))?.[0] ?? 0)) continue;
      const image = await readChecked(file, directory, littleEndian).catch(onRefusal);
      if (image !== null) found.push({ file, directory, image });
    }
  }
  return found;
}

function refuse(error: unknown): null {
  throw error;
}

function notIfUnsupported(error: unknown): null {
  if (error instanceof ImageryError && error.code === 'tiff-unsupported') return null;
  throw error;
}

async function readChecked(file: TiffFile, directory: ImageDirectory, littleEndian: boolean): Promise<TiffImage> {
  const image = await readImage(file.path, directory.tags, littleEndian);
  checkNotTruncated(image, file.fileSize);
  return image;
}

function isOverviewOf(reduced: TiffImage, image: TiffImage): boolean {
  const factor = Math.max(image.width / reduced.width, image.height / reduced.height);
  return (
    factor > 1 &&
    // Sizes are rounded up or down, never more than that.
    Math.abs(image.width / factor - reduced.width) <= 1 &&
    Math.abs(image.height / factor - reduced.height) <= 1 &&
    reduced.sampleCount === image.sampleCount &&
    reduced.sampleType === image.sampleType
  );
}

function sameSize(a: TiffImage, b: TiffImage): boolean {
  return a.width === b.width && a.height === b.height;
}
