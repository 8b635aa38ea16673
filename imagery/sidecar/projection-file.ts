import { parseCrs } from '../crs.ts';
import { crsOfWkt } from '../crs-wkt.ts';
import { ImageryError } from '../error.ts';
import { readFirstText, withEnding } from './beside.ts';

/**
 * The CRS that 'x.prj' beside an image names, in WKT as ArcGIS writes it, or by code. Null where there is none.
 * @throws ImageryError crs-unknown naming the file
 */
export async function readProjectionFile(path: string): Promise<string | null> {
  const found = await readFirstText([withEnding(path, '.prj'), withEnding(path, '.PRJ')]);
  if (found === null || found.text.trim() === '') return null;
  try {
    return /[[(]/.test(found.text) ? crsOfWkt(found.text) : parseCrs(found.text);
  } catch (error) {
    if (error instanceof ImageryError) throw new ImageryError(error.code, `${found.path}: ${error.message}`, error);
    throw error;
  }
}
