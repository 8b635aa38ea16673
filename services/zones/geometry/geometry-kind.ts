import type { Repairs } from './ring-cleaning.ts';
import type { RawGeometry, ZoneGeometry } from './zone-geometry.ts';

type Kind = ZoneGeometry['kind'];

const WANTED = {
  polygon: 'a Polygon or MultiPolygon',
  line: 'a LineString or MultiLineString',
  either: 'polygons or lines',
};

/** The parts of a shape that a layer of this kind takes; what else a collection holds is left out, and noted. */
export function collectedParts(
  { type, parts }: RawGeometry,
  wanted: 'polygon' | 'line' | 'either',
  repairs: Repairs,
): { kind: Kind; parts: Float64Array[][] } | { rejected: string } {
  const kinds = /collection/i.test(type) ? parts.map(kindOfPart) : parts.map(() => kindOfType(type));
  const kind = wanted === 'either' ? (kinds.includes('polygon') ? 'polygon' : 'line') : wanted;
  const kept = parts.filter((_, i) => kinds[i] === kind);
  if (kept.length > 0) {
    if (/collection/i.test(type)) repairs.note(`only the ${kind}s of its ${type} were kept`);
    return { kind, parts: kept };
  }
  const own = kindOfType(type);
  const fits = own !== null && (wanted === 'either' || wanted === own);
  return { rejected: fits ? `is an empty ${type}` : `is a ${type}; wanted ${WANTED[wanted]}` };
}

/** Of a name as files give it: Polygon, MultiPolygon Z, POLYGONM, 3D Polygon, PolyLine, MultiLineString … */
function kindOfType(type: string): Kind | null {
  if (/line|curve$|arc/i.test(type)) return 'line';
  return /polygon|surface/i.test(type) ? 'polygon' : null;
}

/** A collection does not say which of its parts is what: what is closed or has holes is a polygon. */
function kindOfPart(part: readonly Float64Array[]): Kind {
  if (part.length !== 1) return 'polygon';
  const [path] = part;
  const closed = path[0] === path[path.length - 2] && path[1] === path[path.length - 1];
  return path.length >= 8 && closed ? 'polygon' : 'line';
}
