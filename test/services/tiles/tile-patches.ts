import { VectorTile, type VectorTileFeature } from '@mapbox/vector-tile';
import { PbfReader } from 'pbf';
import { type TileAddress, tileAt } from '../../../imagery/tiles/web-mercator.ts';
import { insertDetections, insertPlaces } from '../../../services/store/detections.ts';
import type { Store } from '../../../services/store/open.ts';
import { insertPatches } from '../../../services/store/patches.ts';
import { beginRun } from '../../../services/store/runs.ts';
import { seededRandom } from '../../support/random.ts';
import { detectionRow, patchRow, placeRow, runRow } from '../../support/rows.ts';

/** Where the patches of these tests lie: 0.3° a side, over many tiles of level 12 and parts of four of level 8. */
export const ground = { minLon: 112.35, minLat: 26.85, maxLon: 112.65, maxLat: 27.15 };

const states = ['found', 'warned', 'verified', 'resolved'];
const types = ['20', 'TD', 'DL1'];

/** Many patches at once, L-shaped, of two counties, two months, four states and three types. */
export async function plantMany(store: Store, count: number, seed = 7): Promise<void> {
  const random = seededRandom(seed);
  const rows = Array.from({ length: count }, (_, k) => {
    const [lon, lat] = [ground.minLon + 0.3 * random(), ground.minLat + 0.3 * random()];
    const side = 0.0002 + 0.002 * random() ** 3;
    const month = k % 3 === 0 ? '2025-05' : '2025-06';
    const district = k % 5 === 0 ? '430422' : '430421';
    const number = `${district}${month.replace('-', '')}${String(k).padStart(4, '0')}`;
    const box = { minLon: lon, minLat: lat, maxLon: lon + side, maxLat: lat + side };
    const what = { month, district, areaM2: 200 + Math.floor(9000 * random()), type: types[k % 3] };
    const dueAt = k % 4 === 0 ? `2025-0${6 + (k % 3)}-15T00:00:00.000Z` : null;
    return { id: `t${k}`, number, ...what, ...box, dueAt, state: states[k % 4], geometryJson: ell(box) };
  });
  await store.db.transaction().execute(async (trx) => {
    await beginRun(trx, runRow({ id: 'r1', month: '2025-06' }));
    await insertPlaces(
      trx,
      rows.map(({ id, district }) => placeRow({ id: `p${id}`, district })),
    );
    const detections = rows.map(({ id, number: _, state: __, dueAt: ___, ...row }) => {
      return detectionRow({ ...row, id: `d${id}`, placeId: `p${id}` });
    });
    await insertDetections(trx, detections);
    const patches = rows.map(({ geometryJson: _, ...row }) => {
      return patchRow({ ...row, placeId: `p${row.id}`, detectionId: `d${row.id}` });
    });
    await insertPatches(trx, patches);
  });
}

function ell({ minLon, minLat, maxLon, maxLat }: typeof ground): string {
  const [lon, lat] = [(minLon + maxLon) / 2, (minLat + maxLat) / 2];
  const ring = [
    [minLon, minLat],
    [maxLon, minLat],
    [maxLon, lat],
    [lon, lat],
    [lon, maxLat],
    [minLon, maxLat],
    [minLon, minLat],
  ];
  return JSON.stringify({ type: 'Polygon', coordinates: [ring] });
}

/** All tiles of a level over a box. */
export function tilesOver(z: number, { minLon, minLat, maxLon, maxLat } = ground): TileAddress[] {
  const [first, last] = [tileAt(z, minLon, maxLat), tileAt(z, maxLon, minLat)];
  const tiles: TileAddress[] = [];
  for (let y = first.y; y <= last.y; y++) for (let x = first.x; x <= last.x; x++) tiles.push({ z, x, y });
  return tiles;
}

/** The features of a layer of a tile; none where it has no such layer. */
export function featuresIn(bytes: Uint8Array | null, layer: string): VectorTileFeature[] {
  if (bytes === null) throw new Error('There is no tile.');
  const found = new VectorTile(new PbfReader(bytes)).layers[layer];
  return found === undefined ? [] : Array.from({ length: found.length }, (_, k) => found.feature(k));
}
