import type { MultiPolygon, Polygon, Position } from 'geojson';
import { type Patches, polygonsOf } from './found-changes.ts';

/** What a collection of areas breaks of RFC 7946, one line each; empty when nothing. */
export function rfc7946Faults(collection: Patches): string[] {
  const faults: string[] = [];
  if (collection.type !== 'FeatureCollection') faults.push(`is a ${collection.type}`);
  if ('crs' in collection) faults.push('names a crs (§4: always lon/lat on WGS 84)');
  for (const feature of collection.features) {
    if (feature.type !== 'Feature') faults.push(`${feature.id}: is a ${feature.type}`);
    if (typeof feature.properties !== 'object') faults.push(`${feature.id}: has no properties`);
    faults.push(...geometryFaults(feature.geometry).map((fault) => `${feature.id}: ${fault}`));
  }
  return faults;
}

function geometryFaults(geometry: Polygon | MultiPolygon): string[] {
  if (geometry.type !== 'Polygon' && geometry.type !== 'MultiPolygon') return ['is no area'];
  return polygonsOf(geometry).flatMap((polygon) =>
    polygon.flatMap((ring, i) => {
      const closed = ring.length >= 4 && String(ring[0]) === String(ring[ring.length - 1]);
      const onEarth = ring.every(([lon, lat]) => Math.abs(lon) <= 180 && Math.abs(lat) <= 90);
      const anticlockwise = twiceArea(ring) > 0;
      return [
        ...(closed ? [] : ['has an open ring']),
        ...(onEarth ? [] : ['leaves the range of lon/lat']),
        ...(anticlockwise === (i === 0) ? [] : [`ring ${i} turns the wrong way (§3.1.6)`]),
      ];
    }),
  );
}

/** Positive for a ring that turns anticlockwise. */
function twiceArea(ring: Position[]): number {
  const [x0, y0] = ring[0];
  let sum = 0;
  for (let i = 1; i < ring.length; i++) {
    const [[ax, ay], [bx, by]] = [ring[i - 1], ring[i]];
    sum += (ax - x0) * (by - y0) - (bx - x0) * (ay - y0);
  }
  return sum;
}
