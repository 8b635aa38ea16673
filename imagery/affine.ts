import { ImageryError } from './error.ts';
import type { Grid } from './grid.ts';

/**
 * Where the corner of each pixel lies, as files say it: x = originX + column * perColumnX + row * perRowX, and y
 * likewise. A grid is the case without rotation.
 */
export interface Affine {
  originX: number;
  originY: number;
  perColumnX: number;
  perColumnY: number;
  perRowX: number;
  perRowY: number;
}

/** A rotation that moves a pixel by less than this share of a pixel per pixel is rounding. */
const LEAST_SLANT = 1e-9;

/** GDAL's six numbers: x origin, x per column, x per row, y origin, y per column, y per row. */
export function affineOfGeoTransform(numbers: readonly number[]): Affine {
  const [originX, perColumnX, perRowX, originY, perColumnY, perRowY] = numbers;
  return { originX, perColumnX, perRowX, originY, perColumnY, perRowY };
}

/**
 * The grid of an image that lies as `affine` says.
 * @throws ImageryError image-damaged where the numbers are none, image-unsupported where the image is rotated or its
 * columns run west
 */
export function gridOfAffine(
  path: string,
  { width, height }: Pick<Grid, 'width' | 'height'>,
  { originX, originY, perColumnX, perColumnY, perRowX, perRowY }: Affine,
  crs: string | null,
): Grid {
  const refuse = (what: string) => {
    throw new ImageryError('image-unsupported', `${path}: cannot be read: ${what}.`);
  };
  const slant = Math.max(Math.abs(perRowX / perRowY), Math.abs(perColumnY / perColumnX));
  if (slant > LEAST_SLANT && perColumnX ** 2 + perColumnY ** 2 > 0) {
    const degrees = (Math.atan2(perColumnY, perColumnX) * 180) / Math.PI;
    refuse(`wanted rows along the x axis, got an image rotated by ${degrees.toFixed(3)}°; warp it first`);
  }
  if (![originX, originY, perColumnX, perRowY].every(Number.isFinite) || perColumnX === 0 || perRowY === 0)
    throw new ImageryError(
      'image-damaged',
      `${path}: is damaged: its pixels are ${perColumnX} x ${perRowY} at ${originX}, ${originY}.`,
    );
  if (perColumnX < 0) refuse('wanted columns that run east, got columns that run west');
  return { width, height, crs, originX, originY, pixelWidth: perColumnX, pixelHeight: perRowY };
}
