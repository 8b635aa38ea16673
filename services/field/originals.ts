import { join } from 'node:path';
import { isKept, keepFile, readKept } from '../archive/kept-file.ts';
import { sha256Of } from '../sha256.ts';
import type { PhotoFormat } from './photo-format.ts';

/** Of one original; a phone's largest are half of it. */
export const MOST_PHOTO_BYTES = 64 * 2 ** 20;

const endings: Record<PhotoFormat, string> = { jpeg: 'jpg', heic: 'heic' };

/** Where an original lies in a workspace: its name is its content. */
export function originalPath(home: string, sha256: string, format: PhotoFormat): string {
  return join(home, 'photos', sha256.slice(0, 2), `${sha256}.${endings[format]}`);
}

/** Keeps an original whole. @throws ServiceError store-unusable where another content lies under the name */
export async function keepOriginal(home: string, bytes: Uint8Array, format: PhotoFormat): Promise<string> {
  const sha256 = sha256Of(bytes);
  await keepFile(originalPath(home, sha256, format), bytes, 'photo');
  return sha256;
}

/** @throws ServiceError store-unusable where the original is missing or no longer what it was */
export function readOriginal(home: string, sha256: string, format: PhotoFormat): Promise<Buffer> {
  return readKept(originalPath(home, sha256, format), sha256, 'photo');
}

/** True where the original is there, byte for byte. */
export function isWhole(home: string, sha256: string, format: PhotoFormat): Promise<boolean> {
  return isKept(originalPath(home, sha256, format), sha256);
}
