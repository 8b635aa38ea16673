import { ByteSink } from './byte-sink.ts';
import { distinctNames } from './column-names.ts';
import { csvLine } from './csv-line.ts';
import type { ExportFeature, LayerWriter, WriterOptions, Written } from './layer-writer.ts';
import { PendingFiles } from './pending-files.ts';
import { projectorTo } from './projected.ts';
import { wktOf } from './wkt-text.ts';

/** RFC 4180 in UTF-8, one line of names first. @throws ServiceError bad-input */
export function openCsv(path: string, options: WriterOptions): LayerWriter {
  const { fields, wkt, bom, crs } = options;
  const project = projectorTo(path, crs);
  const files = new PendingFiles(path, [], options.overwrite);
  const sink = new ByteSink(files.pathFor(path), path);
  const names = distinctNames(fields.map(({ name }) => name));
  let features = 0;
  if (bom) sink.text('\ufeff');
  sink.text(csvLine(wkt ? [...distinctNames(['WKT'], names), ...names] : names));
  return {
    write({ id, properties, geometry }: ExportFeature): void {
      const values = fields.map(({ name }) => properties[name]);
      if (wkt) values.unshift(geometry === null ? null : wktOf(project(geometry, id)));
      sink.text(csvLine(values));
      features++;
    },
    finish(): Written {
      sink.close();
      return { files: files.commit(), features, notes: [] };
    },
    abandon(): void {
      sink.release();
      files.abandon();
    },
  };
}
