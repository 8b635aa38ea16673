import { createHash } from 'node:crypto';
import { type TileAddress, tileLonLatBox } from '../../imagery/tiles/web-mercator.ts';
import type { PatchFilter } from '../queue/filter.ts';
import { resolveFilter } from '../queue/resolve-filter.ts';
import { hiddenNow } from '../store/hiding.ts';
import type { Store } from '../store/open.ts';
import { type PatchMark, patchMarks, patchShapes } from '../store/tile-rows.ts';
import { onOneState, snapshotOf } from '../store/view.ts';
import type { PatchCluster, PatchPlaces } from './patch-places.ts';
import { POLYGON_BUFFER, TILE_EXTENT } from './vector-encoding.ts';
import type { EncodeTile, VectorThreads } from './vector-threads.ts';

/** From this level on a patch is drawn with its outline; before, it is a point: 200 m² are less than a pixel there. */
const OUTLINES_FROM_ZOOM = 12;
/** A tile that would hold more patches tells how many there are in each of its squares instead. */
const MOST_PATCHES = 5000;
/** Up to this level a tile is 80 km and more wide. */
const WIDE_ZOOM = 9;
const squaresPerSide = 8;
/** Drawn otherwise, tiles have other tags. */
const drawingVersion = 1;

/** A vector tile and the state of the store that it shows; no bytes: the caller has it already. */
export interface VectorTile {
  tag: string;
  bytes: Uint8Array | null;
  /** Features on it; 0 where the caller has it. */
  count: number;
}

/**
 * The patches of a filter on a tile: layer `patches`, outlines from level 12 on, points in the middle of their boxes
 * below; or, of more than 5,000, layer `clusters`, points with counts. A point lies on one tile only; an outline on
 * each that it meets.
 * @param isKnown tells whether the caller has the tile of a tag
 */
export async function patchTile(
  store: Store,
  { threads, places }: { threads: VectorThreads; places: PatchPlaces },
  tile: TileAddress,
  asked: { filter: PatchFilter; at: Date; isKnown(tag: string): boolean },
): Promise<VectorTile> {
  const { filter, at, isKnown } = asked;
  const read = await onOneState(store.db, async (db) => {
    const tag = tagOf(await snapshotOf(db, at), filter);
    if (isKnown(tag)) return { tag, input: null };
    const resolved = await resolveFilter(db, filter);
    const clusters = async () => {
      const asked = { tile, filter: resolved, at };
      return clusterLayer(tile, await places.clusters(db, tag, asked, squaresPerSide));
    };
    // A wide tile would look at every patch to find that there are too many.
    const isCrowded =
      tile.z <= WIDE_ZOOM && (await places.countIn(db, tag, { tile, filter: resolved, at })) > MOST_PATCHES;
    if (isCrowded) return { tag, input: await clusters() };
    const rows =
      tile.z < OUTLINES_FROM_ZOOM
        ? await patchMarks(db, resolved, tileLonLatBox(tile), MOST_PATCHES + 1)
        : await patchShapes(db, resolved, tileLonLatBox(tile, POLYGON_BUFFER / TILE_EXTENT), MOST_PATCHES + 1);
    return { tag, input: rows.length > MOST_PATCHES ? await clusters() : patchLayer(tile, rows, at) };
  });
  const { tag, input } = read;
  return { tag, bytes: input && (await threads.encode(input)), count: input?.features.length ?? 0 };
}

/** Of one state of the store, each filter has a tile of its own, and each asker from whom something is hidden. */
function tagOf(snapshot: string, filter: PatchFilter): string {
  const content = JSON.stringify([drawingVersion, filter, hiddenNow()], (key, value) =>
    key === 'at' ? undefined : value,
  );
  return `${snapshot}.${createHash('sha256').update(content).digest('base64url').slice(0, 16)}`;
}

function patchLayer(tile: TileAddress, rows: readonly (PatchMark & { geometryJson?: string })[], at: Date): EncodeTile {
  const now = at.toISOString();
  const features = [...rows]
    .sort((a, b) => (a.number < b.number ? -1 : 1))
    .map(({ lon, lat, geometryJson, dueAt, ...properties }) => ({
      geometry: geometryJson ?? ([lon, lat] as const),
      properties: { ...properties, overdue: dueAt !== null && dueAt < now },
    }));
  const buffer = tile.z >= OUTLINES_FROM_ZOOM ? POLYGON_BUFFER : 0;
  return { tile, layer: 'patches', cut: { buffer, simplified: false }, features };
}

function clusterLayer(tile: TileAddress, clusters: readonly PatchCluster[]): EncodeTile {
  const features = clusters.map(({ lon, lat, ...properties }) => ({ geometry: [lon, lat] as const, properties }));
  return { tile, layer: 'clusters', cut: { buffer: 0, simplified: false }, features };
}
