import { DEEPEST_ZOOM, HALF_WORLD_M, isTile, type TileAddress } from '../../imagery/tiles/web-mercator.ts';

/** Deepest level of which tiles are given. */
export const deepestZoom = DEEPEST_ZOOM;

/** Which number of an address names no tile of the world, and what it must be; null where it names one. */
export function outsideWorld(tile: TileAddress): { name: keyof TileAddress; wanted: string } | null {
  if (isTile(tile)) return null;
  if (tile.z > DEEPEST_ZOOM) return { name: 'z', wanted: `a level from 0 to ${DEEPEST_ZOOM}` };
  return { name: tile.x >= 2 ** tile.z ? 'x' : 'y', wanted: `less than 2^z = ${2 ** tile.z}` };
}

/** The WebMercatorQuad of OGC 17-083r4 with the levels that are given. */
export function webMercatorQuad() {
  const tileMatrices = Array.from({ length: DEEPEST_ZOOM + 1 }, (_, z) => {
    const cellSize = (2 * HALF_WORLD_M) / 256 / 2 ** z;
    return {
      id: String(z),
      // A pixel of the standard is 0.28 mm.
      scaleDenominator: cellSize / 0.00028,
      cellSize,
      pointOfOrigin: [-HALF_WORLD_M, HALF_WORLD_M],
      tileWidth: 256,
      tileHeight: 256,
      matrixWidth: 2 ** z,
      matrixHeight: 2 ** z,
    };
  });
  return {
    id: 'WebMercatorQuad',
    title: 'Google Maps Compatible for the World',
    uri: 'http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad',
    crs: 'http://www.opengis.net/def/crs/EPSG/0/3857',
    tileMatrices,
  };
}
