import type { Grid, Window } from './grid.ts';

export type SampleType = 'uint8' | 'int8' | 'uint16' | 'int16' | 'uint32' | 'int32' | 'float32' | 'float64';

export type Samples =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array;

/**
 * Pixels in memory. The one array layout of the project: a typed array per band, row-major from the
 * top-left, grid.width * grid.height samples each. mask is 1 where the pixel was observed, 0 where it
 * was not (nodata on raw values, outside the file, unreadable, cloud). A masked sample's value means nothing.
 */
export interface Raster<S extends Samples = Samples> {
  grid: Grid;
  bands: S[];
  mask: Uint8Array;
}

/** What a raster file says of itself, before any pixel is decoded. */
export interface RasterInfo {
  path: string;
  grid: Grid;
  bandCount: number;
  sampleType: SampleType;
  /** Raw value that means "not observed", or null. */
  nodata: number | null;
  compression: string;
  /** What is decoded at a time: a tile, or a strip over the whole width. The image itself where nothing is said. */
  chunk?: { width: number; height: number };
  /** Smaller versions of the image that the file holds, largest first; each is read through overview(). */
  overviews: { width: number; height: number }[];
  /** Per band, what the file says its numbers stand for: raw * scale + offset. Null where it says nothing. */
  scale: { scale: number; offset: number }[] | null;
  /** What the file calls its bands, '' where it does not name one; null where it names none. */
  bandNames: string[] | null;
}

/** An open raster file, or anything else pixels can be read from window by window. */
export interface RasterSource {
  info: RasterInfo;
  /**
   * Native samples of one window. Pixels outside the file come back masked. `into`, a raster of the window's size and
   * the file's sample type, lends its arrays, which are then the result's.
   */
  read(window: Window, into?: Raster): Promise<Raster>;
  /**
   * One whole overview level, on a grid of its own over the same ground, masked by the same rules. Reads from this
   * source's file, so it ends with this source; its own close() only frees its memory.
   * @param level index into info.overviews
   * @throws RangeError where there is no such level
   */
  overview(level: number): Promise<RasterSource>;
  close(): Promise<void>;
}
