import { mergeRegions } from '../../detectors/region.ts';
import type { ThreadPool } from '../jobs/threads.ts';
import { CloudScan, cloudCells } from './cloud-scan.ts';
import { withoutHidden } from './hidden-regions.ts';
import type { JudgedPair, PairFindings } from './judged-pair.ts';
import { inOrder } from './ordered.ts';
import type { PairModel } from './scene-pair.ts';
import { closeSeam, type Edge } from './seam.ts';
import type { Progress } from './stopwatch.ts';
import type { StripInput, StripResult } from './strip.ts';
import { planStrips } from './strips.ts';

/**
 * Blocks of 2 × 2 pixels whose mean difference stays under this share of a seed's score are no part of a strong
 * change. On a made scene and four real pairs the patches were the same ones from 0 to 0.8 of it; at 1, 5 of 1,500
 * were lost, and at 0.5 three times as much of the made scene had to be scored.
 */
const screenShare = 0.8;
/** Strips under way or waiting for their turn, for each thread. */
const stripsPerThread = 2;

/** True where the model is one whose changes can be looked for in strips. */
export function isSearchable({ change }: PairModel): boolean {
  if (change === null) return false;
  const { method, smoothing, spectral, irmad, isfa } = change;
  return method === 'cva' ? smoothing === 'gaussian' && spectral !== null : smoothing === 'none' && !!(irmad ?? isfa);
}

/**
 * Searches all of a pair for change, strip by strip in the pool's threads, and joins what lies across the seams.
 * @param chunk the tiles of the before image's file
 */
export async function searchPair(
  pair: JudgedPair,
  chunk: { width: number; height: number },
  pool: ThreadPool,
  progress: Progress,
): Promise<PairFindings> {
  const { before, after, grid, roles, model, minPixels } = pair;
  const change = model.change!;
  const screenScore = screenShare * pair.seed * change.threshold.value;
  const plan = planStrips(grid, chunk);
  const clouds = cloudCells(grid, before, after, roles);
  const scan = clouds && new CloudScan(grid, clouds, before, after);
  progress.begin(plan.strips.length);
  const tasks = plan.strips.map(({ row, height }) => () => {
    const place = { before, after, grid, roles, shift: model.shift, row, height, segments: plan.segments };
    const input: StripInput = { ...place, model: change, screenScore, minPixels, cloudCellPx: clouds?.cellPx ?? null };
    return pool.run('strip', input) as Promise<StripResult>;
  });
  const found: PairFindings = { regions: [], cloud: 0, noImage: 0, hidden: null, damage: new Set() };
  let above: Edge | null = null;
  let index = 0;
  for await (const strip of inOrder(tasks, stripsPerThread * pool.size)) {
    const { row, height } = plan.strips[index++];
    for (const region of strip.regions) found.regions.push(region);
    for (const warning of strip.warnings) found.damage.add(warning);
    found.noImage += strip.unobserved;
    if (above !== null && strip.top !== null) {
      const across = closeSeam(above, strip.top, change, screenScore, row, grid.width, minPixels);
      for (const region of across) found.regions.push(region);
    }
    above = strip.bottom;
    if (strip.cells !== null) scan?.add(strip.cells, row + height);
    progress.tick();
  }
  // Where clouds cannot be told nothing is hidden, and nobody need look again.
  if (scan === null) return { ...found, hidden: { cellPx: 1, columns: 0, cells: new Uint8Array(0), pixels: 0 } };
  const hidden = scan.result();
  return {
    ...found,
    hidden,
    cloud: hidden.pixels,
    regions: withoutHidden(mergeRegions(found.regions, minPixels), hidden),
  };
}
