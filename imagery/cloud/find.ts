import { ImageryError } from '../error.ts';
import type { Raster } from '../raster.ts';
import type { BandRole } from '../scene.ts';
import { countAround } from './around.ts';
import { averageOverCells, type Cells, cellsToPixels } from './cells.ts';
import { groundGuessed, groundOf } from './ground.ts';
import { EDGE, HIDDEN } from './hiding.ts';
import { findShadows } from './shadow.ts';
import { hiddenByCloud, mayHideOnBoth } from './veil.ts';

export const CLEAR = 0;
export const CLOUD = 1;
export const SHADOW = 2;
/** Clear, but so close to a cloud that dark ground may lie in its shadow. */
export const NEAR = 3;
/** Seen at the thin edge of a cloud or a shadow, which brightens or darkens it: as NEAR, and a slight grey change is the sky's. */
export const THIN = 4;

/** At what grain clouds are looked for; what they look like is in veilParameters and shadowParameters. */
const cloudParameters = {
  /** Clouds are judged on averages over squares of about this size, of one pixel where pixels are larger. */
  cellM: 8,
  /** So far from a cloud, dark ground may lie in its shadow. */
  nearM: 300,
};

/** Bands without which clouds cannot be told. */
const needed = ['B', 'G', 'R', 'N'] as const;

/** How many pixels a cell is wide for findClouds; a good choice for whoever collects Cells elsewhere. */
export function cellSizePx(pixelSizeM: number): number {
  return Math.max(1, Math.round(cloudParameters.cellM / pixelSizeM));
}

/**
 * Marks cloud and cloud shadow in block averages: CLEAR, CLOUD, SHADOW, NEAR or THIN, per cell. CLOUD and SHADOW are what
 * must count as not observed; nothing need be added round them.
 *
 * With a reference (another date, same cells, about the same radiometry) cloud is a white veil laid over that ground:
 * it brightens blue, green and red by the same hidden share. It is known from what is built by fading in softly, by
 * letting the ground show through, or by being brighter and more than what is ever roofed between two dates. Bright
 * roofs, soil, greenhouses and building sites are what this service looks for, so what has their colour or their
 * edges is never cloud. Without a reference only bright, wide, soft-edged white is, and no shadow is looked for.
 *
 * @param roles what each band of the cells shows; blue, green, red and near infrared are needed (ImageryError
 * bands-differ)
 * @param cellM mean side of a cell on the ground, about 4–30 m; roofs and clouds under about 5 cells are not told apart
 */
export function findCloudCells(cells: Cells, roles: readonly BandRole[], cellM: number, reference?: Cells): Uint8Array {
  const own = toldBands(cells, roles);
  if (reference === undefined) return marked(own, hiddenByCloud(own, groundGuessed(own), cellM), null, cellM);
  const other = toldBands(reference, roles);
  const [cloud, hidden] = cloudsOfPair(own, other, cellM);
  return marked(own, cloud, shadowsOf(own, other, cloud, hidden, cellM), cellM);
}

/**
 * findCloudCells for both dates, each against the other, for little more than the price of one.
 * @param doubtfulToo true: where much of the cells is as bright and white as cloud it is taken for it, on however little
 * ground. For statistics on small blocks, in which one roof may be as much
 */
export function findPairCloudCells(
  before: Cells,
  after: Cells,
  roles: readonly BandRole[],
  cellM: number,
  { doubtfulToo = false }: { doubtfulToo?: boolean } = {},
): { before: Uint8Array; after: Uint8Array } {
  const a = toldBands(before, roles);
  const b = toldBands(after, roles);
  const [cloudsA, cloudsB] = cloudsOfPair(a, b, cellM, doubtfulToo);
  return {
    before: marked(a, cloudsA, shadowsOf(a, b, cloudsA, cloudsB, cellM), cellM),
    after: marked(b, cloudsB, shadowsOf(b, a, cloudsB, cloudsA, cellM), cellM),
  };
}

/** findCloudCells on a window of pixels in reflectance (0–1): the mark of its cell for each pixel. */
export function findClouds(
  raster: Raster<Float32Array>,
  roles: readonly BandRole[],
  pixelSizeM: number,
  reference?: Raster<Float32Array>,
): Uint8Array {
  const { width, height } = raster.grid;
  const cellPx = cellSizePx(pixelSizeM);
  const bands = roles.map((_, b) => b);
  const cells = averageOverCells(raster, bands, cellPx);
  const other = reference && averageOverCells(reference, bands, cellPx);
  return cellsToPixels(findCloudCells(cells, roles, cellPx * pixelSizeM, other), cellPx, width, height);
}

/** The cells with bands B, G, R and N, in that order. */
function toldBands(cells: Cells, roles: readonly BandRole[]): Cells {
  const indices = needed.map((role) => roles.indexOf(role));
  if (indices.includes(-1)) {
    throw new ImageryError('bands-differ', `Clouds are told from bands B, G, R and N; got ${roles.join(', ')}.`);
  }
  return { ...cells, bands: indices.map((index) => cells.bands[index]) };
}

/**
 * 1 where cloud hides the ground on each date, by the jump from the other, or, where both dates are bright in the same
 * places, by itself; null where there is none.
 */
function cloudsOfPair(a: Cells, b: Cells, cellM: number, doubtfulToo = false): [Uint8Array | null, Uint8Array | null] {
  const observed = commonlyObserved(a, b);
  const [bothA, bothB] = [a, b].map((cells) => ({ ...cells, observed }));
  const [guessedA, guessedB] = [groundGuessed(a), groundGuessed(b)];
  const alone = mayHideOnBoth(a, guessedA, b, guessedB, cellM);
  return [
    joined(
      hiddenByCloud(bothA, groundOf(b.bands, bothA), cellM, doubtfulToo),
      alone ? hiddenByCloud(a, guessedA, cellM) : null,
    ),
    joined(
      hiddenByCloud(bothB, groundOf(a.bands, bothB), cellM, doubtfulToo),
      alone ? hiddenByCloud(b, guessedB, cellM) : null,
    ),
  ];
}

/** HIDDEN before EDGE before nothing. */
function joined(one: Uint8Array | null, other: Uint8Array | null): Uint8Array | null {
  if (one === null || other === null) return one ?? other;
  for (let k = 0; k < one.length; k++) {
    if (other[k] === HIDDEN || (other[k] === EDGE && one[k] === 0)) one[k] = other[k];
  }
  return one;
}

function commonlyObserved(a: Cells, b: Cells): Uint8Array {
  const both = a.observed.slice();
  for (let k = 0; k < both.length; k++) both[k] &= b.observed[k];
  return both;
}

/** Shadows on ground that no cloud hides on either date: where the reference has cloud, clear ground is darker. */
function shadowsOf(
  cells: Cells,
  reference: Cells,
  cloud: Uint8Array | null,
  otherCloud: Uint8Array | null,
  cellM: number,
): Uint8Array | null {
  const observed = commonlyObserved(cells, reference);
  for (const found of [cloud, otherCloud]) {
    if (found !== null) for (let k = 0; k < found.length; k++) if (found[k] === HIDDEN) observed[k] = 0;
  }
  return findShadows({ ...cells, observed }, reference.bands, cloud && hiddenOnly(cloud), cellM);
}

function hiddenOnly(cloud: Uint8Array): Uint8Array {
  const hidden = new Uint8Array(cloud.length);
  for (let k = 0; k < hidden.length; k++) hidden[k] = cloud[k] === HIDDEN ? 1 : 0;
  return hidden;
}

function marked(cells: Cells, cloud: Uint8Array | null, shadow: Uint8Array | null, cellM: number): Uint8Array {
  const marks = new Uint8Array(cells.observed.length);
  if (shadow !== null)
    for (let k = 0; k < marks.length; k++) marks[k] = shadow[k] === HIDDEN ? SHADOW : shadow[k] && THIN;
  if (cloud === null) return marks;
  const near = countAround(hiddenOnly(cloud), cells, Math.min(127, Math.round(cloudParameters.nearM / cellM)));
  for (let k = 0; k < marks.length; k++) {
    if (cloud[k] === HIDDEN) marks[k] = CLOUD;
    else if (marks[k] === CLEAR && cloud[k] === EDGE) marks[k] = THIN;
    else if (marks[k] === CLEAR && near[k] > 0) marks[k] = NEAR;
  }
  return marks;
}
