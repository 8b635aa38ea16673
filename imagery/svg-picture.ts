import sharp from 'sharp';
import { ImageryError } from './error.ts';

/** PNG of a drawing, at the size that it states. Text in it would hang on the machine's fonts: draw none. */
export async function svgPicture(svg: string): Promise<Uint8Array> {
  try {
    const png = await sharp(Buffer.from(svg)).png({ compressionLevel: 9, palette: true }).toBuffer();
    return new Uint8Array(png.buffer, png.byteOffset, png.byteLength);
  } catch (error) {
    throw new ImageryError('picture-failed', 'A drawing could not be made into a picture.', error);
  }
}
