import { countAround, mostlySet, smoothOutline, spread } from './around.ts';
import { type Blob, type Blobs, blobsOf, edgeSteepness, edgeZones, upperLevel } from './blobs.ts';
import type { Cells } from './cells.ts';
import { EDGE } from './hiding.ts';
import { crowdedValue } from './levels.ts';
import { type ShadowOffset, shadowOffset } from './shadow-offset.ts';
import { structureKept } from './structure.ts';

/** What tells shadow from ground that turned dark. "Measured": see veilParameters. */
export const shadowParameters = {
  /** Share of the light that a dark cell lost, on the mean of green, red and near infrared. */
  dark: 0.2,
  /**
   * Green and red lose at least these shares of what near infrared loses; air and sky light keep up the rest. Flooding
   * and harvest darken near infrared but not these. Asked where no cloud says that there must be a shadow.
   */
  greenShare: 0.3,
  redShare: 0.45,
  /** Ground darker than this in near infrared (water) shows no shadow. */
  leastInfrared: 0.06,
  /** Less dark ground than this in all is no shadow worth a look. */
  leastAreaM2: 3000,
  /** A shadow may lie this far from its cloud: 2 km of height at 50° from the zenith. */
  reachM: 2500,
  /**
   * Where the moved clouds fall, light is missing within so far of their outline, and more of it than as far outside:
   * by this much (measured: 0.19–0.4, by chance up to 0.05), this many times as much, on this much ground.
   */
  matched: { edgeM: 100, darker: 0.1, times: 1.8, areaM2: 20_000 },
  /** There, it is shadow where so many cells of a square this wide lost this share of what the shadow takes. */
  expected: { widthM: 50, cells: 0.3, share: 0.2 },
  /** Beside the clouds' moved outline (sloping ground, slanted clouds): so far round it, and more of those cells. */
  stray: { reachM: 30, cells: 0.75 },
  /** Round a shadow, half-shade takes at least this much light, and reaches so far. */
  edgeDarkness: 0.06,
  edgeReachM: 60,
  /** A shadow fills most of a square this wide; its outline frays where crops changed too, hence less than a cloud's. */
  widthM: 60,
  fullShare: 0.6,
  /** How far on both sides of a dark patch's outline its edge is looked for. */
  edgeM: 40,
  /** A shadow whose cloud is not in the window: large, soft-edged, over ground whose structure is still there. */
  alone: { areaM2: 10_000, sharpness: 0.5, correlation: 0.6, slope: [0.4, 0.95] as const },
};

/**
 * Cells in the shadow of a cloud, HIDDEN, or in the half-shade round it, EDGE, judged where cells.observed is 1: darker than the reference in near infrared,
 * green and red, and either where the clouds' outline, moved by one offset, falls, or unmistakable by themselves.
 * Null: there is none. A dark patch that is neither stays clear: it may be a new pond.
 * @param cells bands B, G, R, N, unobserved under cloud
 * @param cloud 1 where cloud was found, null where none was
 */
export function findShadows(
  cells: Cells,
  reference: readonly Float32Array[],
  cloud: Uint8Array | null,
  cellM: number,
): Uint8Array | null {
  const { leastAreaM2, reachM, widthM, fullShare } = shadowParameters;
  const { darkness, observed, set, count } = darkGround(cells, reference);
  if (count * cellM * cellM < leastAreaM2) return null;
  const tellable = { ...cells, observed };
  const scene = { cells: tellable, reference, cellM };
  const shadow = new Uint8Array(set.length);
  let offset = cloud && shadowOffset(cloud, darkness, tellable, Math.floor(reachM / cellM));
  if (cloud !== null && offset !== null) {
    const outline = moved(cloud, offset, cells);
    const taken = lightTaken(outline, darkness, tellable, cellM);
    if (taken === null) offset = null;
    else markExpected(shadow, outline, taken, { darkness, observed: cells.observed }, scene);
  }
  for (let k = 0; k < set.length; k++) if (shadow[k] === 1) set[k] = 0;
  const wide = mostlySet(set, tellable, Math.max(1, Math.floor(widthM / 2 / cellM)), fullShare);
  markAlone(shadow, blobsOf(wide.set, wide.count, cells), offset, darkness, scene);
  if (!shadow.includes(1)) return null;
  smoothOutline(shadow, cells);
  markEdges(shadow, darkness, cells, cellM);
  return shadow;
}

/** Marks the half-shade round the shadows. */
function markEdges(shadow: Uint8Array, darkness: Float32Array, cells: Cells, cellM: number): void {
  const { edgeDarkness, edgeReachM } = shadowParameters;
  const around = countAround(shadow, cells, Math.max(1, Math.round(edgeReachM / cellM)));
  for (let k = 0; k < shadow.length; k++) {
    if (shadow[k] === 0 && around[k] > 0 && darkness[k] >= edgeDarkness) shadow[k] = EDGE;
  }
}

interface Scene {
  cells: Cells;
  reference: readonly Float32Array[];
  cellM: number;
}

interface DarkGround {
  /** Share of light missing, on the mean of green, red and near infrared, beyond what most of the scene misses: 0–1. */
  darkness: Float32Array;
  /** 1 where that can be told. */
  observed: Uint8Array;
  /** 1 where much is missing, of all colours as shadow takes it; on `count` cells. */
  set: Uint8Array;
  count: number;
}

function darkGround(cells: Cells, reference: readonly Float32Array[]): DarkGround {
  const { dark, greenShare, redShare, leastInfrared } = shadowParameters;
  const [, green, red, infrared] = cells.bands;
  const [, litGreen, litRed, litInfrared] = reference;
  const observed = cells.observed.slice();
  for (let k = 0; k < observed.length; k++) if (litInfrared[k] < leastInfrared) observed[k] = 0;
  const [keptGreen, keptRed, keptInfrared] = [1, 2, 3].map((b) => usualShare(cells.bands[b], reference[b], observed));
  const darkness = new Float32Array(observed.length);
  const set = new Uint8Array(observed.length);
  let count = 0;
  for (let k = 0; k < set.length; k++) {
    if (observed[k] === 0) continue;
    const g = 1 - green[k] / (keptGreen * Math.max(0.01, litGreen[k]));
    const r = 1 - red[k] / (keptRed * Math.max(0.01, litRed[k]));
    const n = 1 - infrared[k] / (keptInfrared * litInfrared[k]);
    // One band may have gained as much as it likes: crops.
    const lost = (Math.max(-0.5, g) + Math.max(-0.5, r) + Math.max(-0.5, n)) / 3;
    if (lost <= 0) continue;
    darkness[k] = lost;
    if (lost < dark || n < dark || g < greenShare * n || r < redShare * n) continue;
    set[k] = 1;
    count++;
  }
  return { darkness, observed, set, count };
}

/** Ratio of the two dates that most cells have. */
function usualShare(own: Float32Array, lit: Float32Array, observed: Uint8Array): number {
  const step = Math.ceil(own.length / 10_000) | 1;
  const logs = new Float32Array(Math.ceil(own.length / step));
  let count = 0;
  for (let k = 0; k < own.length; k += step) {
    if (observed[k] === 1) logs[count++] = Math.log(Math.max(0.005, own[k]) / Math.max(0.005, lit[k]));
  }
  return Math.exp(crowdedValue(logs.subarray(0, count).sort()));
}

function moved(cloud: Uint8Array, { dx, dy }: ShadowOffset, { columns, rows }: Cells): Uint8Array {
  const out = new Uint8Array(cloud.length);
  for (let row = Math.max(0, dy); row < Math.min(rows, rows + dy); row++) {
    const from = (row - dy) * columns - dx;
    for (let column = Math.max(0, dx); column < Math.min(columns, columns + dx); column++) {
      out[row * columns + column] = cloud[from + column];
    }
  }
  return out;
}

/** How much light the clouds, moved to `outline`, take along the inside of it; null where chance may have moved them. */
function lightTaken(outline: Uint8Array, darkness: Float32Array, cells: Cells, cellM: number): number | null {
  const { edgeM, darker, times, areaM2 } = shadowParameters.matched;
  const radius = Math.max(2, Math.round(edgeM / cellM));
  const around = countAround(outline, cells, radius);
  const all = (2 * radius + 1) ** 2;
  const sums = [0, 0];
  const counts = [0, 0];
  for (let k = 0; k < outline.length; k++) {
    if (cells.observed[k] === 0 || around[k] === 0 || around[k] === all) continue;
    sums[outline[k]] += darkness[k];
    counts[outline[k]]++;
  }
  if (counts[1] * cellM * cellM < areaM2 || counts[0] === 0) return null;
  const [outside, inside] = [sums[0] / counts[0], sums[1] / counts[1]];
  return inside - outside >= darker && inside >= times * outside ? inside : null;
}

/** Marks what lies in the outline, less what is lit all the same, and dark ground close round it. */
function markExpected(
  shadow: Uint8Array,
  outline: Uint8Array,
  taken: number,
  { darkness, observed }: { darkness: Float32Array; observed: Uint8Array },
  { cells, cellM }: Scene,
): void {
  const { expected, stray } = shadowParameters;
  const darkish = new Uint8Array(darkness.length);
  for (let k = 0; k < darkish.length; k++) if (darkness[k] >= expected.share * taken) darkish[k] = 1;
  const radius = Math.max(1, Math.round(expected.widthM / 2 / cellM));
  const votes = countAround(darkish, cells, radius);
  const seen = countAround(cells.observed, cells, radius);
  const front: number[] = [];
  for (let k = 0; k < outline.length; k++) {
    if (outline[k] === 0 || observed[k] === 0 || votes[k] < expected.cells * seen[k]) continue;
    shadow[k] = 1;
    front.push(k);
  }
  spread(front, cells, Math.round(stray.reachM / cellM), (to) => {
    if (shadow[to] === 1 || observed[to] === 0 || votes[to] < stray.cells * seen[to]) return false;
    shadow[to] = 1;
    return true;
  });
}

/** Marks dark blobs whose cloud is out of sight: where the offset says so, or with all the looks of a shadow. */
function markAlone(
  shadow: Uint8Array,
  blobs: Blobs,
  offset: ShadowOffset | null,
  darkness: Float32Array,
  scene: Scene,
): void {
  const { cells, cellM } = scene;
  const zones = edgeZones(blobs, cells, Math.max(2, Math.round(shadowParameters.edgeM / cellM)));
  const steepness = edgeSteepness(zones, darkness, cells, blobs.list.length);
  blobs.list.forEach((blob, i) => {
    const outside = offset !== null && cloudIsOutside(blob, blobs.order, offset, cells);
    if (!outside && !standsAlone(blob, blobs.order, darkness, steepness[i], scene)) return;
    for (let j = blob.first; j < blob.end; j++) shadow[blobs.order[j]] = 1;
  });
}

/** Whether most of the blob lies where the shadows of clouds beyond the border fall. */
function cloudIsOutside({ first, end }: Blob, order: Int32Array, { dx, dy }: ShadowOffset, cells: Cells): boolean {
  let outside = 0;
  for (let i = first; i < end; i++) {
    const column = (order[i] % cells.columns) - dx;
    const row = Math.floor(order[i] / cells.columns) - dy;
    if (column < 0 || row < 0 || column >= cells.columns || row >= cells.rows) outside++;
  }
  return outside > 0.5 * (end - first);
}

function standsAlone(
  blob: Blob,
  order: Int32Array,
  darkness: Float32Array,
  steepness: number,
  { cells, reference, cellM }: Scene,
): boolean {
  const { alone } = shadowParameters;
  const count = blob.end - blob.first;
  if (count * cellM * cellM < alone.areaM2) return false;
  if (steepness >= alone.sharpness * upperLevel(blob, order, darkness, darkness)) return false;
  const { correlation, slope } = structureKept(cells, reference, count, (i) => order[blob.first + i]);
  return correlation >= alone.correlation && slope >= alone.slope[0] && slope <= alone.slope[1];
}
