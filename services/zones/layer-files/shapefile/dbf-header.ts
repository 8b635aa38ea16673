import { refuseLayer } from '../../layer-refusal.ts';
import { bytesAt, sizeOf } from '../file-bytes.ts';
import type { DbfField, DbfLayout } from '../layer-reading.ts';

/** A .dbf's header, its field names still bytes. */
export interface DbfHeader {
  layout: DbfLayout;
  /** Bytes of each field's name. */
  names: Uint8Array[];
  languageId: number;
}

/**
 * Reads the header of a .dbf (dBase III to 7, FoxPro) and checks it against the file's length.
 * @param path the file as the user named it, for messages
 * @throws ServiceError layer-invalid where no records can be told from it
 */
export function readDbfHeader(file: string, path: string): DbfHeader {
  const size = sizeOf(file);
  const start = bytesAt(file, 0, 32);
  if (start.length < 32) refuseLayer(path, null, `has a .dbf of ${size} bytes; wanted a header of at least 32`);
  const level7 = (start[0] & 7) === 4;
  const headerBytes = start.readUInt16LE(8);
  const recordBytes = start.readUInt16LE(10);
  const stated = start.readUInt32LE(4);
  const descriptorsAt = level7 ? 68 : 32;
  if (headerBytes <= descriptorsAt || recordBytes < 1 || headerBytes > size) {
    const got = `header ${headerBytes} bytes, records ${recordBytes} bytes, file ${size} bytes`;
    refuseLayer(path, null, `has a .dbf whose header is broken or cut off (${got}); wanted dBase III to 7`);
  }
  const described = describeFields(bytesAt(file, 0, headerBytes), level7);
  const last = described.fields.at(-1);
  if (!last || last.offset + last.width > recordBytes) {
    const got = last ? `its fields take ${last.offset + last.width} bytes` : 'no fields are there';
    refuseLayer(path, null, `has a .dbf whose header is broken: records of ${recordBytes} bytes, but ${got}`);
  }
  const records = Math.floor((size - headerBytes) / recordBytes);
  const layout = { file, headerBytes, recordBytes, records, stated, level7, fields: described.fields };
  return { layout, names: described.names, languageId: start[29] };
}

function describeFields(header: Buffer, level7: boolean): { fields: DbfField[]; names: Uint8Array[] } {
  const [first, step, nameBytes, typeAt] = level7 ? [68, 48, 32, 32] : [32, 32, 11, 11];
  const fields: DbfField[] = [];
  const names: Uint8Array[] = [];
  let offset = 1;
  for (let at = first; at + step <= header.length && header[at] !== 0x0d; at += step) {
    const type = String.fromCharCode(header[at + typeAt]).toUpperCase();
    const widthAt = at + (level7 ? 33 : 16);
    // Clipper and FoxPro put the high byte of a long text's width where others have the digits behind the point.
    const width = header[widthAt] + (type === 'C' ? header[widthAt + 1] * 256 : 0);
    const name = header.subarray(at, at + nameBytes);
    const end = name.indexOf(0);
    names.push(Uint8Array.from(end < 0 ? name : name.subarray(0, end)));
    fields.push({ name: '', type, offset, width, decimals: type === 'C' ? 0 : header[widthAt + 1] });
    offset += width;
  }
  return { fields, names };
}
