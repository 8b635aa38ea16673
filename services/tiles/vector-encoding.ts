import { type GeoJSONVTTile, geoJSONToTile } from '@maplibre/geojson-vt';
import { fromGeojsonVt } from '@maplibre/vt-pbf';
import type { Feature, Geometry } from 'geojson';
import type { TileAddress } from '../../imagery/tiles/web-mercator.ts';

/** Units along a tile's side. */
export const TILE_EXTENT = 4096;
/** Polygons are drawn so far over the edge, so that their outlines do not show along it. */
export const POLYGON_BUFFER = 64;
/** Corners that shift an outline by less are left out: less than half a pixel of a tile shown at 512. */
const drawnTolerance = 3;

export interface TileFeature {
  /** A whole number by which a map tells features apart, where there is one. */
  id?: number;
  geometry: Geometry;
  properties: Record<string, string | number | boolean>;
}

/** How the features of a layer are cut to a tile. Points belong to one tile alone, so they have no buffer. */
export interface LayerCut {
  buffer: number;
  /** True: fewer corners where nobody sees them. */
  simplified: boolean;
}

/** A vector tile (MVT 2) of some layers; those without features are left out, and a tile of none has no bytes. */
export function vectorTile(
  tile: TileAddress,
  layers: Readonly<Record<string, { features: readonly TileFeature[]; cut: LayerCut }>>,
): Uint8Array {
  const cut: Record<string, GeoJSONVTTile> = {};
  for (const [name, { features, cut: how }] of Object.entries(layers)) {
    const drawn = features.flatMap((feature) => cutTo(tile, feature, how));
    if (drawn.length > 0) cut[name] = { ...geoJSONToTile(nothing, tile.z, tile.x, tile.y), features: drawn };
  }
  return fromGeojsonVt(cut, { version: 2, extent: TILE_EXTENT });
}

const nothing = { type: 'FeatureCollection' as const, features: [] };

/** One feature in the units of the tile; what fewer corners would make vanish keeps them all. */
function cutTo({ z, x, y }: TileAddress, feature: TileFeature, { buffer, simplified }: LayerCut) {
  const whole: Feature = { type: 'Feature', ...feature };
  const options = { extent: TILE_EXTENT, buffer, clip: true, maxZoom: 25 };
  const cut = geoJSONToTile(whole, z, x, y, { ...options, tolerance: simplified ? drawnTolerance : 0 });
  if (!simplified || cut.features.length > 0) return cut.features;
  return geoJSONToTile(whole, z, x, y, { ...options, tolerance: 0 }).features;
}
