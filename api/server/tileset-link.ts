import type { Context } from 'hono';
import { address } from './addresses.ts';
import type { ApiEnv } from './context.ts';
import type { Link } from './schemas.ts';

/** True for collections that have vector tiles: patches, districts and the zones of layers. */
export function isTiled(collection: string): boolean {
  return collection === 'patches' || collection === 'districts' || collection.startsWith('zones-');
}

/** Where a collection says what tiles it has (OGC API - Tiles). */
export function tilesetsLink(c: Context<ApiEnv>, collection: string): Link {
  const rel = 'http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector';
  return { rel, type: 'application/json', href: address(c, `/collections/${encodeURIComponent(collection)}/tiles`) };
}
