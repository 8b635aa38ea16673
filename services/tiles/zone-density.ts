import { setImmediate } from 'node:timers/promises';
import { type TileAddress, tileAt } from '../../imagery/tiles/web-mercator.ts';
import type { Store } from '../store/open.ts';
import { type ZonePlace, zonePlaces } from '../store/tile-rows.ts';
import type { ValidVersion } from '../store/zone-versions.ts';
import type { EncodeTile } from './vector-threads.ts';

/** Squares are tiles of this level, about 500 m: a county has some thousands. */
export const DENSITY_ZOOM = 16;
const squaresPerSide = 8;
/** Rows read at a time, so that others are answered in between. */
const rowsAtOnce = 4000;
/** Layers whose squares are kept. */
const mostKept = 16;

/** Zones of one district whose boxes have their middle in one square. */
interface Square {
  x: number;
  y: number;
  district: string;
  count: number;
  areaM2: number;
  lonSum: number;
  latSum: number;
}

/**
 * How many zones of large layers lie where, counted once: what a version holds never changes. Of two million parcels
 * the counting takes some seconds, the first time their map is seen from far away.
 */
export class ZoneDensities {
  readonly #store: Store;
  readonly #most: number;
  readonly #kept = new Map<string, Promise<Square[]>>();

  /** @param mostZones that a tile may hold */
  constructor(store: Store, mostZones: number) {
    this.#store = store;
    this.#most = mostZones;
  }

  /** True where a tile would hold more zones than it may. */
  async isCrowded(valid: readonly ValidVersion[], tile: TileAddress, within: string): Promise<boolean> {
    const all = valid.reduce((sum, { version }) => sum + version.featureCount, 0);
    // Near by, the rows themselves tell sooner than counting everything.
    if (all <= this.#most || tile.z >= DENSITY_ZOOM - 2) return false;
    const squares = await this.#squaresIn(valid, tile, within);
    return squares.reduce((sum, { count }) => sum + count, 0) > this.#most;
  }

  /** The zones of a tile as points with counts. */
  async clusters(valid: readonly ValidVersion[], tile: TileAddress, within: string): Promise<EncodeTile> {
    const level = Math.min(DENSITY_ZOOM, tile.z + Math.log2(squaresPerSide));
    const shift = 2 ** (DENSITY_ZOOM - level);
    const groups = Map.groupBy(await this.#squaresIn(valid, tile, within), ({ x, y }) => {
      return `${Math.floor(y / shift)} ${Math.floor(x / shift)}`;
    });
    const features = [...groups.values()].map((squares) => {
      const sum = (of: (square: Square) => number) => squares.reduce((total, square) => total + of(square), 0);
      const count = sum((square) => square.count);
      const middle = [sum(({ lonSum }) => lonSum) / count, sum(({ latSum }) => latSum) / count] as const;
      return { geometry: middle, properties: { count, areaM2: Math.round(sum(({ areaM2 }) => areaM2)) } };
    });
    return { tile, layer: 'clusters', cut: { buffer: 0, simplified: false }, features };
  }

  async #squaresIn(valid: readonly ValidVersion[], { z, x, y }: TileAddress, within: string): Promise<Square[]> {
    const scale = 2 ** (DENSITY_ZOOM - z);
    const all = await this.#squares(valid);
    return all.filter((square) => {
      const inside = Math.floor(square.x / scale) === x && Math.floor(square.y / scale) === y;
      return inside && square.district.startsWith(within);
    });
  }

  #squares(valid: readonly ValidVersion[]): Promise<Square[]> {
    const key = JSON.stringify(valid.map(({ version, without }) => [version.id, without]));
    const squares = this.#kept.get(key) ?? this.#count(valid);
    this.#kept.delete(key);
    this.#kept.set(key, squares);
    squares.catch(() => this.#kept.delete(key));
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > mostKept) this.#kept.delete(oldest);
    return squares;
  }

  async #count(valid: readonly ValidVersion[]): Promise<Square[]> {
    const squares = new Map<string, Square>();
    for (let after = 0; ; ) {
      const rows = await zonePlaces(this.#store.db, valid, after, rowsAtOnce);
      for (const row of rows) addTo(squares, row);
      if (rows.length < rowsAtOnce) return [...squares.values()];
      after = rows[rows.length - 1].id;
      await setImmediate();
    }
  }
}

function addTo(squares: Map<string, Square>, { district, areaM2, minLon, minLat, maxLon, maxLat }: ZonePlace): void {
  const [lon, lat] = [(minLon + maxLon) / 2, (minLat + maxLat) / 2];
  const { x, y } = tileAt(DENSITY_ZOOM, lon, lat);
  const key = `${x} ${y} ${district}`;
  const square = squares.get(key) ?? { x, y, district: district ?? '', count: 0, areaM2: 0, lonSum: 0, latSum: 0 };
  square.count++;
  square.areaM2 += areaM2;
  square.lonSum += lon;
  square.latSum += lat;
  squares.set(key, square);
}
