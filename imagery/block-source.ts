import { checkWindow, type Window, windowGrid } from './grid.ts';
import type { Raster, RasterInfo, RasterSource, Samples } from './raster.ts';
import { maskNodata } from './tiff/nodata.ts';
import { SAMPLE_TYPES } from './tiff/samples.ts';

/** How an image without overviews and masks of its own is read. */
export interface BlockReader {
  /** Samples of a block that lies inside the image: an array per sample of a pixel, alpha included. */
  readBlock(block: Window): Promise<Samples[]>;
  /** Index of the sample that is alpha (0 = not observed), or -1. */
  alpha: number;
  close(): Promise<void>;
}

/** A raster source over anything that gives blocks: it adds what lies outside, nodata and alpha. */
export function blockSource(info: RasterInfo, reader: BlockReader): RasterSource {
  return {
    info,
    read: async (window, into) => lent(await readWindow(info, reader, window), into),
    overview: async () => {
      throw new RangeError(`${info.path} has no overviews.`);
    },
    close: () => reader.close(),
  };
}

async function readWindow(info: RasterInfo, reader: BlockReader, window: Window): Promise<Raster> {
  const { column, row, width, height } = window;
  checkWindow(window);
  const inside = clipped(window, info.grid);
  const mask = new Uint8Array(width * height);
  const sampleCount = info.bandCount + (reader.alpha < 0 ? 0 : 1);
  let bands: Samples[];
  if (inside === null) {
    bands = Array.from({ length: sampleCount }, () => new SAMPLE_TYPES[info.sampleType].array(width * height));
  } else {
    const block = await reader.readBlock(inside);
    for (let y = inside.row - row; y < inside.row - row + inside.height; y++) {
      const from = y * width + inside.column - column;
      mask.fill(1, from, from + inside.width);
    }
    bands = block.map((samples) => widened(samples, inside, window));
  }
  if (reader.alpha >= 0) {
    const [alpha] = bands.splice(reader.alpha, 1);
    maskNodata(alpha, 0, mask);
  }
  for (const band of bands) maskNodata(band, info.nodata, mask);
  return { grid: windowGrid(info.grid, window), bands, mask };
}

/** The same in the arrays of `into`, where it lends some. */
function lent(raster: Raster, into: Raster | undefined): Raster {
  if (!into) return raster;
  for (const [k, band] of raster.bands.entries()) into.bands[k].set(band);
  into.mask.set(raster.mask);
  return { ...raster, bands: into.bands, mask: into.mask };
}

/** What window and image have in common, or null. */
function clipped(window: Window, image: { width: number; height: number }): Window | null {
  const column = Math.max(0, window.column);
  const row = Math.max(0, window.row);
  const width = Math.min(image.width, window.column + window.width) - column;
  const height = Math.min(image.height, window.row + window.height) - row;
  return width > 0 && height > 0 ? { column, row, width, height } : null;
}

function widened(samples: Samples, inside: Window, window: Window): Samples {
  if (inside.width === window.width && inside.height === window.height) return samples;
  const Type = samples.constructor as new (length: number) => Samples;
  const wide = new Type(window.width * window.height);
  for (let y = 0; y < inside.height; y++) {
    const to = (y + inside.row - window.row) * window.width + inside.column - window.column;
    wide.set(samples.subarray(y * inside.width, (y + 1) * inside.width), to);
  }
  return wide;
}
