import type { Position } from 'geojson';

export type Random = () => number;

/** Numbers 0-1, the same for the same seed (mulberry32). */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** An irregular simple polygon round (0, 0), closed, anticlockwise, no corner farther than `radius`. */
export function starRing(random: Random, corners: number, radius: number): Position[] {
  const ring: Position[] = [];
  for (let i = 0; i < corners; i++) {
    const angle = ((i + 0.8 * random()) / corners) * 2 * Math.PI;
    const r = radius * (0.3 + 0.7 * random());
    ring.push([r * Math.cos(angle), r * Math.sin(angle)]);
  }
  return [...ring, ring[0]];
}

/** A ring in metres laid on the ground round a place, as lon/lat (roughly: shape matters, not size). */
export function ringAt(place: Position, ringM: readonly Position[]): Position[] {
  const metresPerDegree = 111320;
  const east = metresPerDegree * Math.cos((place[1] * Math.PI) / 180);
  return ringM.map(([x, y]) => [place[0] + x / east, place[1] + y / metresPerDegree]);
}

/** A convex ring split `depth` times by random lines through its middle: 2^depth pieces with T-shaped joints. */
export function randomPartition(random: Random, ring: Position[], depth: number): Position[][] {
  if (depth === 0) return [ring];
  const corners = ring.slice(1);
  const x = corners.reduce((sum, p) => sum + p[0], 0) / corners.length;
  const y = corners.reduce((sum, p) => sum + p[1], 0) / corners.length;
  const angle = Math.PI * random();
  const side = (p: Position) => (p[0] - x) * Math.sin(angle) - (p[1] - y) * Math.cos(angle);
  return [1, -1].flatMap((sign) => {
    const kept: Position[] = [];
    corners.forEach((a, k) => {
      const b = corners[(k + 1) % corners.length];
      const [da, db] = [side(a), side(b)];
      if (sign * da >= 0) kept.push(a);
      if (da * db < 0) kept.push([a[0] + (da / (da - db)) * (b[0] - a[0]), a[1] + (da / (da - db)) * (b[1] - a[1])]);
    });
    return randomPartition(random, [...kept, kept[0]], depth - 1);
  });
}
