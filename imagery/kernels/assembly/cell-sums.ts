/** Column sums of the rows of one row of cells; the wrapper cuts wider planes. */
const widest = 4096;
const columnSums = memory.data(widest * 4 + 64);

/** Adds each column's sum over `rows` rows; eight columns at a time. */
// @ts-ignore: decorator
@inline
function sumDown<T>(at: usize, stride: usize, width: i32, rows: i32): void {
  for (let x = 0; x < width; x += 8) {
    let from = at + <usize>x * sizeof<T>();
    if (isFloat<T>()) {
      let low = f32x4.splat(0);
      let high = f32x4.splat(0);
      for (let y = 0; y < rows; y++, from += stride) {
        low = f32x4.add(low, v128.load(from));
        high = f32x4.add(high, v128.load(from, 16));
      }
      v128.store(columnSums + (<usize>x << 2), low);
      v128.store(columnSums + (<usize>x << 2), high, 16);
    } else {
      let low = i32x4.splat(0);
      let high = i32x4.splat(0);
      for (let y = 0; y < rows; y++, from += stride) {
        const v = v128.load(from);
        low = i32x4.add(low, i32x4.extend_low_i16x8_u(v));
        high = i32x4.add(high, i32x4.extend_high_i16x8_u(v));
      }
      v128.store(columnSums + (<usize>x << 2), f32x4.convert_i32x4_u(low));
      v128.store(columnSums + (<usize>x << 2), f32x4.convert_i32x4_u(high), 16);
    }
  }
}

/** The same where some pixels do not count: those with a 0 in `mask`. */
// @ts-ignore: decorator
@inline
function sumObservedDown<T>(at: usize, mask: usize, stride: i32, width: i32, rows: i32): void {
  for (let x = 0; x < width; x++) {
    let sum: f32 = 0;
    for (let y = 0; y < rows; y++) {
      const i = <usize>(y * stride + x);
      if (load<u8>(mask + i) != 0) sum += <f32>load<T>(at + i * sizeof<T>());
    }
    store<f32>(columnSums + (<usize>x << 2), sum);
  }
}

/**
 * Adds a plane's samples up by square cells of `cellPx` pixels of the grid. The plane's first pixel lies at column
 * `gridColumn`, row `gridRow` of the grid; `sums` holds a float32 per cell, `columns` a row, from cell row `firstRow`.
 * `mask`: a byte per pixel, 0 = does not count; 0: all count.
 */
// @ts-ignore: decorator
@inline
function sumCells<T>(
  plane: usize,
  mask: usize,
  stride: i32,
  width: i32,
  height: i32,
  gridColumn: i32,
  gridRow: i32,
  cellPx: i32,
  sums: usize,
  columns: i32,
  firstRow: i32,
): void {
  for (let y = 0; y < height; ) {
    const cellRow = (gridRow + y) / cellPx;
    const rows = min(height - y, (cellRow + 1) * cellPx - gridRow - y);
    const skip = <usize>(y * stride);
    if (mask == 0) sumDown<T>(plane + skip * sizeof<T>(), <usize>stride * sizeof<T>(), width, rows);
    else sumObservedDown<T>(plane + skip * sizeof<T>(), mask + skip, stride, width, rows);
    const to = sums + (<usize>((cellRow - firstRow) * columns) << 2);
    for (let x = 0; x < width; ) {
      const cell = (gridColumn + x) / cellPx;
      const end = min(width, (cell + 1) * cellPx - gridColumn);
      let sum: f32 = 0;
      for (; x < end; x++) sum += load<f32>(columnSums + (<usize>x << 2));
      const at = to + (<usize>cell << 2);
      store<f32>(at, load<f32>(at) + sum);
    }
    y += rows;
  }
}

export function sumCellsUint8(
  plane: usize,
  stride: i32,
  width: i32,
  height: i32,
  gridColumn: i32,
  gridRow: i32,
  cellPx: i32,
  sums: usize,
  columns: i32,
  firstRow: i32,
): void {
  // A mask of ones and zeros is its own mask.
  sumCells<u8>(plane, plane, stride, width, height, gridColumn, gridRow, cellPx, sums, columns, firstRow);
}

export function sumCellsUint16(
  plane: usize,
  mask: usize,
  stride: i32,
  width: i32,
  height: i32,
  gridColumn: i32,
  gridRow: i32,
  cellPx: i32,
  sums: usize,
  columns: i32,
  firstRow: i32,
): void {
  sumCells<u16>(plane, mask, stride, width, height, gridColumn, gridRow, cellPx, sums, columns, firstRow);
}

export function sumCellsFloat32(
  plane: usize,
  mask: usize,
  stride: i32,
  width: i32,
  height: i32,
  gridColumn: i32,
  gridRow: i32,
  cellPx: i32,
  sums: usize,
  columns: i32,
  firstRow: i32,
): void {
  sumCells<f32>(plane, mask, stride, width, height, gridColumn, gridRow, cellPx, sums, columns, firstRow);
}
