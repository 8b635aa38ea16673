import { createHash } from 'node:crypto';
import { type TileAddress, tileLonLatBox } from '../../imagery/tiles/web-mercator.ts';
import { ServiceError } from '../error.ts';

import { type LayerRow, listLayers } from '../store/layers.ts';
import type { Store } from '../store/open.ts';
import { type ZoneShape, zoneShapes } from '../store/tile-rows.ts';
import { versionsOn } from '../store/zone-versions.ts';
import { roleOf } from '../zones/layer-roles.ts';
import type { VectorTile } from './patch-tiles.ts';
import { POLYGON_BUFFER, TILE_EXTENT } from './vector-encoding.ts';
import type { EncodeTile, VectorThreads } from './vector-threads.ts';
import { DENSITY_ZOOM, type ZoneDensities } from './zone-density.ts';

/** A tile that would hold more zones tells how many there are in each of its squares instead. */
export const MOST_ZONES = 5000;
/** Drawn otherwise, tiles have other tags. */
const drawingVersion = 1;

/**
 * The zones of a layer that are valid on a day, on a tile: layer `zones`, with fewer corners the further away, none of
 * them lost; or, of more than 5,000, layer `clusters`, points with counts.
 * @throws ServiceError not-found where there is no such layer
 */
export async function zoneTile(
  store: Store,
  { threads, densities }: { threads: VectorThreads; densities: ZoneDensities },
  tile: TileAddress,
  asked: { layer: string; date: string; within: string; isKnown(tag: string): boolean },
): Promise<VectorTile> {
  const { layer, date, within, isKnown } = asked;
  const valid = versionsOn(await versionsOfLayer(store, layer), date);
  // What a version holds never changes.
  const parts = valid.map(({ version, without }) => [version.id, without]);
  const tag = createHash('sha256')
    .update(JSON.stringify([drawingVersion, parts, within, tile]))
    .digest('base64url');
  if (isKnown(tag) || valid.length === 0) return { tag, bytes: isKnown(tag) ? null : new Uint8Array(), count: 0 };
  const box = tileLonLatBox(tile, POLYGON_BUFFER / TILE_EXTENT);
  if (!(await densities.isCrowded(valid, tile, within))) {
    // Within 300 m of ground all are drawn, whatever a layer piles up there.
    const limit = tile.z > DENSITY_ZOOM ? 4 * MOST_ZONES : MOST_ZONES + 1;
    const rows = await zoneShapes(store.db, valid, { within, box, limit });
    if (rows.length <= MOST_ZONES || tile.z > DENSITY_ZOOM)
      return { tag, bytes: await threads.encode(zoneLayer(tile, layer, rows)), count: rows.length };
  }
  const clusters = await densities.clusters(valid, tile, within);
  return { tag, bytes: await threads.encode(clusters), count: clusters.features.length };
}

/** The versions of a layer. @throws ServiceError not-found where there is none */
export async function versionsOfLayer(store: Store, layer: string): Promise<LayerRow[]> {
  const versions = (await listLayers(store.db)).filter(({ name, state }) => name === layer && state === 'ready');
  if (versions.length === 0) throw new ServiceError('not-found', `There is no layer ${layer}.`);
  return versions;
}

function zoneLayer(tile: TileAddress, layer: string, rows: readonly ZoneShape[]): EncodeTile {
  const kind = roleOf(layer)?.group ?? 'custom';
  const features = rows.map(({ geometry, name, externalId, areaM2 }) => {
    return { geometry, properties: { name, kind, code: externalId, areaM2 } };
  });
  return { tile, layer: 'zones', cut: { buffer: POLYGON_BUFFER, simplified: true }, features };
}
