import { fromLonLat } from '../crs.ts';
import type { Grid, LonLatBox, ProjectedBox } from '../grid.ts';

/** A tile of WebMercatorQuad (OGC 17-083r4, annex D): z levels of 2^z × 2^z squares, rows from the north. */
export interface TileAddress {
  z: number;
  x: number;
  y: number;
}

export const WEB_MERCATOR = 'EPSG:3857';
/** Deepest level given: 1 cm a pixel, finer than any image. */
export const DEEPEST_ZOOM = 24;
/** Half the side of the world's square, m. */
export const HALF_WORLD_M = Math.PI * 6_378_137;

/** True for an address that names a tile of the world. */
export function isTile({ z, x, y }: TileAddress): boolean {
  const side = 2 ** z;
  return [z, x, y].every(Number.isInteger) && z >= 0 && z <= DEEPEST_ZOOM && x >= 0 && y >= 0 && x < side && y < side;
}

/** The pixels of a tile, `sizePx` a side. */
export function tileGrid({ z, x, y }: TileAddress, sizePx: number): Grid {
  const side = (2 * HALF_WORLD_M) / 2 ** z;
  const pixel = side / sizePx;
  return {
    width: sizePx,
    height: sizePx,
    crs: WEB_MERCATOR,
    originX: x * side - HALF_WORLD_M,
    originY: HALF_WORLD_M - y * side,
    pixelWidth: pixel,
    pixelHeight: -pixel,
  };
}

/**
 * The ground of a tile in degrees, widened by `margin` tile sides. Neighbours give the very same number for the edge
 * they share.
 */
export function tileLonLatBox({ z, x, y }: TileAddress, margin = 0): LonLatBox {
  const side = 2 ** z;
  return {
    minLon: ((x - margin) / side) * 360 - 180,
    maxLon: ((x + 1 + margin) / side) * 360 - 180,
    minLat: latitudeAt((y + 1 + margin) / side),
    maxLat: latitudeAt((y - margin) / side),
  };
}

/** Latitude at a share of the world's square from its top: 0.5 is the equator. */
function latitudeAt(share: number): number {
  return (Math.atan(Math.sinh(Math.PI * (1 - 2 * share))) * 180) / Math.PI;
}

/** The tile of a level that a place lies in. */
export function tileAt(z: number, lon: number, lat: number): TileAddress {
  const [x, y] = fromLonLat(WEB_MERCATOR)(lon, lat);
  const side = 2 ** z;
  const index = (share: number) => Math.max(0, Math.min(side - 1, Math.floor(share * side)));
  return { z, x: index((x + HALF_WORLD_M) / (2 * HALF_WORLD_M)), y: index((HALF_WORLD_M - y) / (2 * HALF_WORLD_M)) };
}

/** A box of degrees in web mercator. */
export function mercatorBox({ minLon, minLat, maxLon, maxLat }: LonLatBox): ProjectedBox {
  const project = fromLonLat(WEB_MERCATOR);
  const [minX, minY] = project(minLon, Math.max(-85.06, minLat));
  const [maxX, maxY] = project(maxLon, Math.min(85.06, maxLat));
  return { minX, minY, maxX, maxY };
}

/** Metres on the ground of a pixel of a tile of 256 pixels, at a latitude. */
export function groundPixelM(z: number, lat: number): number {
  return ((2 * HALF_WORLD_M) / 2 ** z / 256) * Math.cos((lat * Math.PI) / 180);
}
