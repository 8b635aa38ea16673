import { ImageryError } from '../error.ts';
import { type Grid, type Window, windowGrid } from '../grid.ts';
import type { Raster, RasterInfo, RasterSource, Samples } from '../raster.ts';
import { openTiff, type TiffReadOptions } from '../tiff/reader.ts';
import { placeOfBand, readStack, type StackBand } from './manifest.ts';

/** A file of a stack, how much coarser its pixels are than the stack's, and which of its bands are wanted. */
interface Part {
  source: RasterSource;
  ratio: number;
  /** Band of the file, and which band of the stack it becomes. */
  bands: { from: number; to: number }[];
}

/** A coarser band has at most so many fine pixels to a side of its own: 10 m under 60 m is 6. */
const largestRatio = 16;

/**
 * Opens a stack of bands on the grid of its finest file. A coarser band is not interpolated: a pixel of the stack has
 * the value of the coarser pixel it lies in, as gdalbuildvrt has it. A pixel is observed where all bands are.
 * @throws ImageryError file-missing, image-damaged, those of the TIFF reader; bands-differ,
 * sample-type-differs where the files do not make one image
 */
export async function openStack(path: string, options: TiffReadOptions = {}): Promise<RasterSource> {
  const { bands } = await readStack(path);
  const groups = [...Map.groupBy(bands.entries(), ([, band]) => placeOfBand(path, band))];
  const opened = await Promise.allSettled(
    groups.map(([place, [[, band]]]) => openTiff(place, optionsOf(band, options))),
  );
  const sources = opened.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const close = () => Promise.all(sources.map((source) => source.close()));
  try {
    const failed = opened.find((one) => one.status === 'rejected');
    if (failed) throw failed.reason;
    const grid = finestGrid(sources);
    const parts = groups.map(([place, members], i) => {
      const part = members.map(([to, { band }]) => ({ from: band, to }));
      checkPart(path, place, sources[i].info, part, sources[0].info);
      return { source: sources[i], ratio: ratioOf(path, sources[i].info, grid), bands: part };
    });
    const info = infoOf(path, grid, parts, bands.length);
    return {
      info,
      read: (window) => readParts(info, parts, window),
      overview: async () => {
        throw new RangeError(`${path} has no overviews.`);
      },
      close: async () => void (await close()),
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function optionsOf({ version }: StackBand, options: TiffReadOptions): TiffReadOptions {
  return version === undefined ? options : { ...options, pinned: version };
}

function finestGrid(sources: readonly RasterSource[]): Grid {
  return sources.map(({ info }) => info.grid).reduce((a, b) => (b.pixelWidth < a.pixelWidth * (1 - 1e-6) ? b : a));
}

function checkPart(path: string, place: string, info: RasterInfo, bands: Part['bands'], first: RasterInfo): void {
  const missing = bands.find(({ from }) => from >= info.bandCount);
  if (missing !== undefined) {
    const what = `wanted band ${missing.from + 1} of ${place}, which has ${info.bandCount}`;
    throw new ImageryError('bands-differ', `${path}: ${what}.`);
  }
  if (info.sampleType !== first.sampleType) {
    const what = `wanted one sample type, got ${first.sampleType} in ${first.path} and ${info.sampleType} in ${place}`;
    throw new ImageryError('sample-type-differs', `${path}: ${what}.`);
  }
}

/** How many fine pixels make one of the file's; refuses what does not lie on the fine grid. */
function ratioOf(path: string, { path: place, grid }: RasterInfo, fine: Grid): number {
  const ratio = Math.round(grid.pixelWidth / fine.pixelWidth);
  const near = (a: number, b: number) => Math.abs(a - b) <= 1e-3 * fine.pixelWidth;
  const onGrid =
    grid.crs === fine.crs &&
    ratio <= largestRatio &&
    near(grid.originX, fine.originX) &&
    near(grid.originY, fine.originY) &&
    near(grid.pixelWidth * grid.width, ratio * fine.pixelWidth * grid.width) &&
    near(grid.pixelHeight * grid.height, ratio * fine.pixelHeight * grid.height);
  // The last coarse pixel may reach beyond the fine ones, or end short of them by less than one of its own.
  const sameSize = (length: number, fineLength: number) => Math.abs(length * ratio - fineLength) < ratio;
  if (onGrid && sameSize(grid.width, fine.width) && sameSize(grid.height, fine.height)) return ratio;
  const told = ({ width, height, originX, originY, pixelWidth, crs }: Grid) =>
    `${width} x ${height} pixels of ${pixelWidth} from ${originX}, ${originY} in ${crs}`;
  throw new ImageryError(
    'bands-differ',
    `${path}: its bands do not lie on one grid: wanted whole multiples of ${told(fine)}, got ${told(grid)} in ${place}.`,
  );
}

function infoOf(path: string, grid: Grid, parts: readonly Part[], bandCount: number): RasterInfo {
  const infos = parts.map(({ source }) => source.info);
  const ofBands = <T>(value: (info: RasterInfo, band: number) => T): T[] => {
    const values = new Array<T>(bandCount);
    for (const [i, { bands }] of parts.entries()) for (const { from, to } of bands) values[to] = value(infos[i], from);
    return values;
  };
  const scales = ofBands(({ scale }, band) => scale?.[band] ?? null);
  const names = ofBands(({ bandNames }, band) => bandNames?.[band] ?? '');
  return {
    ...{ path, grid, bandCount, sampleType: infos[0].sampleType, compression: 'stack', overviews: [] },
    // Each part has masked its own.
    nodata: infos.every(({ nodata }) => Object.is(nodata, infos[0].nodata)) ? infos[0].nodata : null,
    scale: scales.every((scale) => scale !== null) ? scales : null,
    bandNames: names.every((name) => name === '') ? null : names,
  };
}

async function readParts({ grid, bandCount }: RasterInfo, parts: readonly Part[], window: Window): Promise<Raster> {
  const rasters = await Promise.all(parts.map((part) => readPart(part, window)));
  const bands = new Array<Samples>(bandCount);
  const [{ mask }] = rasters;
  for (const [i, raster] of rasters.entries()) {
    for (const { from, to } of parts[i].bands) bands[to] = raster.bands[from];
    if (i > 0) for (let k = 0; k < mask.length; k++) mask[k] &= raster.mask[k];
  }
  return { grid: windowGrid(grid, window), bands, mask };
}

async function readPart({ source, ratio }: Part, window: Window): Promise<Raster> {
  if (ratio === 1) return source.read(window);
  const column = Math.floor(window.column / ratio);
  const row = Math.floor(window.row / ratio);
  const width = Math.ceil((window.column + window.width) / ratio) - column;
  const height = Math.ceil((window.row + window.height) / ratio) - row;
  const coarse = await source.read({ column, row, width, height });
  const shift = { column: window.column - column * ratio, row: window.row - row * ratio };
  const spread = <S extends Samples>(samples: S) => spreadOut(samples, width, ratio, shift, window);
  return { ...coarse, bands: coarse.bands.map(spread), mask: spread(coarse.mask) };
}

/** Every pixel of the window gets the coarse pixel it lies in. */
function spreadOut<S extends Samples>(
  coarse: S,
  coarseWidth: number,
  ratio: number,
  shift: { column: number; row: number },
  { width, height }: Window,
): S {
  const fine = new (coarse.constructor as new (length: number) => S)(width * height);
  for (let row = 0; row < height; row++) {
    const from = Math.floor((row + shift.row) / ratio) * coarseWidth;
    for (let column = 0, to = row * width; column < width; column++, to++) {
      fine[to] = coarse[from + Math.floor((column + shift.column) / ratio)];
    }
  }
  return fine;
}
