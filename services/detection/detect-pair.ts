import type { Smoothing } from '../../detectors/model.ts';
import { mergeRegions, type Region } from '../../detectors/region.ts';
import { pixelCount } from '../../detectors/runs.ts';
import type { ThresholdRule } from '../../detectors/threshold.ts';
import { groundPixelSizeM } from '../../imagery/ellipsoid.ts';
import { ImageryError } from '../../imagery/error.ts';
import type { Grid, Window } from '../../imagery/grid.ts';
import type { BandRole, Scene } from '../../imagery/scene.ts';
import { describeScene } from '../../imagery/scene-file.ts';
import { createTiff, type TiffWriter } from '../../imagery/tiff/writer.ts';
import { ThreadPool } from '../jobs/threads.ts';
import type { CellResult } from './cell.ts';
import type { CellInput } from './cell-input.ts';
import { cellSizePx, cellsOf } from './cells.ts';
import { checkMethod, type MethodChoice } from './choose-method.ts';
import type { EstimateInput } from './estimate.ts';
import { describeRegion, type FoundPatch } from './found-patch.ts';
import { inOrder } from './ordered.ts';
import { commonRoles, type PairModel } from './scene-pair.ts';

export interface DetectOptions {
  method: MethodChoice;
  threshold?: ThresholdRule;
  smoothing?: Smoothing;
  bands?: BandRole[];
  /** CRS for files that name none. */
  crs?: string;
  /** Smallest patch, m² on the ellipsoid; never under leastPixels unless given. */
  minAreaM2?: number;
  workers: number;
  /** True: patches will be written in lon/lat, so the images must be placed on the Earth. */
  needsPlace: boolean;
  /** Where to write the score raster. */
  scorePath?: string;
  onProgress?: (stage: Stage, done: number, total: number) => void;
}

export const stages = ['open', 'estimate', 'score', 'patches'] as const;
export type Stage = (typeof stages)[number];

export interface Detected {
  before: Scene;
  after: Scene;
  grid: Grid;
  roles: BandRole[];
  model: PairModel;
  patches: FoundPatch[];
  /** Share of the before image's pixels that both dates observed. */
  observedFraction: number;
  cloudFraction: number;
  minAreaM2: number | null;
  seconds: Record<Stage, number>;
  warnings: string[];
}

/** Practice for construction (METHODS §9), and never fewer pixels than this. */
const usualMinAreaM2 = 200;
const leastPixels = 9;
/**
 * Hysteresis (METHODS §3): a patch grows down to the threshold from a seed this many times above it, and this
 * share of the way to where 2-means parts the changed from the rest: in a large scene with little change, noise
 * alone makes thousands of blobs. On made scenes noise peaks below 2 thresholds, planted changes above 8.
 */
const seedExcess = 1.5;
const seedShareOfTwoMeans = 0.35;

/**
 * Compares two image files, no workspace needed. The before image's grid is the grid of the result.
 * @throws ImageryError for files that cannot be read or compared; nothing is left half-written.
 */
export async function detectPair(beforePath: string, afterPath: string, options: DetectOptions): Promise<Detected> {
  const clock = stopwatch(options.onProgress);
  clock.begin('open', 1);
  const { before, after } = await openPair(beforePath, afterPath, options);
  const grid = before.grid;
  const roles = commonRoles([before, after]);
  checkMethod(options.method, before, roles);
  const { minPixels, minAreaM2 } = smallest(grid, options.minAreaM2);
  const pool = new ThreadPool(options.workers, new URL('./thread.ts', import.meta.url));
  try {
    clock.begin('estimate', 1);
    const { method, threshold, smoothing } = options;
    const pair = { before, after, roles, method, ...(threshold && { threshold }), ...(smoothing && { smoothing }) };
    const model = (await pool.run('estimate', { pair, grid, warnOnly: true } satisfies EstimateInput)) as PairModel;
    const common = { grid, afters: [after], befores: [before], roles, method: options.method, models: [model] };
    const cells = cellsOf({ column: 0, row: 0, width: grid.width, height: grid.height });
    clock.begin('score', cells.length);
    const tasks = cells.map((window, i) => () => {
      const withScore = options.scorePath !== undefined;
      const input: CellInput = { ...common, key: String(i), window, minPixels, looks: [], withScore };
      return pool.run('cell', input) as Promise<CellResult>;
    });
    const scored = await collect(inOrder(tasks, 2 * pool.size), cells, grid, options.scorePath, clock.tick);
    clock.begin('patches', 1);
    const patches = mergeRegions(scored.regions, minPixels)
      .filter((region) => region.peak >= seedOf(model))
      .map((region) => describeRegion(region, grid, roles))
      .filter((patch) => minAreaM2 === null || patch.areaM2 === null || patch.areaM2 >= minAreaM2);
    const pixels = grid.width * grid.height;
    const observedFraction = 1 - (scored.cloud + scored.noImage) / pixels;
    const cloudFraction = scored.cloud / pixels;
    const seconds = clock.end();
    const warnings = [...model.warnings, ...[...scored.damage].sort()];
    return {
      before,
      after,
      grid,
      roles,
      model,
      patches,
      observedFraction,
      cloudFraction,
      minAreaM2,
      seconds,
      warnings,
    };
  } finally {
    await pool.close();
  }
}

/** How far above the threshold a patch must reach somewhere. */
function seedOf({ change }: PairModel): number {
  if (change === null) return seedExcess;
  const { twoMeans, value } = change.threshold;
  return Math.max(seedExcess, (seedShareOfTwoMeans * (twoMeans ?? 0)) / value);
}

async function openPair(beforePath: string, afterPath: string, options: DetectOptions) {
  const { bands, crs, needsPlace, minAreaM2 } = options;
  const description = { ...(bands && { bands }), ...(crs && { crs }) };
  const before = await describeScene(beforePath, description);
  const after = await describeScene(afterPath, description);
  const differ = (what: string, a: string, b: string) =>
    `${after.path}: has ${what} ${b}, but ${before.path} has ${a}.`;
  if (before.bandCount !== after.bandCount) {
    throw new ImageryError('bands-differ', differ('band count', `${before.bandCount}`, `${after.bandCount}`));
  }
  if (before.sampleType !== after.sampleType) {
    throw new ImageryError('sample-type-differs', differ('samples of type', before.sampleType, after.sampleType));
  }
  if ((before.grid.crs === null) !== (after.grid.crs === null)) {
    const bare = before.grid.crs === null ? before : after;
    throw new ImageryError(
      'crs-missing',
      `${bare.path}: names no CRS, but the other image does; wanted both or neither (name it with --crs EPSG:n).`,
    );
  }
  if (before.grid.crs === null && (needsPlace || minAreaM2 !== undefined)) {
    const cannot = needsPlace ? 'patches cannot be placed in lon/lat' : 'the smallest area cannot be told in m²';
    throw new ImageryError('crs-missing', `${before.path}: names no CRS, so ${cannot}; name it with --crs EPSG:n.`);
  }
  return { before, after };
}

function smallest(grid: Grid, asked: number | undefined): { minPixels: number; minAreaM2: number | null } {
  const size = groundPixelSizeM(grid);
  if (size === null) return { minPixels: leastPixels, minAreaM2: null };
  const pixelAreaM2 = size.x * size.y;
  const minAreaM2 = asked ?? Math.max(usualMinAreaM2, leastPixels * pixelAreaM2 * 0.999);
  // One pixel of slack: pixel areas vary over the grid, and the exact area decides in the end.
  return { minPixels: Math.max(1, Math.floor(minAreaM2 / pixelAreaM2) - 1), minAreaM2 };
}

interface Collected {
  regions: Region[];
  cloud: number;
  noImage: number;
  damage: Set<string>;
}

/** Takes cell results in order, writing the score raster as they come. */
async function collect(
  results: AsyncGenerator<CellResult>,
  cells: Window[],
  grid: Grid,
  scorePath: string | undefined,
  tick: () => void,
): Promise<Collected> {
  const all: Collected = { regions: [], cloud: 0, noImage: 0, damage: new Set() };
  const layout = { bandCount: 1, sampleType: 'float32', nodata: Number.NaN, tileSize: cellSizePx } as const;
  const writer: TiffWriter | null = scorePath === undefined ? null : await createTiff(scorePath, grid, layout);
  try {
    let index = 0;
    for await (const result of results) {
      const { column, row } = cells[index++];
      if (writer && result.score) await writer.writeTile(column / cellSizePx, row / cellSizePx, [result.score]);
      for (const region of result.regions) all.regions.push(region);
      for (const warning of result.warnings) all.damage.add(warning);
      all.cloud += pixelCount(result.cloud);
      all.noImage += pixelCount(result.noImage);
      tick();
    }
    await writer?.close();
    return all;
  } catch (error) {
    await writer?.abort();
    throw error;
  }
}

function stopwatch(onProgress: DetectOptions['onProgress']) {
  const seconds: Record<Stage, number> = { open: 0, estimate: 0, score: 0, patches: 0 };
  let current: Stage = 'open';
  let since = performance.now();
  let done = 0;
  let total = 1;
  const stop = () => {
    seconds[current] += (performance.now() - since) / 1000;
    since = performance.now();
  };
  return {
    begin(stage: Stage, count: number) {
      stop();
      current = stage;
      done = 0;
      total = count;
      onProgress?.(stage, done, total);
    },
    tick() {
      done++;
      onProgress?.(current, done, total);
    },
    end() {
      stop();
      return seconds;
    },
  };
}
