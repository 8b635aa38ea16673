import { ServiceError } from '../../error.ts';
import type { ZoneGeometry } from '../geometry/zone-geometry.ts';
import type { FieldValue, LayerField } from '../layer-files/layer-file.ts';
import type { ExportFormat } from './export-format.ts';
import type { EncodingName } from './text-encoding.ts';

/** One feature on its way out. */
export interface ExportFeature {
  /** What people know it by; named in refusals, and the `id` of a GeoJSON feature. */
  id: string;
  properties: Readonly<Record<string, FieldValue>>;
  /** Lon/lat; null = it has no shape. */
  geometry: ZoneGeometry | null;
}

export interface WriterOptions {
  format: ExportFormat;
  /** The columns, in order. Properties that are none of them are not written. */
  fields: readonly LayerField[];
  geometryKind: 'polygon' | 'line' | 'either';
  /** As imagery/crs.ts names it. */
  crs: string;
  layerName: string;
  /** Of a shapefile's text; the other formats are UTF-8 by their nature. */
  encoding: EncodingName;
  /** Files of these names may be replaced. */
  overwrite: boolean;
  /** CSV: begin with a byte order mark, by which Excel knows UTF-8. */
  bom: boolean;
  /** CSV: the shape as WKT in a column of its own. */
  wkt: boolean;
  /** The day that a .dbf is dated with; today unless said. */
  at?: Date | undefined;
}

export interface Written {
  /** All files that now exist, the one that was asked for first. */
  files: string[];
  features: number;
  /** What the format could not hold as it was, one line each. */
  notes: string[];
}

/** A file being written. Nothing stands under its name before `finish` has come back. */
export interface LayerWriter {
  /** @throws ServiceError bad-input where the format cannot hold the feature: feature, field and remedy are named. */
  write(feature: ExportFeature): void;
  finish(): Written;
  /** Leaves nothing behind; harmless after either. */
  abandon(): void;
}

/** Ends an export with one line about a feature. @throws ServiceError bad-input, always */
export function refuseFeature(path: string, id: string, problem: string): never {
  throw new ServiceError('bad-input', `${path}: the feature ${shortened(id)} ${problem}.`, {
    file: path,
    featureId: id,
  });
}

/** A text as it may stand in a message: short and on one line. */
export function shortened(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length > 40 ? `${line.slice(0, 37)}...` : line;
}
