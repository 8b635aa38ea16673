import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { refuseLayer, shown } from '../layer-refusal.ts';

export type FileKind = 'shapefile' | 'geopackage' | 'json' | 'flatgeobuf' | 'zip';

/** First bytes of formats that are read, and of some that people send and are not. */
const BEGINNINGS: readonly (readonly [string, FileKind | { name: string }])[] = [
  ['0000270a', 'shapefile'],
  ['53514c69746520666f726d6174203300', 'geopackage'],
  ['666762', 'flatgeobuf'],
  ['504b0304', 'zip'],
  ['504b0506', 'zip'],
  ['52617221', { name: 'a RAR archive: unpack it' }],
  ['377abcaf271c', { name: 'a 7z archive: unpack it' }],
  ['1f8b', { name: 'gzip: unpack it' }],
  ['41433130', { name: 'a DWG drawing: export its polygons' }],
  ['3c', { name: 'XML (KML or GML?): convert it to GeoPackage' }],
  ['efbbbf3c', { name: 'XML (KML or GML?): convert it to GeoPackage' }],
  ['50415231', { name: 'Parquet: convert it to GeoPackage' }],
  ['fffe', { name: 'UTF-16 text: GeoJSON must be UTF-8' }],
  ['feff', { name: 'UTF-16 text: GeoJSON must be UTF-8' }],
];

const RECORD_SEPARATOR = '\u001E';
const WANTED = 'a shapefile, GeoPackage, GeoJSON, GeoJSONSeq, FlatGeobuf or a zip of one';

/** What a file is, by how it begins. @throws ServiceError layer-invalid: empty, unreadable, of no known format */
export function sniffFile(file: string, path: string): FileKind {
  const bytes = beginningOf(file, path);
  if (bytes.length === 0) refuseLayer(path, null, `is empty (0 bytes); wanted ${WANTED}`);
  const hex = bytes.toString('hex');
  const known = BEGINNINGS.find(([beginning]) => hex.startsWith(beginning))?.[1];
  if (typeof known === 'string') return known;
  if (known !== undefined) return refuseLayer(path, null, `is ${known.name}; wanted ${WANTED}`);
  const text = bytes
    .toString('utf8')
    .replaceAll(RECORD_SEPARATOR, '')
    .replace(/^\uFEFF/, '')
    .trimStart();
  if (text.startsWith('{') || text === '') return 'json';
  const isText = bytes.every((byte) => byte > 8);
  const got = isText ? `text that begins with ${shown(text.slice(0, 40))}` : `bytes ${hex.slice(0, 16)}`;
  return refuseLayer(path, null, `is no layer file but ${got}; wanted ${WANTED}`);
}

function beginningOf(file: string, path: string): Buffer {
  const bytes = Buffer.alloc(256);
  try {
    if (!statSync(file).isFile()) throw new Error('not a file');
    const descriptor = openSync(file, 'r');
    try {
      return bytes.subarray(0, readSync(descriptor, bytes, 0, bytes.length, 0));
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    return refuseLayer(path, null, `cannot be read as a file; wanted ${WANTED}`, error);
  }
}
