import type { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { FeatureCollection } from '../../services/features/feature.ts';
import { CRS84, type ReferenceSystem } from '../../services/features/reference-systems.ts';
import { address } from './addresses.ts';
import type { ApiEnv } from './context.ts';
import type { collection } from './schemas.ts';
import { isTiled, tilesetsLink } from './tileset-link.ts';

export const queryablesRelation = 'http://www.opengis.net/def/rel/ogc/1.0/queryables';

/** A collection beside patches, as it is described. */
export function collectionBody(
  c: Context<ApiEnv>,
  { id, title, description }: FeatureCollection,
  systems: readonly ReferenceSystem[],
): z.infer<typeof collection> {
  const path = `/collections/${encodeURIComponent(id)}`;
  return {
    ...{ id, title, description, itemType: 'feature', crs: systems.map(({ uri }) => uri), storageCrs: CRS84 },
    links: [
      { rel: 'self', type: 'application/json', href: address(c, path) },
      { rel: 'alternate', type: 'text/html', href: address(c, `${path}?f=html`) },
      { rel: 'items', type: 'application/geo+json', href: address(c, `${path}/items`) },
      ...(isTiled(id) ? [tilesetsLink(c, id)] : []),
      { rel: queryablesRelation, type: 'application/schema+json', href: address(c, `${path}/queryables`) },
    ],
  };
}
