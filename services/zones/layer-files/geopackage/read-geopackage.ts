import Database from 'better-sqlite3';
import { refuseLayer, shown } from '../../layer-refusal.ts';
import type { FieldValue, RawFeature } from '../layer-file.ts';
import { type GeopackageReading, nameOf } from '../layer-reading.ts';
import { readWkb } from './wkb.ts';

/** Rows with keys of this stretch, both ends taken in. */
export interface GeopackagePlace {
  from: number;
  to: number;
}

interface Opened {
  db: Database.Database;
  statements: Map<string, Database.Statement>;
}

/** Digits of a whole number that a double keeps, whatever they are; longer ones are codes, and come as text. */
const LARGEST = 999_999_999_999_999;
/** Bytes of the envelope by its indicator. */
const ENVELOPES = [0, 32, 48, 48, 64];

const opened = new Map<string, Opened>();

/** A GeoPackage that stays open in this thread until closeGeopackages. @throws ServiceError layer-invalid */
export function openDatabase(file: string, path: string): Database.Database {
  const known = opened.get(file);
  if (known !== undefined) return known.db;
  try {
    const db = new Database(file, { readonly: true, fileMustExist: true });
    db.pragma('trusted_schema = OFF');
    opened.set(file, { db, statements: new Map() });
    return db;
  } catch (error) {
    return refuseBroken(path, error);
  }
}

/** @throws ServiceError layer-invalid, always */
export function refuseBroken(path: string, error: unknown): never {
  const reason = error instanceof Error ? error.message : String(error);
  return refuseLayer(path, null, `is a GeoPackage that cannot be read (${reason})`, error);
}

export function closeGeopackages(file?: string): void {
  for (const [known, { db }] of opened) {
    if (file !== undefined && file !== known) continue;
    db.close();
    opened.delete(known);
  }
}

export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** The features of some rows, in order of their keys. @throws ServiceError layer-invalid */
export function readGeopackage(reading: GeopackageReading, place: GeopackagePlace, firstIndex: number): RawFeature[] {
  let rows: unknown[][];
  try {
    rows = statementOf(reading).all(place.from, place.to) as unknown[][];
  } catch (error) {
    return refuseBroken(reading.path, error);
  }
  const columns = reading.columns.map(({ name, kind }) => ({
    ...{
      source: name,
      name: nameOf(reading, name),
      isBoolean: kind === 'boolean',
      asText: reading.asText.includes(name),
    },
  }));
  return rows.map((row, i) => {
    const properties: Record<string, FieldValue> = {};
    for (let c = 0; c < columns.length; c++) {
      const column = columns[c];
      const value = plainValue(row[c + 2], column.isBoolean);
      if (typeof value === 'string' && value.includes('\uFFFD')) refuseText(reading, row[0], column.source, value);
      properties[column.name] = column.asText && value !== null ? String(value) : value;
    }
    const shape = shapeOf(row[1]);
    const damage = typeof shape === 'string' ? shape : null;
    const geometry = typeof shape === 'string' ? null : shape;
    return { index: firstIndex + i, fid: String(row[0]), properties, geometry, damage };
  });
}

function statementOf(reading: GeopackageReading): Database.Statement {
  const { file, table, key, geometryColumn, columns } = reading;
  const db = openDatabase(file, reading.path);
  const wanted = columns.map(({ name, kind }) =>
    kind === 'integer'
      ? `CASE WHEN typeof(${quoted(name)}) = 'integer' AND ${quoted(name)} NOT BETWEEN -${LARGEST} AND ${LARGEST} THEN CAST(${quoted(name)} AS TEXT) ELSE ${quoted(name)} END`
      : quoted(name),
  );
  const list = [quoted(key), quoted(geometryColumn), ...wanted].join(', ');
  const text = `SELECT ${list} FROM ${quoted(table)} WHERE ${quoted(key)} BETWEEN ? AND ? ORDER BY ${quoted(key)}`;
  const { statements } = opened.get(file)!;
  let statement = statements.get(text);
  if (statement === undefined) {
    statement = db.prepare(text).raw();
    statements.set(text, statement);
  }
  return statement;
}

function plainValue(value: unknown, isBoolean: boolean): FieldValue {
  if (value === null || typeof value === 'string') return value;
  if (typeof value === 'number') return isBoolean ? value !== 0 : value;
  return null;
}

function refuseText(reading: GeopackageReading, key: unknown, column: string, value: string): never {
  const where = `row ${String(key)}, field ${column}`;
  const remedy = 'export it again with its text as UTF-8';
  return refuseLayer(reading.path, null, `has text at ${where} that is not UTF-8 (${shown(value)}): ${remedy}`);
}

/** Null: no shape, or an empty one. */
function shapeOf(value: unknown): ReturnType<typeof readWkb> | null {
  if (value === null) return null;
  if (!Buffer.isBuffer(value)) return 'has a shape that is no bytes';
  if (value.length < 8 || value[0] !== 0x47 || value[1] !== 0x50)
    return 'has bytes for a shape that are none of a GeoPackage';
  const flags = value[3];
  const envelope = ENVELOPES[(flags >> 1) & 7];
  if (envelope === undefined) return 'has a shape with an envelope of an unknown kind';
  if (flags & 0x20) return 'has a shape of an extension of GeoPackage';
  if (flags & 0x10) return null;
  return readWkb(value, 8 + envelope);
}
