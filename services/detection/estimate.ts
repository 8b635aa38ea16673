import type { PairWindow } from '../../detectors/features.ts';
import { fitChangeModel, fitTies } from '../../detectors/model.ts';
import { type PairSide, readAligned, registerPair } from '../../imagery/aligned.ts';
import { ImageryError } from '../../imagery/error.ts';
import { type Grid, type Window, windowGrid } from '../../imagery/grid.ts';
import type { Raster } from '../../imagery/raster.ts';
import { type PixelShift, sourceWindow } from '../../imagery/resampling/resample.ts';
import { chooseMethod, lookAt, wantsLook } from './choose-method.ts';
import { maskPairClouds } from './cloud-mask.ts';
import { bandIndices, type PairModel, pairKey, type ScenePair, vegetationBands } from './scene-pair.ts';
import type { SourceCache } from './source-cache.ts';

/** Pixels the statistics of a pair rest on: a scene up to this size is used whole. */
const sampledPixels = 600_000;
/** Larger scenes are sampled in blocks of this side, spread evenly, this many along each side. */
const blockPx = 128;
const blocksAlong = 4;
/** How many of them are looked at to tell radar from optics. */
const looked = 4;
/** A pair whose ties still disagree by this much is not comparable pixel by pixel (METHODS §1). */
const residualGatePx = 0.5;
/** What makes a pair impossible to compare, while its files are sound. */
const refusals = new Set<string>(['no-overlap', 'misregistered']);

export interface EstimateInput {
  pair: ScenePair;
  /** The grid on which the pair is compared. */
  grid: Grid;
  /** True: the change score will not be needed, because the crops' states decide. */
  tiesOnly?: boolean;
  /** True: a pair that stays misregistered is compared with a warning. For people who look at the result. */
  warnOnly?: boolean;
}

/**
 * The same for a run that must not stop at one bad pair: a pair that cannot be compared has no model, its
 * pixels stay unobserved, and the reason is a warning.
 */
export async function estimateOrRefuse(input: EstimateInput, sources: SourceCache): Promise<PairModel> {
  try {
    return await estimatePair(input, sources);
  } catch (error) {
    if (!(error instanceof ImageryError) || !refusals.has(error.code)) throw error;
    const { before, after } = input.pair;
    return { key: pairKey(before, after), shift: null, ties: null, change: null, warnings: [error.message] };
  }
}

/**
 * Estimates what is global to a pair: its sub-pixel shift, the radiometric ties, the statistics of
 * unchanged ground and the threshold. Deterministic: the same files give the same model.
 * @throws ImageryError no-overlap, misregistered
 */
export async function estimatePair(
  { pair, grid, tiesOnly = false, warnOnly = false }: EstimateInput,
  sources: SourceCache,
): Promise<PairModel> {
  const { before, after, roles } = pair;
  const overlap = overlapWindow(pair, grid);
  const sides = {
    before: { source: await sources.open(before), bands: bandIndices(before, roles) },
    after: { source: await sources.open(after), bands: bandIndices(after, roles) },
  };
  const warnings: string[] = [];
  const calibrated = before.reflectance !== null && after.reflectance !== null;
  const facts = { roles, reflectance: calibrated };
  const look = wantsLook(facts) ? lookAt(await readSample(sides, grid, fewOf(sampleWindows(overlap)))) : null;
  const { method, why, radar } = chooseMethod({ ...facts, look }, pair.method);
  const shift = radar ? null : await registerPair(sides.before, sides.after, grid, overlap);
  if (radar) warnings.push('Radar: speckle gives registration no reliable hold; the pair is compared as it lies.');
  else if (shift === null) warnings.push('Registration found too few reliable ties: the pair is compared as it lies.');
  else if (shift.residualPx > residualGatePx) {
    const found = `ties still disagree by ${shift.residualPx.toFixed(2)} px with ${before.path} after shifting`;
    const message = `${after.path}: ${found}; wanted at most ${residualGatePx} px.`;
    if (!warnOnly) throw new ImageryError('misregistered', message);
    warnings.push(`${message} Patches along edges are not to be trusted.`);
  }
  const hide = (a: Raster<Float32Array>, b: Raster<Float32Array>) => maskPairClouds(a, b, pair, roles);
  const sample = await readSample(sides, grid, sampleWindows(overlap), shift ?? undefined, hide);
  const seen = sample.some((window) => window.mask.includes(1));
  if (!seen) warnings.push('The two images share no observed pixel.');
  const key = pairKey(before, after);
  if (!seen) return { key, shift, ties: null, change: null, warnings };
  if (tiesOnly) return { key, shift, ties: fitTies(sample, calibrated), change: null, warnings };
  const options = { threshold: pair.threshold, smoothing: pair.smoothing, roles };
  const change = fitChangeModel(sample, method, vegetationBands(roles), calibrated, options);
  if (change.threshold.mostlyChanged) {
    warnings.push(
      'More than half of the ground seems changed: what is told from unchanged ground is not to be trusted.',
    );
  }
  return { key, shift, ties: change.ties, change, why, warnings };
}

/** Both sides of a pair, open. */
interface Sides {
  before: PairSide;
  after: PairSide;
}

/** Windows of both dates. What `hide` marks unobserved in the rasters is so in the windows. */
async function readSample(
  sides: Sides,
  grid: Grid,
  windows: Window[],
  shift?: PixelShift,
  hide?: (before: Raster<Float32Array>, after: Raster<Float32Array>) => unknown,
): Promise<PairWindow[]> {
  const sample: PairWindow[] = [];
  for (const window of windows) {
    const target = windowGrid(grid, window);
    const a = await readAligned(sides.before.source, target, sides.before.bands);
    const b = await readAligned(sides.after.source, target, sides.after.bands, shift);
    // A block shows little of a cloud's edges; what is missed there is among the outliers the statistics bear.
    hide?.(a, b);
    const mask = a.mask.map((observed, i) => observed & b.mask[i]);
    sample.push({ width: window.width, height: window.height, before: a.bands, after: b.bands, mask });
  }
  return sample;
}

/** A few of the windows, evenly: enough to see what kind of image it is. */
function fewOf(windows: Window[]): Window[] {
  const step = Math.ceil(windows.length / looked);
  return windows.filter((_, i) => i % step === 0);
}

/** The window of `grid` that both scenes cover. */
function overlapWindow({ before, after }: ScenePair, grid: Grid): Window {
  const a = sourceWindow(grid, before.grid, 0);
  const b = sourceWindow(grid, after.grid, 0);
  const common = a && b && intersection(a, b);
  if (!common) throw new ImageryError('no-overlap', `${after.path}: does not overlap ${before.path}.`);
  return common;
}

export function intersection(a: Window, b: Window): Window | null {
  const column = Math.max(a.column, b.column);
  const row = Math.max(a.row, b.row);
  const width = Math.min(a.column + a.width, b.column + b.width) - column;
  const height = Math.min(a.row + a.height, b.row + b.height) - row;
  return width > 0 && height > 0 ? { column, row, width, height } : null;
}

/** The whole overlap where it is small, otherwise blocks spread evenly over it. */
function sampleWindows(overlap: Window): Window[] {
  const { column, row, width, height } = overlap;
  if (width * height <= sampledPixels) return [overlap];
  const along = (length: number) => Math.min(blocksAlong, Math.max(1, Math.floor(length / blockPx)));
  const across = along(width);
  const down = along(height);
  const place = (i: number, count: number, length: number) =>
    Math.max(0, Math.floor(((i + 0.5) * length) / count - blockPx / 2));
  return Array.from({ length: across * down }, (_, i) => ({
    column: column + place(i % across, across, width),
    row: row + place(Math.floor(i / across), down, height),
    width: Math.min(blockPx, width),
    height: Math.min(blockPx, height),
  }));
}
