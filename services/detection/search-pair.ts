import { mergeRegions, type Region } from '../../detectors/region.ts';
import type { Grid } from '../../imagery/grid.ts';
import type { BandRole, Scene } from '../../imagery/scene.ts';
import type { Runner } from '../jobs/jobs.ts';
import { inOrder } from './ordered.ts';
import type { PairModel } from './scene-pair.ts';
import { closeSeam, type Edge } from './seam.ts';
import type { StripInput, StripResult } from './strip.ts';
import type { StripPlan } from './strips.ts';

export interface PairSearch {
  before: Scene;
  after: Scene;
  grid: Grid;
  roles: BandRole[];
  model: PairModel;
  plan: StripPlan;
  /** Score below which a block's mean difference tells of nothing. */
  screenScore: number;
  minPixels: number;
}

export interface SearchResult {
  regions: Region[];
  unobserved: number;
  warnings: Set<string>;
}

/** Strips under way or waiting for their turn, for each thread. */
const stripsPerThread = 2;

/** Searches all of a pair for change, strip by strip in the pool's threads, and joins what lies across the seams. */
export async function searchPair(
  search: PairSearch,
  pool: Runner & { size: number },
  tick: () => void,
): Promise<SearchResult> {
  const { before, after, grid, roles, model, plan, screenScore, minPixels } = search;
  const change = model.change;
  if (change === null) throw new RangeError('A pair without a model cannot be searched.');
  const tasks = plan.strips.map(({ row, height }) => () => {
    const place = { before, after, grid, roles, shift: model.shift, row, height, segments: plan.segments };
    const input: StripInput = { ...place, model: change, screenScore, minPixels };
    return pool.run('strip', input) as Promise<StripResult>;
  });
  const result: SearchResult = { regions: [], unobserved: 0, warnings: new Set() };
  let above: Edge | null = null;
  let index = 0;
  for await (const strip of inOrder(tasks, stripsPerThread * pool.size)) {
    const { row } = plan.strips[index++];
    for (const region of strip.regions) result.regions.push(region);
    for (const warning of strip.warnings) result.warnings.add(warning);
    result.unobserved += strip.unobserved;
    if (above !== null && strip.top !== null) {
      const across = closeSeam(above, strip.top, change, screenScore, row, grid.width, minPixels);
      for (const region of across) result.regions.push(region);
    }
    above = strip.bottom;
    tick();
  }
  return { ...result, regions: mergeRegions(result.regions, minPixels) };
}
