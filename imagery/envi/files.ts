import { readFile } from 'node:fs/promises';
import { firstFile, inBothCases, readFirstText, type TextBeside, withEnding } from '../sidecar/beside.ts';
import { isEnviHeader } from './header.ts';

/** Endings of the data files that go with 'x.hdr', '' among them: ENVI itself writes none. */
const DATA_ENDINGS = ['', '.img', '.dat', '.bsq', '.bil', '.bip', '.raw', '.bin', '.envi'];

/** The header that belongs to a data file: 'x.hdr' or 'x.img.hdr' beside 'x.img'. Null where there is none. */
export async function headerOfData(path: string): Promise<TextBeside | null> {
  const candidates = inBothCases(['.hdr']).flatMap((ending) => [withEnding(path, ending), path + ending]);
  for (const candidate of candidates) {
    const found = candidate === path ? null : await readFirstText([candidate]);
    if (found !== null && isEnviHeader(Buffer.from(found.text))) return found;
  }
  return null;
}

/** The data file that belongs to a header, or null. */
export async function dataOfHeader(path: string): Promise<string | null> {
  const candidates = inBothCases(DATA_ENDINGS).map((ending) => withEnding(path, ending));
  return firstFile(candidates.filter((candidate) => candidate !== path));
}

export async function readHeader(path: string): Promise<string> {
  return (await readFile(path, 'utf8')).replace(/^\ufeff/, '');
}
