import { featureMarginPx, type PairWindow } from '../../detectors/features.ts';
import { applyTies, scoreMarginPx } from '../../detectors/model.ts';
import type { Region } from '../../detectors/region.ts';
import type { PixelRuns } from '../../detectors/runs.ts';
import { readAligned } from '../../imagery/aligned.ts';
import { groundPixelSizeM } from '../../imagery/ellipsoid.ts';
import { type Grid, type Window, windowGrid } from '../../imagery/grid.ts';
import { resample, sourceWindow } from '../../imagery/resampling/resample.ts';
import type { Scene } from '../../imagery/scene.ts';
import type { CellInput } from './cell-input.ts';
import { CellState, type JudgedOn } from './cell-state.ts';
import { cloudMarginPx, cloudsCanBeTold, maskPairClouds } from './cloud-mask.ts';
import { estimateOrRefuse, intersection } from './estimate.ts';
import { bandIndices, type PairModel, pairKey } from './scene-pair.ts';
import type { SourceCache } from './source-cache.ts';
import { cropStatesDecide, cutOut, type Judges, verdictOn } from './verdict.ts';

export interface CellResult {
  key: string;
  regions: Region[];
  /** Runs no pair of scenes could judge: under cloud or shadow in all, or in no image at all. */
  cloud: PixelRuns;
  noImage: PixelRuns;
  /** Which pair of scenes judged which pixels: between which days the ground was seen. Absent in older records. */
  judgedOn?: JudgedOn[];
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
  const margin = contextPx(input);
  const { window, grid } = input;
  const outer = widened(window, margin);
  const state = new CellState(outer, { stride: outer.width, left: margin, top: margin, ...window }, input.roles.length);
  const models = new Map(input.models.map((model) => [model.key, model]));
  const estimated: PairModel[] = [];
  for (const after of input.afters) {
    if (!allShow([after], grid, window) || !state.open()) continue;
    for (const before of input.befores) {
      if (!allShow([after, before], grid, window)) continue;
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
    judgedOn: state.judgedOn(),
    estimated,
    seasonalPixels: state.seasonalPixels(),
    warnings: sources.takeDamage(),
    score: input.withScore ? state.innerScore() : null,
  };
}

/** Context that scores of the cell's pixels may want. */
function contextPx({ models }: CellInput): number {
  return Math.max(featureMarginPx, ...models.map(({ change }) => (change === null ? 0 : scoreMarginPx(change.method))));
}

function widened({ column, row, width, height }: Window, margin: number): Window {
  return { column: column - margin, row: row - margin, width: width + 2 * margin, height: height + 2 * margin };
}

/** Where clouds are looked for: well beyond the cell, as far as the later image goes. */
function cloudWindow(input: CellInput, { before, after }: Judges): Window {
  const { grid, window, roles, lookForClouds } = input;
  const size = groundPixelSizeM(grid);
  const told = size !== null && lookForClouds && cloudsCanBeTold(before, roles) && cloudsCanBeTold(after, roles);
  const margin = told ? Math.max(contextPx(input), cloudMarginPx(Math.sqrt(size.x * size.y))) : contextPx(input);
  const wide = widened(window, margin);
  const covered = sourceWindow(grid, after.grid, 0);
  return (covered && intersection(covered, wide)) ?? wide;
}

/** True where all of the scenes show some ground of the window together: neighbouring tiles do not. */
function allShow(scenes: Scene[], grid: Grid, window: Window): boolean {
  let common: Window | null = window;
  for (const scene of scenes) {
    const covered = sourceWindow(grid, scene.grid, 0);
    common = common && covered && intersection(covered, common);
  }
  return common !== null;
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
  const shadows = input.lookForClouds ? maskPairClouds(wideBefore, wideAfter, judges, input.roles) : null;
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
