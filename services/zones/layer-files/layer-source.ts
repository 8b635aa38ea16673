import type { LayerField, LayerFormat } from './layer-file.ts';
import type { FileReading } from './layer-reading.ts';

/** One file of a layer, opened: what it says of itself, before it is decided how to take it. */
export interface LayerSource {
  format: LayerFormat;
  /** As the user knows it. */
  path: string;
  sha256: string;
  bytes: number;
  /** By the file's own names. */
  fields: SourceField[];
  /** The CRS it states. */
  stated: StatedCrs;
  encoding: { name: string; because: string };
  /** Features, deleted ones not counted. */
  count: number;
  /** Indexes its features take up, deleted ones too. */
  span: number;
  notes: string[];
  reading: FileReading;
  /** Stretches to look at coordinates in, some from all over the file. */
  samples: SourcePiece[];
  pieces(): Iterable<SourcePiece>;
  close(): void;
}

export interface SourceField extends LayerField {
  /** The file's own name; `name` may be its long one. */
  source: string;
}

export interface SourcePiece {
  /** Index of its first feature in its file. */
  first: number;
  /** Places in the layer that it takes up. */
  count: number;
  place: object;
}

export interface StatedCrs {
  /** Null: nothing is said, or nothing that is known. */
  crs: string | null;
  /** Who says so: "the .prj", "its crs member". */
  by: string;
  /** Why what is said is not known, in the rest of a sentence; null where nothing is wrong. */
  problem: string | null;
  /** What the format means where nothing is said. */
  fallback: { crs: string; because: string } | null;
}
