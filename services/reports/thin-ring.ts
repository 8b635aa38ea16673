/**
 * A closed ring with fewer corners, no point of it farther than `most` from the line left (Douglas & Peucker 1973);
 * pure. Distances in degrees of latitude. A ring that would have fewer than four corners left is given up: [].
 */
export function thinRing(ring: readonly (readonly number[])[], most: number): [lon: number, lat: number][] {
  if (ring.length < 4) return [];
  const squeeze = Math.cos((ring[0][1] * Math.PI) / 180);
  const points = ring.map(([lon, lat]) => [lon * squeeze, lat] as const);
  const kept = new Uint8Array(ring.length);
  const far = points.reduce((best, p, k) => (apart(p, points[0]) > apart(points[best], points[0]) ? k : best), 0);
  kept[0] = kept[far] = kept[ring.length - 1] = 1;
  const spans: [number, number][] = [
    [0, far],
    [far, ring.length - 1],
  ];
  for (let span = spans.pop(); span !== undefined; span = spans.pop()) {
    const [first, last] = span;
    let [worst, distance] = [-1, most];
    for (let k = first + 1; k < last; k++) {
      const off = toSegment(points[k], points[first], points[last]);
      if (off > distance) [worst, distance] = [k, off];
    }
    if (worst < 0) continue;
    kept[worst] = 1;
    spans.push([first, worst], [worst, last]);
  }
  const thin = ring.filter((_, k) => kept[k]).map(([lon, lat]): [number, number] => [round(lon), round(lat)]);
  return thin.length < 4 ? [] : thin;
}

type Point = readonly [number, number];

function apart(a: Point, b: Point): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1]);
}

function toSegment(p: Point, a: Point, b: Point): number {
  const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
  const length2 = dx * dx + dy * dy;
  const along = length2 === 0 ? 0 : Math.max(0, Math.min(1, ((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / length2));
  return apart(p, [a[0] + along * dx, a[1] + along * dy]);
}

function round(degrees: number): number {
  return Math.round(degrees * 1e5) / 1e5;
}
