import type { FieldTaskBody } from '../../server/field-schemas.ts';

/** Near places on a plane of metres about one of them: good to a part in a thousand over some kilometres. */

export interface Place {
  lon: number;
  lat: number;
}

const metresPerDegree = 111_320;
const radians = Math.PI / 180;

/** East and north of `from`, metres. */
export function metresFrom(from: Place, { lon, lat }: Place): [x: number, y: number] {
  const parallel = Math.cos(((from.lat + lat) / 2) * radians);
  return [(lon - from.lon) * metresPerDegree * parallel, (lat - from.lat) * metresPerDegree];
}

export function distanceM(from: Place, to: Place): number {
  return Math.hypot(...metresFrom(from, to));
}

/** Degrees clockwise from north, 0–360. */
export function bearing(from: Place, to: Place): number {
  const [x, y] = metresFrom(from, to);
  return (Math.atan2(x, y) / radians + 360) % 360;
}

/** All rings of an outline, those of holes too: what lies within an odd number of them is inside. */
export function ringsOf({ outline }: Pick<FieldTaskBody, 'outline'>): Place[][] {
  const parts = (outline.type === 'Polygon' ? [outline.coordinates] : outline.coordinates) as [number, number][][][];
  return parts.flat().map((ring) => ring.map(([lon, lat]) => ({ lon, lat })));
}

export function middleOf({ bbox: [minLon, minLat, maxLon, maxLat] }: Pick<FieldTaskBody, 'bbox'>): Place {
  return { lon: (minLon + maxLon) / 2, lat: (minLat + maxLat) / 2 };
}

/** To the nearest point of the outline, and whether one stands inside. */
export function nearestM(from: Place, task: Pick<FieldTaskBody, 'outline'>): { metres: number; inside: boolean } {
  let [metres, inside] = [Number.POSITIVE_INFINITY, false];
  for (const ring of ringsOf(task)) {
    const points = ring.map((point) => metresFrom(from, point));
    for (let i = 1; i < points.length; i++) {
      const [[ax, ay], [bx, by]] = [points[i - 1], points[i]];
      const [dx, dy] = [bx - ax, by - ay];
      const along = Math.max(0, Math.min(1, -(ax * dx + ay * dy) / (dx * dx + dy * dy || 1)));
      metres = Math.min(metres, Math.hypot(ax + along * dx, ay + along * dy));
      if (ay > 0 !== by > 0 && ax - (ay * dx) / dy > 0) inside = !inside;
    }
  }
  return { metres: inside ? 0 : metres, inside };
}

/** '35 m', '1.2 km'. */
export function distanceText(metres: number): string {
  if (metres < 1000) return `${Math.round(metres)} m`;
  return `${(metres / 1000).toFixed(metres < 10_000 ? 1 : 0)} km`;
}
