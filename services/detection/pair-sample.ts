import type { PairWindow } from '../../detectors/features.ts';
import { type PairSide, planTies, readAligned, tieAt } from '../../imagery/aligned.ts';
import { type Grid, type Window, windowGrid } from '../../imagery/grid.ts';
import type { TieShift } from '../../imagery/registration/shift.ts';
import type { PixelShift } from '../../imagery/resampling/resample.ts';
import { maskPairClouds } from './cloud-mask.ts';
import { bandIndices, type ScenePair } from './scene-pair.ts';
import type { SourceCache } from './source-cache.ts';

/** Pixels the statistics of a pair rest on: a scene up to this size is used whole. */
export const sampledPixels = 600_000;
/** Larger scenes are looked at in squares of this side, spread evenly. */
const squarePx = 128;
/** Squares along a side: one for every so many pixels, so that rare change is not missed in a scene of a gigapixel. */
const squareEveryPx = 2048;
const mostAlong = 12;
/** What of each square the statistics take, of 16 squares and of more; registration takes all of it. */
const blockPx = 96;
const blocksInAll = 16;
/** Squares on which the two dates are laid on each other. */
const mostTies = 16;
const fewestAlong = 4;

/** Fewer say nothing about a pair. */
const fewestTies = 4;

/** A place of the pair's grid that is looked at before all of it is. */
export interface Square {
  /** Where the two dates are laid on each other. */
  tie: Window | null;
  /** What the statistics rest on. */
  block: Window | null;
}

/** What one thread takes of a plan. */
export interface SampleInput {
  squares: Square[];
  pair: ScenePair;
  grid: Grid;
  /** Laid on the after image of the blocks. */
  shift: PixelShift | null;
}

/** What was seen in a square; null where nothing was looked for, or the ground gives no hold. */
export interface SeenSquare {
  tie: TieShift | null;
  block: PairWindow | null;
}

/**
 * The whole overlap where it is small; otherwise blocks spread evenly over it, moved into one tile of the file
 * (`chunk`) each, on which the dates are also laid on each other: a tile decoded serves both.
 */
export function planSample(grid: Grid, overlap: Window, chunk: { width: number; height: number }): Square[] {
  const tiesAlone = () => planTies(grid, overlap).map((tie): Square => ({ tie, block: null }));
  if (overlap.width * overlap.height <= sampledPixels) return [...tiesAlone(), { tie: null, block: overlap }];
  const columns = places(overlap.column, overlap.width, chunk.width);
  const rows = places(overlap.row, overlap.height, chunk.height);
  const corners = rows.flatMap((row) => columns.map((column) => ({ column, row })));
  const sized = (corner: { column: number; row: number }, px: number): Window => ({
    ...corner,
    width: Math.min(px, overlap.width),
    height: Math.min(px, overlap.height),
  });
  // Every other one, as on a chessboard: more ties move the shift of a pair by hundredths of a pixel.
  const tieEvery = Math.max(2, Math.ceil(corners.length / mostTies));
  const hasTie = (i: number) => (i + Math.floor(i / columns.length)) % tieEvery === 0;
  const side = Math.ceil(blockPx * Math.min(1, Math.sqrt(blocksInAll / corners.length)));
  const fits = corners.length >= 2 * fewestTies && Math.min(overlap.width, overlap.height) >= squarePx;
  const blocks = corners.map((corner) => sized(corner, side));
  if (!fits) return [...tiesAlone(), ...blocks.map((block): Square => ({ tie: null, block }))];
  return blocks.map((block, i) => ({ tie: hasTie(i) ? sized(corners[i], squarePx) : null, block }));
}

/** Starts of squares along one side. */
function places(from: number, length: number, tile: number): number[] {
  const wanted = Math.min(mostAlong, Math.max(fewestAlong, Math.round(length / squareEveryPx)));
  const count = Math.min(wanted, Math.max(1, Math.floor(length / squarePx)));
  return Array.from({ length: count }, (_, i) => {
    const middle = from + ((i + 0.5) * length) / count;
    const start = Math.max(from, Math.floor(middle - squarePx / 2));
    const tileEnd = (Math.floor(middle / tile) + 1) * tile;
    const inTile = Math.max(Math.floor(middle / tile) * tile, Math.min(start, tileEnd - squarePx));
    return tile >= squarePx ? Math.max(from, Math.min(inTile, from + length - squarePx)) : start;
  });
}

/** Looks at the squares of a plan, or of a part of it. */
export async function takeSample(input: SampleInput, sources: SourceCache): Promise<SeenSquare[]> {
  const { pair, grid, shift } = input;
  const side = async (scene: ScenePair['before']): Promise<PairSide> => ({
    source: await sources.open(scene),
    bands: bandIndices(scene, pair.roles),
  });
  const before = await side(pair.before);
  const after = await side(pair.after);
  const seen: SeenSquare[] = [];
  for (const { tie, block } of input.squares) {
    seen.push({
      tie: tie && (await tieAt(before, after, grid, tie)),
      block: block && (await blockAt(before, after, windowGrid(grid, block), pair, shift)),
    });
  }
  return seen;
}

async function blockAt(
  before: PairSide,
  after: PairSide,
  target: Grid,
  pair: ScenePair,
  shift: PixelShift | null,
): Promise<PairWindow> {
  const a = await readAligned(before.source, target, before.bands);
  const b = await readAligned(after.source, target, after.bands, shift ?? undefined);
  // A block shows little of a cloud's edges; what is missed there is among the outliers the statistics bear.
  maskPairClouds(a, b, pair, pair.roles, { doubtfulToo: true });
  const mask = a.mask.map((observed, i) => observed & b.mask[i]);
  return { width: target.width, height: target.height, before: a.bands, after: b.bands, mask };
}
