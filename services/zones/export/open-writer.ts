import { openCsv } from './csv.ts';
import { openGeoJson } from './geojson.ts';
import { openGeoPackage } from './geopackage.ts';
import type { LayerWriter, WriterOptions } from './layer-writer.ts';
import { openShapefile } from './shapefile.ts';

/**
 * Begins a file of any of the formats. Either `finish` or `abandon` must be called in the end.
 * @throws ServiceError bad-input where it cannot be written, is there already, or the format cannot hold the columns
 */
export function openWriter(path: string, options: WriterOptions): LayerWriter {
  switch (options.format) {
    case 'shapefile':
      return openShapefile(path, options);
    case 'geopackage':
      return openGeoPackage(path, options);
    case 'csv':
      return openCsv(path, options);
    default:
      return openGeoJson(path, options);
  }
}
