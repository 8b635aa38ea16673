import type { Geometry } from 'geojson';
import type { LonLatBox } from '../../imagery/grid.ts';
import type { AddressPolicy } from '../../imagery/remote/address-policy.ts';
import { ServiceError } from '../error.ts';

/** A STAC Item as it came, with as much checked as is built upon. */
export interface StacItem {
  id: string;
  collection: string | null;
  geometry: Geometry | null;
  box: LonLatBox | null;
  properties: Readonly<Record<string, unknown>>;
  assets: Readonly<Record<string, StacAsset>>;
  links: readonly StacLink[];
  /** Path or address of the document it stood in: relative addresses start there. */
  base: string;
}

/** An asset; fields of extensions stand beside the href. */
export interface StacAsset {
  href: string;
  type?: unknown;
  roles?: unknown;
  [field: string]: unknown;
}

export interface StacLink {
  rel: string;
  href: string;
  [field: string]: unknown;
}

/** An item with what its catalogue says of it. */
export interface FoundItem {
  item: StacItem;
  /** Licence that the item's collection names. */
  licence: string | null;
  /** Who may be asked for its assets; undefined: as everywhere. */
  allow: AddressPolicy | undefined;
}

/** Refuses a document. @param name as messages shall call it */
export function stacRefusal(name: string, what: string): ServiceError {
  return new ServiceError('stac-invalid', `${name}: ${what}.`);
}

/** @throws ServiceError stac-invalid naming the document and the field */
export function readItem(document: unknown, base: string, name: string): StacItem {
  const item = objectOf(document);
  if (item?.['type'] !== 'Feature') throw stacRefusal(name, `wanted a STAC Item, got ${typeOf(document)}`);
  const { id, stac_version: version } = item;
  if (typeof id !== 'string' || id === '') throw stacRefusal(name, 'wanted a STAC Item with an id, got none');
  const refuse = (what: string) => stacRefusal(`${name}, item ${id}`, what);
  if (typeof version !== 'string' || !/^1\.\d/.test(version))
    throw refuse(`wanted stac_version 1.0 or 1.1, got ${shown(version)}`);
  const properties = objectOf(item['properties']);
  if (properties === null) throw refuse(`wanted an object of properties, got ${shown(item['properties'])}`);
  const assets = objectOf(item['assets']);
  if (assets === null) throw refuse(`wanted an object of assets, got ${shown(item['assets'])}`);
  for (const [key, asset] of Object.entries(assets)) {
    if (typeof objectOf(asset)?.['href'] !== 'string') throw refuse(`wanted an href in asset ${key}, got none`);
  }
  const collection = typeof item['collection'] === 'string' ? item['collection'] : null;
  const geometry = objectOf(item['geometry']) as Geometry | null;
  const links = linksOf(item);
  const box = boxOf(item['bbox']);
  return { id, collection, geometry, box, properties, assets: assets as StacItem['assets'], links, base };
}

/** The links of any STAC document; what is no link is passed over. */
export function linksOf(document: unknown): StacLink[] {
  const links = objectOf(document)?.['links'];
  if (!Array.isArray(links)) return [];
  return links.filter(
    (link): link is StacLink => typeof objectOf(link)?.['rel'] === 'string' && typeof link.href === 'string',
  );
}

export function objectOf(value: unknown): Record<string, unknown> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null;
}

/** What a document is, in words for a refusal. */
export function typeOf(document: unknown): string {
  const type = objectOf(document)?.['type'];
  return typeof type === 'string' ? `a ${type.slice(0, 40)}` : shown(document);
}

export function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

/** Four numbers, or six with heights; one over the date line is taken for the whole parallel. */
function boxOf(bbox: unknown): LonLatBox | null {
  if (!Array.isArray(bbox) || !bbox.every((value) => typeof value === 'number')) return null;
  if (bbox.length !== 4 && bbox.length !== 6) return null;
  const [minLon, minLat] = bbox;
  const [maxLon, maxLat] = bbox.slice(bbox.length / 2);
  return minLon <= maxLon ? { minLon, minLat, maxLon, maxLat } : { minLon: -180, minLat, maxLon: 180, maxLat };
}
