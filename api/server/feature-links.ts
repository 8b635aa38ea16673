import type { Context } from 'hono';
import { address } from './addresses.ts';
import type { ApiEnv } from './context.ts';
import type { Link } from './schemas.ts';

const geoJson = 'application/geo+json';

/**
 * The links of a page of features: itself, itself as a page for people, its collection, and the page that follows.
 *
 * @param collection path of the collection
 * @param asked as it was asked for
 * @param next cursor; null: this is the last page
 */
export function pageLinks(c: Context<ApiEnv>, collection: string, asked: URL, next: string | null): Link[] {
  const links = [
    { rel: 'self', type: geoJson, href: asked.href },
    { rel: 'alternate', type: 'text/html', href: withParameter(asked, 'f', 'html') },
    { rel: 'collection', type: 'application/json', href: address(c, collection) },
  ];
  if (next !== null) links.push({ rel: 'next', type: geoJson, href: withParameter(asked, 'cursor', next) });
  return links;
}

/** The links of one feature. */
export function itemLinks(c: Context<ApiEnv>, collection: string, id: string): Link[] {
  const path = `${collection}/items/${encodeURIComponent(id)}`;
  return [
    { rel: 'self', type: geoJson, href: address(c, path) },
    { rel: 'alternate', type: 'text/html', href: address(c, `${path}?f=html`) },
    { rel: 'collection', type: 'application/json', href: address(c, collection) },
  ];
}

function withParameter(asked: URL, name: string, value: string): string {
  const url = new URL(asked);
  url.searchParams.set(name, value);
  return url.href;
}
