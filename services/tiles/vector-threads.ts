import type { Geometry } from 'geojson';
import type { TileAddress } from '../../imagery/tiles/web-mercator.ts';
import { ThreadPool } from '../jobs/threads.ts';
import { fromWkb, toGeoJson } from '../zones/geometry/wkb.ts';
import { type LayerCut, type TileFeature, vectorTile } from './vector-encoding.ts';

/** A layer to be made a tile of: shapes are WKB, GeoJSON text or a point, as the store has them. */
export interface EncodeTile {
  tile: TileAddress;
  layer: string;
  cut: LayerCut;
  features: {
    geometry: Uint8Array | string | readonly [lon: number, lat: number];
    properties: TileFeature['properties'];
  }[];
}

/** What is fewer than this is made a tile of in the time that handing it to a thread takes. */
const fewFeatures = 50;

/** Makes vector tiles beside the server's own thread, which has others to answer. */
export class VectorThreads {
  readonly #threads = new ThreadPool(1, new URL('./vector-thread.ts', import.meta.url), { limitMs: () => 60_000 });

  async encode(input: EncodeTile): Promise<Uint8Array> {
    if (input.features.length < fewFeatures) return encodeTile(input);
    return (await this.#threads.run('encode', input)) as Uint8Array;
  }

  close(): Promise<void> {
    return this.#threads.close();
  }
}

export function encodeTile({ tile, layer, cut, features }: EncodeTile): Uint8Array {
  const drawn = features.map(({ geometry, properties }): TileFeature => {
    const id = wholeNumber(properties['number']);
    return { ...(id !== null && { id }), geometry: shapeOf(geometry), properties };
  });
  return vectorTile(tile, { [layer]: { features: drawn, cut } });
}

function shapeOf(geometry: EncodeTile['features'][number]['geometry']): Geometry {
  if (typeof geometry === 'string') return JSON.parse(geometry) as Geometry;
  if (geometry instanceof Uint8Array) return toGeoJson(fromWkb(geometry));
  return { type: 'Point', coordinates: [...geometry] };
}

/** A patch's number (JCBH) as a number, where one holds it exactly. */
function wholeNumber(value: unknown): number | null {
  const number = typeof value === 'string' && /^\d{1,16}$/.test(value) ? Number(value) : NaN;
  return Number.isSafeInteger(number) ? number : null;
}
