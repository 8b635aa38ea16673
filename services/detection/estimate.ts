import type { PairWindow } from '../../detectors/features.ts';
import { darkestOf } from '../../detectors/haze.ts';
import { fitChangeModel, fitTies } from '../../detectors/model.ts';
import { worthwhile } from '../../imagery/aligned.ts';
import { ImageryError } from '../../imagery/error.ts';
import type { Grid, Window } from '../../imagery/grid.ts';
import { type PairShift, robustShift } from '../../imagery/registration/shift.ts';
import { type PixelShift, sourceWindow } from '../../imagery/resampling/resample.ts';
import { type ChosenMethod, chooseMethod, lookAt, settleMethod, wantsLook } from './choose-method.ts';
import { flatBandWarnings } from './flat-bands.ts';
import { planSample, type SampleInput, type SeenSquare, takeSample } from './pair-sample.ts';
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
  take: (input: SampleInput) => Promise<SeenSquare[]>;
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
  const squares = planSample(grid, overlap, chunk);
  const first = await inParts({ pair, grid, squares, shift: null }, sampling);
  const calibrated = before.reflectance !== null && after.reflectance !== null;
  const chosen = methodFor(pair, calibrated, blocksOf(first));
  const found = chosen.radar ? null : robustShift(first.map(({ tie }) => tie).filter((tie) => tie !== null));
  const warnings = shiftWarnings(pair, found, chosen.radar, warnOnly);
  const shift = worthwhile(found) ?? null;
  const again = squares.filter(({ block }) => block !== null).map(({ block }) => ({ tie: null, block }));
  const blocks = blocksOf(shift === null ? first : await inParts({ pair, grid, squares: again, shift }, sampling));
  sampling.onTaken?.(shift);
  const seen = blocks.some((window) => window.mask.includes(1));
  if (!seen) warnings.push('The two images share no observed pixel.');
  const key = pairKey(before, after);
  if (!seen) return { key, shift: found, ties: null, change: null, warnings };
  warnings.push(...flatBandWarnings(pair, blocks));
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

function blocksOf(seen: readonly SeenSquare[]): PairWindow[] {
  return seen.map(({ block }) => block).filter((block) => block !== null);
}

/** The whole sample, each part of it taken apart: every n-th square, put back in its place. */
async function inParts(input: SampleInput, { take, parts }: Sampling): Promise<SeenSquare[]> {
  const { squares } = input;
  const taken = await Promise.all(
    Array.from({ length: parts }, (_, part) =>
      take({ ...input, squares: squares.filter((_, i) => i % parts === part) }),
    ),
  );
  return squares.map((_, i) => taken[i % parts][Math.floor(i / parts)]);
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
