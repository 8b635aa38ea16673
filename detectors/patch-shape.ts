import { type FlatRing, traceFlat } from './outline.ts';
import type { PixelRuns } from './runs.ts';

/** How a patch looks from above. Lengths in pixels; where pixels are not square, in pixels of their mean size. */
export interface PatchShape {
  pixels: number;
  /** Length of the outline, holes included, corners of pixels cut: 8 % too long at most for a slanted edge. */
  perimeterPx: number;
  /** 4π · area / perimeter²: 1 for a disc, 0.785 for a square, near 0 for what is ragged or slender. */
  compactness: number;
  /** Share of the smallest rectangle, turned as it may be, that the patch fills. */
  fill: number;
  /** Long by short side of that rectangle. */
  elongation: number;
  /** How wide it is where it is usual: the median over pixels of the width of the band that they lie in. */
  widthPx: number;
  /** Length of a band of that width and the patch's area, in widths: a bent road is as slender as a straight one. */
  slenderness: number;
  /** Share of the shell that runs straight over a tenth of its length: 0 for a disc, 0.6 for a square. */
  straightness: number;
}

/** Places that the width is measured at. */
const widthSamples = 32;
/** Half the length of outline looked at for straightness, as a share of it, and its least in pixels: stairs turn. */
const reachShare = 1 / 20;
const leastReachPx = 6;
/** Turning, over that length on either side, that passes for straight: a disc turns by 18°. */
const straightTurn = Math.tan((12 * Math.PI) / 180);

/** @param pixel width and height of a pixel on the ground, in any unit: only their ratio counts */
export function shapeOf(runs: PixelRuns, pixel: { x: number; y: number } = { x: 1, y: 1 }): PatchShape {
  const mean = Math.sqrt(pixel.x * pixel.y);
  const [sx, sy] = [pixel.x / mean, pixel.y / mean];
  const polygons = traceFlat(runs);
  const perimeterPx = polygons.flat().reduce((sum, ring) => sum + smoothLength(ring, sx, sy), 0);
  const { row, start, end } = runs;
  let pixels = 0;
  for (let i = 0; i < row.length; i++) pixels += end[i] - start[i];
  const box = smallestRectangle(hullOf(runs, sx, sy));
  const widthPx = medianWidth(runs, pixels, sx, sy);
  const shells = polygons.map(([shell]) => shell).sort((a, b) => b.length - a.length);
  return {
    pixels,
    perimeterPx,
    compactness: Math.min(1, (4 * Math.PI * pixels) / perimeterPx ** 2),
    fill: pixels / (box.long * box.short),
    elongation: box.long / box.short,
    widthPx,
    slenderness: pixels / widthPx ** 2,
    straightness: straightShare(shells[0], sx, sy),
  };
}

/** Length of a ring through the middles of its pixel edges. */
function smoothLength(ring: FlatRing, sx: number, sy: number): number {
  const cut = (sx + sy) / 2 - Math.hypot(sx, sy) / 2;
  let length = 0;
  for (let i = 2; i < ring.length; i += 2) {
    length += Math.abs(ring[i] - ring[i - 2]) * sx + Math.abs(ring[i + 1] - ring[i - 1]) * sy - cut;
  }
  return length;
}

/** Corners of the convex hull, x, y by turns, anticlockwise on the image (Andrew's monotone chain over rows). */
function hullOf({ row, start, end }: PixelRuns, sx: number, sy: number): number[] {
  const left: number[] = [];
  const right: number[] = [];
  for (let i = 0; i < row.length; ) {
    const y = row[i];
    const from = start[i];
    while (i < row.length && row[i] === y) i++;
    for (const edge of [y, y + 1]) {
      pushConvex(left, from * sx, edge * sy, -1);
      pushConvex(right, end[i - 1] * sx, edge * sy, 1);
    }
  }
  const hull = [...left];
  for (let i = right.length - 2; i >= 0; i -= 2) hull.push(right[i], right[i + 1]);
  return hull;
}

/** Takes a point onto a chain that runs down, dropping those that it leaves inside. */
function pushConvex(chain: number[], x: number, y: number, side: 1 | -1): void {
  while (chain.length >= 4) {
    const n = chain.length;
    const ax = chain[n - 4];
    const ay = chain[n - 3];
    if (side * ((chain[n - 2] - ax) * (y - ay) - (x - ax) * (chain[n - 1] - ay)) > 0) break;
    chain.length = n - 2;
  }
  chain.push(x, y);
}

/** Sides of the smallest rectangle round a hull: one of them lies along an edge of it. */
function smallestRectangle(hull: readonly number[]): { long: number; short: number } {
  let best = { long: Infinity, short: Infinity };
  for (let i = 0; i < hull.length; i += 2) {
    const next = (i + 2) % hull.length;
    const length = Math.hypot(hull[next] - hull[i], hull[next + 1] - hull[i + 1]);
    if (length === 0) continue;
    const [ux, uy] = [(hull[next] - hull[i]) / length, (hull[next + 1] - hull[i + 1]) / length];
    let [low, high, near, far] = [Infinity, -Infinity, Infinity, -Infinity];
    for (let k = 0; k < hull.length; k += 2) {
      const along = hull[k] * ux + hull[k + 1] * uy;
      const across = hull[k + 1] * ux - hull[k] * uy;
      low = Math.min(low, along);
      high = Math.max(high, along);
      near = Math.min(near, across);
      far = Math.max(far, across);
    }
    const [a, b] = [high - low, far - near];
    if (a * b < best.long * best.short) best = { long: Math.max(a, b), short: Math.min(a, b) };
  }
  return best;
}

/**
 * In a straight band of width w whose sides slant by any angle, a pixel sees h = w / |cos| across and v = w / |sin|
 * down, so w = h·v / √(h² + v²).
 */
function medianWidth(runs: PixelRuns, pixels: number, sx: number, sy: number): number {
  const { row, start, end } = runs;
  const widths: number[] = [];
  let seen = 0;
  for (let i = 0; i < row.length; i++) {
    const length = end[i] - start[i];
    for (let k = Math.ceil((seen * widthSamples) / pixels - 0.5); k < widthSamples; k++) {
      const at = Math.floor(((k + 0.5) * pixels) / widthSamples) - seen;
      if (at >= length) break;
      if (at < 0) continue;
      const h = length * sx;
      // Four times as high as wide is as good as endless.
      const v = heightAt(runs, i, start[i] + at, Math.ceil((4 * h) / sy)) * sy;
      widths.push((h * v) / Math.hypot(h, v));
    }
    seen += length;
  }
  widths.sort((a, b) => a - b);
  return widths[widths.length >> 1];
}

/** Pixels above and below, with itself, until the patch ends or `most` is reached. */
function heightAt({ row, start, end }: PixelRuns, run: number, column: number, most: number): number {
  let height = 1;
  for (const step of [-1, 1]) {
    let line = row[run];
    let i = run;
    while (height < most) {
      line += step;
      // On to the runs of the next line, and along it to the one over or under the column.
      while (i >= 0 && i < row.length && (step < 0 ? row[i] > line : row[i] < line)) i += step;
      while (i >= 0 && i < row.length && row[i] === line && (step < 0 ? start[i] > column : end[i] <= column))
        i += step;
      if (i < 0 || i >= row.length || row[i] !== line || start[i] > column || end[i] <= column) break;
      height++;
    }
  }
  return height;
}

function straightShare(ring: FlatRing, sx: number, sy: number): number {
  const [x, y] = unitSteps(ring, sx, sy);
  const n = x.length;
  const reach = Math.max(leastReachPx, Math.round(n * reachShare));
  if (n < 4 * reach) return 0;
  let straight = 0;
  for (let i = 0; i < n; i++) {
    const [a, b] = [(i + n - reach) % n, (i + reach) % n];
    const [ux, uy, vx, vy] = [x[i] - x[a], y[i] - y[a], x[b] - x[i], y[b] - y[i]];
    if (Math.abs(ux * vy - uy * vx) < straightTurn * (ux * vx + uy * vy)) straight++;
  }
  return straight / n;
}

/** The middles of all pixel edges along a ring. */
function unitSteps(ring: FlatRing, sx: number, sy: number): [x: Float64Array, y: Float64Array] {
  let count = 0;
  for (let i = 2; i < ring.length; i += 2)
    count += Math.abs(ring[i] - ring[i - 2]) + Math.abs(ring[i + 1] - ring[i - 1]);
  const [x, y] = [new Float64Array(count), new Float64Array(count)];
  let n = 0;
  for (let i = 2; i < ring.length; i += 2) {
    const dx = Math.sign(ring[i] - ring[i - 2]);
    const dy = Math.sign(ring[i + 1] - ring[i - 1]);
    const steps = Math.abs(ring[i] - ring[i - 2]) + Math.abs(ring[i + 1] - ring[i - 1]);
    for (let k = 0; k < steps; k++, n++) {
      x[n] = (ring[i - 2] + (k + 0.5) * dx) * sx;
      y[n] = (ring[i - 1] + (k + 0.5) * dy) * sy;
    }
  }
  return [x, y];
}
