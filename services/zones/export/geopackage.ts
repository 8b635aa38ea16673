import { closeSync, fdatasyncSync, openSync } from 'node:fs';
import SqliteDatabase from 'better-sqlite3';
import { ServiceError } from '../../error.ts';
import type { ZoneGeometry } from '../geometry/zone-geometry.ts';
import type { FieldValue, LayerField } from '../layer-files/layer-file.ts';
import { distinctNames } from './column-names.ts';
import { type CrsText, crsText } from './crs-text.ts';
import { gpkgGeometry } from './gpkg-geometry.ts';
import {
  APPLICATION_ID,
  CORE_TABLES,
  type GpkgLayer,
  quoted,
  rtreeExtension,
  rtreeName,
  rtreeTable,
  rtreeTriggers,
  srsIdOf,
  srsRows,
  USER_VERSION,
} from './gpkg-tables.ts';
import type { ExportFeature, LayerWriter, WriterOptions, Written } from './layer-writer.ts';
import { PendingFiles } from './pending-files.ts';
import { type Projector, projectorTo } from './projected.ts';
import { boxOfShape, emptyBox, growBox } from './shape-box.ts';

const TYPES = {
  text: 'TEXT',
  integer: 'INTEGER',
  number: 'DOUBLE',
  boolean: 'BOOLEAN',
  date: 'DATE',
  datetime: 'DATETIME',
} as const;
/** A 64-bit integer has 18 digits at least; longer numbers stay text. */
const INTEGER_DIGITS = 18;
const GEOMETRY_TYPES = { polygon: 'MULTIPOLYGON', line: 'MULTILINESTRING', either: 'GEOMETRY' } as const;
/** What other programs leave beside an open SQLite file. */
const COMPANIONS = ['-wal', '-shm', '-journal'];

/** @throws ServiceError bad-input */
export function openGeoPackage(path: string, options: WriterOptions): LayerWriter {
  return new GeoPackageWriter(path, options);
}

class GeoPackageWriter implements LayerWriter {
  readonly #path: string;
  readonly #fields: readonly LayerField[];
  readonly #layer: GpkgLayer;
  readonly #kind: WriterOptions['geometryKind'];
  readonly #crs: CrsText;
  readonly #project: Projector;
  readonly #files: PendingFiles;
  readonly #temporary: string;
  readonly #database: SqliteDatabase.Database;
  readonly #insert: SqliteDatabase.Statement;
  readonly #index: SqliteDatabase.Statement;
  readonly #box = emptyBox();
  readonly #notes: string[] = [];
  readonly #kinds = new Set<ZoneGeometry['kind']>();
  #count = 0;

  constructor(path: string, options: WriterOptions) {
    this.#path = path;
    this.#fields = options.fields;
    this.#kind = options.geometryKind;
    this.#crs = crsText(options.crs);
    this.#project = projectorTo(path, options.crs);
    const names = this.#columnNames();
    const [key] = distinctNames(['fid'], names);
    const [geometry] = distinctNames(['geom'], [...names, key]);
    this.#layer = { table: tableName(options.layerName), key, geometry };
    const family = COMPANIONS.map((companion) => path + companion);
    this.#files = new PendingFiles(path, family, options.overwrite);
    this.#temporary = this.#files.pathFor(path);
    this.#database = this.#open();
    try {
      this.#create(names);
    } catch (error) {
      this.abandon();
      throw error;
    }
    const columns = [key, geometry, ...names].map(quoted);
    const marks = columns.map(() => '?').join(', ');
    this.#insert = this.#database.prepare(
      `INSERT INTO ${quoted(this.#layer.table)} (${columns.join(', ')}) VALUES (${marks})`,
    );
    this.#index = this.#database.prepare(`INSERT INTO ${quoted(rtreeName(this.#layer))} VALUES (?, ?, ?, ?, ?)`);
  }

  write({ id, properties, geometry }: ExportFeature): void {
    const row: unknown[] = [++this.#count, null];
    if (geometry !== null) {
      const shape = this.#project(geometry, id);
      this.#kinds.add(shape.kind);
      const box = boxOfShape(shape);
      growBox(this.#box, box);
      row[1] = gpkgGeometry(shape, box, srsIdOf(this.#crs));
      this.#do(() => this.#index.run(this.#count, box.minX, box.maxX, box.minY, box.maxY));
    }
    for (const field of this.#fields) row.push(stored(field, properties[field.name]));
    this.#do(() => this.#insert.run(row));
  }

  finish(): Written {
    const { table, geometry } = this.#layer;
    const { minX, minY, maxX, maxY } = this.#box;
    const extent = minX <= maxX ? [minX, minY, maxX, maxY] : [null, null, null, null];
    const srs = srsIdOf(this.#crs);
    this.#do(() => {
      const add = (into: string, values: unknown[]) => {
        this.#database.prepare(`INSERT INTO ${into} VALUES (${values.map(() => '?').join(', ')})`).run(values);
      };
      const columns = '(table_name, data_type, identifier, min_x, min_y, max_x, max_y, srs_id)';
      add(`gpkg_contents ${columns}`, [table, 'features', table, ...extent, srs]);
      add('gpkg_geometry_columns', [table, geometry, this.#declareKind(), srs, 0, 0]);
      add('gpkg_extensions', rtreeExtension(this.#layer));
      this.#database.exec(rtreeTriggers(this.#layer));
      this.#database.exec('COMMIT');
      this.#database.close();
      toDisk(this.#temporary);
    });
    return { files: this.#files.commit(), features: this.#count, notes: this.#notes };
  }

  abandon(): void {
    this.#database.close();
    this.#files.abandon();
  }

  /**
   * The type of shape in the layer. Programs draw a layer of one kind with less ado than one of either, so a layer that
   * might have had both and has one is declared as that: the name of a type changes nothing in what SQLite has stored.
   */
  #declareKind(): string {
    const [kind] = this.#kinds;
    const declared = GEOMETRY_TYPES[this.#kind];
    if (this.#kinds.size !== 1 || kind === this.#kind) return declared;
    const column = quoted(this.#layer.geometry);
    this.#database.unsafeMode(true);
    this.#database.pragma('writable_schema = ON');
    this.#database
      .prepare(`UPDATE sqlite_schema SET sql = replace(sql, ?, ?) WHERE type = 'table' AND name = ?`)
      .run(`${column} ${declared}`, `${column} ${GEOMETRY_TYPES[kind]}`, this.#layer.table);
    this.#database.pragma('writable_schema = OFF');
    this.#database.unsafeMode(false);
    return GEOMETRY_TYPES[kind];
  }

  #columnNames(): string[] {
    const asked = this.#fields.map(({ name }) => name);
    const names = distinctNames(asked);
    for (const [i, name] of names.entries()) {
      if (name !== asked[i]) this.#notes.push(`the field ${asked[i]} is called ${name}: another has its name`);
    }
    return names;
  }

  /** The file is thrown away where anything fails, so nothing has to be rolled back. */
  #open(): SqliteDatabase.Database {
    let database: SqliteDatabase.Database | undefined;
    try {
      return this.#do(() => {
        database = new SqliteDatabase(this.#temporary);
        database.pragma(`application_id = ${APPLICATION_ID}`);
        database.pragma(`user_version = ${USER_VERSION}`);
        for (const setting of ['journal_mode = OFF', 'synchronous = OFF', 'locking_mode = EXCLUSIVE']) {
          database.pragma(setting);
        }
        database.pragma('cache_size = -65536');
        return database;
      });
    } catch (error) {
      database?.close();
      this.#files.abandon();
      throw error;
    }
  }

  #create(names: readonly string[]): void {
    const { table, key, geometry } = this.#layer;
    const columns = [
      `${quoted(key)} INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL`,
      `${quoted(geometry)} ${GEOMETRY_TYPES[this.#kind]}`,
      ...names.map((name, i) => `${quoted(name)} ${columnType(this.#fields[i])}`),
    ];
    this.#do(() => {
      this.#database.exec(`BEGIN; ${CORE_TABLES} CREATE TABLE ${quoted(table)} (${columns.join(', ')});`);
      this.#database.exec(rtreeTable(this.#layer));
      const srs = this.#database.prepare('INSERT INTO gpkg_spatial_ref_sys VALUES (?, ?, ?, ?, ?, ?)');
      for (const row of srsRows(this.#crs, crsText('EPSG:4326'))) srs.run(row);
    });
  }

  #do<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      const full = (error as { code?: unknown }).code === 'SQLITE_FULL';
      const why = full ? 'the disk is full' : (error as Error).message;
      throw new ServiceError('bad-input', `${this.#path}: cannot be written: ${why}.`, undefined, error);
    }
  }
}

/** Names of such a beginning belong to SQLite and to the standard. */
function tableName(layer: string): string {
  return /^(gpkg_|rtree_|sqlite_|$)/i.test(layer) ? `layer_${layer}` : layer;
}

function columnType({ type, width }: LayerField): string {
  if (type === 'text' && width !== null) return `TEXT(${width})`;
  if (type === 'integer' && width !== null && width > INTEGER_DIGITS) return 'TEXT';
  return TYPES[type];
}

/** A number bound to a column of text would get a point and a zero. */
function stored({ type }: LayerField, value: FieldValue | undefined): string | number | null {
  if (value === null || value === undefined) return null;
  if (type === 'text') return String(value);
  // The standard asks for thousandths of seconds.
  if (type === 'datetime') return String(value).replace(/(T\d\d:\d\d:\d\d)Z$/, '$1.000Z');
  return typeof value === 'boolean' ? Number(value) : value;
}

function toDisk(path: string): void {
  const file = openSync(path, 'r+');
  try {
    fdatasyncSync(file);
  } finally {
    closeSync(file);
  }
}
