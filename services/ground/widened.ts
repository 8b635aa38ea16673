import type { LonLatBox } from '../../imagery/grid.ts';

/** The box with so many metres all round. */
export function widened(box: LonLatBox, metres: number): LonLatBox {
  const north = metres / 110_000;
  const east = north / Math.cos((Math.max(Math.abs(box.minLat), Math.abs(box.maxLat)) * Math.PI) / 180);
  return {
    minLon: box.minLon - east,
    minLat: box.minLat - north,
    maxLon: box.maxLon + east,
    maxLat: box.maxLat + north,
  };
}
