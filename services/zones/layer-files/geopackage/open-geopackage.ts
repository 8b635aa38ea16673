import type Database from 'better-sqlite3';
import { refuseLayer } from '../../layer-refusal.ts';
import { closeDescriptors, hashFile, sizeOf } from '../file-bytes.ts';
import type { LayerField } from '../layer-file.ts';
import type { GeopackageReading } from '../layer-reading.ts';
import type { LayerSource, SourceField, SourcePiece, StatedCrs } from '../layer-source.ts';
import { nothingStated, statedByName, statedByWkt } from '../stated-crs.ts';
import { closeGeopackages, openDatabase, quoted, refuseBroken } from './read-geopackage.ts';

const SAMPLE_ROWS = 300;

interface FeatureTable {
  table_name: string;
  column_name: string;
  srs_id: number;
}

interface Column {
  name: string;
  type: string;
  pk: number;
}

/**
 * Opens a feature table of a GeoPackage. Its text is UTF-8 by definition.
 * @throws ServiceError layer-invalid: no such table, several and none chosen
 */
export async function openGeopackage(
  file: string,
  path: string,
  pieceSize: number,
  sourceLayer: string | undefined,
): Promise<LayerSource> {
  const db = openDatabase(file, path);
  try {
    const table = chooseTable(db, path, sourceLayer);
    const columns = db.prepare(`PRAGMA table_info(${quoted(table.table_name)})`).all() as Column[];
    const reading = readingOf(file, path, table, columns);
    const count = (db.prepare(`SELECT count(*) AS n FROM ${quoted(table.table_name)}`).get() as { n: number }).n;
    const notes = columns
      .filter(({ name, type }) => isBlob(type) && name !== table.column_name)
      .map(({ name }) => `field ${name} holds bytes: left out`);
    return {
      ...{ format: 'geopackage', path, reading, count, span: count, notes },
      ...{ sha256: await hashFile(file), bytes: sizeOf(file) },
      fields: reading.columns.map(({ name }) => fieldOf(columns.find((column) => column.name === name)!)),
      stated: statedCrs(db, table),
      encoding: { name: 'utf-8', because: 'as every GeoPackage is' },
      samples: [...samples(db, reading, count)],
      pieces: () => piecesOf(db, reading, pieceSize),
      close: () => {
        closeGeopackages(file);
        closeDescriptors(file);
      },
    };
  } catch (error) {
    closeGeopackages(file);
    if (error instanceof Error && error.name === 'SqliteError') return refuseBroken(path, error);
    throw error;
  }
}

function chooseTable(db: Database.Database, path: string, wanted: string | undefined): FeatureTable {
  const known = db.prepare("SELECT 1 FROM sqlite_master WHERE name = 'gpkg_geometry_columns'").get();
  if (known === undefined) refuseLayer(path, null, 'is a SQLite database but no GeoPackage (no gpkg_geometry_columns)');
  const tables = db
    .prepare('SELECT table_name, column_name, srs_id FROM gpkg_geometry_columns ORDER BY table_name')
    .all() as FeatureTable[];
  const names = tables.map((table) => table.table_name).join(', ');
  if (tables.length === 0) refuseLayer(path, null, 'is a GeoPackage without a feature table');
  if (wanted === undefined && tables.length > 1) {
    refuseLayer(
      path,
      null,
      `is a GeoPackage of ${tables.length} feature tables: choose one with --source-layer: ${names}`,
    );
  }
  const table = wanted === undefined ? tables[0] : tables.find((one) => one.table_name === wanted);
  return (
    table ?? refuseLayer(path, null, `is a GeoPackage without the feature table "${wanted}"; wanted one of ${names}`)
  );
}

function readingOf(file: string, path: string, table: FeatureTable, columns: Column[]): GeopackageReading {
  const { table_name, column_name } = table;
  if (!columns.some(({ name }) => name === column_name)) {
    refuseLayer(path, null, `is a GeoPackage whose table ${table_name} has no geometry column ${column_name}`);
  }
  const key =
    columns.find(({ pk }) => pk === 1) ?? columns.find(({ name }) => /^(ogc_)?fid$|^objectid$|^id$/i.test(name));
  if (key === undefined || !/INT/i.test(key.type)) {
    refuseLayer(
      path,
      null,
      `is a GeoPackage whose table ${table_name} has no whole number as its key; wanted one, as the format asks`,
    );
  }
  const wanted = columns.filter(({ name, type }) => name !== column_name && name !== key.name && !isBlob(type));
  return {
    ...{ format: 'geopackage', path, file, names: {}, asText: [], swapped: false, projectFrom: null },
    ...{ table: table_name, key: key.name, geometryColumn: column_name },
    columns: wanted.map(({ name, type }) => {
      const kind = typeOf(type);
      return { name, kind: kind === 'boolean' || kind === 'integer' ? kind : 'other' };
    }),
  };
}

function statedCrs(db: Database.Database, table: FeatureTable): StatedCrs {
  const srs = db
    .prepare(
      'SELECT organization, organization_coordsys_id AS code, definition FROM gpkg_spatial_ref_sys WHERE srs_id = ?',
    )
    .get(table.srs_id) as { organization: string; code: number; definition: string } | undefined;
  // −1 and 0: undefined, by the format.
  if (srs === undefined || table.srs_id === -1 || table.srs_id === 0) return nothingStated('no CRS in it');
  const by = 'its spatial_ref_sys';
  const named = /^epsg$/i.test(srs.organization) ? statedByName(`EPSG:${srs.code}`, by) : null;
  if (named !== null && named.problem === null) return named;
  return statedByWkt(srs.definition === 'undefined' ? null : srs.definition, by, 'no CRS in it');
}

function fieldOf({ name, type }: Column): SourceField {
  const width = /^TEXT\((\d+)\)$/i.exec(type)?.[1];
  return { source: name, name, type: typeOf(type), width: width === undefined ? null : Number(width), decimals: null };
}

function typeOf(type: string): LayerField['type'] {
  if (/^BOOL/i.test(type)) return 'boolean';
  if (/INT/i.test(type)) return 'integer';
  if (/^(FLOAT|DOUBLE|REAL|NUMERIC|DECIMAL)/i.test(type)) return 'number';
  if (/^DATE$/i.test(type)) return 'date';
  return /^(DATETIME|TIMESTAMP)/i.test(type) ? 'datetime' : 'text';
}

function isBlob(type: string): boolean {
  return /^(BLOB|BINARY)/i.test(type);
}

/** Stretches of keys with as many rows as a piece has, found one after another. */
function* piecesOf(db: Database.Database, { table, key }: GeopackageReading, pieceSize: number): Iterable<SourcePiece> {
  const next = db.prepare(
    `SELECT min(k) AS first, max(k) AS last, count(*) AS n FROM (SELECT ${quoted(key)} AS k FROM ${quoted(table)} WHERE ${quoted(key)} > ? ORDER BY ${quoted(key)} LIMIT ?)`,
  );
  for (let first = 0, after = -Number.MAX_SAFE_INTEGER; ; ) {
    const found = next.get(after, pieceSize) as { first: number; last: number; n: number };
    if (found.n === 0) return;
    yield { first, count: found.n, place: { from: found.first, to: found.last } };
    first += found.n;
    after = found.last;
  }
}

/** Rows from the beginning, and from the middle and the end of the keys. */
function* samples(db: Database.Database, { table, key }: GeopackageReading, count: number): Iterable<SourcePiece> {
  if (count === 0) return;
  const ends = db.prepare(`SELECT min(${quoted(key)}) AS low, max(${quoted(key)}) AS high FROM ${quoted(table)}`).get();
  const { low, high } = ends as { low: number; high: number };
  const taken = new Set<number>();
  for (const from of [low, Math.floor((low + high) / 2), high - SAMPLE_ROWS]) {
    const start = Math.max(low, from);
    if (taken.has(start)) continue;
    taken.add(start);
    yield { first: 0, count: SAMPLE_ROWS, place: { from: start, to: start + SAMPLE_ROWS } };
  }
}
