import { isEnviHeader } from './envi/header.ts';
import { openEnviData, openEnviHeader } from './envi/source.ts';
import { ImageryError } from './error.ts';
import { openLocalFile } from './local-file.ts';
import { isBitmap, openBitmap } from './picture-file/bitmap.ts';
import { isPicture, openPicture } from './picture-file/picture.ts';
import type { RasterSource } from './raster.ts';
import { isRemotePath } from './remote/location.ts';
import { isStack } from './stack/manifest.ts';
import { openStack } from './stack/source.ts';
import { openTiff, type TiffReadOptions } from './tiff/reader.ts';
import { describeContent, isTiff } from './tiff/signature.ts';

const READABLE_FORMATS = 'GeoTIFF, ENVI, PNG, JPEG, WebP or BMP';

/**
 * Opens an image by what its file holds, whatever its name: GeoTIFF, ENVI (by header or data file), PNG, JPEG, WebP,
 * BMP, or a stack of bands in several GeoTIFFs. An http://, https:// or s3:// address is a GeoTIFF's.
 * @throws ImageryError file-missing, not-a-file, not-an-image, and those of the format's reader
 */
export async function openRaster(path: string, options: TiffReadOptions = {}): Promise<RasterSource> {
  if (isRemotePath(path)) return openTiff(path, options);
  const head = await headOf(path);
  if (isTiff(head)) return openTiff(path, options);
  if (isStack(head)) return openStack(path, options);
  if (isPicture(head)) return openPicture(path, options);
  if (isBitmap(head)) return openBitmap(path, options);
  if (isEnviHeader(head)) return openEnviHeader(path);
  const raw = await openEnviData(path);
  if (raw !== null) return raw;
  const found = head.length === 0 ? 'an empty file (0 bytes)' : describeContent(head);
  throw new ImageryError('not-an-image', `${path}: wanted an image (${READABLE_FORMATS}), got ${found}.`);
}

async function headOf(path: string): Promise<Buffer> {
  const file = await openLocalFile(path);
  try {
    return await file.read(0, Math.min(512, file.byteLength));
  } finally {
    await file.close();
  }
}
