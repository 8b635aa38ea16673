import { allocate, arenaMemory, release } from '../../imagery/kernels/arena.ts';

/** Side of the squares of the grid that are scored or left out as a whole: 2 ** tileShift pixels. */
export const tileShift = 6;
const side = 1 << tileShift;

/** Which squares of a strip of the grid may hold change: a byte each, in the arena, where the screen sets them. */
export class TileMarks {
  readonly at: number;
  readonly columns: number;
  readonly rows: number;
  /** Row of squares that the first row of marks is. */
  readonly firstRow: number;

  constructor(gridWidth: number, fromRow: number, toRow: number) {
    this.columns = Math.ceil(gridWidth / side);
    this.firstRow = Math.floor(fromRow / side);
    this.rows = Math.ceil(toRow / side) - this.firstRow;
    this.at = allocate(this.columns * this.rows);
    this.#bytes().fill(0);
  }

  release(): void {
    release(this.at);
  }

  isSet(column: number, row: number): boolean {
    return this.#bytes()[(row - this.firstRow) * this.columns + column] === 1;
  }

  /** By column, whether any square between two rows of the grid is marked. */
  between(fromRow: number, toRow: number): Uint8Array {
    const any = new Uint8Array(this.columns);
    for (let row = fromRow >> tileShift; row << tileShift < toRow; row++) {
      for (let column = 0; column < this.columns; column++) if (this.isSet(column, row)) any[column] = 1;
    }
    return any;
  }

  /** Marks these columns in every row of squares. */
  add(columns: Uint8Array): void {
    const bytes = this.#bytes();
    for (let i = 0; i < bytes.length; i++) bytes[i] |= columns[i % this.columns];
  }

  setAll(): void {
    this.#bytes().fill(1);
  }

  #bytes(): Uint8Array {
    return new Uint8Array(arenaMemory.buffer, this.at, this.columns * this.rows);
  }
}

/** A piece of marked ground, in columns and rows of the grid. */
export interface Piece {
  column: number;
  row: number;
  width: number;
  height: number;
}

/**
 * The marked squares' parts within an area of the grid, neighbours of a row of squares joined up to `widest` pixels.
 */
export function* markedPieces(marks: TileMarks, area: Piece, widest: number): Generator<Piece> {
  const right = area.column + area.width;
  const bottom = area.row + area.height;
  for (let tileRow = Math.floor(area.row / side); tileRow * side < bottom; tileRow++) {
    const row = Math.max(area.row, tileRow * side);
    const height = Math.min(bottom, (tileRow + 1) * side) - row;
    let open: Piece | null = null;
    for (let tileColumn = Math.floor(area.column / side); tileColumn * side < right; tileColumn++) {
      const column = Math.max(area.column, tileColumn * side);
      const width = Math.min(right, (tileColumn + 1) * side) - column;
      const isMarked = marks.isSet(tileColumn, tileRow);
      if (isMarked && open !== null && open.width + width <= widest) {
        open.width += width;
        continue;
      }
      if (open !== null) yield open;
      open = isMarked ? { column, row, width, height } : null;
    }
    if (open !== null) yield open;
  }
}
