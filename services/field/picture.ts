import sharp from 'sharp';
import { ServiceError } from '../error.ts';
import { GREY_SIDE } from './likeness.ts';

/** Phones take up to 200 million pixels; a file that claims more is made to fill memory. */
const MOST_PIXELS = 256e6;
const PREVIEW_SIDE = 1600;

/** What a JPEG shows, upright. */
export interface Picture {
  width: number;
  height: number;
  /** GREY_SIDE × GREY_SIDE samples. */
  grey: Uint8Array;
}

/**
 * Decodes a JPEG whole.
 * @throws ServiceError bad-input where it is cut off, damaged or claims more pixels than a camera has
 */
export async function lookAt(bytes: Uint8Array, name: string): Promise<Picture> {
  try {
    const { autoOrient } = await opened(bytes).metadata();
    const grey = await opened(bytes)
      .autoOrient()
      .flatten({ background: '#fff' })
      .greyscale()
      .resize(GREY_SIDE, GREY_SIDE, { fit: 'fill' })
      .raw()
      .toBuffer();
    return { width: autoOrient.width, height: autoOrient.height, grey: Uint8Array.from(grey) };
  } catch (error) {
    const [reason] = (error as Error).message.split('\n');
    const wanted = 'wanted a whole JPEG of at most 256 million pixels';
    throw new ServiceError('bad-input', `${name}: cannot be shown: ${wanted} (${reason}).`, undefined, error);
  }
}

/** A JPEG of at most 1600 pixels a side, upright, without the original's EXIF: where people are is not for every reader. */
export function previewOf(bytes: Uint8Array): Promise<Buffer> {
  const inside = { fit: 'inside', withoutEnlargement: true } as const;
  return opened(bytes).autoOrient().resize(PREVIEW_SIDE, PREVIEW_SIDE, inside).jpeg({ quality: 82 }).toBuffer();
}

function opened(bytes: Uint8Array) {
  return sharp(bytes, { limitInputPixels: MOST_PIXELS, failOn: 'truncated' });
}
