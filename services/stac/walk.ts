import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isRemotePath, shownAddress } from '../../imagery/remote/location.ts';
import { readDocument, resolveHref, type StacDocument } from './document.ts';
import { type ItemFilter, mayHold } from './filter.ts';
import { type FoundItem, linksOf, objectOf, readItem, stacRefusal, typeOf } from './item.ts';
import { searchItems } from './search.ts';

/** How deep and how far a catalogue is followed. */
const deepest = 16;
const mostDocuments = 100_000;

/**
 * Every item of a source: a file or address of an Item, an ItemCollection, a Catalog, a Collection or a STAC API, or a
 * folder of such files. What the filter cannot mean is not fetched where the catalogue tells; items themselves are
 * not filtered here, but by a STAC API.
 * @throws ServiceError stac-invalid; ImageryError of reading
 */
export async function* itemsOf(source: string, filter: ItemFilter): AsyncGenerator<FoundItem> {
  const isFolder = !isRemotePath(source) && ((await stat(source).catch(() => null))?.isDirectory() ?? false);
  if (!isFolder) {
    yield* follow(await readDocument(source), filter, { depth: 0, seen: new Set([source]), licence: null });
    return;
  }
  const names = (await readdir(source)).filter((name) => /\.(geo)?json$/i.test(name) && !name.startsWith('.')).sort();
  const root = ['catalog.json', 'collection.json'].find((name) => names.includes(name));
  if (root !== undefined) return yield* itemsOf(join(source, root), filter);
  let found = 0;
  for (const name of names) {
    const document = await readDocument(join(source, name));
    // Other JSON may lie there as well; what is STAC says so.
    if (objectOf(document.content)?.['stac_version'] === undefined && !hasItems(document.content)) continue;
    found++;
    yield* follow(document, filter, { depth: 0, seen: new Set(), licence: null });
  }
  if (found === 0) throw stacRefusal(source, 'wanted a folder with STAC documents, got none');
}

interface Walk {
  depth: number;
  /** Documents that were read: a link that leads back is not followed again. */
  seen: Set<string>;
  licence: string | null;
}

async function* follow(document: StacDocument, filter: ItemFilter, walk: Walk): AsyncGenerator<FoundItem> {
  const { content, base, allow } = document;
  const name = shownAddress(base);
  const { licence } = walk;
  switch (objectOf(content)?.['type']) {
    case 'Feature':
      return yield { item: readItem(content, base, name), licence, allow };
    case 'FeatureCollection':
      for (const feature of featuresOf(content)) yield { item: readItem(feature, base, name), licence, allow };
      return;
    case 'Catalog':
    case 'Collection': {
      const api = searchLink(document, filter);
      if (api !== null) yield* searchItems(api, document, filter);
      else yield* followLinks(document, filter, walk);
      return;
    }
    default:
      throw stacRefusal(name, `wanted a STAC Item, ItemCollection, Catalog or Collection, got ${typeOf(content)}`);
  }
}

async function* followLinks(document: StacDocument, filter: ItemFilter, walk: Walk): AsyncGenerator<FoundItem> {
  const { content, base, allow } = document;
  const license = objectOf(content)?.['license'];
  const licence = typeof license === 'string' ? license : walk.licence;
  if (walk.depth >= deepest) throw stacRefusal(shownAddress(base), `lies more than ${deepest} catalogues deep`);
  for (const { rel, href } of linksOf(content)) {
    if (rel !== 'child' && rel !== 'item') continue;
    const place = resolveHref(href, base);
    if (walk.seen.has(place)) continue;
    if (walk.seen.size >= mostDocuments)
      throw stacRefusal(shownAddress(base), `belongs to a catalogue of more than ${mostDocuments} documents`);
    walk.seen.add(place);
    const next = await readDocument(place, allow);
    if (rel === 'child' && !mayHold(next.content, filter)) continue;
    yield* follow(next, filter, { depth: walk.depth + 1, seen: walk.seen, licence });
  }
}

/** Where a document says that it can be searched: a STAC API, or a collection of one. */
function searchLink({ content, base }: StacDocument, filter: ItemFilter) {
  const links = linksOf(content);
  const search = links.filter(({ rel }) => rel === 'search');
  const link = search.find(({ method }) => method === 'POST') ?? search[0];
  if (objectOf(content)?.['type'] === 'Catalog') {
    return link === undefined ? null : { address: resolveHref(link.href, base), collections: filter.collections };
  }
  const items = links.find(({ rel }) => rel === 'items');
  return items === undefined ? null : { address: resolveHref(items.href, base), collections: [] };
}

function featuresOf(content: unknown): unknown[] {
  const features = objectOf(content)?.['features'];
  return Array.isArray(features) ? features : [];
}

function hasItems(content: unknown): boolean {
  return featuresOf(content).some((feature) => objectOf(feature)?.['stac_version'] !== undefined);
}
