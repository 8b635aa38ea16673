import { mergeRegions, type Region } from '../../detectors/region.ts';
import { pixelCount } from '../../detectors/runs.ts';
import type { Window } from '../../imagery/grid.ts';
import { createTiff } from '../../imagery/tiff/writer.ts';
import type { ThreadPool } from '../jobs/threads.ts';
import type { CellResult } from './cell.ts';
import type { CellInput } from './cell-input.ts';
import { cellSizePx, cellsOf } from './cells.ts';
import type { HiddenGround } from './cloud-scan.ts';
import type { JudgedPair, PairFindings } from './judged-pair.ts';
import { inOrder } from './ordered.ts';
import type { Progress } from './stopwatch.ts';

/** Scores all of a pair cell by cell, for methods that look at every pixel. */
export async function scoreCells(pair: JudgedPair, pool: ThreadPool, progress: Progress): Promise<PairFindings> {
  const found = { regions: [] as Region[], cloud: 0, noImage: 0, hidden: null, damage: new Set<string>() };
  await eachCell(pair, { withScore: false, lookForClouds: true }, pool, progress, async (result) => {
    for (const region of result.regions) found.regions.push(region);
    for (const warning of result.warnings) found.damage.add(warning);
    found.cloud += pixelCount(result.cloud);
    found.noImage += pixelCount(result.noImage);
  });
  return { ...found, regions: mergeRegions(found.regions, pair.minPixels) };
}

/**
 * Writes the change score of every pixel as a TIFF on the pair's grid; nothing is left of it where that fails.
 * @param hidden what clouds hide; null: they are looked for
 */
export async function writeScores(
  pair: JudgedPair,
  hidden: HiddenGround | null,
  path: string,
  pool: ThreadPool,
  progress: Progress,
): Promise<void> {
  const layout = { bandCount: 1, sampleType: 'float32', nodata: Number.NaN, tileSize: cellSizePx } as const;
  const writer = await createTiff(path, pair.grid, layout);
  try {
    const asked = { withScore: true, lookForClouds: hidden === null };
    await eachCell(pair, asked, pool, progress, async ({ score }, window) => {
      if (score === null) return;
      if (hidden !== null) hide(score, window, hidden);
      await writer.writeTile(window.column / cellSizePx, window.row / cellSizePx, [score]);
    });
    await writer.close();
  } catch (error) {
    await writer.abort();
    throw error;
  }
}

/** Hidden pixels have no score. */
function hide(score: Float32Array, { column, row, width }: Window, { cellPx, columns, cells }: HiddenGround): void {
  if (cells.length === 0) return;
  for (let i = 0; i < score.length; i++) {
    const x = column + (i % width);
    const y = row + Math.floor(i / width);
    if (cells[Math.floor(y / cellPx) * columns + Math.floor(x / cellPx)] === 1) score[i] = Number.NaN;
  }
}

/** Takes the results cell by cell, row by row, whatever order the threads come to them in. */
async function eachCell(
  pair: JudgedPair,
  asked: Pick<CellInput, 'withScore' | 'lookForClouds'>,
  pool: ThreadPool,
  progress: Progress,
  take: (result: CellResult, place: Window) => Promise<void>,
): Promise<void> {
  const { before, after, grid, roles, method, model, minPixels } = pair;
  const common = { grid, afters: [after], befores: [before], roles, method, models: [model] };
  const cells = cellsOf({ column: 0, row: 0, width: grid.width, height: grid.height });
  progress.begin(cells.length);
  const tasks = cells.map((window, i) => () => {
    const input: CellInput = { ...common, key: String(i), window, minPixels, looks: [], ...asked };
    return pool.run('cell', input) as Promise<CellResult>;
  });
  let index = 0;
  for await (const result of inOrder(tasks, 2 * pool.size)) {
    await take(result, cells[index++]);
    progress.tick();
  }
}
