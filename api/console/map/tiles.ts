import ol from 'ol/dist/ol.js';
import { getBlob } from '../shell/server.ts';
import { mapWord } from './words.ts';

/** Tiles of our own server, asked for with the key or session of who looks: an <img> could not send a key. */

/** Stands before our own tiles in OpenLayers, which wants a whole address. */
const ours = 'own:';

/** A picture of one month's images, before or after, through `bands`. */
export function monthSource(month: string, side: 'before' | 'after', bands: string): ol.source.XYZ {
  const sharp = devicePixelRatio > 1 ? 2 : 1;
  return new ol.source.XYZ({
    url: `${ours}tiles/months/${month}/${side}/{z}/{x}/{y}.png?bands=${bands}&scale=${sharp}`,
    tilePixelRatio: sharp,
    maxZoom: 19,
    attributions: `${mapWord('own')} ${month}`,
    transition: 0,
    tileLoadFunction: (tile, address) => void loadPicture(tile as ol.ImageTile, address),
  });
}

/** Zones or patches as vector tiles; `query` begins with '?' or is empty. */
export function vectorSource(path: string, query: string, maxZoom: number): ol.source.VectorTile {
  return new ol.source.VectorTile({
    format: new ol.format.MVT(),
    url: `${ours}${path}/{z}/{x}/{y}.mvt${query}`,
    maxZoom,
    transition: 0,
    tileLoadFunction: (tile, address) => loadShapes(tile as ShapeTile, address),
  });
}

/** Features of one vector tile, in the map's own coordinates. */
export async function readTile(path: string, extent: number[], signal?: AbortSignal): Promise<ol.render.Feature[]> {
  const bytes = await (await getBlob(path, signal)).arrayBuffer();
  return new ol.format.MVT().readFeatures(bytes, { extent, featureProjection: 'EPSG:3857' }) as ol.render.Feature[];
}

type ShapeTile = ol.VectorTile<ol.render.Feature>;

const failed = 3;

async function loadPicture(tile: ol.ImageTile, address: string): Promise<void> {
  try {
    const url = URL.createObjectURL(await getBlob(address.slice(ours.length)));
    const image = tile.getImage() as HTMLImageElement;
    image.addEventListener('load', () => URL.revokeObjectURL(url), { once: true });
    image.src = url;
  } catch {
    tile.setState(failed);
  }
}

function loadShapes(tile: ShapeTile, address: string): void {
  tile.setLoader((extent: number[]) => {
    readTile(address.slice(ours.length), extent).then(
      (features) => tile.setFeatures(features),
      () => tile.setState(failed),
    );
  });
}
