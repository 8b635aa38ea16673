import type { CrsText } from './crs-text.ts';

/** The SQL of a GeoPackage 1.2 (OGC 12-128r15), which every program of the day reads. */

/** 'GPKG'. */
export const APPLICATION_ID = 0x47504b47;
export const USER_VERSION = 10_200;
const RTREE_STANDARD = 'http://www.geopackage.org/spec120/#extension_rtree';

/** Id of a CRS that EPSG has no number for. */
const OWN_SRS = 100_000;

export const CORE_TABLES = `
  CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL, srs_id INTEGER NOT NULL PRIMARY KEY,
    organization TEXT NOT NULL, organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
  CREATE TABLE gpkg_contents (table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE,
    description TEXT DEFAULT '', last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
    min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER,
    CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
  CREATE TABLE gpkg_geometry_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL,
    geometry_type_name TEXT NOT NULL, srs_id INTEGER NOT NULL, z TINYINT NOT NULL, m TINYINT NOT NULL,
    CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name), CONSTRAINT uk_gc_table_name UNIQUE (table_name),
    CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
    CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id));
  CREATE TABLE gpkg_extensions (table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL,
    definition TEXT NOT NULL, scope TEXT NOT NULL,
    CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name));`;

/** Name, id, organization, its number, definition, description. */
export type SrsRow = [string, number, string, number, string, string];

/** The rows every GeoPackage has, and the one of the layer last. */
export function srsRows(crs: CrsText, wgs84: CrsText): SrsRow[] {
  const lonLat = 'longitude/latitude coordinates in decimal degrees on the WGS 84 spheroid';
  const rows: SrsRow[] = [
    ['Undefined Cartesian SRS', -1, 'NONE', -1, 'undefined', 'undefined Cartesian coordinate reference system'],
    ['Undefined geographic SRS', 0, 'NONE', 0, 'undefined', 'undefined geographic coordinate reference system'],
    ['WGS 84 geodetic', 4326, 'EPSG', 4326, wgs84.ogc, lonLat],
  ];
  if (crs.code === 4326) return rows;
  const id = srsIdOf(crs);
  return [...rows, [crs.name, id, crs.code === null ? 'NONE' : 'EPSG', id, crs.ogc, 'easting before northing']];
}

export function srsIdOf({ code }: CrsText): number {
  return code ?? OWN_SRS;
}

/** Names of a layer's table and of its own two columns. */
export interface GpkgLayer {
  table: string;
  key: string;
  geometry: string;
}

export function rtreeName({ table, geometry }: GpkgLayer): string {
  return `rtree_${table}_${geometry}`;
}

export function rtreeTable(layer: GpkgLayer): string {
  return `CREATE VIRTUAL TABLE ${quoted(rtreeName(layer))} USING rtree(id, minx, maxx, miny, maxy)`;
}

/** The row of gpkg_extensions that announces the index. */
export function rtreeExtension({ table, geometry }: GpkgLayer): string[] {
  return [table, geometry, 'gpkg_rtree_index', RTREE_STANDARD, 'write-only'];
}

/** They keep the index true when another program edits the layer; to be made when it is filled. */
export function rtreeTriggers(layer: GpkgLayer): string {
  const [table, rtree] = [quoted(layer.table), quoted(rtreeName(layer))];
  const [newId, oldId] = [`NEW.${quoted(layer.key)}`, `OLD.${quoted(layer.key)}`];
  const shape = `NEW.${quoted(layer.geometry)}`;
  const trigger = (name: string) => `CREATE TRIGGER ${quoted(`${rtreeName(layer)}_${name}`)}`;
  const there = `(${shape} NOTNULL AND NOT ST_IsEmpty(${shape}))`;
  const gone = `(${shape} ISNULL OR ST_IsEmpty(${shape}))`;
  const box = `ST_MinX(${shape}), ST_MaxX(${shape}), ST_MinY(${shape}), ST_MaxY(${shape})`;
  const put = `INSERT OR REPLACE INTO ${rtree} VALUES (${newId}, ${box});`;
  const drop = `DELETE FROM ${rtree} WHERE id = ${oldId};`;
  const onShape = `AFTER UPDATE OF ${quoted(layer.geometry)} ON ${table}`;
  return `
    ${trigger('insert')} AFTER INSERT ON ${table} WHEN ${there} BEGIN ${put} END;
    ${trigger('update1')} ${onShape} WHEN ${oldId} = ${newId} AND ${there} BEGIN ${put} END;
    ${trigger('update2')} ${onShape} WHEN ${oldId} = ${newId} AND ${gone} BEGIN ${drop} END;
    ${trigger('update3')} AFTER UPDATE ON ${table} WHEN ${oldId} != ${newId} AND ${there} BEGIN ${drop} ${put} END;
    ${trigger('update4')} AFTER UPDATE ON ${table} WHEN ${oldId} != ${newId} AND ${gone}
      BEGIN DELETE FROM ${rtree} WHERE id IN (${oldId}, ${newId}); END;
    ${trigger('delete')} AFTER DELETE ON ${table} WHEN OLD.${quoted(layer.geometry)} NOT NULL BEGIN ${drop} END;`;
}

/** A name as SQL has it. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
