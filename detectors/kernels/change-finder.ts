import { allocate, arenaMemory, release } from '../../imagery/kernels/arena.ts';
import type { ChangeModel } from '../model.ts';
import type { RunSums } from '../run-sums.ts';
import { marginColumns, marginRows, placed, tileHeight, tileWidth } from './change-tile.ts';
import { kernels } from './kernels.ts';
import type { PairPlanes } from './pair-planes.ts';
import { markedPieces, type Piece, type TileMarks, tileShift } from './tile-marks.ts';
import { type TileScorer, tileScorer } from './tile-scorer.ts';

/** Change grows this far from the blocks that show it strongly, and to the edge of their squares. */
const reachPx = 8;
const bitsPitch = tileWidth / 8;

/** Where a pair of planes lies on the grid. */
export interface PlanesAt {
  planes: PairPlanes;
  column: number;
  row: number;
}

/**
 * Finds the changed runs of windows that lie in the arena. First all of a window is screened, where the method allows:
 * squares without a 2 × 2 block whose mean difference reaches `screenScore` hold no change strong enough to be a
 * patch. Only the rest is scored, pixel by pixel.
 */
export class ChangeFinder {
  readonly #model: ChangeModel;
  readonly #scorer: TileScorer;
  /** Address of the screen's parameters; 0: everything is scored. */
  readonly #screen: number;
  readonly #limit: number;
  readonly #bits: number;

  /**
   * @param screenScore score below which a block's mean difference tells of nothing
   * @throws RangeError for a model that no kernel scores by, see tileScorer
   */
  constructor(model: ChangeModel, screenScore: number) {
    const scorer = tileScorer(model);
    if (scorer === null) throw new RangeError(`No kernel scores by ${model.method}.`);
    this.#model = model;
    this.#scorer = scorer;
    this.#screen = scorer.screen === null ? 0 : placed(scorer.screen);
    this.#limit = screenScore * screenScore;
    this.#bits = allocate(bitsPitch * tileHeight);
  }

  release(): void {
    this.#scorer.release();
    if (this.#screen !== 0) release(this.#screen);
    release(this.#bits);
  }

  /** Marks the squares that may hold change. `isWhole`: every pixel was observed by both dates. */
  screen({ planes, column, row }: PlanesAt, isWhole: boolean, marks: TileMarks): void {
    if (this.#screen === 0) {
      marks.setAll();
      return;
    }
    const { planeBytes, stride, width, height } = planes;
    const screen = planes.sample === 'uint16' ? kernels.screenUint16 : kernels.screenFloat32;
    const masks = isWhole ? ([0, 0] as const) : ([planes.maskBefore, planes.maskAfter] as const);
    const sampleBytes = planes.sample === 'uint16' ? 2 : 4;
    const rows = (first: number, count: number) => {
      const skip = first * stride;
      screen(
        planes.bands,
        planes.before + skip * sampleBytes,
        planes.after + skip * sampleBytes,
        planeBytes,
        stride,
        0,
        width,
        count,
        masks[0] && masks[0] + skip,
        masks[1] && masks[1] + skip,
        this.#screen,
        this.#limit,
        marks.at,
        marks.columns,
        marks.rows,
        tileShift,
        column,
        row + first - (marks.firstRow << tileShift),
        reachPx,
      );
    };
    rows(0, height - (height % 2));
    if (height % 2 === 1 && height > 1) rows(height - 2, 2);
  }

  /** Scores the marked squares within `area` and adds the runs of pixels that changed. */
  find({ planes, column, row }: PlanesAt, area: Piece, marks: TileMarks, found: RunSums): void {
    const { tile, blurShare } = this.#scorer;
    const threshold = this.#model.threshold.value;
    for (const piece of markedPieces(marks, area, tileWidth)) {
      const width = Math.ceil(piece.width / 8) * 8;
      this.#scorer.score(planes, { x: piece.column - column, y: piece.row - row, width, height: piece.height });
      const changed = tile.changed(threshold, blurShare, this.#bits, bitsPitch);
      if (changed > 0) this.#collect({ planes, column, row }, piece, found);
    }
  }

  #collect({ planes, column, row }: PlanesAt, piece: Piece, found: RunSums): void {
    for (let y = 0; y < piece.height; y++) {
      const line = this.#bits + y * bitsPitch;
      for (let x = 0; x < piece.width; x++) {
        const byte = bytes[line + (x >> 3)];
        if (byte === 0) x |= 7;
        else if (byte & (1 << (x & 7))) {
          const start = x;
          while (x < piece.width && bytes[line + (x >> 3)] & (1 << (x & 7))) x++;
          const at = found.add(piece.row + y, piece.column + start, piece.column + x);
          this.#sumScores(y, start, x, found.sums, at);
          this.#sumBands(planes, piece.column - column + start, piece.row - row + y, x - start, found.sums, at + 2);
        }
      }
    }
  }

  /** Score and peak, in thresholds. */
  #sumScores(y: number, start: number, end: number, sums: Float64Array, at: number): void {
    const { pitch, scoreAt } = this.#scorer.tile;
    const line = scoreAt / 4 + (y + marginRows) * pitch + marginColumns;
    let sum = 0;
    let peak = 0;
    for (let i = line + start; i < line + end; i++) {
      sum += floats[i];
      if (floats[i] > peak) peak = floats[i];
    }
    const threshold = this.#model.threshold.value;
    sums[at] = sum / threshold;
    sums[at + 1] = peak / threshold;
  }

  /** Sums per band, both dates in the before image's radiometry. */
  #sumBands(planes: PairPlanes, x: number, y: number, count: number, sums: Float64Array, at: number): void {
    const values = planes.sample === 'uint16' ? words : floats;
    const skip = y * planes.stride + x;
    const { bands } = planes;
    for (let band = 0; band < bands; band++) {
      const before = (planes.before + band * planes.planeBytes) / values.BYTES_PER_ELEMENT + skip;
      const after = (planes.after + band * planes.planeBytes) / values.BYTES_PER_ELEMENT + skip;
      let a = 0;
      let b = 0;
      for (let i = 0; i < count; i++) {
        a += values[before + i];
        b += values[after + i];
      }
      const { gain, offset } = this.#model.ties[band];
      sums[at + band] = a;
      sums[at + bands + band] = gain * b + offset * count;
    }
  }
}

/** The arena as numbers of each kind: a view per run would cost more than its sums. */
const bytes = new Uint8Array(arenaMemory.buffer);
const words = new Uint16Array(arenaMemory.buffer);
const floats = new Float32Array(arenaMemory.buffer);
