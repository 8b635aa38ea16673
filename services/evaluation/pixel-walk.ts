import { Ranking } from '../../detectors/ranking.ts';
import { type PixelRuns, runsWhere } from '../../detectors/runs.ts';
import { pixelAreaM2 } from '../../imagery/ellipsoid.ts';
import type { Grid, Window } from '../../imagery/grid.ts';
import type { RasterSource } from '../../imagery/raster.ts';
import { type Mask, said } from './mask.ts';
import { AgreementCount } from './pixel-figures.ts';

/** Side of the blocks that are read at once, and height of the strips that objects are gathered from. */
const blockPx = 1024;
/** Rows that share the area of a pixel. */
const areaRows = 64;

/** What is known of a pixel, as bits. */
const bit = { counts: 1, isTrue: 2, isFound: 4, isUnseen: 8 } as const;

/** What is compared, all on one grid. */
export interface Layers {
  grid: Grid;
  /** Tells by its mask what was observed; null: everything. */
  observed: RasterSource | null;
  /** True where the values of `observed` are change scores. */
  isScore: boolean;
  truth: Mask;
  unchanged: Mask | null;
  patches: Mask | null;
  /** A score above it is change; null: none is known. */
  threshold: number | null;
}

/** Goes over the grid block by block, and keeps no more of it than runs of pixels and counts. */
export class PixelWalk {
  readonly pixels = { counted: 0, changed: 0, unobserved: 0 };
  /** Pixels that are said to be changed and unchanged, and do not count. */
  contradictions = 0;
  /** Of the ground that counts; 0 on a grid without CRS. */
  observedAreaM2 = 0;
  /** Null without a score. */
  readonly ranking: Ranking | null;
  readonly byScore = new AgreementCount();
  readonly byPatches = new AgreementCount();
  /** Pixels that count, of those the true and the true unobserved, and all pixels above the threshold. */
  readonly runs: Record<'counted' | 'changed' | 'unseen' | 'found', PixelRuns[]> = {
    counted: [],
    changed: [],
    unseen: [],
    found: [],
  };
  private readonly layers: Layers;

  constructor(layers: Layers) {
    this.layers = layers;
    this.ranking = layers.isScore ? new Ranking(layers.grid.width * layers.grid.height) : null;
  }

  async run(onProgress: (done: number, total: number) => void): Promise<void> {
    const { width, height } = this.layers.grid;
    const total = Math.ceil(width / blockPx) * Math.ceil(height / blockPx);
    let done = 0;
    onProgress(done, total);
    for (let row = 0; row < height; row += blockPx) {
      const strip = { column: 0, row, width, height: Math.min(blockPx, height - row) };
      const known = new Uint8Array(width * strip.height);
      for (let column = 0; column < width; column += blockPx) {
        await this.addBlock({ ...strip, column, width: Math.min(blockPx, width - column) }, known);
        onProgress(++done, total);
      }
      this.addStrip(strip, known);
    }
  }

  /** Counts the pixels of a block, and notes what is known of each in the strip it lies in. */
  private async addBlock(window: Window, strip: Uint8Array): Promise<void> {
    const { grid, isScore, observed, truth, unchanged, patches, threshold } = this.layers;
    const [raster, isTrue, isSame, isDrawn] = await Promise.all([
      observed?.read(window),
      truth.read(window),
      unchanged?.read(window),
      patches?.read(window),
    ]);
    const score = isScore ? raster!.bands[0] : null;
    const observedInRow = new Uint32Array(window.height);
    for (let y = 0, i = 0; y < window.height; y++) {
      const line = y * grid.width + window.column;
      for (let x = 0; x < window.width; x++, i++) {
        const isSeen = raster === undefined || raster.mask[i] !== 0;
        const value = score !== null && isSeen ? score[i] : Number.NaN;
        const isFound = threshold !== null && value > threshold;
        // What was found is one object, whichever of its pixels count.
        if (isFound) strip[line + x] = bit.isFound;
        const changed = isTrue[i] === said.set;
        if (isSame ? changed === (isSame[i] === said.set) : isTrue[i] === said.unknown) {
          if (isSame && changed) this.contradictions++;
          continue;
        }
        this.ranking?.add(value, changed);
        if (threshold !== null) this.byScore.add(isFound, changed, isSeen);
        if (isDrawn) this.byPatches.add(isDrawn[i] === said.set, changed, isSeen);
        this.pixels.counted++;
        if (changed) this.pixels.changed++;
        if (isSeen) observedInRow[y]++;
        else this.pixels.unobserved++;
        strip[line + x] |= bit.counts | (changed ? bit.isTrue : 0) | (isSeen ? 0 : bit.isUnseen);
      }
    }
    this.addArea(window, observedInRow);
  }

  private addArea(window: Window, observedInRow: Uint32Array): void {
    const { grid } = this.layers;
    if (grid.crs === null) return;
    const middle = window.column + (window.width - 1) / 2;
    for (let from = 0; from < window.height; from += areaRows) {
      const rows = observedInRow.subarray(from, from + areaRows);
      const pixels = rows.reduce((sum, count) => sum + count, 0);
      const row = window.row + from + (rows.length - 1) / 2;
      if (pixels > 0) this.observedAreaM2 += pixels * pixelAreaM2(grid, middle, row)!;
    }
  }

  private addStrip({ row, width, height }: Window, known: Uint8Array): void {
    const { patches, threshold } = this.layers;
    // Without anything found there are no objects to compare.
    if (patches === null && threshold === null) return;
    const block = { stride: width, left: 0, top: 0, width, height, column: 0, row };
    const gather = (parts: PixelRuns[], bits: number) => {
      parts.push(runsWhere(block, (i) => (known[i] & bits) === bits));
    };
    gather(this.runs.counted, bit.counts);
    gather(this.runs.changed, bit.isTrue);
    gather(this.runs.unseen, bit.isTrue | bit.isUnseen);
    if (patches === null) gather(this.runs.found, bit.isFound);
  }
}
