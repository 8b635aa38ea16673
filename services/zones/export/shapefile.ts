import { writeFileSync } from 'node:fs';
import { ServiceError } from '../../error.ts';
import type { ZoneGeometry } from '../geometry/zone-geometry.ts';
import { ByteSink } from './byte-sink.ts';
import { shortNames } from './column-names.ts';
import { crsText } from './crs-text.ts';
import { csvLine } from './csv-line.ts';
import { type DbfColumn, dbfColumn, isBent } from './dbf-column.ts';
import { DbfFile } from './dbf-file.ts';
import {
  type ExportFeature,
  type LayerWriter,
  refuseFeature,
  type WriterOptions,
  type Written,
} from './layer-writer.ts';
import { PendingFiles } from './pending-files.ts';
import { type Projector, projectorTo } from './projected.ts';
import { boxOfShape, emptyBox, growBox } from './shape-box.ts';
import { FILE_HEADER_BYTES, recordBytes, shpHeader, writeShpRecord } from './shp-record.ts';
import { type TextEncoding, textEncoding } from './text-encoding.ts';

/** Lengths are signed 32-bit numbers of two bytes, but files above 2 GB many programs cannot open. */
const MOST_BYTES = 2 ** 31 - 1;
const INDEX_BYTES = 8;
const EMPTY_BOX = { minX: 0, minY: 0, maxX: 0, maxY: 0 };

/** What belongs to a shapefile of one name, with the indexes that other programs add. */
const PARTS = [
  '.shx',
  '.dbf',
  '.prj',
  '.cpg',
  '.fields.csv',
  '.sbn',
  '.sbx',
  '.qix',
  '.qpj',
  '.idm',
  '.ind',
  '.shp.xml',
];

/** @throws ServiceError bad-input */
export function openShapefile(path: string, options: WriterOptions): LayerWriter {
  return new ShapefileWriter(path, options);
}

class ShapefileWriter implements LayerWriter {
  readonly #path: string;
  readonly #stem: string;
  readonly #files: PendingFiles;
  readonly #columns: DbfColumn[];
  readonly #encoding: TextEncoding;
  readonly #crs: string;
  readonly #project: Projector;
  readonly #spoolPath: string;
  readonly #at: Date;
  readonly #dbf: DbfFile;
  readonly #shp: ByteSink;
  readonly #shx: ByteSink;
  readonly #box = emptyBox();
  #kind: ZoneGeometry['kind'] | null;
  #count = 0;

  constructor(path: string, options: WriterOptions) {
    this.#path = path;
    this.#stem = path.slice(0, -'.shp'.length);
    this.#encoding = textEncoding(options.encoding);
    this.#project = projectorTo(path, options.crs);
    this.#at = options.at ?? new Date();
    this.#crs = options.crs;
    this.#kind = options.geometryKind === 'either' ? null : options.geometryKind;
    this.#columns = columnsOf(path, options, this.#encoding);
    const family = PARTS.map((part) => this.#stem + part);
    this.#files = new PendingFiles(path, family, options.overwrite);
    this.#spoolPath = this.#files.pathFor(`${this.#stem}.values`);
    this.#dbf = new DbfFile(this.#spoolPath, path, this.#columns, this.#encoding);
    this.#shp = new ByteSink(this.#files.pathFor(path), path);
    this.#shx = new ByteSink(this.#files.pathFor(`${this.#stem}.shx`), path);
    for (const file of [this.#shp, this.#shx]) file.write(Buffer.alloc(FILE_HEADER_BYTES));
  }

  write({ id, properties, geometry }: ExportFeature): void {
    this.#dbf.add(properties, (field, problem) =>
      refuseFeature(this.#path, id, `has, in the field ${field}, ${problem}`),
    );
    this.#count++;
    if (geometry !== null) this.#checkKind(id, geometry);
    const shape = geometry === null ? null : this.#project(geometry, id);
    const box = shape === null ? EMPTY_BOX : boxOfShape(shape);
    if (shape !== null) growBox(this.#box, box);
    const bytes = recordBytes(shape);
    if (this.#shp.length + bytes > MOST_BYTES) {
      const problem = `more than 2 GB of shapes, at the feature ${id}`;
      throw new ServiceError('bad-input', `${this.#path}: the export has ${problem}: wanted a GeoPackage (.gpkg).`);
    }
    const index = this.#shx.reserve(INDEX_BYTES);
    this.#shx.buffer.writeInt32BE(this.#shp.length / 2, index);
    this.#shx.buffer.writeInt32BE((bytes - INDEX_BYTES) / 2, index + 4);
    this.#shx.advance(INDEX_BYTES);
    const at = this.#shp.reserve(bytes);
    writeShpRecord(this.#shp.buffer, at, this.#count, shape, box);
    this.#shp.advance(bytes);
  }

  finish(): Written {
    const box = this.#box.minX <= this.#box.maxX ? this.#box : null;
    for (const file of [this.#shp, this.#shx]) {
      file.rewrite(shpHeader(file.length, this.#kind ?? 'polygon', box));
      file.close();
    }
    this.#dbf.finish(this.#files.pathFor(`${this.#stem}.dbf`), this.#at);
    this.#files.discard(this.#spoolPath);
    this.#side('.prj', crsText(this.#crs).esri);
    this.#side('.cpg', this.#encoding.title);
    const notes = this.#describeColumns();
    return { files: this.#files.commit(), features: this.#count, notes };
  }

  abandon(): void {
    for (const file of [this.#dbf, this.#shp, this.#shx]) file.release();
    this.#files.abandon();
  }

  #checkKind(id: string, { kind }: ZoneGeometry): void {
    this.#kind ??= kind;
    if (kind === this.#kind) return;
    const problem = `is a ${kind}, the others are ${this.#kind}s; a shapefile holds one kind`;
    refuseFeature(this.#path, id, `${problem}: wanted a GeoPackage (.gpkg)`);
  }

  #side(extension: string, text: string): void {
    writeFileSync(this.#files.pathFor(this.#stem + extension), text);
  }

  /** Long names and types that a .dbf lacks stand in a file beside it, which the import reads. */
  #describeColumns(): string[] {
    const notes = this.#columns
      .filter(({ empties }) => empties > 0)
      .map(({ field, empties }) => `${field.name}: ${empties} empty texts come back as none from a shapefile`);
    const changed = this.#columns.filter((column) => column.name !== column.field.name || isBent(column));
    if (changed.length === 0) return notes;
    const rows = this.#columns.map(({ name, field }) => csvLine([name, field.name, field.type]));
    this.#side('.fields.csv', csvLine(['short', 'long', 'type']) + rows.join(''));
    const shortened = changed.filter(({ name, field }) => name !== field.name).map(({ field }) => field.name);
    const names = `names of more than 10 bytes or alike are shortened: ${shortened.join(', ')}`;
    return [...(shortened.length > 0 ? [`${names}; the whole ones stand in ${this.#stem}.fields.csv`] : []), ...notes];
  }
}

/** A .dbf without a column is none: programs refuse it. */
function columnsOf(path: string, { fields }: WriterOptions, encoding: TextEncoding): DbfColumn[] {
  const known = fields.length > 0 ? fields : [{ name: 'id', type: 'text', width: null, decimals: null } as const];
  const names = shortNames(
    path,
    known.map(({ name }) => name),
    encoding,
  );
  return known.map((field, i) => dbfColumn(field, names[i]));
}
