import { countAround } from './around.ts';
import { type Blob, type Blobs, upperLevel } from './blobs.ts';
import type { Cells } from './cells.ts';
import type { Ground } from './ground.ts';
import { type Likeness, structureKept } from './structure.ts';

/**
 * What tells a blob of cloud from roofs, soil and greenhouses, which this service looks for and which must not be
 * masked. "Measured": see veilParameters.
 */
export const verdictParameters = {
  /** Reflectance of opaque cloud, from which the hidden share alpha = jump / (this − ground) is told. Mid-range. */
  cloudReflectance: 0.65,
  /** Alpha told from red over alpha told from blue: cloud 0.9–1.08, soil, concrete and sand 1.25–1.8 (measured). */
  greatestRedShare: 1.2,
  /** The same for green: cloud 0.96–1.05, ground 1.1–1.3 (measured). */
  greatestGreenShare: 1.15,
  /** Blue of the upper half that only cloud, snow and the whitest roofs reach, and what their colour may be off more. */
  bright: { blue: 0.38, extraShare: 0.1 },
  /**
   * Soft: level of the jump, size, and steepness of the edge over two cells as a share of the level. Planted clouds
   * that fade over 60 m: 0.26; real and planted roofs at least 0.53 (measured). Alone, more is asked.
   */
  soft: {
    told: { level: 0.05, areaM2: 5_000, sharpness: 0.58 },
    guessed: { level: 0.2, areaM2: 20_000, sharpness: 0.4 },
    /** Two cells wider than this are most of a fading edge: real and planted roofs have 0.67 and more (measured). */
    coarse: { cellM: 15, sharpness: 0.64 },
  },
  /** So near to what is cloud for certain, a wisp may be as small as it likes, and its edge as unsteady. */
  company: { reachM: 200, sharpness: 0.8, level: 0.15 },
  /** Bright, large, and with the edges of cumulus on 10 m pixels; no roof seen is all of it. */
  opaque: { blue: 0.45, areaM2: 40_000, sharpness: 0.66 },
  /** Nothing that is built between two images is this bright all over and this large: its edges need not be soft. */
  sheet: { blue: 0.45, areaM2: 200_000 },
  /** Nor is so much of a scene roofed so white at once: together its blobs are cumulus, whatever their edges. */
  many: { areaM2: 80_000, share: 0.035, blue: 0.3 },
  /**
   * Thin and hard-edged: the ground's fine structure shows through, weaker by the hidden share. Correlation with
   * the other date, least and as a share of what clear ground keeps; contrast as a share of what is to be expected.
   */
  veiled: { areaM2: 10_000, correlation: 0.15, ofClear: 0.4, contrast: [0.35, 2] as const, cells: 60 },
};

/** A blob as it looks. */
export interface BlobLook {
  /** Of a blob cut off at the border about half is seen: twice what is seen. */
  areaM2: number;
  seenM2: number;
  level: number;
  sharpness: number;
  /** Mean blue of the upper half. */
  blue: number;
  /** Alpha told from red and from green over alpha told from blue. */
  redShare: number;
  greenShare: number;
}

interface Scene {
  cells: Cells;
  ground: Ground;
  cellM: number;
  /** Jump that the visible bands share, per cell. */
  veil: Float32Array;
}

export function lookOf(blob: Blob, order: Int32Array, scene: Scene, steepness: number): BlobLook {
  const { cells, ground, cellM, veil } = scene;
  const { first, end } = blob;
  const share = [0, 1, 2].map((b) => {
    let dark = 0;
    let sum = 0;
    for (let i = first; i < end; i++) {
      dark += ground.bands[b][order[i]];
      sum += cells.bands[b][order[i]];
    }
    dark = dark / (end - first) + ground.level[b];
    return (sum / (end - first) - dark) / Math.max(0.05, verdictParameters.cloudReflectance - dark);
  });
  const level = upperLevel(blob, order, veil, veil);
  const seenM2 = (end - first) * cellM * cellM;
  return {
    areaM2: seenM2 * (blob.atBorder ? 2 : 1),
    seenM2,
    level,
    sharpness: steepness / level,
    blue: upperLevel(blob, order, veil, cells.bands[0]),
    redShare: share[2] / share[0],
    greenShare: share[1] / share[0],
  };
}

export interface Candidates {
  cells: Cells;
  ground: Ground;
  cellM: number;
  blobs: Blobs;
  /** Edge zones of the blobs. */
  zones: Int32Array;
  looks: readonly BlobLook[];
  /** True: what is as bright and white as cloud is taken for it where it fills its share, on however little ground. */
  doubtfulToo: boolean;
}

/** 1 for each blob that is cloud. */
export function areClouds(candidates: Candidates): Uint8Array {
  const { looks, ground, cells, cellM, doubtfulToo } = candidates;
  const { many } = verdictParameters;
  const plausible = looks.map((look) => hasVeilColour(look) && look.level >= softLimits(ground).level);
  let brightM2 = 0;
  looks.forEach((look, i) => {
    if (plausible[i] && look.blue >= many.blue) brightM2 += look.seenM2;
  });
  const share = many.share * observedM2(cells, cellM);
  const enough = doubtfulToo ? share : Math.max(many.areaM2, share);
  const cloud = Uint8Array.from(looks, (look, i) => {
    if (!plausible[i]) return 0;
    const brightOnes = ground.told && brightM2 >= enough;
    return hasCloudShape(look, ground, cellM) || (brightOnes && look.blue >= many.blue) ? 1 : 0;
  });
  if (!ground.told) return cloud;
  addVeiled(cloud, plausible, candidates, enough);
  if (cloud.includes(1)) addCompany(cloud, plausible, candidates);
  return cloud;
}

/** Adds soft wisps close to clouds. */
function addCompany(
  cloud: Uint8Array,
  plausible: readonly boolean[],
  { cells, cellM, blobs, looks }: Candidates,
): void {
  const { company, soft } = verdictParameters;
  const { list, order, labels } = blobs;
  const wisps = list.filter((_, i) => {
    const { sharpness, level } = looks[i];
    const most = level < company.level ? company.sharpness : soft.told.sharpness;
    return plausible[i] && cloud[i] === 0 && sharpness < most;
  });
  if (wisps.length === 0) return;
  const clouds = new Uint8Array(labels.length);
  for (const k of order) clouds[k] = cloud[labels[k] - 1];
  const around = countAround(clouds, cells, Math.max(1, Math.round(company.reachM / cellM)));
  for (const { first, end } of wisps) {
    let near = 0;
    for (let i = first; i < end && near === 0; i++) near = around[order[i]];
    if (near > 0) cloud[labels[order[first]] - 1] = 1;
  }
}

function softLimits({ told }: Ground) {
  return told ? verdictParameters.soft.told : verdictParameters.soft.guessed;
}

function hasCloudShape({ areaM2, sharpness, blue }: BlobLook, ground: Ground, cellM: number): boolean {
  const { opaque, sheet, soft: softness } = verdictParameters;
  const soft = softLimits(ground);
  const softest = ground.told && cellM > softness.coarse.cellM ? softness.coarse.sharpness : soft.sharpness;
  if (areaM2 >= soft.areaM2 && sharpness < softest) return true;
  if (areaM2 >= sheet.areaM2 && blue >= sheet.blue) return true;
  return areaM2 >= opaque.areaM2 && sharpness < opaque.sharpness && blue >= opaque.blue;
}

/** Whether red and green hide as much of the ground as blue does. */
function hasVeilColour({ redShare, greenShare, blue }: BlobLook): boolean {
  const { greatestGreenShare, greatestRedShare, bright } = verdictParameters;
  const extra = blue >= bright.blue ? bright.extraShare : 0;
  return greenShare <= greatestGreenShare + extra && redShare <= greatestRedShare + extra;
}

function observedM2({ observed }: Cells, cellM: number): number {
  let count = 0;
  for (let k = 0; k < observed.length; k++) count += observed[k];
  return count * cellM * cellM;
}

/** Adds hard-edged blobs through which the ground shows: each by itself, or all where there are many. */
function addVeiled(cloud: Uint8Array, plausible: readonly boolean[], candidates: Candidates, enoughM2: number): void {
  const { blobs, looks } = candidates;
  const { veiled, bright } = verdictParameters;
  const open = blobs.list.filter((_, i) => plausible[i] && cloud[i] === 0 && looks[i].blue < bright.blue);
  if (open.length === 0) return;
  const lookAt = (blob: Blob) => looks[blobs.labels[blobs.order[blob.first]] - 1];
  let clear: Likeness | null = null;
  const showThrough = (some: readonly Blob[]) => {
    clear ??= clearLikeness(candidates);
    const seenM2 = some.reduce((sum, blob) => sum + lookAt(blob).seenM2, 0);
    const level = some.reduce((sum, blob) => sum + lookAt(blob).level * lookAt(blob).seenM2, 0) / seenM2;
    return groundShowsThrough(insides(some, candidates), level, clear, candidates);
  };
  const total = open.reduce((sum, blob) => sum + lookAt(blob).seenM2, 0);
  const together = total >= enoughM2 && showThrough(open);
  for (const blob of open) {
    if (!together && (lookAt(blob).areaM2 < veiled.areaM2 || !showThrough([blob]))) continue;
    cloud[blobs.labels[blobs.order[blob.first]] - 1] = 1;
  }
}

/** The cells of the blobs that do not lie at an edge. */
function insides(some: readonly Blob[], { blobs, zones }: Candidates): Int32Array {
  const inside = new Int32Array(some.reduce((sum, { first, end }) => sum + end - first, 0));
  let count = 0;
  for (const { first, end } of some) {
    for (let i = first; i < end; i++) if (zones[blobs.order[i]] === 0) inside[count++] = blobs.order[i];
  }
  return inside.subarray(0, count);
}

function clearLikeness({ cells, ground, blobs, zones }: Candidates): Likeness {
  const clear = new Int32Array(cells.observed.length);
  let count = 0;
  for (let k = 0; k < clear.length; k++) {
    if (cells.observed[k] === 1 && blobs.labels[k] === 0 && zones[k] === 0) clear[count++] = k;
  }
  return structureKept(cells, ground.bands, count, (i) => clear[i]);
}

function groundShowsThrough(
  inside: Int32Array,
  level: number,
  clear: Likeness,
  { cells, ground }: Candidates,
): boolean {
  const { veiled, cloudReflectance } = verdictParameters;
  const { correlation, slope, count } = structureKept(cells, ground.bands, inside.length, (i) => inside[i]);
  if (count < veiled.cells) return false;
  if (correlation < Math.max(veiled.correlation, veiled.ofClear * clear.correlation)) return false;
  const expected = clear.slope * (1 - Math.min(0.9, level / (cloudReflectance - ground.level[0] - 0.08)));
  return slope >= veiled.contrast[0] * expected && slope <= veiled.contrast[1] * expected;
}
