import type { Stretch } from '../picture.ts';
import type { Samples } from '../raster.ts';

/** Middle tones are lifted as in chips (picture.ts): a place looks the same on the map and in its pictures. */
const gamma = 0.6;
/** So many steps that neighbours differ by less than a grey level, also where the curve is steepest. */
const steps = 16_384;

const levels = Uint8Array.from({ length: steps + 1 }, (_, i) => Math.round(255 * (i / steps) ** gamma));

/** Red, green, blue, alpha of each pixel of a tile. */
export interface TilePixels {
  sizePx: number;
  rgba: Uint8Array;
  /** Pixels still transparent. */
  open: number;
}

export function emptyPixels(sizePx: number): TilePixels {
  return { sizePx, rgba: new Uint8Array(4 * sizePx * sizePx), open: sizePx * sizePx };
}

/** A block of a tile's pixels that an image shows: where it lies, and three channels (or one, for grey). */
export interface ShownBlock {
  column: number;
  row: number;
  width: number;
  height: number;
  channels: readonly Samples[];
  /** 1 = observed. */
  mask: Uint8Array;
}

/** Draws a block behind what is there already: only pixels still transparent take it. */
export function drawBehind(tile: TilePixels, block: ShownBlock, { low, range }: Stretch): void {
  const { rgba, sizePx } = tile;
  const { channels, mask, width } = block;
  const scale = steps / range;
  for (let row = 0; row < block.height; row++) {
    for (let column = 0; column < width; column++) {
      const from = row * width + column;
      const to = 4 * ((block.row + row) * sizePx + block.column + column);
      if (mask[from] === 0 || rgba[to + 3] !== 0) continue;
      for (let k = 0; k < 3; k++) {
        const channel = k < channels.length ? k : 0;
        const step = (channels[channel][from] - low[channel]) * scale;
        rgba[to + k] = levels[step <= 0 ? 0 : step >= steps ? steps : Math.round(step)];
      }
      rgba[to + 3] = 255;
      tile.open--;
    }
  }
}
