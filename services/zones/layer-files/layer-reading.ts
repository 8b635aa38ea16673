/**
 * What a thread needs to read pieces of an open layer: plain data that survives structured clone. openLayer makes it,
 * readPiece gets it. A piece's `place` names the file by its number here.
 */
export interface LayerReading {
  /** What the coordinates of every RawFeature are in: as LayerCrs.crs. */
  crs: string;
  files: FileReading[];
}

export type FileReading = ShapefileReading | GeopackageReading | GeojsonReading | FlatgeobufReading;

interface CommonReading {
  /** For messages: the file as the user named it. */
  path: string;
  /** Where its bytes are; another than `path` when it was unpacked. */
  file: string;
  /** New names of fields, by the file's own. */
  names: Record<string, string>;
  /** Fields (the file's own names) that other files of the layer hold as text. */
  asText: string[];
  /** True where the file has northing before easting, or latitude before longitude. */
  swapped: boolean;
  /** CRS to be taken to lon/lat while reading, where the files of a layer differ in theirs; else null. */
  projectFrom: string | null;
}

export interface ShapefileReading extends CommonReading {
  format: 'shapefile';
  /** Null: no .dbf, so no fields. */
  dbf: DbfLayout | null;
  shpBytes: number;
  encoding: string;
}

export interface DbfLayout {
  file: string;
  headerBytes: number;
  recordBytes: number;
  /** Records that are really there, deleted ones too. */
  records: number;
  /** Records the header speaks of. */
  stated: number;
  /** dBase 7 keeps its numbers big-endian. */
  level7: boolean;
  fields: DbfField[];
}

export interface DbfField {
  name: string;
  /** C N F D L I + O @ T B; M and what else points out of the file is read as null. */
  type: string;
  /** Of its first byte in a record, the deletion mark counted. */
  offset: number;
  width: number;
  decimals: number;
}

export interface GeopackageReading extends CommonReading {
  format: 'geopackage';
  table: string;
  /** Column that numbers the rows. */
  key: string;
  geometryColumn: string;
  columns: { name: string; kind: 'integer' | 'boolean' | 'other' }[];
}

export interface GeojsonReading extends CommonReading {
  format: 'geojson' | 'geojsonseq';
}

export interface FlatgeobufReading extends CommonReading {
  format: 'flatgeobuf';
  geometryType: number;
  hasHeights: boolean;
  columns: { name: string; type: number }[];
}

/** New name of a field. */
export function nameOf(reading: FileReading, field: string): string {
  return Object.hasOwn(reading.names, field) ? reading.names[field] : field;
}
