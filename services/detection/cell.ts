import { cropStateChange, cropStateParameters, type Look } from '../../detectors/crop-state.ts';
import type { PairWindow } from '../../detectors/features.ts';
import { featureMarginPx } from '../../detectors/features.ts';
import type { Method } from '../../detectors/model.ts';
import { applyTies, blurOfNeighbours, scoreWindow } from '../../detectors/model.ts';
import type { Region } from '../../detectors/region.ts';
import type { PixelRuns } from '../../detectors/runs.ts';
import { readAligned } from '../../imagery/aligned.ts';
import { groundPixelSizeM } from '../../imagery/ellipsoid.ts';
import { type Grid, type Window, windowGrid } from '../../imagery/grid.ts';
import { resample, sourceWindow } from '../../imagery/resampling/resample.ts';
import type { BandRole, Scene } from '../../imagery/scene.ts';
import { CellState, type LookPoint, type Verdict } from './cell-state.ts';
import { cloudMarginPx, cloudsCanBeTold, maskPairClouds } from './cloud-mask.ts';
import { estimateOrRefuse, intersection } from './estimate.ts';
import { bandIndices, type PairModel, pairKey } from './scene-pair.ts';
import type { SourceCache } from './source-cache.ts';

/** One cell of a comparison: a window of the grid, and the scenes that may show it. */
export interface CellInput {
  key: string;
  grid: Grid;
  window: Window;
  /** Scenes of the month, latest first. */
  afters: Scene[];
  /** Scenes before the month, latest first. */
  befores: Scene[];
  roles: BandRole[];
  method: Method;
  minPixels: number;
  /** Models known beforehand; others are estimated where a cell turns out to need them. */
  models: PairModel[];
  looks: LookPoint[];
  /** True: the scores themselves are part of the result. */
  withScore: boolean;
}

export interface CellResult {
  key: string;
  regions: Region[];
  /** Runs no pair of scenes could judge: under cloud or shadow in all, or in no image at all. */
  cloud: PixelRuns;
  noImage: PixelRuns;
  /** Models the cell had to estimate itself. */
  estimated: PairModel[];
  /** Pixels that changed as crops do this month, and are no finding. */
  seasonalPixels: number;
  /** What could not be read, and so counts as unobserved. */
  warnings: string[];
  /** Row-major over the window, NaN where unobserved; null unless asked for. */
  score: Float32Array | null;
}

/**
 * Compares one cell. Every pixel is judged on the latest clear look of the month against the latest clear
 * look before it: pairs of scenes are tried in that order until all pixels are judged or no pair is left.
 */
export async function scoreCell(input: CellInput, sources: SourceCache): Promise<CellResult> {
  const margin = featureMarginPx;
  const { window, grid } = input;
  const outer = widened(window, margin);
  const state = new CellState(outer, { stride: outer.width, left: margin, top: margin, ...window }, input.roles.length);
  const models = new Map(input.models.map((model) => [model.key, model]));
  const estimated: PairModel[] = [];
  for (const after of input.afters) {
    if (!shows(after, grid, window) || !state.open()) continue;
    for (const before of input.befores) {
      if (!shows(before, grid, window)) continue;
      let model = models.get(pairKey(before, after));
      if (model === undefined) {
        const pair = { before, after, roles: input.roles, method: input.method };
        model = await estimateOrRefuse({ pair, grid, tiesOnly: cropStatesDecide(input) }, sources);
        estimated.push(model);
      }
      const left = await judge(state, input, { before, after, model }, windowGrid(grid, outer), sources);
      // An earlier look back costs as much as the first: not for specks too small to be a patch.
      if (left < input.minPixels) break;
    }
  }
  return {
    key: input.key,
    regions: state.regions(input.minPixels, cropStatesDecide(input)),
    cloud: state.runsOf('cloud'),
    noImage: state.runsOf('no-image'),
    estimated,
    seasonalPixels: state.seasonalPixels(),
    warnings: sources.takeDamage(),
    score: input.withScore ? state.innerScore() : null,
  };
}

function widened({ column, row, width, height }: Window, margin: number): Window {
  return { column: column - margin, row: row - margin, width: width + 2 * margin, height: height + 2 * margin };
}

/** Where clouds are looked for: well beyond the cell, as far as the later image goes. */
function cloudWindow({ grid, window, roles }: CellInput, { before, after }: Judges): Window {
  const size = groundPixelSizeM(grid);
  const told = size !== null && cloudsCanBeTold(before, roles) && cloudsCanBeTold(after, roles);
  const margin = told ? Math.max(featureMarginPx, cloudMarginPx(Math.sqrt(size.x * size.y))) : featureMarginPx;
  const wide = widened(window, margin);
  const covered = sourceWindow(grid, after.grid, 0);
  return (covered && intersection(covered, wide)) ?? wide;
}

function shows(scene: Scene, grid: Grid, window: Window): boolean {
  const covered = sourceWindow(grid, scene.grid, 0);
  return covered !== null && intersection(covered, window) !== null;
}

interface Judges {
  before: Scene;
  after: Scene;
  model: PairModel;
}

/** Judges what the pair can; returns how many pixels `after` shows clearly that are still not judged. */
async function judge(
  state: CellState,
  input: CellInput,
  judges: Judges,
  target: Grid,
  sources: SourceCache,
): Promise<number> {
  const { before, after, model } = judges;
  const shift = model.shift ?? undefined;
  const wide = windowGrid(input.grid, cloudWindow(input, judges));
  const wideBefore = await readAligned(await sources.open(before), wide, bandIndices(before, input.roles));
  const wideAfter = await readAligned(await sources.open(after), wide, bandIndices(after, input.roles), shift);
  state.seen(resample(wideBefore, target, 'nearest').mask, resample(wideAfter, target, 'nearest').mask);
  const shadows = maskPairClouds(wideBefore, wideAfter, judges, input.roles);
  const a = resample(wideBefore, target, 'nearest');
  const b = resample(wideAfter, target, 'nearest');
  if (model.ties === null) return state.unjudged(b.mask);
  const mask = a.mask.map((observed, i) => observed & b.mask[i]);
  const pair: PairWindow = { width: target.width, height: target.height, before: a.bands, after: b.bands, mask };
  const tied = applyTies(pair, model.ties);
  const mayBeShaded = shadows && cutOut(shadows, wide, target);
  const verdict = await verdictOn(pair, tied, judges, { input, target, mayBeShaded }, sources);
  // mask belongs to pair and tied alike: what the verdict found shaded nobody has seen.
  verdict.shaded?.forEach((hidden, i) => {
    if (hidden) mask[i] = b.mask[i] = 0;
  });
  state.take(model.key, tied, verdict);
  return state.unjudged(b.mask);
}

interface Place {
  input: CellInput;
  /** Grid of the pair's window. */
  target: Grid;
  /** 1 where a cloud's shadow may lie in the after image. */
  mayBeShaded: Uint8Array | null;
}

/** The part of a map on the grid `from` that lies on `to`, on one lattice; 0 outside. */
function cutOut(values: Uint8Array, from: Grid, to: Grid): Uint8Array {
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
async function verdictOn(
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

/** True where enough parcels lie in the cell, and the bands tell crops. */
export function cropStatesDecide({ looks, roles }: Pick<CellInput, 'looks' | 'roles'>): boolean {
  return looks.length >= cropStateParameters.leastLooks && !cropBands(roles).includes(-1);
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
