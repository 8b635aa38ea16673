import { encodePng } from '../../imagery/picture.ts';
import { chipGrid } from '../evidence/chip-frame.ts';
import type { Evidence } from '../month/evidence.ts';

/** The patch's pixels as a picture over its chips: 255 where it changed, 0 elsewhere; sizePx × sizePx, PNG. */
export function maskPicture(evidence: Pick<Evidence, 'grid' | 'runs'>, sizePx: number): Promise<Uint8Array> {
  return encodePng(maskPixels(evidence, sizePx), sizePx, sizePx);
}

/** The same as red, green, blue of each pixel: a chip's pixel belongs to it where its centre does. */
function maskPixels(evidence: Pick<Evidence, 'grid' | 'runs'>, sizePx: number): Uint8Array {
  const { grid, runs } = evidence;
  const target = chipGrid(evidence, sizePx);
  const rows = Map.groupBy(runs.row.keys(), (i) => runs.row[i]);
  const pixels = new Uint8Array(sizePx * sizePx * 3);
  for (let y = 0; y < sizePx; y++) {
    const row = Math.floor((target.originY + (y + 0.5) * target.pixelHeight - grid.originY) / grid.pixelHeight);
    const inRow = rows.get(row) ?? [];
    for (let x = 0; x < sizePx; x++) {
      const column = Math.floor((target.originX + (x + 0.5) * target.pixelWidth - grid.originX) / grid.pixelWidth);
      if (inRow.some((i) => column >= runs.start[i] && column < runs.end[i])) {
        pixels.fill(255, 3 * (y * sizePx + x), 3 * (y * sizePx + x) + 3);
      }
    }
  }
  return pixels;
}
