/**
 * Plane geometry in county metres: x runs right (east), y runs down (south), (0, 0) is the top-left
 * corner of the county, and one metre is one pixel. Not a CRS position: placement.ts turns it into one.
 */
export type Point = [x: number, y: number];

/** A simple closed ring; the first point is not repeated at the end. */
export type Ring = Point[];

export interface Box {
  minX: number;
  minY: number;
  maxX: number;
  maxY: number;
}

/** Positive whichever way the ring turns. */
export function ringAreaM2(ring: Ring): number {
  return Math.abs(signedArea(ring));
}

/** Positive when the ring turns clockwise on the screen (y down). */
function signedArea(ring: Ring): number {
  let sum = 0;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    sum += ring[j][0] * ring[i][1] - ring[i][0] * ring[j][1];
  }
  return sum / 2;
}

export function centroid(ring: Ring): Point {
  let x = 0;
  let y = 0;
  let twice = 0;
  const [ox, oy] = ring[0];
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const cross = (ring[j][0] - ox) * (ring[i][1] - oy) - (ring[i][0] - ox) * (ring[j][1] - oy);
    x += (ring[j][0] + ring[i][0] - 2 * ox) * cross;
    y += (ring[j][1] + ring[i][1] - 2 * oy) * cross;
    twice += cross;
  }
  return [ox + x / (3 * twice), oy + y / (3 * twice)];
}

export function ringBox(ring: Ring): Box {
  const box = { minX: Infinity, minY: Infinity, maxX: -Infinity, maxY: -Infinity };
  for (const [x, y] of ring) {
    if (x < box.minX) box.minX = x;
    if (y < box.minY) box.minY = y;
    if (x > box.maxX) box.maxX = x;
    if (y > box.maxY) box.maxY = y;
  }
  return box;
}

export function boxesTouch(a: Box, b: Box, marginM = 0): boolean {
  return (
    a.minX <= b.maxX + marginM && b.minX <= a.maxX + marginM && a.minY <= b.maxY + marginM && b.minY <= a.maxY + marginM
  );
}

export function contains(ring: Ring, x: number, y: number): boolean {
  let inside = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const a = ring[i];
    const b = ring[j];
    if (a[1] > y !== b[1] > y && x < ((b[0] - a[0]) * (y - a[1])) / (b[1] - a[1]) + a[0]) inside = !inside;
  }
  return inside;
}

/** A rectangle about (x, y); angle turns its long side (widthM) from the x axis towards y, in radians. */
export function rectangle(x: number, y: number, widthM: number, heightM: number, angle: number): Ring {
  const corners: Ring = [
    [-widthM / 2, -heightM / 2],
    [widthM / 2, -heightM / 2],
    [widthM / 2, heightM / 2],
    [-widthM / 2, heightM / 2],
  ];
  return placed(corners, x, y, angle);
}

/** Turns a ring about (0, 0), then moves (0, 0) to (x, y). */
export function placed(ring: Ring, x: number, y: number, angle: number): Ring {
  const cos = Math.cos(angle);
  const sin = Math.sin(angle);
  return ring.map(([px, py]) => [x + px * cos - py * sin, y + px * sin + py * cos]);
}

export function moved(ring: Ring, dx: number, dy: number): Ring {
  return ring.map(([x, y]) => [x + dx, y + dy]);
}

/** The ring made factor times as large about its centroid. */
export function scaled(ring: Ring, factor: number): Ring {
  const [cx, cy] = centroid(ring);
  return ring.map(([x, y]) => [cx + (x - cx) * factor, cy + (y - cy) * factor]);
}

export function disc(x: number, y: number, radiusM: number, corners = 10): Ring {
  return Array.from({ length: corners }, (_, i): Point => {
    const angle = (2 * Math.PI * i) / corners;
    return [x + radiusM * Math.cos(angle), y + radiusM * Math.sin(angle)];
  });
}

/** Every edge moved inwards by distanceM; for rings that are wide beside that distance. */
export function inset(ring: Ring, distanceM: number): Ring {
  const side = signedArea(ring) > 0 ? 1 : -1;
  return ring.map(([x, y], i) => {
    const [px, py] = ring[(i + ring.length - 1) % ring.length];
    const [nx, ny] = ring[(i + 1) % ring.length];
    const before = unit(x - px, y - py);
    const after = unit(nx - x, ny - y);
    // The bisector, lengthened at corners so that both edges move by the same distance.
    const bx = -(before[1] + after[1]) * side;
    const by = (before[0] + after[0]) * side;
    const length = Math.max(0.5, (bx * bx + by * by) / 2);
    return [x + (bx * distanceM) / length, y + (by * distanceM) / length];
  });
}

function unit(x: number, y: number): Point {
  const length = Math.hypot(x, y) || 1;
  return [x / length, y / length];
}

/** A polyline made into a band; widthM may change along it (0-1 = share of its points). */
export function band(line: Point[], widthM: number | ((share: number) => number)): Ring {
  const left: Ring = [];
  const right: Ring = [];
  line.forEach(([x, y], i) => {
    const [ax, ay] = line[Math.max(0, i - 1)];
    const [bx, by] = line[Math.min(line.length - 1, i + 1)];
    const [ux, uy] = unit(bx - ax, by - ay);
    const half = (typeof widthM === 'number' ? widthM : widthM(i / (line.length - 1))) / 2;
    left.push([x - uy * half, y + ux * half]);
    right.push([x + uy * half, y - ux * half]);
  });
  return [...left, ...right.reverse()];
}
