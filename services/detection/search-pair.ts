import type { Smoothing } from '../../detectors/model.ts';
import { mergeRegions } from '../../detectors/region.ts';
import type { Grid } from '../../imagery/grid.ts';
import type { PixelShift } from '../../imagery/resampling/resample.ts';
import type { BandRole, Scene } from '../../imagery/scene.ts';
import type { ThreadPool } from '../jobs/threads.ts';
import type { MethodChoice } from './choose-method.ts';
import { isCloudEdge } from './cloud-edge.ts';
import { CloudScan, cloudBands, cloudCells } from './cloud-scan.ts';
import { withoutHidden } from './hidden-regions.ts';
import type { JudgedPair, PairFindings } from './judged-pair.ts';
import { ModelGate } from './model-gate.ts';
import { inOrder } from './ordered.ts';
import type { PairModel } from './scene-pair.ts';
import { closeSeam, type Edge } from './seam.ts';
import type { Progress } from './stopwatch.ts';
import type { StripInput, StripResult } from './strip.ts';
import { planStrips, type StripPlan } from './strips.ts';

/**
 * Blocks of 2 × 2 pixels whose mean difference stays under this share of a seed's score are no part of a strong
 * change. On a made scene and four real pairs the patches were the same ones from 0 to 0.8 of it; at 1, 5 of 1,500
 * were lost, and at 0.5 three times as much of the made scene had to be scored.
 */
const screenShare = 0.8;
/** Strips under way or waiting for their turn, for each thread. */
const stripsPerThread = 2;

/** True where a pair may be searched in strips, as far as the method that was asked for says. */
export function mayBeSearched(method: MethodChoice, smoothing: Smoothing | undefined): boolean {
  if (method === 'irmad' || method === 'isfa') return smoothing !== 'gaussian';
  return (method === 'auto' || method === 'cva') && smoothing !== 'none';
}

/** True where the model is one whose changes can be looked for in strips. */
export function isSearchable({ change }: PairModel): boolean {
  if (change === null) return false;
  const { method, smoothing, spectral, irmad, isfa } = change;
  return method === 'cva' ? smoothing === 'gaussian' && spectral !== null : smoothing === 'none' && !!(irmad ?? isfa);
}

/** What a search begins with, before the pair's model is known. */
export interface SearchedPair {
  before: Scene;
  after: Scene;
  grid: Grid;
  roles: BandRole[];
  shift: PixelShift | null;
  minPixels: number;
  /** The tiles of the before image's file. */
  chunk: { width: number; height: number };
}

/**
 * Searches all of a pair for change, strip by strip in the pool's threads, and joins what lies across the seams.
 * The threads begin to read at once, and to judge when they are told how.
 */
export class PairSearch {
  readonly #pair: SearchedPair;
  readonly #plan: StripPlan;
  readonly #gate = new ModelGate();
  readonly #scan: CloudScan | null;
  readonly #results: AsyncGenerator<StripResult | null>;
  readonly #first: Promise<IteratorResult<StripResult | null>>;

  constructor(pair: SearchedPair, pool: ThreadPool) {
    const { before, after, grid, roles, shift, minPixels, chunk } = pair;
    this.#pair = pair;
    this.#plan = planStrips(grid, chunk);
    const clouds = cloudCells(grid, before, after, roles);
    this.#scan = clouds && new CloudScan(grid, clouds, before, after);
    const { strips, segments } = this.#plan;
    const gate = this.#gate.shared;
    const tasks = strips.map(({ row, height }) => () => {
      const common = { before, after, grid, roles, shift, segments, minPixels, cloudCellPx: clouds?.cellPx ?? null };
      return pool.run('strip', { ...common, row, height, gate } satisfies StripInput) as Promise<StripResult | null>;
    });
    this.#results = inOrder(tasks, stripsPerThread * pool.size);
    this.#first = this.#results.next();
    // Where nobody comes to ask, nobody wants to hear of errors.
    this.#first.catch(() => {});
  }

  /** Sends the threads away. */
  cancel(): void {
    this.#gate.open(null);
  }

  async finish({ model, seed }: JudgedPair, progress: Progress): Promise<PairFindings> {
    const change = model.change!;
    const screenScore = screenShare * seed * change.threshold.value;
    this.#gate.open({ model: change, screenScore, seed });
    const { grid, minPixels } = this.#pair;
    progress.begin(this.#plan.strips.length);
    const found: PairFindings = { regions: [], cloud: 0, noImage: 0, hidden: null, damage: new Set() };
    let above: Edge | null = null;
    let next = await this.#first;
    for (const { row, height } of this.#plan.strips) {
      const strip: StripResult = next.value!;
      for (const region of strip.regions) found.regions.push(region);
      for (const warning of strip.warnings) found.damage.add(warning);
      found.noImage += strip.unobserved;
      if (above !== null && strip.top !== null) {
        const across = closeSeam(above, strip.top, change, screenScore, row, grid.width, minPixels);
        for (const region of across) found.regions.push(region);
      }
      above = strip.bottom;
      if (strip.cells !== null) this.#scan?.add(strip.cells, row + height);
      progress.tick();
      next = await this.#results.next();
    }
    // Where clouds cannot be told nothing is hidden, and nobody need look again.
    const none = new Uint8Array(0);
    const hidden = this.#scan?.result() ?? { cellPx: 1, columns: 0, cells: none, edges: none, pixels: 0 };
    const seen = withoutHidden(mergeRegions(found.regions, minPixels), hidden);
    const visible = cloudBands.slice(0, 3).map((role) => this.#pair.roles.indexOf(role));
    const scale = this.#pair.before.reflectance?.scale ?? 1;
    const regions = hidden.pixels > 0 ? seen.filter((one) => !isCloudEdge(one, hidden, visible, scale)) : seen;
    return { ...found, hidden, cloud: hidden.pixels, regions };
  }
}
