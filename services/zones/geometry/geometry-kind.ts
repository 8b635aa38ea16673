import type { Repairs } from './ring-cleaning.ts';
import type { RawGeometry, ZoneGeometry } from './zone-geometry.ts';

type Kind = ZoneGeometry['kind'];

const WANTED = {
  polygon: 'a Polygon or MultiPolygon',
  line: 'a LineString or MultiLineString',
  either: 'polygons or lines',
};

/** The parts of a shape where a layer of this kind takes them. */
export function collectedParts(
  { type, parts }: RawGeometry,
  wanted: 'polygon' | 'line' | 'either',
  repairs: Repairs,
): { kind: Kind; parts: Float64Array[][] } | { rejected: string } {
  // Readers hand over a collection's polygons only.
  const collection = /collection/i.test(type);
  const kind = collection && parts.length > 0 ? 'polygon' : kindOfType(type);
  const fits = kind !== null && (wanted === 'either' || wanted === kind);
  if (fits && parts.length > 0) {
    if (collection) repairs.note(`only the polygons of its ${type} were kept`);
    return { kind, parts };
  }
  if (fits && /curve|surface|circular/i.test(type)) {
    return { rejected: `is a ${type} with arcs, or empty; wanted straight edges (ogr2ogr -nlt CONVERT_TO_LINEAR)` };
  }
  return { rejected: fits ? `is an empty ${type}` : `is a ${type}; wanted ${WANTED[wanted]}` };
}

/** Of a name as files give it: Polygon, MultiPolygon Z, POLYGONM, 3D Polygon, PolyLine, MultiLineString … */
function kindOfType(type: string): Kind | null {
  if (/line|curve$|arc/i.test(type)) return 'line';
  return /polygon|surface/i.test(type) ? 'polygon' : null;
}
