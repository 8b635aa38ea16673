import type { LonLatBox } from '../../imagery/grid.ts';
import { groundPixelM, tileAt } from '../../imagery/tiles/web-mercator.ts';

/** Where tiles show something, and at which levels. */
export interface TileRange {
  /** minLon, minLat, maxLon, maxLat. */
  bounds: [number, number, number, number];
  minzoom: number;
  maxzoom: number;
}

/**
 * The levels at which images may be shown: as far out as no tile is made of more than `most` of them, and in to where
 * a pixel of the finest fills two of the tile.
 */
export function rangeOf(boxes: readonly LonLatBox[], finestPixelM: number, most: number): TileRange | null {
  if (boxes.length === 0) return null;
  const least = (of: (box: LonLatBox) => number) => boxes.reduce((value, box) => Math.min(value, of(box)), Infinity);
  const greatest = (of: (box: LonLatBox) => number) =>
    boxes.reduce((value, box) => Math.max(value, of(box)), -Infinity);
  const minLat = least((box) => box.minLat);
  const maxLat = greatest((box) => box.maxLat);
  const bounds: TileRange['bounds'] = [least((box) => box.minLon), minLat, greatest((box) => box.maxLon), maxLat];
  let maxzoom = 0;
  while (maxzoom < 22 && groundPixelM(maxzoom, (minLat + maxLat) / 2) > finestPixelM / 2) maxzoom++;
  let minzoom = 0;
  while (minzoom < maxzoom && mostInATile(boxes, minzoom) > most) minzoom++;
  return { bounds, minzoom, maxzoom };
}

/** The most boxes that meet one tile of a level. */
function mostInATile(boxes: readonly LonLatBox[], z: number): number {
  const counts = new Map<string, number>();
  let most = 0;
  for (const { minLon, minLat, maxLon, maxLat } of boxes) {
    const [first, last] = [tileAt(z, minLon, maxLat), tileAt(z, maxLon, minLat)];
    // A box over many tiles shares each with few: the level is fine for it.
    if ((last.x - first.x) * (last.y - first.y) > 64) continue;
    for (let y = first.y; y <= last.y; y++) {
      for (let x = first.x; x <= last.x; x++) {
        const count = (counts.get(`${x} ${y}`) ?? 0) + 1;
        counts.set(`${x} ${y}`, count);
        most = Math.max(most, count);
      }
    }
  }
  return most;
}
