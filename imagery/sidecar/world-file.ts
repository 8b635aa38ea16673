import { extname } from 'node:path';
import type { Affine } from '../affine.ts';
import { ImageryError } from '../error.ts';
import { inBothCases, readFirstText, withEnding } from './beside.ts';

/**
 * Where the pixels of an image lie, as the world file beside it says: 'x.jpg' has 'x.jgw', 'x.jpgw' or 'x.wld'.
 * Six lines, of which the last two are the centre of the first pixel. Null where there is none.
 * @throws ImageryError image-damaged naming the world file
 */
export async function readWorldFile(path: string): Promise<Affine | null> {
  const extension = extname(path).slice(1);
  const short = extension.length > 1 ? [`.${extension[0]}${extension.at(-1)}w`, `.${extension}w`] : [];
  const endings = [...short.map((ending) => ending.toLowerCase()), '.wld'];
  const found = await readFirstText(inBothCases(endings).map((ending) => withEnding(path, ending)));
  return found && parseWorldFile(found.path, found.text);
}

function parseWorldFile(path: string, text: string): Affine {
  const lines = text.trim().split(/\s+/);
  const numbers = lines.slice(0, 6).map((line) => Number(line.replace(',', '.')));
  if (lines.length < 6 || !numbers.every(Number.isFinite))
    throw new ImageryError('image-damaged', `${path}: wanted six numbers, one a line, got "${lines[0].slice(0, 40)}".`);
  const [perColumnX, perColumnY, perRowX, perRowY, centreX, centreY] = numbers;
  return {
    originX: centreX - 0.5 * perColumnX - 0.5 * perRowX,
    originY: centreY - 0.5 * perColumnY - 0.5 * perRowY,
    perColumnX,
    perColumnY,
    perRowX,
    perRowY,
  };
}
