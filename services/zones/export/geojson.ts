import { isGeographic } from '../../../imagery/crs.ts';
import { ServiceError } from '../../error.ts';
import type { ZoneGeometry } from '../geometry/zone-geometry.ts';
import type { LayerField } from '../layer-files/layer-file.ts';
import { ByteSink } from './byte-sink.ts';
import type { ExportFeature, LayerWriter, WriterOptions, Written } from './layer-writer.ts';
import { PendingFiles } from './pending-files.ts';

/** RFC 7946 as one collection, or RFC 8142's features one a line. @throws ServiceError bad-input */
export function openGeoJson(path: string, options: WriterOptions): LayerWriter {
  const { fields, crs, layerName } = options;
  if (!isGeographic(crs)) {
    const remedy = 'wanted --crs EPSG:4490, or a GeoPackage (.gpkg) or shapefile (.shp)';
    throw new ServiceError(
      'bad-input',
      `${path}: GeoJSON is longitude and latitude (RFC 7946), not ${crs}; ${remedy}.`,
    );
  }
  const files = new PendingFiles(path, [], options.overwrite);
  const sink = new ByteSink(files.pathFor(path), path);
  const collected = options.format === 'geojson';
  let features = 0;
  if (collected) sink.text(`{"type":"FeatureCollection","name":${JSON.stringify(layerName)},"features":[\n`);
  return {
    write(feature: ExportFeature): void {
      if (collected && features > 0) sink.text(',\n');
      sink.text(featureText(feature, fields));
      if (!collected) sink.text('\n');
      features++;
    },
    finish(): Written {
      if (collected) sink.text('\n]}\n');
      sink.close();
      return { files: files.commit(), features, notes: [] };
    },
    abandon(): void {
      sink.release();
      files.abandon();
    },
  };
}

function featureText({ id, properties, geometry }: ExportFeature, fields: readonly LayerField[]): string {
  const members = fields.map(({ name }) => `${JSON.stringify(name)}:${JSON.stringify(properties[name] ?? null)}`);
  const shape = geometry === null ? 'null' : geometryText(geometry);
  return `{"type":"Feature","id":${JSON.stringify(id)},"properties":{${members.join(',')}},"geometry":${shape}}`;
}

function geometryText({ kind, parts }: ZoneGeometry): string {
  const many = parts.length !== 1;
  const members =
    kind === 'line'
      ? parts.map(([path]) => pathText(path))
      : parts.map((rings) => `[${rings.map((ring) => pathText(ring)).join(',')}]`);
  const type = `${many ? 'Multi' : ''}${kind === 'line' ? 'LineString' : 'Polygon'}`;
  return `{"type":"${type}","coordinates":${many ? `[${members.join(',')}]` : members[0]}}`;
}

function pathText(path: Float64Array): string {
  let text = '[';
  for (let i = 0; i < path.length; i += 2) text += `${i === 0 ? '' : ','}[${path[i]},${path[i + 1]}]`;
  return `${text}]`;
}
