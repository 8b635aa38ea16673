import { cropStateChange, cropStateParameters, type Look } from '../../detectors/crop-state.ts';
import type { PairWindow } from '../../detectors/features.ts';
import { blurOfNeighbours, scoreWindow } from '../../detectors/model.ts';
import { groundPixelSizeM } from '../../imagery/ellipsoid.ts';
import type { Grid } from '../../imagery/grid.ts';
import type { BandRole, Scene } from '../../imagery/scene.ts';
import type { CellInput } from './cell-input.ts';
import type { LookPoint, Verdict } from './cell-state.ts';
import { estimateOrRefuse } from './estimate.ts';
import type { PairModel } from './scene-pair.ts';
import type { SourceCache } from './source-cache.ts';

/** On coarser pixels a parcel is too few of them to tell what its crop looks like. */
const coarsestPixelM = 2.5;

/** The pair that judges. */
export interface Judges {
  before: Scene;
  after: Scene;
  model: PairModel;
}

/** Where it judges. */
interface Place {
  input: CellInput;
  /** Grid of the pair's window. */
  target: Grid;
  /** 1 where a cloud's shadow may lie in the after image. */
  mayBeShaded: Uint8Array | null;
}

/** The part of a map on the grid `from` that lies on `to`, on one lattice; 0 outside. */
export function cutOut(values: Uint8Array, from: Grid, to: Grid): Uint8Array {
  const cut = new Uint8Array(to.width * to.height);
  const left = Math.round((to.originX - from.originX) / from.pixelWidth);
  const top = Math.round((to.originY - from.originY) / from.pixelHeight);
  for (let y = Math.max(0, -top); y < Math.min(to.height, from.height - top); y++) {
    const x0 = Math.max(0, -left);
    const x1 = Math.min(to.width, from.width - left);
    const start = (y + top) * from.width + left;
    if (x1 > x0) cut.set(values.subarray(start + x0, start + x1), y * to.width + x0);
  }
  return cut;
}

/**
 * Where enough farmland parcels are in view, a pixel counts as changed when it ended in no crop's state;
 * otherwise when its change score is above the pair's threshold.
 */
export async function verdictOn(
  pair: PairWindow,
  tied: PairWindow,
  { before, after, model }: Judges,
  { input, target, mayBeShaded }: Place,
  sources: SourceCache,
): Promise<Verdict> {
  if (cropStatesDecide(input)) {
    const looks = input.looks.flatMap((point) => lookAt(tied, point, input.grid, target));
    const change = cropStateChange(tied, cropBands(input.roles), looks, mayBeShaded);
    if (change !== null) return { score: change.excess, ...change };
  }
  // Clouds may hide so many parcels that the change score is needed after all.
  const { roles, method, grid } = input;
  const full =
    model.change ?? (await estimateOrRefuse({ pair: { before, after, roles, method }, grid }, sources)).change;
  if (full === null) return unjudged(pair.mask.length);
  const score = scoreWindow(full, pair);
  const blurred = blurOfNeighbours(full, tied, score);
  const excess = score.map((value, i) => (blurred[i] ? 0 : value / full.threshold.value));
  return { score, excess, seasonal: null, shaded: null };
}

/** Nothing can be said: every pixel counts as hidden. */
function unjudged(pixels: number): Verdict {
  const nothing = new Float32Array(pixels).fill(Number.NaN);
  return { score: nothing, excess: nothing, seasonal: null, shaded: new Uint8Array(pixels).fill(1) };
}

/** True where enough parcels lie in the cell, the bands tell crops, and a look of 5 × 5 pixels fits into a parcel. */
export function cropStatesDecide({ looks, roles, grid }: Pick<CellInput, 'looks' | 'roles' | 'grid'>): boolean {
  const size = groundPixelSizeM(grid);
  const fine = size !== null && Math.max(size.x, size.y) <= coarsestPixelM;
  return fine && looks.length >= cropStateParameters.leastLooks && !cropBands(roles).includes(-1);
}

function cropBands(roles: readonly BandRole[]): number[] {
  return (['B', 'G', 'R', 'N'] as const).map((role) => roles.indexOf(role));
}

/** Mean spectra of the 5 × 5 pixels round a parcel's point; nothing where they are not all observed. */
function lookAt({ before, after, mask, width }: PairWindow, point: LookPoint, grid: Grid, target: Grid): Look[] {
  const left = Math.round((target.originX - grid.originX) / grid.pixelWidth);
  const top = Math.round((target.originY - grid.originY) / grid.pixelHeight);
  const near: number[] = [];
  for (let dy = -2; dy <= 2; dy++) {
    for (let dx = -2; dx <= 2; dx++) near.push((point.row - top + dy) * width + point.column - left + dx);
  }
  if (!near.every((i) => mask[i] === 1)) return [];
  const mean = (bands: Float32Array[]) => bands.map((band) => near.reduce((sum, i) => sum + band[i], 0) / near.length);
  return [{ before: mean(before), after: mean(after), column: point.column, row: point.row }];
}
