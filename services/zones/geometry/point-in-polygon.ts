import type { MultiPolygon, Polygon, Position } from 'geojson';
import type { ZoneGeometry } from './zone-geometry.ts';

/** True when the lon/lat point lies inside; a point on the boundary belongs to one side of it only. Never in a line. */
export function containsPoint({ kind, parts }: ZoneGeometry, lon: number, lat: number): boolean {
  if (kind !== 'polygon') return false;
  let inside = false;
  for (const part of parts) {
    for (const ring of part) if (ringContains(ring, lon, lat)) inside = !inside;
  }
  return inside;
}

/** The same of one closed ring. */
function ringContains(ring: Float64Array, lon: number, lat: number): boolean {
  let inside = false;
  for (let i = 2; i < ring.length; i += 2) {
    const [ay, by] = [ring[i - 1], ring[i + 1]];
    if (ay > lat === by > lat) continue;
    if (lon < ring[i - 2] + ((lat - ay) / (by - ay)) * (ring[i] - ring[i - 2])) inside = !inside;
  }
  return inside;
}

/** The same of a GeoJSON shape. */
export function contains(geometry: Polygon | MultiPolygon, [lon, lat]: Position): boolean {
  let inside = false;
  const rings = geometry.type === 'Polygon' ? geometry.coordinates : geometry.coordinates.flat();
  for (const ring of rings) {
    for (let i = 1; i < ring.length; i++) {
      const [ax, ay] = ring[i - 1];
      const [bx, by] = ring[i];
      if (ay > lat !== by > lat && lon < ax + ((lat - ay) / (by - ay)) * (bx - ax)) inside = !inside;
    }
  }
  return inside;
}

/**
 * A point inside a valid zone: the middle of the widest stretch inside it on the parallel halfway up. Where only
 * corners lie on that parallel, nearby ones are tried. Of a line: a point on it, halfway through its corners.
 */
export function pointInside({ kind, parts }: ZoneGeometry): [lon: number, lat: number] {
  if (kind === 'line') return middleOf(parts[0][0]);
  const [south, north] = latitudesOf(parts);
  let widest = { width: 0, lon: parts[0][0][0], lat: parts[0][0][1] };
  for (const fraction of [0.5, 0.4, 0.6, 0.25, 0.75]) {
    const lat = south + fraction * (north - south);
    const crossings = crossingsAt(parts, lat);
    for (let i = 0; i + 1 < crossings.length; i += 2) {
      const width = crossings[i + 1] - crossings[i];
      if (width > widest.width) widest = { width, lon: (crossings[i] + crossings[i + 1]) / 2, lat };
    }
    if (widest.width > 0) break;
  }
  return [widest.lon, widest.lat];
}

function middleOf(path: Float64Array): [lon: number, lat: number] {
  const edges = path.length / 2 - 1;
  const i = 2 * (edges >> 1);
  if (edges % 2 === 0) return [path[i], path[i + 1]];
  return [(path[i] + path[i + 2]) / 2, (path[i + 1] + path[i + 3]) / 2];
}

/** Of the shells. */
function latitudesOf(parts: ZoneGeometry['parts']): [south: number, north: number] {
  let [south, north] = [Infinity, -Infinity];
  for (const [shell] of parts) {
    for (let i = 1; i < shell.length; i += 2) {
      if (shell[i] < south) south = shell[i];
      if (shell[i] > north) north = shell[i];
    }
  }
  return [south, north];
}

function crossingsAt(parts: ZoneGeometry['parts'], lat: number): number[] {
  const lons: number[] = [];
  for (const part of parts) {
    for (const ring of part) {
      for (let i = 2; i < ring.length; i += 2) {
        const [ay, by] = [ring[i - 1], ring[i + 1]];
        if (ay > lat === by > lat) continue;
        lons.push(ring[i - 2] + ((lat - ay) / (by - ay)) * (ring[i] - ring[i - 2]));
      }
    }
  }
  return lons.sort((a, b) => a - b);
}
