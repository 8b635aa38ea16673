import { refuseLayer } from '../../layer-refusal.ts';
import { bytesAt, sizeOf } from '../file-bytes.ts';

/** Where each record of a .shp lies: byte position of its header, and length of its content in bytes. */
export interface ShpIndex {
  offsets: Float64Array;
  lengths: Float64Array;
  /** Shape type of the file. */
  shapeType: number;
  /** Length the header states; the file may have more or less. */
  statedBytes: number;
  /** Why the .shx was not followed, for the user; null = it was. */
  walked: string | null;
}

const SHP_MAGIC = 9994;
/** Record number and length. */
export const RECORD_HEADER = 8;
const HEADER = 100;
const WINDOW = 1 << 20;

/**
 * The records of a .shp, by its .shx or, where that is missing or broken, by going from record to record. Lengths and
 * positions are counted in 16-bit words there, unsigned, so a file may have 8 GB.
 * @throws ServiceError layer-invalid where it is no .shp
 */
export function indexShp(shp: string, shx: string | null, path: string): ShpIndex {
  const header = bytesAt(shp, 0, HEADER);
  if (header.length < HEADER) refuseLayer(path, null, `has ${header.length} bytes; wanted a .shp header of 100`);
  const version = header.readInt32LE(28);
  if (header.readInt32BE(0) !== SHP_MAGIC || version !== 1000) {
    refuseLayer(path, null, `is no .shp (code ${header.readInt32BE(0)}, version ${version}; wanted 9994, 1000)`);
  }
  const file = { shapeType: header.readInt32LE(32), statedBytes: header.readUInt32BE(24) * 2 };
  if (shx === null)
    return { ...file, ...walk(shp), walked: 'no .shx: its shapes were found by reading the .shp through' };
  const indexed = readShx(shp, shx);
  if (typeof indexed !== 'string') return { ...file, ...indexed, walked: null };
  return { ...file, ...walk(shp), walked: `the .shx ${indexed}: the shapes were found by reading the .shp through` };
}

/** What the .shx says, or what is wrong with it. */
function readShx(shp: string, shx: string): { offsets: Float64Array; lengths: Float64Array } | string {
  const size = sizeOf(shx);
  const bytes = bytesAt(shx, 0, size);
  if (size < HEADER || bytes.readInt32BE(0) !== SHP_MAGIC) return 'is broken';
  const stated = bytes.readUInt32BE(24) * 2;
  if (stated > size) return `is cut off (${size} of ${stated} bytes)`;
  const count = Math.floor((stated - HEADER) / 8);
  if (count < 0) return 'is broken';
  const shpBytes = sizeOf(shp);
  const offsets = new Float64Array(count);
  const lengths = new Float64Array(count);
  let beyond = 0;
  for (let i = 0; i < count; i++) {
    offsets[i] = bytes.readUInt32BE(HEADER + 8 * i) * 2;
    lengths[i] = bytes.readUInt32BE(HEADER + 8 * i + 4) * 2;
    if (offsets[i] < HEADER || offsets[i] + RECORD_HEADER > shpBytes) beyond++;
  }
  // Some point past a .shp that was cut off; where most do, the .shx is of another file.
  if (count > 0 && (beyond > count / 2 || !leadsToRecord(shp, offsets[0], lengths[0]))) return 'does not fit the .shp';
  return { offsets, lengths };
}

function leadsToRecord(shp: string, offset: number, length: number): boolean {
  const header = bytesAt(shp, offset, RECORD_HEADER);
  return header.length === RECORD_HEADER && header.readUInt32BE(4) * 2 === length;
}

/** From record to record, to the end of the file or to what cannot be one. */
function walk(shp: string): { offsets: Float64Array; lengths: Float64Array } {
  const size = sizeOf(shp);
  const offsets: number[] = [];
  const lengths: number[] = [];
  let window: Buffer = Buffer.alloc(0);
  let windowAt = 0;
  // Some writers number from 0.
  let firstNumber = 1;
  for (let at = HEADER; at + RECORD_HEADER <= size; ) {
    if (at < windowAt || at + RECORD_HEADER > windowAt + window.length) {
      window = bytesAt(shp, at, WINDOW);
      windowAt = at;
    }
    const length = window.readUInt32BE(at - windowAt + 4) * 2;
    const number = window.readInt32BE(at - windowAt);
    if (at === HEADER && number === 0) firstNumber = 0;
    if (number !== offsets.length + firstNumber || length < 4) break;
    offsets.push(at);
    lengths.push(length);
    at += RECORD_HEADER + length;
  }
  return { offsets: Float64Array.from(offsets), lengths: Float64Array.from(lengths) };
}
