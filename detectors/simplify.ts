import type { FlatOutline, FlatRing } from './outline.ts';
import { RingLattice } from './ring-lattice.ts';

/** A closed ring of corners, column, row, column, row, … in pixels, at middles of pixel edges; first one repeated. */
export type DisplayRing = Float64Array;
/** Shell first, then holes, turning as in the traced outline. */
export type DisplayOutline = DisplayRing[];

/** What simplification may do to a ring, beside staying within the given distance. */
const limits = {
  /** Fewest corners it keeps. */
  corners: 4,
  /** How much its area may change, as a share of it. */
  areaShare: 0.05,
};

/** Cutting a corner from middle to middle of the edges that meet in it moves the line by no more than √2/4 pixel. */
const smoothedPx = Math.SQRT2 / 4;

/**
 * Outlines for drawing, from traced ones, which stay the record: smooth where pixels make stairs, with a third of the
 * corners or fewer. What may meet has to be given at once: patches, each a list of polygons, that share no pixel.
 *
 *  1. A ring goes through the middles of the pixel edges it ran along, so that every corner of it is cut. Where one
 *     patch loses a triangle of half by half a pixel, no other patch but one that had the three other pixels round
 *     the corner gains it: patches that share no pixel still overlap nowhere, and rings that met at a corner part.
 *  2. Corners go one by one, smallest triangle with their neighbours first (Visvalingam & Whyatt 1993), as long as
 *     every middle left out lies near the new edge, and no corner of any ring lies in the triangle, rim included.
 *     An edge can only come to cross another where that one ends in the triangle: nothing ever crosses.
 *
 * Neither line has a point farther from the other than `mostPx`. Along edges that two patches share the stairs are
 * only smoothed. The result depends on nothing but the outlines and their order.
 */
export function simplifyOutlines(patches: readonly FlatOutline[][], mostPx = 1): DisplayOutline[][] {
  if (!(mostPx > smoothedPx && mostPx <= 1))
    throw new RangeError(`Outlines can be simplified within ${smoothedPx} to 1 pixel, not ${mostPx}.`);
  const rings = patches.map((polygons) => polygons.flat());
  const smooth = rings.map((all) => all.map(throughMiddles));
  const done = smooth.map((all) => all.map((): DisplayRing => new Float64Array(0)));
  for (const group of meeting(rings)) {
    const together = group.flatMap((patch) => smooth[patch]);
    const lattice = new RingLattice(together);
    lattice.thin({ mostDoubled: 2 * (mostPx - smoothedPx), ...limits });
    let ring = 0;
    for (const patch of group) done[patch] = done[patch].map(() => lattice.ring(ring++));
  }
  return patches.map((polygons, patch) => {
    let ring = 0;
    return polygons.map((outline) => outline.map(() => done[patch][ring++]));
  });
}

/** The middles of the pixel edges along a ring, in half pixels, not closed; of a straight side the first and last. */
function throughMiddles(ring: FlatRing): Int32Array {
  const middles = new Int32Array(2 * ring.length);
  let n = 0;
  for (let i = 2; i < ring.length; i += 2) {
    const [x0, y0, x1, y1] = [ring[i - 2], ring[i - 1], ring[i], ring[i + 1]];
    const dx = Math.sign(x1 - x0);
    const dy = Math.sign(y1 - y0);
    middles[n++] = 2 * x0 + dx;
    middles[n++] = 2 * y0 + dy;
    if (Math.abs(x1 - x0 + y1 - y0) === 1) continue;
    middles[n++] = 2 * x1 - dx;
    middles[n++] = 2 * y1 - dy;
  }
  return middles.slice(0, n);
}

interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** Groups of patches whose boxes overlap or touch, by way of others too; each in the order given. */
function meeting(patches: readonly FlatRing[][]): number[][] {
  const boxes = patches.map(boxOf);
  const order = boxes.map((_, i) => i).sort((a, b) => boxes[a].top - boxes[b].top || a - b);
  const groups = boxes.map((_, i) => [i]);
  let open: number[] = [];
  for (const patch of order) {
    const box = boxes[patch];
    open = open.filter((other) => boxes[other].bottom >= box.top);
    for (const other of open) {
      if (boxes[other].right < box.left || boxes[other].left > box.right) continue;
      join(groups, patch, other);
    }
    open.push(patch);
  }
  return [...new Set(groups)].map((group) => group.sort((a, b) => a - b));
}

function join(groups: number[][], a: number, b: number): void {
  const [small, large] = groups[a].length < groups[b].length ? [groups[a], groups[b]] : [groups[b], groups[a]];
  if (small === large) return;
  for (const patch of small) {
    large.push(patch);
    groups[patch] = large;
  }
}

function boxOf(rings: readonly FlatRing[]): Box {
  const box = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
  for (const ring of rings) {
    for (let i = 0; i < ring.length; i += 2) {
      box.left = Math.min(box.left, ring[i]);
      box.right = Math.max(box.right, ring[i]);
      box.top = Math.min(box.top, ring[i + 1]);
      box.bottom = Math.max(box.bottom, ring[i + 1]);
    }
  }
  return box;
}
