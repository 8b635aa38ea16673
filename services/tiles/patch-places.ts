import type { Kysely } from 'kysely';
import { type TileAddress, tileLonLatBox } from '../../imagery/tiles/web-mercator.ts';
import type { ResolvedFilter } from '../queue/filter.ts';
import type { Database } from '../store/schema.ts';
import { patchPlaces } from '../store/tile-rows.ts';

/** Where the patches of a filter lie, one entry each: as much as a map from far away shows. */
interface Places {
  lon: Float64Array;
  lat: Float64Array;
  areaM2: Float64Array;
  overdue: Uint8Array;
}

/** Patches of one square of a tile, together; where most of them are. */
export interface PatchCluster {
  count: number;
  overdue: number;
  areaM2: number;
  lon: number;
  lat: number;
}

const bytesEach = 25;
const mostBytes = 64 * 2 ** 20;

/**
 * Keeps where the patches of the filters asked last lie: a map asks for many tiles of one filter at once, and from far
 * away every tile would look at every patch.
 */
export class PatchPlaces {
  readonly #kept = new Map<string, Places>();
  #bytes = 0;

  /** Patches of a tile. @param key names the filter, who asks and the state of the store */
  async countIn(db: Kysely<Database>, key: string, asked: PlacesAsked): Promise<number> {
    let count = 0;
    eachIn(await this.#of(db, key, asked), asked.tile, () => count++);
    return count;
  }

  /** The same by squares, of which `side` × `side` fill the tile; rows from the north. */
  async clusters(db: Kysely<Database>, key: string, asked: PlacesAsked, side: number): Promise<PatchCluster[]> {
    const places = await this.#of(db, key, asked);
    const { minLon, maxLon, minLat, maxLat } = tileLonLatBox(asked.tile);
    const squares: (PatchCluster | undefined)[] = new Array(side * side).fill(undefined);
    const along = (share: number) => Math.min(side - 1, Math.floor(share * side));
    eachIn(places, asked.tile, (i) => {
      const [lon, lat] = [places.lon[i], places.lat[i]];
      const at = along((maxLat - lat) / (maxLat - minLat)) * side + along((lon - minLon) / (maxLon - minLon));
      squares[at] ??= { count: 0, overdue: 0, areaM2: 0, lon: 0, lat: 0 };
      const square = squares[at];
      square.count++;
      square.overdue += places.overdue[i];
      square.areaM2 += places.areaM2[i];
      square.lon += lon;
      square.lat += lat;
    });
    return squares.flatMap((square) =>
      square === undefined ? [] : { ...square, lon: square.lon / square.count, lat: square.lat / square.count },
    );
  }

  async #of(db: Kysely<Database>, key: string, { filter, at }: PlacesAsked): Promise<Places> {
    const places = this.#kept.get(key) ?? packed(await patchPlaces(db, filter, at));
    this.#bytes += this.#kept.delete(key) ? 0 : bytesOf(places);
    this.#kept.set(key, places);
    for (const [oldest, held] of this.#kept) {
      if (this.#bytes <= mostBytes || this.#kept.size === 1) break;
      this.#kept.delete(oldest);
      this.#bytes -= bytesOf(held);
    }
    return places;
  }
}

export interface PlacesAsked {
  tile: TileAddress;
  filter: ResolvedFilter;
  at: Date;
}

function bytesOf({ lon }: Places): number {
  return bytesEach * lon.length;
}

function packed(rows: Awaited<ReturnType<typeof patchPlaces>>): Places {
  const count = rows.length;
  const places = {
    lon: new Float64Array(count),
    lat: new Float64Array(count),
    areaM2: new Float64Array(count),
    overdue: new Uint8Array(count),
  };
  for (let i = 0; i < count; i++) {
    const row = rows[i];
    places.lon[i] = row.lon;
    places.lat[i] = row.lat;
    places.areaM2[i] = row.areaM2;
    places.overdue[i] = row.overdue;
  }
  return places;
}

/** West and north edge are the tile's own. */
function eachIn({ lon, lat }: Places, tile: TileAddress, visit: (index: number) => void): void {
  const { minLon, maxLon, minLat, maxLat } = tileLonLatBox(tile);
  for (let i = 0; i < lon.length; i++) {
    if (lon[i] >= minLon && lon[i] < maxLon && lat[i] > minLat && lat[i] <= maxLat) visit(i);
  }
}
