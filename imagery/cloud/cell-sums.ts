import { allocate, arenaMemory, release } from '../kernels/arena.ts';
import { loadKernels } from '../kernels/load.ts';

/** Sums over the square cells of some rows of a grid, as they travel from thread to thread and add up. */
export interface CellSums {
  columns: number;
  firstRow: number;
  rows: number;
  /** Per date and band a plane of columns × rows sums of the observed samples: all of before, then all of after. */
  sums: Float32Array;
  /** Observed pixels per cell, before then after. */
  counts: Float32Array;
}

/** A plane of samples in the arena, and where its first pixel lies on the grid. */
export interface PlacedPlane {
  sample: 'uint16' | 'float32';
  at: number;
  /** A byte per pixel, 0 = not observed; 0: all are. */
  mask: number;
  stride: number;
  width: number;
  height: number;
  column: number;
  row: number;
}

type Sum = (
  plane: number,
  mask: number,
  stride: number,
  width: number,
  height: number,
  gridColumn: number,
  gridRow: number,
  cellPx: number,
  sums: number,
  columns: number,
  firstRow: number,
) => void;

interface Kernels {
  sumCellsUint8: (
    ...parameters: Parameters<Sum> extends [infer At, unknown, ...infer Rest] ? [At, ...Rest] : never
  ) => void;
  sumCellsUint16: Sum;
  sumCellsFloat32: Sum;
}

const kernels = loadKernels<Kernels>(new URL('../kernels/imagery.wasm', import.meta.url));
/** Columns the kernels take at a time. */
const widest = 4096;

/** Adds up the samples of a strip of a grid, plane by plane. */
export class CellSummer {
  readonly #cellPx: number;
  readonly #columns: number;
  readonly #firstRow: number;
  readonly #rows: number;
  readonly #planes: number;
  readonly #at: number;

  constructor(gridWidth: number, fromRow: number, toRow: number, cellPx: number, planes: number) {
    this.#cellPx = cellPx;
    this.#columns = Math.ceil(gridWidth / cellPx);
    this.#firstRow = Math.floor(fromRow / cellPx);
    this.#rows = Math.ceil(toRow / cellPx) - this.#firstRow;
    this.#planes = planes;
    this.#at = allocate(planes * this.#planeBytes);
    this.#floats(0, planes).fill(0);
  }

  release(): void {
    release(this.#at);
  }

  /** Adds a plane's samples to the sums of plane `index`. */
  add(index: number, plane: PlacedPlane): void {
    const { sample, stride, width, height, column, row } = plane;
    const sum = sample === 'uint16' ? kernels.sumCellsUint16 : kernels.sumCellsFloat32;
    const to = this.#at + index * this.#planeBytes;
    for (let x = 0; x < width; x += widest) {
      const at = plane.at + x * (sample === 'uint16' ? 2 : 4);
      const mask = plane.mask && plane.mask + x;
      const columns = Math.min(widest, width - x);
      sum(at, mask, stride, columns, height, column + x, row, this.#cellPx, to, this.#columns, this.#firstRow);
    }
  }

  /** Adds the observed pixels of a mask to the sums of plane `index`. */
  addMask(index: number, plane: Omit<PlacedPlane, 'sample' | 'at'>): void {
    const { mask, stride, width, height, column, row } = plane;
    const to = this.#at + index * this.#planeBytes;
    for (let x = 0; x < width; x += widest) {
      const columns = Math.min(widest, width - x);
      kernels.sumCellsUint8(
        mask + x,
        stride,
        columns,
        height,
        column + x,
        row,
        this.#cellPx,
        to,
        this.#columns,
        this.#firstRow,
      );
    }
  }

  /** Adds all pixels of an area to the sums of plane `index`: it was wholly observed. */
  addWhole(
    index: number,
    { width, height, column, row }: Omit<PlacedPlane, 'sample' | 'at' | 'mask' | 'stride'>,
  ): void {
    const counts = this.#floats(index, 1);
    const cell = this.#cellPx;
    const overlap = (i: number, from: number, length: number) =>
      Math.min((i + 1) * cell, from + length) - Math.max(i * cell, from);
    for (let r = Math.floor(row / cell); r * cell < row + height; r++) {
      const line = (r - this.#firstRow) * this.#columns;
      const rows = overlap(r, row, height);
      for (let c = Math.floor(column / cell); c * cell < column + width; c++) {
        counts[line + c] += rows * overlap(c, column, width);
      }
    }
  }

  /** All sums; the last two planes are the counts. */
  take(): CellSums {
    return {
      columns: this.#columns,
      firstRow: this.#firstRow,
      rows: this.#rows,
      sums: this.#floats(0, this.#planes - 2).slice(),
      counts: this.#floats(this.#planes - 2, 2).slice(),
    };
  }

  get #planeBytes(): number {
    return this.#columns * this.#rows * 4;
  }

  #floats(first: number, planes: number): Float32Array {
    const cells = this.#columns * this.#rows;
    return new Float32Array(arenaMemory.buffer, this.#at + first * this.#planeBytes, planes * cells);
  }
}
