import { resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { EXPORT_FORMATS, type ExportFormat, formatOf } from '../../services/zones/export/export-format.ts';
import type { Exported, ExportTarget } from '../../services/zones/export/write-features.ts';
import { crsName } from './options.ts';
import { checkOutputFiles } from './output-file.ts';
import type { ProgressBar } from './progress.ts';

/** What zones and patches are told alike when they are exported. */
export interface ExportArguments {
  format?: ExportFormat;
  encoding?: 'utf-8' | 'gbk';
  crs?: string;
  wkt?: boolean;
  bom?: boolean;
  force?: boolean;
}

export function exportOptions(command: Command): Command {
  return command
    .addOption(new Option('--format <name>', "what to write (default: by the file's name)").choices(EXPORT_FORMATS))
    .option('--encoding <name>', 'text of a shapefile: utf-8 or gbk (default: utf-8)', encodingName)
    .option('--crs <epsg>', 'such as EPSG:4526 (default: EPSG:4490, CGCS2000 longitude and latitude)', crsName)
    .option('--wkt', 'CSV: with the shapes, as WKT')
    .option('--bom', 'CSV: with a byte order mark, by which Excel knows UTF-8')
    .option('--force', 'replace a file that is there already');
}

/** The target of an export, looked at before any work is spent. @throws ServiceError bad-input */
export async function exportTarget(out: string, options: ExportArguments, bar: ProgressBar): Promise<ExportTarget> {
  const path = resolve(out);
  await checkOutputFiles([{ option: 'the export', path: out }], []);
  formatOf(path, options.format);
  const { format, encoding, crs, wkt = false, bom = false, force = false } = options;
  return {
    ...{ path, wkt, bom, overwrite: force },
    ...(format && { format }),
    ...(encoding && { encoding }),
    ...(crs && { crs }),
    onProgress: (done, total) => bar.draw('导出 exporting', done, total),
  };
}

/** Chinese first, as people there read it. */
export function describeExport(what: string, { features, files, format, crs, notes }: Exported): string {
  const shape = format === 'geojson' || format === 'geojsonseq' ? '' : `, ${crs}`;
  return [
    `${what}: ${features} → ${files[0]} (${format}${shape})`,
    ...notes.map((note) => `注意 note: ${note}`),
    '',
  ].join('\n');
}

function encodingName(text: string): 'utf-8' | 'gbk' {
  const name = text.toLowerCase().replace(/^utf8$/, 'utf-8');
  if (name === 'utf-8' || name === 'gbk') return name;
  throw new InvalidArgumentError(`Wanted utf-8 or gbk, got '${text}'.`);
}
