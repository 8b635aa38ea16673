import type { PairWindow } from '../../detectors/features.ts';
import { type PairSide, planTies, readAligned, tieShifts } from '../../imagery/aligned.ts';
import { type Grid, type Window, windowGrid } from '../../imagery/grid.ts';
import type { TieShift } from '../../imagery/registration/shift.ts';
import type { PixelShift } from '../../imagery/resampling/resample.ts';
import { maskPairClouds } from './cloud-mask.ts';
import { bandIndices, type ScenePair } from './scene-pair.ts';
import type { SourceCache } from './source-cache.ts';

/** Pixels the statistics of a pair rest on: a scene up to this size is used whole. */
const sampledPixels = 600_000;
/** Larger scenes are looked at in squares of this side, spread evenly, this many along each side. */
const squarePx = 128;
/** What of a square the statistics take; registration takes all of it. */
const blockPx = 96;
const blocksAlong = 4;

/** Fewer say nothing about a pair. */
const fewestTies = 4;

/** Windows of the pair's grid that are looked at before all of it is. */
export interface SamplePlan {
  /** Where the two dates are laid on each other. */
  ties: Window[];
  /** What the statistics rest on. */
  blocks: Window[];
}

/** What one thread takes of a plan. */
export interface SampleInput extends SamplePlan {
  pair: ScenePair;
  grid: Grid;
  /** Laid on the after image of the blocks. */
  shift: PixelShift | null;
}

export interface PairSample {
  /** Null where the ground gives no hold. */
  ties: (TieShift | null)[];
  blocks: PairWindow[];
}

/**
 * The whole overlap where it is small; otherwise blocks spread evenly over it, moved into one tile of the file
 * (`chunk`) each, on which the dates are also laid on each other: a tile decoded serves both.
 */
export function planSample(grid: Grid, overlap: Window, chunk: { width: number; height: number }): SamplePlan {
  if (overlap.width * overlap.height <= sampledPixels) return { ties: planTies(grid, overlap), blocks: [overlap] };
  const columns = places(overlap.column, overlap.width, chunk.width);
  const rows = places(overlap.row, overlap.height, chunk.height);
  const corners = rows.flatMap((row) => columns.map((column) => ({ column, row })));
  const sized = (side: number) => (corner: { column: number; row: number }) => ({
    ...corner,
    width: Math.min(side, overlap.width),
    height: Math.min(side, overlap.height),
  });
  // Every other one, as on a chessboard: more ties move the shift of a pair by hundredths of a pixel.
  const ties = corners.filter((_, i) => (i + Math.floor(i / columns.length)) % 2 === 0).map(sized(squarePx));
  const fit = ties.length >= fewestTies && overlap.width >= squarePx && overlap.height >= squarePx;
  return { ties: fit ? ties : planTies(grid, overlap), blocks: corners.map(sized(blockPx)) };
}

/** Starts of squares along one side. */
function places(from: number, length: number, tile: number): number[] {
  const count = Math.min(blocksAlong, Math.max(1, Math.floor(length / squarePx)));
  return Array.from({ length: count }, (_, i) => {
    const middle = from + ((i + 0.5) * length) / count;
    const start = Math.max(from, Math.floor(middle - squarePx / 2));
    const tileEnd = (Math.floor(middle / tile) + 1) * tile;
    const inTile = Math.max(Math.floor(middle / tile) * tile, Math.min(start, tileEnd - squarePx));
    return tile >= squarePx ? Math.max(from, Math.min(inTile, from + length - squarePx)) : start;
  });
}

/** Reads the windows of a plan, or of a part of it. */
export async function takeSample(input: SampleInput, sources: SourceCache): Promise<PairSample> {
  const { pair, grid, shift } = input;
  const side = async (scene: ScenePair['before']): Promise<PairSide> => ({
    source: await sources.open(scene),
    bands: bandIndices(scene, pair.roles),
  });
  const before = await side(pair.before);
  const after = await side(pair.after);
  const ties = await tieShifts(before, after, grid, input.ties);
  const blocks: PairWindow[] = [];
  for (const window of input.blocks) {
    const target = windowGrid(grid, window);
    const a = await readAligned(before.source, target, before.bands);
    const b = await readAligned(after.source, target, after.bands, shift ?? undefined);
    // A block shows little of a cloud's edges; what is missed there is among the outliers the statistics bear.
    maskPairClouds(a, b, pair, pair.roles);
    const mask = a.mask.map((observed, i) => observed & b.mask[i]);
    blocks.push({ width: window.width, height: window.height, before: a.bands, after: b.bands, mask });
  }
  return { ties, blocks };
}
