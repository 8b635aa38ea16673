import { mostlySet, smoothOutline, spread } from './around.ts';
import { type Blobs, blobsOf, edgeSteepness, edgeZones } from './blobs.ts';
import type { Cells } from './cells.ts';
import type { Ground } from './ground.ts';
import { percentile } from './levels.ts';
import { areClouds, lookOf, verdictParameters } from './verdict.ts';

/**
 * What a cloud's veil is, cell by cell; what tells it from roofs and soil is in verdictParameters. "Measured" = on
 * eight Sentinel-2 dates (Rennes, Hong Kong, Pisa, Chongqing), on clouds and roofs planted into them, and on made
 * images at 1–2 m.
 */
export const veilParameters = {
  /** Within what limits the scene's own thick clouds say how bright opaque cloud is. */
  cloudReflectances: [0.6, 1.2] as const,
  /** Least jump of a cell that all visible bands share: against another date, and over the scene's dark ground. */
  jump: { told: 0.04, guessed: 0.1 },
  /** A cloud is no darker in near infrared than this share of its blue: water and blue roofs are. */
  leastInfraredShare: 0.7,
  /**
   * Per cell green and red may jump this factor more than blue, and this much on top: the ground below may have
   * changed. The blob's mean colour is judged strictly.
   */
  greatestShare: 1.6,
  greatestExtra: 0.02,
  /** A cloud fills most of a square this wide: what is narrower than about half of it is left to the detectors. */
  voteM: 40,
  fullShare: 0.6,
  /** Less than this in all is no cloud worth a look. */
  leastAreaM2: 3000,
  /** How far on both sides of a blob's outline its edge is looked for. */
  edgeM: 40,
  /**
   * From this hidden share on the ground counts as not observed. Planted clouds: within 1 % of the share of pixels
   * with alpha over 0.2, and nothing above 0.25 left out (measured).
   */
  hiddenShare: 0.17,
};

/**
 * Cells (bands B, G, R, N) whose ground a white veil hides: 1 = cloud. Null: there is none.
 */
export function hiddenByCloud(cells: Cells, ground: Ground, cellM: number): Uint8Array | null {
  const { voteM, fullShare, leastAreaM2, edgeM, jump } = veilParameters;
  const veil = new Float32Array(cells.observed.length);
  const { set, count } = veiledCells(cells, ground, ground.told ? jump.told : jump.guessed, veil);
  if (count * cellM * cellM < leastAreaM2) return null;
  const radius = Math.max(1, Math.round(voteM / 2 / cellM));
  const full = mostlySet(set, cells, radius, fullShare);
  if (full.count === 0) return null;
  const blobs = blobsOf(full.set, full.count, cells);
  const zones = edgeZones(blobs, cells, Math.max(2, Math.round(edgeM / cellM)));
  const steepness = edgeSteepness(zones, veil, cells, blobs.list.length);
  const looks = blobs.list.map((blob, i) => lookOf(blob, blobs.order, { cells, ground, veil, cellM }, steepness[i]));
  const cloud = areClouds({ cells, ground, cellM, blobs, zones, looks });
  if (!cloud.includes(1)) return null;
  return extentOf(blobs, cloud, cells, ground, radius + 1);
}

/** Writes the jump that all three visible bands share into `veil`, and picks the cells where it may be cloud's. */
function veiledCells(
  cells: Cells,
  ground: Ground,
  least: number,
  veil: Float32Array,
): { set: Uint8Array; count: number } {
  const { leastInfraredShare, greatestShare, greatestExtra } = veilParameters;
  const [blue, green, red, infrared] = cells.bands;
  const [groundBlue, groundGreen, groundRed] = ground.bands;
  const [levelBlue, levelGreen, levelRed] = ground.level;
  const set = new Uint8Array(veil.length);
  let count = 0;
  for (let k = 0; k < set.length; k++) {
    if (cells.observed[k] === 0) continue;
    const b = blue[k] - groundBlue[k] - levelBlue;
    const g = green[k] - groundGreen[k] - levelGreen;
    const r = red[k] - groundRed[k] - levelRed;
    const shared = b < g ? (b < r ? b : r) : g < r ? g : r;
    veil[k] = shared;
    if (shared <= least || infrared[k] <= leastInfraredShare * blue[k]) continue;
    if ((g > r ? g : r) >= greatestShare * b + greatestExtra) continue;
    set[k] = 1;
    count++;
  }
  return { set, count };
}

/** The cells in and round the clouds (`cloud`: 1 per blob) whose ground is hidden, told from blue: ground varies least there. */
function extentOf(blobs: Blobs, cloud: Uint8Array, cells: Cells, ground: Ground, reachCells: number): Uint8Array {
  const { hiddenShare } = veilParameters;
  const blue = cells.bands[0];
  const groundBlue = ground.bands[0];
  const level = ground.level[0];
  const opaque = opaqueBlue(blobs, cloud, cells, ground);
  const hidden = new Uint8Array(blue.length);
  const near = new Uint8Array(blue.length);
  const judge = (k: number) => {
    near[k] = 1;
    const dark = groundBlue[k] + level;
    if (cells.observed[k] === 1 && blue[k] - dark > hiddenShare * Math.max(0.1, opaque - dark)) hidden[k] = 1;
  };
  const front: number[] = [];
  for (let i = 0; i < blobs.order.length; i++) {
    const k = blobs.order[i];
    if (cloud[blobs.labels[k] - 1] === 0) continue;
    judge(k);
    front.push(k);
  }
  spread(front, cells, reachCells, (to) => {
    if (near[to] === 1) return false;
    judge(to);
    return true;
  });
  smoothOutline(hidden, cells);
  return hidden;
}

/** Blue of the clouds' opaque parts, where they have such. */
function opaqueBlue(blobs: Blobs, cloud: Uint8Array, cells: Cells, ground: Ground): number {
  const { cloudReflectances } = veilParameters;
  const { cloudReflectance } = verdictParameters;
  const thick: number[] = [];
  let seen = 0;
  const step = Math.ceil(blobs.order.length / 10_000) | 1;
  for (let i = 0; i < blobs.order.length; i += step) {
    const k = blobs.order[i];
    if (cloud[blobs.labels[k] - 1] === 0) continue;
    seen++;
    const dark = ground.bands[0][k] + ground.level[0];
    if (cells.bands[0][k] - dark > 0.7 * (cloudReflectance - dark)) thick.push(cells.bands[0][k]);
  }
  if (thick.length < 0.05 * seen) return cloudReflectance;
  const usual = percentile(Float32Array.from(thick).sort(), 0.8);
  return Math.min(cloudReflectances[1], Math.max(cloudReflectances[0], usual));
}
