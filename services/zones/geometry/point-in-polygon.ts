import type { MultiPolygon, Polygon, Position } from 'geojson';

/** True when the lon/lat point lies inside; a point on the boundary belongs to one side of it only. */
export function contains(geometry: Polygon | MultiPolygon, [lon, lat]: Position): boolean {
  let inside = false;
  for (const ring of ringsOf(geometry)) {
    for (let i = 1; i < ring.length; i++) {
      const [ax, ay] = ring[i - 1];
      const [bx, by] = ring[i];
      if (ay > lat !== by > lat && lon < ax + ((lat - ay) / (by - ay)) * (bx - ax)) inside = !inside;
    }
  }
  return inside;
}

/**
 * A point inside a valid (Multi)Polygon: the middle of the widest stretch inside it on the parallel halfway up.
 * Where only corners lie on that parallel, nearby ones are tried.
 */
export function pointInside(geometry: Polygon | MultiPolygon): Position {
  const rings = ringsOf(geometry);
  const lats = rings.flat().map((position) => position[1]);
  const south = lats.reduce((a, b) => Math.min(a, b));
  const north = lats.reduce((a, b) => Math.max(a, b));
  let widest = { width: 0, point: rings[0][0] };
  for (const fraction of [0.5, 0.4, 0.6, 0.25, 0.75]) {
    const lat = south + fraction * (north - south);
    const crossings = crossingsAt(rings, lat);
    for (let i = 0; i + 1 < crossings.length; i += 2) {
      const width = crossings[i + 1] - crossings[i];
      if (width > widest.width) widest = { width, point: [(crossings[i] + crossings[i + 1]) / 2, lat] };
    }
    if (widest.width > 0) break;
  }
  return widest.point;
}

function crossingsAt(rings: readonly Position[][], lat: number): number[] {
  const lons: number[] = [];
  for (const ring of rings) {
    for (let i = 1; i < ring.length; i++) {
      const [ax, ay] = ring[i - 1];
      const [bx, by] = ring[i];
      if (ay > lat !== by > lat) lons.push(ax + ((lat - ay) / (by - ay)) * (bx - ax));
    }
  }
  return lons.sort((a, b) => a - b);
}

function ringsOf(geometry: Polygon | MultiPolygon): Position[][] {
  return geometry.type === 'Polygon' ? geometry.coordinates : geometry.coordinates.flat();
}
