import { type Blob, describeBlobs } from './blobs.ts';
import { boxMean, type Cells, crowdedValue, difference, percentile } from './cells.ts';

/**
 * What tells a cloud's veil from ground. "Measured" = on eight Sentinel-2 dates (Rennes, Hong Kong, Pisa, Chongqing)
 * with one real cloud, on clouds and roofs planted into them, and on simulated 1 m images.
 */
export const veilParameters = {
  /** A cloud fills most of a square this wide; single roofs are narrower. */
  widthM: 100,
  /** Share of that square that must look like cloud (METHODS §4 votes with 5 of 9). */
  fullShare: 0.6,
  /** Reflectance of opaque cloud, from which the hidden share alpha = jump / (this − ground) is told. Mid-range. */
  cloudReflectance: 0.65,
  /** A cloud is no darker in near infrared than this share of its blue: water and blue roofs are. */
  leastInfraredShare: 0.7,
  /** Alpha told from red over alpha told from blue: cloud 0.9–1.05, soil, concrete and sand 1.25–1.8 (measured). */
  greatestRedShare: 1.2,
  /** The same for green: cloud 0.97–1.05, ground 1.1–1.3 (measured). */
  greatestGreenShare: 1.15,
  /** How far on both sides of a blob's outline its edge is looked for. */
  edgeM: 40,
  /**
   * Against another date: jump of a cell, level of the blob, its size, its sharpness (see Blob). The real wisp over
   * Hong Kong: level 0.09, sharpness 0.54; planted clouds 0.2–0.75; real and planted roofs at least 0.67 (measured).
   */
  againstReference: { jump: 0.025, level: 0.05, areaM2: 10_000, sharpness: 0.64 },
  /** By itself: only what is bright and soft. */
  alone: { jump: 0.1, level: 0.2, areaM2: 20_000, sharpness: 0.45 },
  /** What is this bright and large may have the edges of cumulus on 10 m pixels; no roof seen is all of it. */
  opaque: { blue: 0.45, areaM2: 40_000, sharpness: 0.66 },
  /** Nothing that is built between two images is this bright all over and this large: its edges need not be soft. */
  sheet: { blue: 0.45, areaM2: 200_000 },
  /**
   * Jumps count from where most of them lie: the clear ground's own (season, haze, sun), as far as it is within these
   * limits (measured: -0.02 to 0.04). Further off it would be cloud, on this date or on the reference.
   */
  clearJump: [-0.03, 0.05] as const,
  /** Without a reference, the ground is taken to be as dark as this percentile of the scene. */
  groundPercentile: 0.25,
  /** From a cloud outwards its thin edge is followed down to this jump, this far, while it falls by this factor a cell. */
  edge: { jump: 0.02, reachM: 60, fall: 0.95 },
};

interface VeilLimits {
  jump: number;
  level: number;
  areaM2: number;
  sharpness: number;
}

/** What each band gained on the reference, beyond what the clear part of the scene gained. */
function jumpsFrom(cells: Cells, ground: readonly Float32Array[]): Float32Array[] {
  const { clearJump } = veilParameters;
  return cells.bands.map((band, b) => {
    const jump = difference(band, ground[b]);
    const clear = crowdedValue(jump, cells.observed);
    const taken = Math.min(clearJump[1], Math.max(clearJump[0], clear));
    for (let k = 0; k < jump.length; k++) jump[k] -= taken;
    return jump;
  });
}

/** Cells of cloud: a white veil over the ground the reference shows, wide and soft-edged. */
export function cloudsAgainst(cells: Cells, ground: readonly Float32Array[], cellM: number): Uint8Array {
  const jumps = jumpsFrom(cells, ground);
  const veil = whiteJump(jumps);
  const found = veilBlobs(cells, veil, jumps, ground, veilParameters.againstReference, cellM);
  return followEdges(cells, veil, found, cellM);
}

/** Cells of cloud told without a reference: a white veil over ground as dark as a dark part of the scene. */
export function cloudsAlone(cells: Cells, cellM: number): Uint8Array {
  const { alone, groundPercentile } = veilParameters;
  const ground = cells.bands.map((band) =>
    new Float32Array(band.length).fill(percentile(band, cells.observed, groundPercentile)),
  );
  const jumps = cells.bands.map((band, b) => difference(band, ground[b]));
  const veil = whiteJump(jumps);
  const set = new Uint8Array(veil.length);
  for (const blob of veilBlobs(cells, veil, jumps, ground, alone, cellM)) for (const k of blob.cells) set[k] = 1;
  return set;
}

/** The jump all three visible bands share: the white part of it. */
function whiteJump([blue, green, red]: readonly Float32Array[]): Float32Array {
  const white = new Float32Array(blue.length);
  for (let k = 0; k < white.length; k++) white[k] = Math.min(blue[k], green[k], red[k]);
  return white;
}

/** Groups of cells wide, and soft or large enough, whose jump has the strength and colour of a veil. */
function veilBlobs(
  cells: Cells,
  veil: Float32Array,
  jumps: readonly Float32Array[],
  ground: readonly Float32Array[],
  limits: VeilLimits,
  cellM: number,
): Blob[] {
  const { widthM, fullShare, edgeM } = veilParameters;
  const radius = Math.max(1, Math.floor(widthM / 2 / cellM));
  const share = boxMean(veiledCells(cells, veil, jumps, limits.jump), cells, radius);
  const set = new Uint8Array(veil.length);
  for (let k = 0; k < set.length; k++) {
    if (cells.observed[k] === 1 && share[k] >= fullShare) set[k] = 1;
  }
  const edgeCells = Math.max(2, Math.round(edgeM / cellM));
  return describeBlobs(set, veil, cells, edgeCells).filter(
    (blob) =>
      blob.level >= limits.level && hasCloudShape(blob, cells, limits, cellM) && hasVeilColour(blob, jumps, ground),
  );
}

function hasCloudShape(blob: Blob, cells: Cells, limits: VeilLimits, cellM: number): boolean {
  const { opaque, sheet } = veilParameters;
  // Of a blob cut off at the border about half is seen.
  const areaM2 = blob.cells.length * cellM * cellM * (blob.atBorder ? 2 : 1);
  if (areaM2 >= limits.areaM2 && blob.sharpness < limits.sharpness) return true;
  const blue = meanOver(blob, cells.bands[0]);
  if (areaM2 >= sheet.areaM2 && blue >= sheet.blue) return true;
  return areaM2 >= opaque.areaM2 && blob.sharpness < opaque.sharpness && blue >= opaque.blue;
}

function veiledCells(cells: Cells, veil: Float32Array, jumps: readonly Float32Array[], least: number): Uint8Array {
  const [blue, , , infrared] = cells.bands;
  const set = new Uint8Array(veil.length);
  for (let k = 0; k < set.length; k++) {
    if (cells.observed[k] === 0 || veil[k] <= least) continue;
    if (infrared[k] <= veilParameters.leastInfraredShare * blue[k]) continue;
    // Per cell the colour may be off by the change of the ground below; the blob's mean colour is judged strictly.
    const most = Math.max(jumps[0][k], jumps[1][k], jumps[2][k]);
    if (most < 1.6 * jumps[0][k] + 0.02) set[k] = 1;
  }
  return set;
}

/** Whether red and green hide as much of the ground as blue does. */
function hasVeilColour(blob: Blob, jumps: readonly Float32Array[], ground: readonly Float32Array[]): boolean {
  const { cloudReflectance, greatestGreenShare, greatestRedShare } = veilParameters;
  const [blue, green, red] = [0, 1, 2].map(
    (b) => meanOver(blob, jumps[b]) / Math.max(0.05, cloudReflectance - meanOver(blob, ground[b])),
  );
  return green <= greatestGreenShare * blue && red <= greatestRedShare * blue;
}

function meanOver(blob: Blob, field: Float32Array): number {
  let sum = 0;
  for (const k of blob.cells) sum += field[k];
  return sum / blob.cells.length;
}

/** The blobs and, outwards from them, the cells their veil thins out over. */
function followEdges(cells: Cells, veil: Float32Array, blobs: readonly Blob[], cellM: number): Uint8Array {
  const { edge } = veilParameters;
  const { columns } = cells;
  const set = new Uint8Array(veil.length);
  let front: number[] = [];
  for (const blob of blobs) {
    for (const k of blob.cells) {
      set[k] = 1;
      front.push(k);
    }
  }
  if (front.length === 0) return set;
  const thin = boxMean(veil, cells, 1);
  for (let reached = cellM; reached <= edge.reachM; reached += cellM) {
    const next: number[] = [];
    const visit = (k: number, from: number) => {
      if (set[k] !== 0 || !(thin[k] > edge.jump) || thin[k] > edge.fall * thin[from]) return;
      set[k] = 1;
      next.push(k);
    };
    for (const k of front) {
      if (k % columns > 0) visit(k - 1, k);
      if (k % columns < columns - 1) visit(k + 1, k);
      visit(k - columns, k);
      visit(k + columns, k);
    }
    front = next;
  }
  return set;
}
