import { ImageryError } from '../error.ts';
import { pictureLibrary } from '../picture-library.ts';
import { emptyPixels, type TilePixels } from './pixels.ts';

/** PNG of a tile. @throws ImageryError picture-failed */
export async function tilePng({ rgba, sizePx }: TilePixels): Promise<Uint8Array> {
  const sharp = await pictureLibrary();
  try {
    const raw = { width: sizePx, height: sizePx, channels: 4 } as const;
    return await sharp(rgba, { raw }).png({ compressionLevel: 4 }).toBuffer();
  } catch (error) {
    throw new ImageryError('picture-failed', `A tile of ${sizePx} x ${sizePx} pixels could not be made.`, error);
  }
}

const empty = new Map<number, Promise<Uint8Array>>();

/** A tile on which there is nothing, made once. */
export function emptyTile(sizePx: number): Promise<Uint8Array> {
  const made = empty.get(sizePx) ?? tilePng(emptyPixels(sizePx));
  empty.set(sizePx, made);
  return made;
}
