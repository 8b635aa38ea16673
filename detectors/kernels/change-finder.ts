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
    const bits = new Uint8Array(arenaMemory.buffer, this.#bits, bitsPitch * piece.height);
    for (let y = 0; y < piece.height; y++) {
      for (let x = 0; x < piece.width; x++) {
        const byte = bits[y * bitsPitch + (x >> 3)];
        if (byte === 0) x |= 7;
        else if (byte & (1 << (x & 7))) {
          const start = x;
          while (x < piece.width && bits[y * bitsPitch + (x >> 3)] & (1 << (x & 7))) x++;
          const sums = found.add(piece.row + y, piece.column + start, piece.column + x);
          this.#sumScores(y, start, x, sums);
          this.#sumBands(planes, piece.column - column + start, piece.row - row + y, x - start, sums);
        }
      }
    }
  }

  /** Score and peak, in thresholds. */
  #sumScores(y: number, start: number, end: number, sums: Float64Array): void {
    const { pitch, scoreAt } = this.#scorer.tile;
    const line = new Float32Array(arenaMemory.buffer, scoreAt + 4 * ((y + marginRows) * pitch + marginColumns), pitch);
    const threshold = this.#model.threshold.value;
    for (let x = start; x < end; x++) {
      const excess = line[x] / threshold;
      sums[0] += excess;
      if (excess > sums[1]) sums[1] = excess;
    }
  }

  /** Sums per band, both dates in the before image's radiometry. */
  #sumBands(planes: PairPlanes, x: number, y: number, count: number, sums: Float64Array): void {
    const Type = planes.sample === 'uint16' ? Uint16Array : Float32Array;
    const skip = (y * planes.stride + x) * Type.BYTES_PER_ELEMENT;
    for (let band = 0; band < planes.bands; band++) {
      const step = band * planes.planeBytes + skip;
      const before = new Type(arenaMemory.buffer, planes.before + step, count);
      const after = new Type(arenaMemory.buffer, planes.after + step, count);
      let a = 0;
      let b = 0;
      for (let i = 0; i < count; i++) {
        a += before[i];
        b += after[i];
      }
      const { gain, offset } = this.#model.ties[band];
      sums[2 + band] += a;
      sums[2 + planes.bands + band] += gain * b + offset * count;
    }
  }
}
