import type { Window } from '../../imagery/grid.ts';
import { openRaster } from '../../imagery/open-raster.ts';
import type { Raster, RasterInfo } from '../../imagery/raster.ts';

/** What a file says of itself, and its pixels: all of them, or a window. */
export async function readRaster(path: string, window?: Window): Promise<{ info: RasterInfo; raster: Raster }> {
  const source = await openRaster(path);
  try {
    const { width, height } = source.info.grid;
    return { info: source.info, raster: await source.read(window ?? { column: 0, row: 0, width, height }) };
  } finally {
    await source.close();
  }
}
