import { refuseLayer } from '../../layer-refusal.ts';
import { bytesAt, closeDescriptors, hashFile, sizeOf } from '../file-bytes.ts';
import type { LayerField } from '../layer-file.ts';
import type { FlatgeobufReading } from '../layer-reading.ts';
import type { LayerSource, SourceField, SourcePiece, StatedCrs } from '../layer-source.ts';
import { nothingStated, statedByName, statedByWkt } from '../stated-crs.ts';
import { FlatTable } from './flat-table.ts';

/** Before the header's length: "fgb", version 3, "fgb", patch. */
const MAGIC_BYTES = 8;
const LONGEST_HEADER = 64 * 1024 * 1024;
const NODE_BYTES = 40;
const MOST_PIECE_BYTES = 32 * 1024 * 1024;
/** Fields of the format's tables, by their numbers. */
const HEADER = { geometryType: 2, hasZ: 3, hasM: 4, columns: 7, featuresCount: 8, indexNodeSize: 9, crs: 10 };
const COLUMN = { name: 0, type: 1, width: 4, precision: 5, scale: 6 };
const CRS = { org: 0, code: 1, wkt: 4, codeString: 5 };
const TYPES: readonly LayerField['type'][] = [
  ...(['integer', 'integer', 'boolean', 'integer', 'integer', 'integer', 'integer', 'integer', 'integer'] as const),
  ...(['number', 'number', 'text', 'text', 'datetime', 'text'] as const),
];
const BINARY = 14;

/** Opens a FlatGeobuf file of version 3, with or without its index. @throws ServiceError layer-invalid */
export async function openFlatgeobuf(file: string, path: string, pieceSize: number): Promise<LayerSource> {
  const { header, end } = headerOf(file, path);
  const columns = header.tables(HEADER.columns);
  const reading: FlatgeobufReading = {
    ...{ format: 'flatgeobuf', path, file, names: {}, asText: [], swapped: false, projectFrom: null },
    geometryType: header.byte(HEADER.geometryType),
    hasHeights: header.byte(HEADER.hasZ) !== 0 || header.byte(HEADER.hasM) !== 0,
    columns: columns.map((column) => ({ name: column.text(COLUMN.name) ?? '', type: column.byte(COLUMN.type) })),
  };
  const stated = header.long(HEADER.featuresCount);
  const start = end + indexBytes(stated, header.short(HEADER.indexNodeSize, 16));
  const walked = await walk(file, path, start, pieceSize);
  if (stated > 0 && stated !== walked.count) {
    refuseLayer(path, null, `is cut off or broken: it states ${stated} features and has ${walked.count}`);
  }
  const { pieces, count, sha256 } = walked;
  const notes = reading.columns
    .filter(({ type }) => type === BINARY)
    .map(({ name }) => `field ${name} holds bytes: left out`);
  return {
    ...{ format: 'flatgeobuf', path, reading, notes, count, span: count, sha256, bytes: sizeOf(file) },
    fields: columns.map(fieldOf),
    stated: statedCrs(header.table(HEADER.crs)),
    encoding: { name: 'utf-8', because: 'as every FlatGeobuf is' },
    samples: pieces.length > 0 ? [...new Set([pieces[0], pieces[pieces.length >> 1], pieces.at(-1)!])] : [],
    pieces: () => pieces,
    close: () => closeDescriptors(file),
  };
}

function headerOf(file: string, path: string): { header: FlatTable; end: number } {
  const start = bytesAt(file, 0, MAGIC_BYTES + 4);
  if (start.length < MAGIC_BYTES + 4)
    refuseLayer(path, null, `is a FlatGeobuf of ${start.length} bytes, cut off in its header`);
  if (start[3] !== 3) refuseLayer(path, null, `is FlatGeobuf of version ${start[3]}; wanted version 3`);
  const length = start.readUInt32LE(MAGIC_BYTES);
  const bytes = length <= LONGEST_HEADER ? bytesAt(file, MAGIC_BYTES + 4, length) : Buffer.alloc(0);
  if (bytes.length < length) refuseLayer(path, null, `is a FlatGeobuf cut off in its header of ${length} bytes`);
  try {
    const header = FlatTable.root(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), 0);
    header.tables(HEADER.columns);
    return { header, end: MAGIC_BYTES + 4 + length };
  } catch (error) {
    return refuseLayer(path, null, 'is a FlatGeobuf with a broken header', error);
  }
}

/** Length of the packed tree before the features. */
function indexBytes(count: number, nodeSize: number): number {
  if (nodeSize < 2 || count === 0) return 0;
  let nodes = count;
  for (let n = count; n !== 1; ) {
    n = Math.ceil(n / nodeSize);
    nodes += n;
  }
  return (count === 1 ? 2 : nodes) * NODE_BYTES;
}

/** From feature to feature by their lengths, over the chunks of one reading of the file. */
async function walk(file: string, path: string, start: number, pieceSize: number) {
  const size = sizeOf(file);
  const pieces: SourcePiece[] = [];
  let [at, count, first, pieceStart] = [start, 0, 0, start];
  const endPiece = () => {
    if (count > first) pieces.push({ first, count: count - first, place: { start: pieceStart, end: at } });
    [first, pieceStart] = [count, at];
  };
  const sha256 = await hashFile(file, (chunk, position) => {
    while (at + 4 <= size && at >= position && at < position + chunk.length) {
      const own = at - position;
      const length = own + 4 <= chunk.length ? chunk.readUInt32LE(own) : bytesAt(file, at, 4).readUInt32LE(0);
      if (at + 4 + length > size) {
        refuseLayer(path, null, `is cut off: feature ${count} ends at byte ${at + 4 + length} of ${size}`);
      }
      at += 4 + length;
      count++;
      if (count - first >= pieceSize || at - pieceStart > MOST_PIECE_BYTES) endPiece();
    }
  });
  endPiece();
  return { pieces, count, sha256 };
}

function fieldOf(column: FlatTable): SourceField {
  const name = column.text(COLUMN.name) ?? '';
  const [width, scale] = [column.int(COLUMN.width, -1), column.int(COLUMN.scale, -1)];
  const type = TYPES[column.byte(COLUMN.type)] ?? 'text';
  return {
    source: name,
    name,
    type,
    width: width > 0 ? width : null,
    decimals: scale >= 0 && type === 'number' ? scale : null,
  };
}

function statedCrs(crs: FlatTable | null): StatedCrs {
  const by = 'its header';
  if (crs === null) return nothingStated('no CRS in its header');
  const code = crs.int(CRS.code, 0);
  const isEpsg = /^(epsg)?$/i.test(crs.text(CRS.org) ?? '');
  const named = code > 0 && isEpsg ? statedByName(`EPSG:${code}`, by) : null;
  const wkt = crs.text(CRS.wkt);
  if (named !== null && (named.problem === null || wkt === null)) return named;
  return statedByWkt(wkt, by, 'no CRS in its header');
}
