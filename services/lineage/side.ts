import type { Plane, PlanePaths } from '../zones/geometry/clipper.ts';

type Point = { x: number; y: number };

/** A square round the plane's middle that everything in the plane lies well inside of. */
const FAR = 2 ** 25;

/**
 * All that lies on one side of a line, out to a far square: the line followed straight on at both ends to its border,
 * and back along that.
 * @param line lon/lat, x0, y0, x1, y1, …; two different points at least
 */
export function sideOf(line: Float64Array, { lon, lat, east, north }: Plane): PlanePaths {
  const points: Point[] = [];
  for (let i = 0; i < line.length; i += 2) {
    const point = { x: Math.round((line[i] - lon) * east), y: Math.round((line[i + 1] - lat) * north) };
    const last = points.at(-1);
    if (last === undefined || last.x !== point.x || last.y !== point.y) points.push(point);
  }
  const end = onBorder(points[points.length - 2], points[points.length - 1]);
  const start = onBorder(points[1], points[0]);
  const ring = [start, ...points, end, ...cornersBetween(end, start)];
  return [turned(ring)];
}

/** Where the ray from a through b meets the far square. */
function onBorder(a: Point, b: Point): Point {
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const reach = (from: number, step: number) => (step === 0 ? Infinity : ((step > 0 ? FAR : -FAR) - from) / step);
  const t = Math.min(reach(b.x, dx), reach(b.y, dy));
  const clamp = (value: number) => Math.max(-FAR, Math.min(FAR, Math.round(value)));
  return { x: clamp(b.x + t * dx), y: clamp(b.y + t * dy) };
}

/** The corners passed on the way along the border, anticlockwise. */
function cornersBetween(from: Point, to: Point): Point[] {
  const corners = [
    { x: FAR, y: FAR },
    { x: -FAR, y: FAR },
    { x: -FAR, y: -FAR },
    { x: FAR, y: -FAR },
  ];
  const [begin, end] = [along(from), along(to)];
  const way = end > begin ? end - begin : end - begin + 8;
  return corners
    .map((corner) => ({ corner, at: (along(corner) - begin + 8) % 8 }))
    .filter(({ at }) => at > 0 && at < way)
    .sort((a, b) => a.at - b.at)
    .map(({ corner }) => corner);
}

/** How far along the border, anticlockwise from the lower right corner; a side is 2. */
function along({ x, y }: Point): number {
  if (x >= FAR) return 1 + y / FAR;
  if (y >= FAR) return 3 - x / FAR;
  if (x <= -FAR) return 5 - y / FAR;
  return 7 + x / FAR;
}

/** Anticlockwise, as shells are. */
function turned(ring: Point[]): Point[] {
  let doubled = 0;
  ring.forEach(({ x, y }, i) => {
    const next = ring[(i + 1) % ring.length];
    doubled += (x / FAR) * (next.y / FAR) - (next.x / FAR) * (y / FAR);
  });
  return doubled < 0 ? ring.reverse() : ring;
}
