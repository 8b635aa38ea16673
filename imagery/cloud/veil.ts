import { countAround, mostlySet, smoothOutline, spread } from './around.ts';
import { type Blobs, blobsOf, edgeSteepness, edgeZones } from './blobs.ts';
import type { Cells } from './cells.ts';
import type { Ground } from './ground.ts';
import { EDGE } from './hiding.ts';
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
  /**
   * Beside a cell hidden so much more, a cell is not half cloud but half covered by a hard edge: hidden from this share
   * of its neighbour's on, so that as many cells are taken for hidden as are lost.
   */
  hardEdge: 0.45,
  /** Down to this hidden share a cloud's edge brightens ground that is seen all the same. */
  edgeShare: 0.03,
  /** How far from a cloud's blob it may do so. */
  edgeReachM: 80,
  /**
   * Shreds too narrow for a vote are cloud where they hide this share, as bright as cloud, and lie this near to one, or
   * anywhere where clouds cover this share of the scene.
   */
  shred: { share: 0.5, reachM: 150, cover: 0.035 },
};

/**
 * Cells (bands B, G, R, N) whose ground a white veil hides, HIDDEN, or brightens at a cloud's edge, EDGE. Null: there is
 * none.
 */
export function hiddenByCloud(cells: Cells, ground: Ground, cellM: number, doubtfulToo = false): Uint8Array | null {
  const { edgeM } = veilParameters;
  const full = wideVeil(cells, ground, cellM);
  if (full === null) return null;
  const blobs = blobsOf(full.set, full.count, cells);
  const zones = edgeZones(blobs, cells, Math.max(2, Math.round(edgeM / cellM)));
  const veil = sharedJump(cells, ground);
  const steepness = edgeSteepness(zones, veil, cells, blobs.list.length);
  const looks = blobs.list.map((blob, i) => lookOf(blob, blobs.order, { cells, ground, veil, cellM }, steepness[i]));
  const cloud = areClouds({ cells, ground, cellM, blobs, zones, looks, doubtfulToo });
  if (!cloud.includes(1)) return null;
  return extentOf({ blobs, zones, cloud, veiled: full.veiled }, cells, ground, cellM);
}

/** Whether both dates are so bright in the same places that cloud may hang over them on both. */
export function mayHideOnBoth(a: Cells, groundA: Ground, b: Cells, groundB: Ground, cellM: number): boolean {
  const { jump, fullShare, leastAreaM2 } = veilParameters;
  const least = leastAreaM2 / (cellM * cellM);
  const { set, count } = veiledCells(a, groundA, jump.guessed);
  if (count < least) return false;
  const other = veiledCells(b, groundB, jump.guessed);
  if (other.count < least) return false;
  for (let k = 0; k < set.length; k++) set[k] &= other.set[k];
  return mostlySet(set, a, voteRadius(cellM), fullShare).count >= least;
}

function voteRadius(cellM: number): number {
  return Math.max(1, Math.round(veilParameters.voteM / 2 / cellM));
}

/** The cells round which most may be cloud; null where they are few. */
function wideVeil(cells: Cells, ground: Ground, cellM: number) {
  const { fullShare, leastAreaM2, jump } = veilParameters;
  const { set, count } = veiledCells(cells, ground, ground.told ? jump.told : jump.guessed);
  if (count * cellM * cellM < leastAreaM2) return null;
  const full = mostlySet(set, cells, voteRadius(cellM), fullShare);
  return full.count === 0 ? null : { ...full, veiled: set };
}

/** The cells where a jump of all bands may be cloud's. On clear ground blue alone tells that it is not. */
function veiledCells(cells: Cells, ground: Ground, least: number): { set: Uint8Array; count: number } {
  const { leastInfraredShare, greatestShare, greatestExtra } = veilParameters;
  const { observed } = cells;
  const [blue, green, red, infrared] = cells.bands;
  const [groundBlue, groundGreen, groundRed] = ground.bands;
  const [levelBlue, levelGreen, levelRed] = ground.level;
  const set = new Uint8Array(observed.length);
  let count = 0;
  for (let k = 0; k < set.length; k++) {
    const b = blue[k] - groundBlue[k] - levelBlue;
    if (b <= least || observed[k] === 0) continue;
    const g = green[k] - groundGreen[k] - levelGreen;
    const r = red[k] - groundRed[k] - levelRed;
    if (g <= least || r <= least || infrared[k] <= leastInfraredShare * blue[k]) continue;
    if ((g > r ? g : r) >= greatestShare * b + greatestExtra) continue;
    set[k] = 1;
    count++;
  }
  return { set, count };
}

/** The jump that all three visible bands share, per cell. */
function sharedJump(cells: Cells, ground: Ground): Float32Array {
  const [blue, green, red] = cells.bands;
  const [groundBlue, groundGreen, groundRed] = ground.bands;
  const [levelBlue, levelGreen, levelRed] = ground.level;
  const veil = new Float32Array(blue.length);
  for (let k = 0; k < veil.length; k++) {
    const b = blue[k] - groundBlue[k] - levelBlue;
    const g = green[k] - groundGreen[k] - levelGreen;
    const r = red[k] - groundRed[k] - levelRed;
    veil[k] = b < g ? (b < r ? b : r) : g < r ? g : r;
  }
  return veil;
}

interface FoundClouds {
  blobs: Blobs;
  zones: Int32Array;
  /** 1 for each blob that is cloud. */
  cloud: Uint8Array;
  /** 1 for each cell that may be cloud by itself. */
  veiled: Uint8Array;
}

/** HIDDEN and EDGE among the cells in and round the clouds, told from blue: ground varies least there. */
function extentOf(found: FoundClouds, cells: Cells, ground: Ground, cellM: number): Uint8Array {
  const { order, labels } = found.blobs;
  const { hiddenShare, edgeShare, edgeReachM } = veilParameters;
  const blue = cells.bands[0];
  const groundBlue = ground.bands[0];
  const level = ground.level[0];
  const opaque = opaqueBlue(found, cells, ground);
  const hidden = new Uint8Array(blue.length);
  const entered = new Uint8Array(blue.length);
  const shareAt = (k: number) => {
    const dark = groundBlue[k] + level;
    return cells.observed[k] === 1 ? (blue[k] - dark) / Math.max(0.1, opaque - dark) : 0;
  };
  const edge: number[] = [];
  const enter = (k: number) => {
    entered[k] = 1;
    const share = shareAt(k);
    if (share > hiddenShare) hidden[k] = 1;
    else if (share > edgeShare) edge.push(k);
  };
  let front: number[] = [];
  for (let i = 0; i < order.length; i++) {
    const k = order[i];
    if (found.cloud[labels[k] - 1] === 0) continue;
    enter(k);
    if (found.zones[k] !== 0) front.push(k);
  }
  // The blob's outline is that of a vote: the cloud may reach a little beyond it, its thin edge further.
  front = spread(front, cells, voteRadius(cellM) + 1, (to) => {
    if (entered[to] === 1) return false;
    enter(to);
    return true;
  });
  spread(front, cells, Math.round(edgeReachM / cellM), (to) => {
    if (entered[to] === 1 || shareAt(to) <= edgeShare) return false;
    entered[to] = 1;
    edge.push(to);
    return true;
  });
  clearHalfCovered(hidden, edge, cells, shareAt);
  addShreds(hidden, found, cells, cellM, shareAt);
  smoothOutline(hidden, cells);
  for (const k of edge) if (hidden[k] === 0) hidden[k] = EDGE;
  return hidden;
}

/** Moves cells that a hard edge covers by less than half from `hidden` to `edge`. */
function clearHalfCovered(
  hidden: Uint8Array,
  edge: number[],
  { columns }: Cells,
  shareAt: (k: number) => number,
): void {
  const { hardEdge } = veilParameters;
  const first = edge.length;
  for (let k = columns + 1; k < hidden.length - columns - 1; k++) {
    if (hidden[k] === 0) continue;
    const share = shareAt(k);
    if (share >= hardEdge) continue;
    let most = 0;
    for (let line = k - columns; line <= k + columns; line += columns) {
      for (let j = line - 1; j <= line + 1; j++) if (hidden[j] === 1) most = Math.max(most, shareAt(j));
    }
    if (share < hardEdge * Math.min(1, most)) edge.push(k);
  }
  for (let i = first; i < edge.length; i++) hidden[edge[i]] = 0;
}

function addShreds(
  hidden: Uint8Array,
  { blobs, veiled }: FoundClouds,
  cells: Cells,
  cellM: number,
  shareAt: (k: number) => number,
): void {
  const { share, reachM, cover } = veilParameters.shred;
  let count = 0;
  for (let k = 0; k < hidden.length; k++) count += hidden[k];
  const around =
    count < cover * hidden.length ? countAround(hidden, cells, Math.max(1, Math.round(reachM / cellM))) : null;
  for (let k = 0; k < hidden.length; k++) {
    if (veiled[k] === 0 || hidden[k] === 1 || blobs.labels[k] !== 0 || around?.[k] === 0) continue;
    if (cells.bands[0][k] >= verdictParameters.bright.blue && shareAt(k) > share) hidden[k] = 1;
  }
}

/** Blue of the clouds' opaque parts, where they have such. */
function opaqueBlue({ blobs, cloud }: FoundClouds, cells: Cells, ground: Ground): number {
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
