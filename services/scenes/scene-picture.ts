import { readAligned } from '../../imagery/aligned.ts';
import { type Grid, windowGrid } from '../../imagery/grid.ts';
import { type Channels, commonStretch, renderPicture } from '../../imagery/picture.ts';
import type { RasterSource } from '../../imagery/raster.ts';
import type { BandRole, Scene } from '../../imagery/scene.ts';
import { openSceneFile } from '../../imagery/scene-file.ts';

/** The picture is drawn in strips that show at most so many pixels of a file without overviews. */
const pixelsAtOnce = 4 * 2 ** 20;

/**
 * A quick look at a scene, PNG: true colour where it has red, green and blue, else its first band in grey. Reads the
 * smallest overview that is sharp enough; tiles that cannot be decoded are hatched like nodata.
 * @param sizePx pixels of the longer side at most
 */
export async function drawScene(scene: Scene, sizePx: number): Promise<Buffer> {
  // A picture shows what its mask hides.
  const file = await openSceneFile({ ...scene, mask: null, saturation: null }, () => {});
  try {
    const source = await sharpEnough(file, sizePx);
    const target = pictureGrid(scene.grid, sizePx);
    const shown = await readInStrips(source, target, shownBands(scene.bands));
    return await renderPicture(shown, target.width, target.height, commonStretch([shown]));
  } finally {
    await file.close();
  }
}

/** The grid of the picture: the scene's ground in square steps, never finer than its pixels. */
function pictureGrid(grid: Grid, sizePx: number): Grid {
  const step = Math.max(1, Math.max(grid.width, grid.height) / sizePx);
  return {
    ...grid,
    width: Math.max(1, Math.round(grid.width / step)),
    height: Math.max(1, Math.round(grid.height / step)),
    pixelWidth: grid.pixelWidth * step,
    pixelHeight: grid.pixelHeight * step,
  };
}

async function sharpEnough(file: RasterSource, sizePx: number): Promise<RasterSource> {
  const level = file.info.overviews.findLastIndex(({ width, height }) => Math.max(width, height) >= sizePx);
  return level < 0 ? file : file.overview(level);
}

async function readInStrips(source: RasterSource, target: Grid, bands: readonly number[]): Promise<Channels> {
  const pixels = target.width * target.height;
  const channels = [0, 1, 2].map(() => new Float32Array(pixels));
  const mask = new Uint8Array(pixels);
  const rowsPerRow = Math.abs(target.pixelHeight / source.info.grid.pixelHeight);
  const rowsAtOnce = Math.max(1, Math.floor(pixelsAtOnce / (source.info.grid.width * rowsPerRow)));
  for (let row = 0; row < target.height; row += rowsAtOnce) {
    const height = Math.min(rowsAtOnce, target.height - row);
    const strip = await readAligned(source, windowGrid(target, { column: 0, row, width: target.width, height }), bands);
    for (const [k, channel] of channels.entries()) channel.set(strip.bands[k], row * target.width);
    mask.set(strip.mask, row * target.width);
  }
  return { channels, mask };
}

function shownBands(roles: readonly BandRole[]): number[] {
  const colours = (['R', 'G', 'B'] as const).map((role) => roles.indexOf(role));
  return colours.includes(-1) ? [0, 0, 0] : colours;
}
