import { connectedObjects, cutTo, type Objects } from '../../detectors/objects.ts';
import type { RankFigures } from '../../detectors/ranking.ts';
import type { PixelRuns } from '../../detectors/runs.ts';
import type { Grid } from '../../imagery/grid.ts';
import { openRaster } from '../../imagery/open-raster.ts';
import type { RasterSource } from '../../imagery/raster.ts';
import { ServiceError } from '../error.ts';
import { type MaskFile, openMask, openPolygons } from './mask.ts';
import { type ObjectReport, reportObjects } from './object-report.ts';
import type { Agreement } from './pixel-figures.ts';
import { type Layers, PixelWalk } from './pixel-walk.ts';

export interface EvaluateOptions {
  /** Score raster: larger = more change, NaN = unobserved. This or patches, or both of one comparison. */
  score?: string;
  /** Patches: polygons in a layer file of any format. */
  patches?: string;
  /** Mask of what changed. */
  truth: string;
  /** Mask of what did not; not given, that is everything else. */
  unchanged?: string;
  /** Image whose pixels are counted and whose mask says what was observed, where nothing else is a raster. */
  grid?: string;
  /** A score above it is change. */
  threshold?: number;
  /** Smaller objects are left out, of truth and of what was found. */
  minPixels: number;
  onProgress?: (done: number, total: number) => void;
}

export interface Evaluation {
  /** Pixels that count: said to be changed or unchanged. */
  pixels: { counted: number; changed: number; unobserved: number };
  unobservedFraction: number;
  /** Of the ground that counts; null where no CRS says how large it is. */
  observedAreaM2: number | null;
  /** Whatever the threshold: with unobserved pixels below all others, and without them. Null without a score. */
  ranking: { all: RankFigures; observed: RankFigures; isExact: boolean } | null;
  threshold: number | null;
  /** Of the score above the threshold; null without either. */
  scoreAgreement: Agreement | null;
  /** Of what the patches cover; null without them. */
  patchAgreement: Agreement | null;
  /** Of the patches, or without them of the connected pixels above the threshold; null without either. */
  objects: ObjectReport | null;
  warnings: string[];
}

/**
 * Compares a change score, patches, or both with the truth, pixel by pixel on the score's grid (without a score on the
 * truth's) and object by object.
 * @throws ImageryError, ServiceError bad-input, layer-invalid
 */
export async function evaluate(options: EvaluateOptions): Promise<Evaluation> {
  const opened: { close(): Promise<void> }[] = [];
  const opening = async <T extends { close(): Promise<void> }>(file: Promise<T>): Promise<T> => {
    opened.push(await file);
    return file;
  };
  let layers: Layers;
  let walk: PixelWalk;
  try {
    const rasterPath = options.score ?? options.grid;
    const raster = rasterPath === undefined ? null : await opening(openRaster(rasterPath));
    const truth = await opening(openMask(options.truth));
    const unchanged = options.unchanged === undefined ? null : await opening(openMask(options.unchanged));
    const patches = options.patches === undefined ? null : await opening(openPolygons(options.patches));
    const { grid, path } = countedGrid(raster, truth, unchanged);
    if (options.score !== undefined && raster!.info.bandCount !== 1) {
      const got = `has ${raster!.info.bandCount} bands`;
      throw new ServiceError('bad-input', `${options.score}: ${got}; wanted a change score, which has one.`);
    }
    layers = {
      grid,
      observed: raster,
      isScore: options.score !== undefined,
      truth: truth.layOn(grid, path),
      unchanged: unchanged?.layOn(grid, path) ?? null,
      patches: patches?.layOn(grid, path) ?? null,
      threshold: options.score === undefined ? null : (options.threshold ?? null),
    };
    walk = new PixelWalk(layers);
    await walk.run(options.onProgress ?? (() => {}));
    if (walk.pixels.counted === 0) throw nothingCounts(options, path);
  } finally {
    // Their decoded tiles make room for the objects.
    for (const file of opened) await file.close();
  }
  return evaluationOf(layers, walk, options);
}

function countedGrid(
  raster: RasterSource | null,
  truth: MaskFile,
  unchanged: MaskFile | null,
): { grid: Grid; path: string } {
  if (raster) return raster.info;
  for (const mask of [truth, unchanged]) if (mask?.grid) return { grid: mask.grid, path: mask.path };
  const wanted = 'wanted --grid with an image whose pixels are to be counted (the earlier of the two, say)';
  throw new ServiceError('bad-input', `${truth.path}: is polygons, and so are the patches; ${wanted}.`);
}

function nothingCounts({ truth, unchanged }: EvaluateOptions, counted: string): ServiceError {
  const files = unchanged === undefined ? `${truth}: says` : `${truth} and ${unchanged}: say`;
  return new ServiceError(
    'bad-input',
    `${files} of no pixel of ${counted} whether it changed; wanted masks of the same ground.`,
  );
}

function evaluationOf(layers: Layers, walk: PixelWalk, options: EvaluateOptions): Evaluation {
  const { patches, threshold, grid } = layers;
  const { pixels, ranking } = walk;
  const hasObjects = patches !== null || threshold !== null;
  return {
    pixels,
    unobservedFraction: pixels.unobserved / pixels.counted,
    observedAreaM2: grid.crs === null ? null : walk.observedAreaM2,
    ranking: ranking && { ...ranking.figures(), isExact: ranking.isExact },
    threshold,
    scoreAgreement: threshold === null ? null : walk.byScore.figures(),
    patchAgreement: patches && walk.byPatches.figures(),
    objects: hasObjects ? objectsOf(layers, walk, options.minPixels) : null,
    warnings: warningsOf(walk, options),
  };
}

function objectsOf({ grid, truth, patches }: Layers, walk: PixelWalk, minPixels: number): ObjectReport {
  const counted = topDown(walk.runs.counted);
  const everythingCounts = walk.pixels.counted === grid.width * grid.height;
  const cut = (objects: Objects) => (everythingCounts ? objects : cutTo(objects, counted));
  return reportObjects({
    truth: truth.objects ? cut(truth.objects) : connectedObjects(topDown(walk.runs.changed)),
    found: cut(patches?.objects ?? connectedObjects(topDown(walk.runs.found))),
    unseenTruth: topDown(walk.runs.unseen),
    grid,
    minPixels,
    observedM2: grid.crs === null ? null : walk.observedAreaM2,
  });
}

function warningsOf({ pixels, contradictions }: PixelWalk, { truth, unchanged }: EvaluateOptions): string[] {
  const warnings: string[] = [];
  if (pixels.changed === 0) warnings.push(`${truth}: nothing changed there, so there is no recall and no ranking`);
  if (pixels.changed === pixels.counted)
    warnings.push(`${unchanged ?? truth}: nothing stayed unchanged there, so there is no ranking`);
  if (contradictions > 0) warnings.push(`${contradictions} pixels are set in ${truth} and in ${unchanged}: left out`);
  return warnings;
}

/** One set of runs from those of strips, top to bottom. */
function topDown(strips: readonly PixelRuns[]): PixelRuns {
  const all = (field: keyof PixelRuns) => {
    const joined = new Int32Array(strips.reduce((sum, strip) => sum + strip[field].length, 0));
    let at = 0;
    for (const strip of strips) {
      joined.set(strip[field], at);
      at += strip[field].length;
    }
    return joined;
  };
  return { row: all('row'), start: all('start'), end: all('end') };
}
