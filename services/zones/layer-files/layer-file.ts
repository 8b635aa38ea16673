import type { RawGeometry } from '../geometry/zone-geometry.ts';
import type { LayerReading } from './layer-reading.ts';

export type FieldValue = string | number | boolean | null;

/** A column of a layer file. */
export interface LayerField {
  /** As people read it: after --field from=to, and with its long name where a shapefile had to shorten it. */
  name: string;
  type: 'text' | 'integer' | 'number' | 'boolean' | 'date' | 'datetime';
  /** Characters (text) or digits; null = unlimited. */
  width: number | null;
  /** Digits behind the point, of numbers with a fixed one. */
  decimals: number | null;
}

/** One feature as its file holds it. */
export interface RawFeature {
  /** Its place in the layer, from 0: over all files of a folder. */
  index: number;
  /** The file's own id of it (GeoJSON id, GeoPackage fid, shapefile record number from 1), or null. */
  fid: string | null;
  properties: Record<string, FieldValue>;
  /** Null: an empty shape, or one that could not be read; `damage` says which. */
  geometry: RawGeometry | null;
  /** What was wrong with its bytes, in the rest of a sentence about the feature; null = nothing. */
  damage: string | null;
}

/** A stretch of a layer file that a thread can read by itself. Plain data: it survives structured clone. */
export interface LayerPiece {
  /** Of the file it lies in. */
  path: string;
  format: LayerFormat;
  /** Index of its first feature in the layer. */
  firstIndex: number;
  /** What the format's reader needs to find it. */
  place: unknown;
}

export type LayerFormat = 'shapefile' | 'geopackage' | 'geojson' | 'geojsonseq' | 'flatgeobuf';

/** How the coordinates of a layer are to be read, and what was concluded to come to that. */
export interface LayerCrs {
  /** As imagery/crs.ts names it; 'by-prefix' = metres whose zone stands before each easting (38,512,345). */
  crs: string;
  /** Why, in one line: "EPSG:4526, as the .prj says". */
  because: string;
}

/** An open layer: what is known of it, and its features piece by piece, in order. */
export interface OpenLayer {
  /** The files it is read from, each with its sha256 over all its parts (.shp, .dbf, .shx, .prj, .cpg). */
  files: { path: string; sha256: string; bytes: number }[];
  format: LayerFormat;
  fields: LayerField[];
  crs: LayerCrs;
  /** Of the text, e.g. utf-8, gbk; and why. */
  encoding: { name: string; because: string };
  /** Features, where the file says. */
  count: number | null;
  /** Total length that `LayerPiece`s cover, for progress where count is null. */
  bytes: number;
  /** Things to tell the user that are no feature's fault, one line each: "no .prj: …". */
  notes: string[];
  /** What readPiece needs beside a piece, in any thread. */
  reading: LayerReading;
  pieces(): AsyncIterable<LayerPiece>;
  close(): Promise<void>;
}

export interface OpenLayerOptions {
  /** What the user said; each overrules what the file says. */
  crs?: string;
  encoding?: string;
  /** Table of a GeoPackage, or file of a zip or folder, where there are several. */
  sourceLayer?: string;
  /** New names of fields, by the file's name. */
  fields?: Readonly<Record<string, string>>;
  /** Box round the known districts, lon/lat: tells swapped axes and helps to find a missing CRS. */
  districtsBox: { minLon: number; minLat: number; maxLon: number; maxLat: number } | null;
  /** Features of one piece; a test may ask for few. */
  pieceSize?: number;
}
