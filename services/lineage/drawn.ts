import { ServiceError } from '../error.ts';
import { prepareZone } from '../zones/geometry/repair.ts';
import type { ZoneGeometry } from '../zones/geometry/zone-geometry.ts';
import { readGeojsonGeometry } from '../zones/layer-files/geojson/geojson-geometry.ts';

/** What somebody drew to cut a patch by: each polygon feature a part, or lines. */
export type Drawn = { parts: ZoneGeometry[] } | { lines: Float64Array[] };

/** The polygons of a GeoJSON text in lon/lat, made valid, one for each feature. @throws ServiceError bad-input naming the file */
export function drawnParts(text: string, name: string): { parts: ZoneGeometry[] } {
  return { parts: shapesOf(text, name, 'polygon') };
}

/** The lines of a GeoJSON text in lon/lat. @throws ServiceError bad-input naming the file */
export function drawnLines(text: string, name: string): { lines: Float64Array[] } {
  return { lines: shapesOf(text, name, 'line').flatMap(({ parts }) => parts.map(([line]) => line)) };
}

function shapesOf(text: string, name: string, kind: 'polygon' | 'line'): ZoneGeometry[] {
  const refused = (what: string) => new ServiceError('bad-input', `${name}: wanted a GeoJSON ${kind}; ${what}.`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw refused((error as Error).message);
  }
  const shapes = geometriesOf(value).map((geometry, n) => {
    const raw = readGeojsonGeometry(geometry);
    if (raw === null || typeof raw === 'string') throw refused(`the feature ${n + 1} ${raw ?? 'has no geometry'}`);
    const prepared = prepareZone(raw, kind, { shellsMayTurnEitherWay: true });
    if ('rejected' in prepared) throw refused(`the feature ${n + 1} ${prepared.rejected}`);
    return prepared.geometry;
  });
  if (shapes.length === 0) throw refused('it has none');
  return shapes;
}

function geometriesOf(value: unknown): unknown[] {
  const { type, features, geometry } = (value ?? {}) as Record<string, unknown>;
  if (type === 'FeatureCollection' && Array.isArray(features)) return features.flatMap(geometriesOf);
  return [type === 'Feature' ? geometry : value];
}
