import type { Cells } from './cells.ts';

/** From a cloud to its shadow, in cells. */
export interface ShadowOffset {
  dx: number;
  dy: number;
}

interface Tried {
  dx: number;
  dy: number;
  inside: number;
  /** How many of the tried cells of cloud fell on ground. */
  count: number;
}

/** The first search goes over at most this many squares along each side, later ones over single cells. */
const coarseSquares = 64;
/** At least this share of the clouds must stay in sight when moved: of a small rest chance finds a match. */
const leastInSight = 0.4;
/** Cells of cloud that later searches try. */
const mostNodes = 3000;

/**
 * The one offset within `reach` cells at which the clouds' outline falls on the most and darkest ground, by chance or
 * not; null where there is no cloud or no ground beside it. `darkness` is the share of light missing, 0 where the ground is lit.
 */
export function shadowOffset(
  cloud: Uint8Array,
  darkness: Float32Array,
  cells: Cells,
  reach: number,
): ShadowOffset | null {
  const side = Math.ceil(Math.max(cells.columns, cells.rows) / coarseSquares);
  const usual = meanOver(darkness, cells.observed);
  let best = coarseOffset(cloud, darkness, cells, { side, reach: Math.ceil(reach / side), usual });
  const nodes = someOf(cloud);
  for (let step = side; best !== null && step > 1; ) {
    step = Math.ceil(step / 2);
    const centre: Tried = best;
    best = null;
    for (let dy = centre.dy - 2 * step; dy <= centre.dy + 2 * step; dy += step) {
      for (let dx = centre.dx - 2 * step; dx <= centre.dx + 2 * step; dx += step) {
        const tried = darknessAt(nodes, dx, dy, darkness, cells);
        if (best === null || strength(tried, usual) > strength(best, usual)) best = tried;
      }
    }
  }
  return best;
}

/** A darker place beats a larger one only so far: as the significance of a mean does. */
function strength({ inside, count }: Tried, usual: number): number {
  return (inside - usual) * Math.sqrt(count);
}

function meanOver(darkness: Float32Array, observed: Uint8Array): number {
  let sum = 0;
  let count = 0;
  for (let k = 0; k < observed.length; k++) {
    if (observed[k] === 0) continue;
    sum += darkness[k];
    count++;
  }
  return sum / Math.max(1, count);
}

function coarseOffset(
  cloud: Uint8Array,
  darkness: Float32Array,
  { columns, rows, observed }: Cells,
  { side, reach, usual }: { side: number; reach: number; usual: number },
): Tried | null {
  const across = Math.ceil(columns / side);
  const down = Math.ceil(rows / side);
  const clouds = new Float32Array(across * down);
  const dark = new Float32Array(across * down);
  const lit = new Float32Array(across * down);
  for (let row = 0, k = 0; row < rows; row++) {
    const line = Math.floor(row / side) * across;
    for (let column = 0; column < columns; column++, k++) {
      const square = line + Math.floor(column / side);
      if (cloud[k] === 1) clouds[square]++;
      if (observed[k] === 0) continue;
      lit[square]++;
      dark[square] += darkness[k];
    }
  }
  const nodes = [...clouds.keys()].filter((square) => clouds[square] > 0);
  const total = clouds.reduce((sum, count) => sum + count, 0);
  let best: Tried | null = null;
  for (let dy = -Math.min(reach, down - 1); dy <= Math.min(reach, down - 1); dy++) {
    for (let dx = -Math.min(reach, across - 1); dx <= Math.min(reach, across - 1); dx++) {
      let darkness = 0;
      let count = 0;
      let inSight = 0;
      for (const square of nodes) {
        const x = (square % across) + dx;
        const y = Math.floor(square / across) + dy;
        if (x < 0 || y < 0 || x >= across || y >= down) continue;
        const share = clouds[square] / (side * side);
        inSight += clouds[square];
        darkness += share * dark[y * across + x];
        count += share * lit[y * across + x];
      }
      if (count < 1 || inSight < leastInSight * total) continue;
      const tried = { dx: dx * side, dy: dy * side, inside: darkness / count, count };
      if (best === null || strength(tried, usual) > strength(best, usual)) best = tried;
    }
  }
  return best;
}

/** Cells of cloud, spread evenly. */
function someOf(cloud: Uint8Array): Int32Array {
  let total = 0;
  for (let k = 0; k < cloud.length; k++) total += cloud[k];
  const nodes = new Int32Array(Math.min(total, mostNodes));
  const step = total / nodes.length;
  for (let k = 0, seen = 0, count = 0; k < cloud.length && count < nodes.length; k++) {
    if (cloud[k] === 0) continue;
    if (seen >= count * step) nodes[count++] = k;
    seen++;
  }
  return nodes;
}

function darknessAt(
  nodes: Int32Array,
  dx: number,
  dy: number,
  darkness: Float32Array,
  { columns, rows, observed }: Cells,
): Tried {
  let sum = 0;
  let count = 0;
  for (let i = 0; i < nodes.length; i++) {
    const x = (nodes[i] % columns) + dx;
    const y = Math.floor(nodes[i] / columns) + dy;
    if (x < 0 || y < 0 || x >= columns || y >= rows) continue;
    const k = y * columns + x;
    if (observed[k] === 0) continue;
    sum += darkness[k];
    count++;
  }
  return { dx, dy, inside: count === 0 ? 0 : sum / count, count };
}
