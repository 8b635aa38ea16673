/** First bytes of the formats people hand over by mistake, in words for an error message. */
const SIGNATURES: [start: string, words: string][] = [
  ['\x89PNG', 'a PNG picture'],
  ['\xff\xd8\xff', 'a JPEG picture'],
  ['\0\0\0\x0cjP  ', 'a JPEG 2000 picture'],
  ['GIF8', 'a GIF picture'],
  ['BM', 'a BMP picture'],
  ['PK\x03\x04', 'a ZIP archive'],
  ['\x1f\x8b', 'a gzip file'],
  ['Rar!', 'a RAR archive'],
  ['7z\xbc\xaf', 'a 7-Zip archive'],
  ['%PDF', 'a PDF document'],
  ['\x89HDF', 'an HDF5 file'],
  ['CDF', 'a NetCDF file'],
  ['EHFA_HEADER_TAG', 'an ERDAS Imagine file'],
  ['SQLite format 3', 'a SQLite database or GeoPackage'],
  ['version https://git-lfs', 'a Git LFS pointer, not the file itself'],
  ['ENVI', 'an ENVI header'],
];

/** True for a classic TIFF or a BigTIFF of either byte order. */
export function isTiff(head: Buffer): boolean {
  return /^(II[*+]\0|MM\0[*+])/.test(head.subarray(0, 4).toString('latin1'));
}

/** What a file that is no TIFF seems to be, e.g. "an HTML page". */
export function describeContent(head: Buffer): string {
  const text = head.toString('latin1');
  const known = SIGNATURES.find(([start]) => text.startsWith(start));
  if (known) return known[1];
  if (text.startsWith('RIFF') && text.slice(8, 12) === 'WEBP') return 'a WebP picture';
  if (/^(II|MM)/.test(text) && text.length < 8) return `${text.length} bytes of a TIFF`;
  if (head.every((byte) => byte === 0)) return 'nothing but zero bytes';
  const start = text.replace(/^\xef\xbb\xbf/, '').trimStart();
  if (/^<(!doctype html|html|head|body)/i.test(start)) return 'an HTML page';
  if (start.startsWith('<')) return 'an XML document';
  if (/^[{[]/.test(start)) return 'JSON text';
  if (/^[\t\n\r\x20-\x7e\x80-\xff]*$/.test(text)) return `text beginning "${firstWords(start)}"`;
  return 'unknown binary data';
}

function firstWords(text: string): string {
  const line = text.split(/[\r\n]/)[0];
  return line.length > 40 ? `${line.slice(0, 40)}...` : line;
}
