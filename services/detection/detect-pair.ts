import type { Smoothing } from '../../detectors/model.ts';
import type { ThresholdRule } from '../../detectors/threshold.ts';
import { groundPixelSizeM } from '../../imagery/ellipsoid.ts';
import type { Grid } from '../../imagery/grid.ts';
import type { PixelShift } from '../../imagery/resampling/resample.ts';
import type { BandRole, Scene } from '../../imagery/scene.ts';
import { ThreadPool } from '../jobs/threads.ts';
import { checkMethod, type MethodChoice } from './choose-method.ts';
import { estimatePair } from './estimate.ts';
import { describeRegion, type FoundPatch } from './found-patch.ts';
import { detectionJobs } from './job-limits.ts';
import type { JudgedPair, PairFindings } from './judged-pair.ts';
import { mappingUnitsM2 } from './mapping-unit.ts';
import { openPair, type PairOptions } from './open-pair.ts';
import type { SampleInput, SeenSquare } from './pair-sample.ts';
import { commonRoles, type PairModel } from './scene-pair.ts';
import { scoreCells, writeScores } from './score-cells.ts';
import { isSearchable, mayBeSearched, PairSearch } from './search-pair.ts';
import { optimiseScripts } from './short-lived.ts';
import { SourceCache } from './source-cache.ts';
import { type Stage, Stopwatch } from './stopwatch.ts';

export interface DetectOptions {
  method: MethodChoice;
  threshold?: ThresholdRule;
  smoothing?: Smoothing;
  bands?: BandRole[];
  sensor?: string;
  masks?: NonNullable<PairOptions['masks']>;
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
  seconds: Partial<Record<Stage, number>>;
  warnings: string[];
}

/** Practice for construction (METHODS §9), and never fewer pixels than this. */
const usualMinAreaM2 = mappingUnitsM2.construction;
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
  const clock = new Stopwatch(options.onProgress);
  clock.stage('open').begin(1);
  optimiseScripts(!mayBeSearched(options.method, options.smoothing));
  const pool = startPool(options.workers);
  const sources = new SourceCache();
  /** At most one. */
  const searches: PairSearch[] = [];
  try {
    const { before, after } = await openPair(beforePath, afterPath, options, pool);
    const grid = before.grid;
    const roles = commonRoles([before, after]);
    checkMethod(options.method, before, roles);
    const { minPixels, minAreaM2 } = smallest(grid, options.minAreaM2);
    clock.stage('estimate').begin(1);
    const { method, threshold, smoothing } = options;
    const pair = { before, after, roles, method, ...(threshold && { threshold }), ...(smoothing && { smoothing }) };
    const { chunk = grid } = (await sources.open(before)).info;
    const begin = (shift: PixelShift | null) => {
      if (!mayBeSearched(method, smoothing)) return;
      searches.push(new PairSearch({ before, after, grid, roles, shift, minPixels, chunk }, pool));
    };
    const take = (part: SampleInput) => pool.run('sample', part) as Promise<SeenSquare[]>;
    const sampling = { take, parts: pool.size, onTaken: begin };
    const model = await estimatePair({ pair, grid, warnOnly: true }, sources, sampling);
    const judged: JudgedPair = { before, after, grid, roles, method, model, minPixels, seed: seedOf(model) };
    const scored = await findIn(judged, searches, pool, clock);
    if (options.scorePath !== undefined) {
      await writeScores(judged, scored.hidden, options.scorePath, pool, clock.stage('raster'));
    }
    clock.stage('patches').begin(1);
    const patches = patchesOf(scored, judged, minAreaM2);
    const pixels = grid.width * grid.height;
    const observedFraction = 1 - (scored.cloud + scored.noImage) / pixels;
    const shares = { observedFraction, cloudFraction: scored.cloud / pixels };
    const warnings = [...model.warnings, ...[...scored.damage].sort()];
    return { before, after, grid, roles, model, patches, ...shares, minAreaM2, seconds: clock.end(), warnings };
  } finally {
    optimiseScripts(true);
    // Threads that wait for a model which will never come.
    for (const one of searches) one.cancel();
    await Promise.all([pool.close(), sources.close()]);
  }
}

function startPool(workers: number): ThreadPool {
  // Pixels lie outside the heap: what is short-lived in it is little, and a hundred megabytes would be kept for it.
  const resourceLimits = { maxYoungGenerationSizeMb: 8 };
  const program = new URL('./thread.ts', import.meta.url);
  const pool = new ThreadPool(workers, program, { resourceLimits, ...detectionJobs });
  pool.start();
  return pool;
}

/** Goes on with the search that was begun where the model is one for it; else cell by cell. */
async function findIn(
  judged: JudgedPair,
  searches: PairSearch[],
  pool: ThreadPool,
  clock: Stopwatch,
): Promise<PairFindings> {
  const [search] = isSearchable(judged.model) ? searches : [];
  optimiseScripts(search === undefined);
  if (search !== undefined) return search.finish(judged, clock.stage('score'));
  for (const one of searches) one.cancel();
  return scoreCells(judged, pool, clock.stage('score'));
}

/** What is strong and large enough of what was found, typed and measured. */
function patchesOf({ regions }: PairFindings, judged: JudgedPair, minAreaM2: number | null): FoundPatch[] {
  const { before, grid, roles, model, seed } = judged;
  const radiometry = { reflectance: before.reflectance, darkest: model.darkest ?? null };
  return regions
    .filter((region) => region.peak >= seed)
    .map((region) => describeRegion(region, grid, roles, radiometry))
    .filter((patch) => minAreaM2 === null || patch.areaM2 === null || patch.areaM2 >= minAreaM2);
}

/** How far above the threshold a patch must reach somewhere. */
function seedOf({ change }: PairModel): number {
  if (change === null) return seedExcess;
  const { twoMeans, value } = change.threshold;
  return Math.max(seedExcess, (seedShareOfTwoMeans * (twoMeans ?? 0)) / value);
}

function smallest(grid: Grid, asked: number | undefined): { minPixels: number; minAreaM2: number | null } {
  const size = groundPixelSizeM(grid);
  if (size === null) return { minPixels: leastPixels, minAreaM2: null };
  const pixelAreaM2 = size.x * size.y;
  const minAreaM2 = asked ?? Math.max(usualMinAreaM2, leastPixels * pixelAreaM2 * 0.999);
  // One pixel of slack: pixel areas vary over the grid, and the exact area decides in the end.
  return { minPixels: Math.max(1, Math.floor(minAreaM2 / pixelAreaM2) - 1), minAreaM2 };
}
