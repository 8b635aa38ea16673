import type { AddressPolicy } from '../../imagery/remote/address-policy.ts';
import { fetchDocument } from '../../imagery/remote/document.ts';
import { isRemotePath, shownAddress } from '../../imagery/remote/location.ts';
import { parseJson, resolveHref, type StacDocument } from './document.ts';
import { datetimeOf, type ItemFilter } from './filter.ts';
import { type FoundItem, linksOf, objectOf, readItem, type StacLink, stacRefusal, typeOf } from './item.ts';

/** Where to search: POST /search of an API, or GET of one collection's items (no collections then). */
export interface SearchAddress {
  address: string;
  collections: readonly string[];
}

interface PageRequest {
  address: string;
  /** Null: GET. */
  post: Record<string, unknown> | null;
  allow: AddressPolicy | undefined;
}

const itemsPerPage = 100;
const mostPages = 10_000;

/**
 * The items of a STAC API that a filter means, over all pages of the answer, as far as they are asked for. An API
 * that takes no POST is asked by GET.
 * @throws ServiceError stac-invalid; ImageryError of reading
 */
export async function* searchItems(
  { address, collections }: SearchAddress,
  { allow }: Pick<StacDocument, 'allow'>,
  filter: ItemFilter,
): AsyncGenerator<FoundItem> {
  if (!isRemotePath(address)) throw stacRefusal(address, 'wanted the address of a STAC API to search');
  const question = questionOf(filter, collections);
  const isSearch = /\/search\/?($|\?)/.test(address);
  let page: PageRequest | null = isSearch
    ? { address, post: question, allow }
    : { address: asQuery(address, question), post: null, allow };
  const asked = new Set<string>();
  for (let count = 0; page !== null; count++) {
    const request: PageRequest = page;
    const key = JSON.stringify([request.address, request.post]);
    const name = shownAddress(request.address);
    if (asked.has(key)) throw stacRefusal(name, 'its pages lead back to themselves');
    if (count === mostPages) throw stacRefusal(name, `has more than ${mostPages} pages`);
    asked.add(key);
    const document = await fetchDocument(request.address, {
      ...(request.post && { post: request.post }),
      ...(request.allow && { allow: request.allow }),
      accept: request.post !== null && count === 0 ? [404, 405, 501] : [],
    });
    if (document.status !== 200) {
      page = { ...request, address: asQuery(address, question), post: null };
      continue;
    }
    const content = parseJson(document.text, request.address);
    const features = objectOf(content)?.['features'];
    if (!Array.isArray(features)) throw stacRefusal(name, `wanted an ItemCollection, got ${typeOf(content)}`);
    for (const feature of features) {
      yield { item: readItem(feature, document.address, name), licence: null, allow: document.allow };
    }
    const next = linksOf(content).find(({ rel }) => rel === 'next');
    page = next && features.length > 0 ? nextPage(next, request, document) : null;
  }
}

/** The link to a further page, as the STAC API specification has it: GET by default, POST with a body to be merged. */
function nextPage(link: StacLink, page: PageRequest, { address, allow }: { address: string; allow: AddressPolicy }) {
  const target = resolveHref(link.href, address);
  if (String(link['method'] ?? 'GET').toUpperCase() !== 'POST') return { address: target, post: null, allow };
  const body = objectOf(link['body']);
  const post = link['merge'] === true || body === null ? { ...page.post, ...body } : body;
  return { address: target, post, allow };
}

function questionOf(filter: ItemFilter, collections: readonly string[]): Record<string, unknown> {
  const { bbox, limit } = filter;
  const datetime = datetimeOf(filter);
  return {
    ...(collections.length > 0 && { collections }),
    ...(bbox && { bbox: [bbox.minLon, bbox.minLat, bbox.maxLon, bbox.maxLat] }),
    ...(datetime && { datetime }),
    limit: Math.min(itemsPerPage, limit),
  };
}

function asQuery(address: string, question: Record<string, unknown>): string {
  const url = new URL(address);
  for (const [name, value] of Object.entries(question)) url.searchParams.set(name, String(value));
  return url.href;
}
