import { gridOfAffine } from '../affine.ts';
import { ImageryError } from '../error.ts';
import { type Grid, pixelGrid } from '../grid.ts';
import type { Pam } from './pam.ts';
import { readProjectionFile } from './projection-file.ts';
import { refuseRpcOnly } from './rpc.ts';
import { readWorldFile } from './world-file.ts';

/**
 * The grid of an image that says nothing itself of where it lies, by the files beside it: '.aux.xml', else a world
 * file and '.prj'. Without any of them: pixel coordinates.
 * @throws ImageryError image-unsupported, image-damaged, crs-unknown
 */
export async function placeBeside(path: string, size: Pick<Grid, 'width' | 'height'>, pam: Pam | null): Promise<Grid> {
  const affine = pam?.affine ?? (await readWorldFile(path));
  if (affine) return gridOfAffine(path, size, affine, pam?.crs ?? (await readProjectionFile(path)));
  await refuseRpcOnly(path, pam?.hasRpc ?? false);
  if (pam?.crs)
    throw new ImageryError(
      'image-unsupported',
      `${path}: cannot be read: wanted a geotransform or a world file beside it, got a CRS alone.`,
    );
  return pixelGrid(size.width, size.height);
}
