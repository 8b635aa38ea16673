/**
 * Both dates of a window in the arena: a plane per band, all of one date one after another, row-major. Masks hold a
 * byte per pixel, 1 where that date observed it. All are addresses; rows are `stride` samples apart.
 */
export interface PairPlanes {
  sample: 'uint16' | 'float32';
  bands: number;
  before: number;
  after: number;
  /** From one band's plane to the next. */
  planeBytes: number;
  stride: number;
  width: number;
  height: number;
  maskBefore: number;
  maskAfter: number;
}

/** before ≈ after · gain + offset, of one band. */
export interface Tie {
  gain: number;
  offset: number;
}
