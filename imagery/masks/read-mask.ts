import { ImageryError } from '../error.ts';
import { type Grid, overviewGrid, windowGrid } from '../grid.ts';
import { openRaster } from '../open-raster.ts';
import type { RasterSource } from '../raster.ts';
import { resample, sourceWindow } from '../resampling/resample.ts';
import { observedBy } from './mask-classes.ts';
import type { SuppliedMask } from './supplied-mask.ts';

/** An open mask file, ready to be asked about any window of its scene. */
export interface MaskReader {
  /**
   * 1 = observed for each pixel of `target`, width × height: what the mask says where the pixel's centre lies, whatever
   * its resolution and CRS. What the mask does not cover, or what of it cannot be read, is not observed.
   */
  read(target: Grid): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** How far the proportions of a mask without a place may be from the image's. */
const proportionTolerance = 0.005;

/**
 * Opens a mask that came with a scene on `grid`. A mask that names no CRS (a PNG) covers the scene from edge to edge.
 * @throws ImageryError of the reader; sample-type-differs where quality bits or classes are no whole numbers;
 * crs-missing where it cannot be told where the mask lies
 */
export async function openSuppliedMask(
  { path, kind }: SuppliedMask,
  grid: Grid,
  onDamage?: (error: ImageryError) => void,
): Promise<MaskReader> {
  let damaged = false;
  const noteDamage = (error: ImageryError) => {
    damaged = true;
    onDamage?.(error);
  };
  const source = await openRaster(path, onDamage === undefined ? {} : { onDamage: noteDamage });
  try {
    if (kind !== 'mask' && source.info.sampleType.startsWith('float')) {
      const wanted = kind === 'scl' ? 'scene classes' : 'QA_PIXEL bits';
      throw new ImageryError(
        'sample-type-differs',
        `${path}: wanted a mask of whole numbers (${wanted}), got ${source.info.sampleType}.`,
      );
    }
    const own = placeOf(source, grid);
    return {
      read: (target) => observedIn(source, own, kind, target, () => damaged),
      close: () => source.close(),
    };
  } catch (error) {
    await source.close();
    throw error;
  }
}

/** Where the mask lies: as it says itself, or over the whole scene. */
function placeOf({ info }: RasterSource, grid: Grid): Grid {
  const own = info.grid;
  if (own.crs !== null && grid.crs !== null) return own;
  const proportion = (own.width * grid.height) / (own.height * grid.width);
  if (Math.abs(proportion - 1) <= proportionTolerance) return overviewGrid(grid, own);
  const which = own.crs === null ? 'names no CRS' : 'names a CRS, which its scene does not,';
  throw new ImageryError(
    'crs-missing',
    `${info.path}: ${which} and has ${own.width} x ${own.height} pixels; wanted the proportions of its scene, ${grid.width} x ${grid.height}.`,
  );
}

async function observedIn(
  source: RasterSource,
  own: Grid,
  kind: SuppliedMask['kind'],
  target: Grid,
  damaged: () => boolean,
): Promise<Uint8Array> {
  const window = sourceWindow(own, target, 1);
  if (window === null) return new Uint8Array(target.width * target.height);
  const { bands, mask } = await source.read(window);
  const numbers = bands[0];
  const observed = observedBy(kind, numbers);
  // A mask may declare its clear value, 0, as its nodata: that there is nothing to mask. What is damaged is 0 too.
  const zeroIsClear = kind === 'mask' && source.info.nodata === 0 && !damaged();
  for (let i = 0; i < observed.length; i++) if (mask[i] === 0 && !(zeroIsClear && numbers[i] === 0)) observed[i] = 0;
  return resample({ grid: windowGrid(own, window), bands: [], mask: observed }, target, 'nearest').mask;
}
