import { type ExportFormat, formatOf } from './export-format.ts';
import type { ExportFeature, WriterOptions, Written } from './layer-writer.ts';
import { openWriter } from './open-writer.ts';
import type { EncodingName } from './text-encoding.ts';

/** Where an export goes and in which form. */
export interface ExportTarget {
  path: string;
  /** As the file's name says, unless said. */
  format?: ExportFormat;
  /** utf-8 unless said. */
  encoding?: EncodingName;
  /** As imagery/crs.ts names it; CGCS2000 in longitude and latitude (EPSG:4490) unless said. */
  crs?: string;
  overwrite?: boolean;
  bom?: boolean;
  wkt?: boolean;
  /** The day that a shapefile is dated with; today unless said. */
  at?: Date;
  /** Features written, of how many in all. */
  onProgress?: (done: number, total: number) => void;
}

/** What is exported. */
export interface ExportSource extends Pick<WriterOptions, 'fields' | 'geometryKind' | 'layerName'> {
  features: AsyncIterable<ExportFeature>;
  /** For progress. */
  total: number;
}

/** How an export was done. */
export interface Exported extends Written {
  path: string;
  format: ExportFormat;
  crs: string;
}

const PROGRESS_EVERY = 500;

/**
 * Writes features into a file, one after another: memory does not grow with their number. Where it ends early, for
 * whatever reason, nothing is left and what stood there before is as it was.
 * @throws ServiceError bad-input where the file cannot be written, or cannot hold a feature; ImageryError crs-unknown
 */
export async function writeFeatures(source: ExportSource, target: ExportTarget): Promise<Exported> {
  const { path, crs = 'EPSG:4490', encoding = 'utf-8', onProgress } = target;
  const { overwrite = false, bom = false, wkt = false, at } = target;
  const { fields, geometryKind, layerName, total } = source;
  const format = formatOf(path, target.format);
  const shape = { format, fields, geometryKind, layerName, crs };
  const writer = openWriter(path, { ...shape, encoding, overwrite, bom, wkt, at });
  try {
    let done = 0;
    for await (const feature of source.features) {
      writer.write(feature);
      if (++done % PROGRESS_EVERY === 0) onProgress?.(done, total);
    }
    const written = writer.finish();
    onProgress?.(done, done);
    return { path, format, crs, ...written };
  } finally {
    writer.abandon();
  }
}
