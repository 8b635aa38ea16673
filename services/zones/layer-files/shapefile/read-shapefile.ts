import { bytesAt } from '../file-bytes.ts';
import type { FieldValue, RawFeature } from '../layer-file.ts';
import { type DbfField, nameOf, type ShapefileReading } from '../layer-reading.ts';
import { decoderOf } from '../text-encoding.ts';
import { hexOf, otherEncodingOf, refuseText } from './dbf-encoding.ts';
import { type ReadValue, valueReader } from './dbf-values.ts';
import { RECORD_HEADER } from './shp-index.ts';
import { type ReadShape, readShape } from './shp-records.ts';

/** Records that lie in a row. */
export interface ShapefilePlace {
  /** Number of the first, from 0. */
  record: number;
  count: number;
  /** Where their shapes are; shorter than `count` where the .shp has fewer records than the .dbf. */
  offsets: Float64Array;
  lengths: Float64Array;
}

/** A longer shape is no shape of land. */
const LONGEST_SHAPE = 1 << 30;
/** Bytes between wanted records that are read along with them. */
const MOST_GAP = 1 << 20;

/** The features of some records, deleted ones left out. @throws ServiceError layer-invalid: text of another encoding */
export function readShapefile(reading: ShapefileReading, place: ShapefilePlace, firstIndex: number): RawFeature[] {
  const shapes = shapesOf(reading, place);
  const rows = reading.dbf === null ? null : new Rows(reading, place);
  const features: RawFeature[] = [];
  for (let i = 0; i < place.count; i++) {
    const row = rows?.read(i) ?? NO_ROW;
    if (row === 'deleted') continue;
    const shape = shapes(i);
    features.push({
      index: firstIndex + i,
      fid: String(place.record + i + 1),
      properties: row.properties,
      geometry: shape.geometry,
      damage:
        shape.damage === null ? row.damage : row.damage === null ? shape.damage : `${shape.damage}; ${row.damage}`,
    });
  }
  return features;
}

interface Row {
  properties: Record<string, FieldValue>;
  damage: string | null;
}

const NO_ROW: Row = { properties: {}, damage: null };

/** Rows of the .dbf that belong to a place. */
class Rows {
  private readonly bytes: Buffer;
  /** The same, a character a byte: slices of it cost less than decoding each. */
  private readonly ascii: string;
  private readonly readers: { name: string; read: ReadValue }[];
  private readonly reading: ShapefileReading;
  private readonly place: ShapefilePlace;
  private record = 0;
  private damage: string | null = null;

  constructor(reading: ShapefileReading, place: ShapefilePlace) {
    const { file, headerBytes, recordBytes, records, level7, fields } = reading.dbf!;
    const count = Math.max(0, Math.min(place.count, records - place.record));
    this.reading = reading;
    this.place = place;
    this.bytes = bytesAt(file, headerBytes + place.record * recordBytes, count * recordBytes);
    this.ascii = this.bytes.toString('latin1');
    const decode = decoderOf(reading.encoding);
    this.readers = fields.map((field) => {
      const read = valueReader(field, level7, decode, (of, bytes) => this.undecodable(of, bytes));
      const asText = reading.asText.includes(field.name);
      return { name: nameOf(reading, field.name), read: asText ? (b, a, at) => textOf(read(b, a, at)) : read };
    });
  }

  read(i: number): Row | 'deleted' {
    const { recordBytes, records, stated } = this.reading.dbf!;
    const at = i * recordBytes;
    this.record = this.place.record + i + 1;
    if (at + recordBytes > this.bytes.length) {
      const cut = this.record <= stated || this.record <= records;
      return {
        properties: {},
        damage: cut ? 'has its attributes past the end of the .dbf' : 'has no record in the .dbf',
      };
    }
    if (this.bytes[at] === 0x2a) return 'deleted';
    const properties: Record<string, FieldValue> = {};
    this.damage = null;
    for (const { name, read } of this.readers) properties[name] = read(this.bytes, this.ascii, at);
    return { properties, damage: this.damage };
  }

  /** Text of another encoding refuses the file; what is text in none is the feature's own damage. */
  private undecodable(field: DbfField, bytes: Uint8Array): string {
    const { encoding, path } = this.reading;
    if (otherEncodingOf(bytes, encoding) !== null) refuseText(path, encoding, this.record, field.name, bytes);
    this.damage = `has bytes in field ${field.name} that are not ${encoding} (${hexOf(bytes)})`;
    return Buffer.from(bytes)
      .toString('latin1')
      .replace(/[^ -~]+/g, '�');
  }
}

function textOf(value: FieldValue): FieldValue {
  return value === null ? null : String(value);
}

/** Reads shapes one by one, from one stretch of the file where they lie close together. */
function shapesOf(reading: ShapefileReading, { offsets, lengths, record }: ShapefilePlace): (i: number) => ReadShape {
  const stretch = stretchOf(offsets, lengths, reading.shpBytes);
  const bytes = stretch === null ? null : bytesAt(reading.file, stretch.start, stretch.end - stretch.start);
  return (i) => {
    if (i >= offsets.length) return { geometry: null, damage: 'has no shape in the .shp' };
    const left = reading.shpBytes - offsets[i] - RECORD_HEADER;
    if (left < lengths[i]) {
      const beyond = `its record of ${lengths[i]} bytes runs past the end of the .shp (${Math.max(0, left)} bytes are left)`;
      return { geometry: null, damage: `has no whole shape: ${beyond}` };
    }
    if (lengths[i] > LONGEST_SHAPE)
      return { geometry: null, damage: `has a shape of ${lengths[i]} bytes, too long to be one` };
    const own = bytes ?? bytesAt(reading.file, offsets[i], RECORD_HEADER + lengths[i]);
    const at = stretch === null ? 0 : offsets[i] - stretch.start;
    const number = own.readInt32BE(at);
    const shape = readShape(own, at + RECORD_HEADER, lengths[i]);
    if (shape.damage !== null && number !== record + i + 1)
      return { ...shape, damage: `${shape.damage} (numbered ${number})` };
    return shape;
  };
}

function stretchOf(
  offsets: Float64Array,
  lengths: Float64Array,
  fileBytes: number,
): { start: number; end: number } | null {
  let [start, end, wanted] = [Infinity, 0, 0];
  for (let i = 0; i < offsets.length; i++) {
    const last = offsets[i] + RECORD_HEADER + lengths[i];
    if (last > fileBytes || lengths[i] > LONGEST_SHAPE) continue;
    start = Math.min(start, offsets[i]);
    end = Math.max(end, last);
    wanted += RECORD_HEADER + lengths[i];
  }
  return end > 0 && end - start <= wanted + MOST_GAP ? { start, end } : null;
}
