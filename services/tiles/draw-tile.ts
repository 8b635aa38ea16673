import { type Grid, windowGrid } from '../../imagery/grid.ts';
import { drawBehind, emptyPixels, type TilePixels } from '../../imagery/tiles/pixels.ts';
import { tilePng } from '../../imagery/tiles/png.ts';
import { readReduced, reductionOf, tileWindow } from '../../imagery/tiles/reduced.ts';
import { mercatorBox, tileGrid } from '../../imagery/tiles/web-mercator.ts';
import { lonLatBox } from '../scenes/scene-record.ts';
import { type DrawnTile, type DrawTile, type GroupStretch, type Layer, toDecibels, toReflectance } from './drawing.ts';
import type { OpenImages } from './open-images.ts';

/**
 * Draws a tile: each layer shows through where those before it show nothing, and last of all what masks hide, since
 * clouds are better than a hole. A layer whose file cannot be read is left out and told.
 */
export async function drawTile(images: OpenImages, { tile, sizePx, layers, stretches }: DrawTile): Promise<DrawnTile> {
  const grid = tileGrid(tile, sizePx);
  const drawn = emptyPixels(sizePx);
  const damage: string[] = [];
  const masked = layers.filter(({ scene }) => scene.mask !== null);
  for (const [part, bare] of [
    [layers, false],
    [masked, true],
  ] as const) {
    for (const layer of part) {
      if (drawn.open === 0) break;
      try {
        await drawLayer(images, layer, stretches[layer.group], { grid, drawn, bare });
      } catch (error) {
        damage.push((error as Error).message);
      }
    }
  }
  damage.push(...images.takeDamage());
  return { png: drawn.open === sizePx * sizePx ? null : await tilePng(drawn), damage };
}

interface Canvas {
  grid: Grid;
  drawn: TilePixels;
  bare: boolean;
}

async function drawLayer(
  images: OpenImages,
  { scene, shown }: Layer,
  { stretch, toDecibels: asDecibels }: GroupStretch,
  { grid, drawn, bare }: Canvas,
): Promise<void> {
  // Far from its own zone a projection may fold over: only the scene's own ground is asked for.
  const window = tileWindow(grid, mercatorBox(lonLatBox(scene.grid)));
  if (window === null) return;
  const target = windowGrid(grid, window);
  const reduction = reductionOf(scene.grid, grid);
  const source = await images.at(scene, reduction, bare);
  const left = reductionOf(source.info.grid, grid);
  const { bands, mask } = await readReduced(source, target, shown.indices, left);
  for (const band of bands) {
    if (asDecibels) toDecibels(band);
    else if (!shown.radar) toReflectance(band, scene);
  }
  drawBehind(drawn, { ...window, channels: bands, mask }, stretch);
}
