import type { PairWindow } from '../../detectors/features.ts';
import { darkestOf } from '../../detectors/haze.ts';
import { fitChangeModel, fitTies } from '../../detectors/model.ts';
import { worthwhile } from '../../imagery/aligned.ts';
import { ImageryError } from '../../imagery/error.ts';
import type { Grid, Window } from '../../imagery/grid.ts';
import { type PairShift, robustShift } from '../../imagery/registration/shift.ts';
import { type PixelShift, sourceWindow } from '../../imagery/resampling/resample.ts';
import { type ChosenMethod, chooseMethod, lookAt, settleMethod, wantsLook } from './choose-method.ts';
import { type PairSample, planSample, type SampleInput, takeSample } from './pair-sample.ts';
import { type PairModel, pairKey, type ScenePair, vegetationBands } from './scene-pair.ts';
import type { SourceCache } from './source-cache.ts';

/** How many blocks of the sample are looked at to tell radar from optics. */
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

/** Takes parts of a sample, in as many threads as there are parts. */
export interface Sampling {
  take: (input: SampleInput) => Promise<PairSample>;
  parts: number;
  /** Called when no more will be taken, while the model is still to be fitted. */
  onTaken?: (shift: PixelShift | null) => void;
}

/**
 * Estimates what is global to a pair: its sub-pixel shift, the radiometric ties, the statistics of
 * unchanged ground and the threshold. Deterministic: the same files give the same model, however it is sampled.
 * @throws ImageryError no-overlap, misregistered
 */
export async function estimatePair(
  { pair, grid, tiesOnly = false, warnOnly = false }: EstimateInput,
  sources: SourceCache,
  sampling: Sampling = { take: (input) => takeSample(input, sources), parts: 1 },
): Promise<PairModel> {
  const { before, after, roles } = pair;
  const overlap = overlapWindow(pair, grid);
  const { chunk = grid } = (await sources.open(before)).info;
  const plan = planSample(grid, overlap, chunk);
  const first = await inParts({ pair, grid, ...plan, shift: null }, sampling);
  const calibrated = before.reflectance !== null && after.reflectance !== null;
  const chosen = methodFor(pair, calibrated, first.blocks);
  const found = chosen.radar ? null : robustShift(first.ties.filter((tie) => tie !== null));
  const warnings = shiftWarnings(pair, found, chosen.radar, warnOnly);
  const shift = worthwhile(found) ?? null;
  const { blocks } = shift === null ? first : await inParts({ pair, grid, ...plan, ties: [], shift }, sampling);
  sampling.onTaken?.(shift);
  const seen = blocks.some((window) => window.mask.includes(1));
  if (!seen) warnings.push('The two images share no observed pixel.');
  const key = pairKey(before, after);
  if (!seen) return { key, shift: found, ties: null, change: null, warnings };
  const ties = fitTies(blocks, calibrated, chosen.method);
  if (tiesOnly) return { key, shift: found, ties, change: null, warnings };
  const { method, why } = settleMethod(chosen, pair.method, ties);
  const options = { threshold: pair.threshold, smoothing: pair.smoothing, roles, ties };
  const change = fitChangeModel(blocks, method, vegetationBands(roles), calibrated, options);
  if (change.threshold.mostlyChanged) {
    warnings.push(
      'More than half of the ground seems changed: what is told from unchanged ground is not to be trusted.',
    );
  }
  return { key, shift: found, ties, change, darkest: darkestOf(blocks), why, warnings };
}

/** The whole sample, each part of it taken apart: every n-th window, put back in its place. */
async function inParts(input: SampleInput, { take, parts }: Sampling): Promise<PairSample> {
  const of = <T>(all: readonly T[], part: number) => all.filter((_, i) => i % parts === part);
  const taken = await Promise.all(
    Array.from({ length: parts }, (_, part) =>
      take({ ...input, ties: of(input.ties, part), blocks: of(input.blocks, part) }),
    ),
  );
  const together = <T>(count: number, pick: (sample: PairSample) => T[]) =>
    Array.from({ length: count }, (_, i) => pick(taken[i % parts])[Math.floor(i / parts)]);
  return {
    ties: together(input.ties.length, (sample) => sample.ties),
    blocks: together(input.blocks.length, (sample) => sample.blocks),
  };
}

function methodFor({ roles, method }: ScenePair, reflectance: boolean, blocks: readonly PairWindow[]): ChosenMethod {
  const facts = { roles, reflectance };
  const step = Math.ceil(blocks.length / looked);
  const look = wantsLook(facts) ? lookAt(blocks.filter((_, i) => i % step === 0)) : null;
  return chooseMethod({ ...facts, look }, method);
}

/** @throws ImageryError misregistered, unless a warning is enough */
function shiftWarnings({ before, after }: ScenePair, shift: PairShift | null, radar: boolean, warnOnly: boolean) {
  if (radar) return ['Radar: speckle gives registration no reliable hold; the pair is compared as it lies.'];
  if (shift === null) return ['Registration found too few reliable ties: the pair is compared as it lies.'];
  if (shift.residualPx <= residualGatePx) return [];
  const found = `ties still disagree by ${shift.residualPx.toFixed(2)} px with ${before.path} after shifting`;
  const message = `${after.path}: ${found}; wanted at most ${residualGatePx} px.`;
  if (!warnOnly) throw new ImageryError('misregistered', message);
  return [`${message} Patches along edges are not to be trusted.`];
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
