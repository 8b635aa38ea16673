import { extname } from 'node:path';
import { ServiceError } from '../../error.ts';

export const EXPORT_FORMATS = ['shapefile', 'geopackage', 'geojson', 'geojsonseq', 'csv'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** The first is the one a file of the format gets where it has none. */
const EXTENSIONS: Readonly<Record<ExportFormat, readonly string[]>> = {
  shapefile: ['.shp'],
  geopackage: ['.gpkg'],
  geojson: ['.geojson', '.json'],
  geojsonseq: ['.geojsonl', '.geojsons', '.ndjson'],
  csv: ['.csv'],
};

/**
 * The format a file is to have: what was asked for, or else what its name says.
 * @throws ServiceError bad-input where neither says, or where the readers of a format would not know the name
 */
export function formatOf(path: string, asked?: ExportFormat): ExportFormat {
  const extension = extname(path).toLowerCase();
  const named = EXPORT_FORMATS.find((format) => EXTENSIONS[format].includes(extension));
  const format = asked ?? named;
  if (format === undefined) {
    const known = Object.values(EXTENSIONS).flat().join(', ');
    const got = extension === '' ? 'a name without one' : extension;
    throw new ServiceError('bad-input', `${path}: wanted a name ending in ${known}, or --format; got ${got}.`);
  }
  // The parts of a shapefile find each other by name, and programs know a GeoPackage by its own.
  if ((format === 'shapefile' || format === 'geopackage') && named !== format) {
    throw new ServiceError('bad-input', `${path}: a ${format} has a name ending in ${EXTENSIONS[format][0]}.`);
  }
  return format;
}
