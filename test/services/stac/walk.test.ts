import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { setRemoteSettings } from '../../../imagery/remote/settings.ts';
import { resolveHref } from '../../../services/stac/document.ts';
import type { ItemFilter } from '../../../services/stac/filter.ts';
import { itemsOf } from '../../../services/stac/walk.ts';
import { RangeServer } from '../../support/range-server.ts';
import { item } from './items.ts';

const everything: ItemFilter = { collections: [], limit: 1000 };
const catalog = (links: object[], given: object = {}) => ({
  ...{ type: 'Catalog', stac_version: '1.0.0', id: 'c', description: '', links },
  ...given,
});
const link = (rel: string, href: string, more: object = {}) => ({ rel, href, ...more });

let server: RangeServer;
let folder: string;

beforeEach(async () => {
  setRemoteSettings({ allow: { privateHosts: 'any' }, firstWaitMs: 1 });
  server = await RangeServer.start();
  folder = await mkdtemp(join(tmpdir(), 'tuban-stac-'));
});
afterEach(async () => {
  await server.stop();
  await rm(folder, { recursive: true });
});

async function put(name: string, content: object | string): Promise<string> {
  const path = join(folder, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

async function found(source: string, filter: Partial<ItemFilter> = {}): Promise<string[]> {
  const ids: string[] = [];
  for await (const { item: one } of itemsOf(source, { ...everything, ...filter })) ids.push(one.id);
  return ids;
}

describe('a source on this machine', () => {
  it('is an Item', async () => expect(await found(await put('a.json', item('a')))).toEqual(['a']));

  it('is an ItemCollection, also with a byte order mark', async () => {
    const text = JSON.stringify({ type: 'FeatureCollection', features: [item('a'), item('b')] });
    expect(await found(await put('a.json', `\uFEFF${text}`))).toEqual(['a', 'b']);
  });

  it('is a catalogue of catalogues, followed from link to link, however they are written', async () => {
    await put(
      'deep/er/collection.json',
      catalog([link('item', './items/a.json'), link('item', 'b%20b.json')], { type: 'Collection' }),
    );
    await put('deep/er/items/a.json', item('a'));
    await put('deep/er/b b.json', item('b'));
    await put('deep/catalog.json', catalog([link('child', 'er/collection.json')]));
    const root = await put('catalog.json', catalog([link('child', './deep/catalog.json'), link('license', 'none')]));
    expect(await found(root)).toEqual(['a', 'b']);
    expect(await found(folder)).toEqual(['a', 'b']);
  });

  it('that leads back to itself is read once', async () => {
    await put(
      'child.json',
      catalog([link('child', 'catalog.json'), link('child', './child.json'), link('item', 'a.json')]),
    );
    await put('a.json', item('a'));
    const root = await put('catalog.json', catalog([link('child', 'child.json'), link('item', 'a.json')]));
    expect(await found(root)).toEqual(['a']);
  });

  it('that has no end is refused', async () => {
    for (let depth = 0; depth < 20; depth++) await put(`${depth}.json`, catalog([link('child', `${depth + 1}.json`)]));
    await expect(found(join(folder, '0.json'))).rejects.toThrow('lies more than 16 catalogues deep');
  });

  it('is a folder of items, among other files', async () => {
    await put('a.json', item('a'));
    await put('b.geojson', { type: 'FeatureCollection', features: [item('b')] });
    await put('other.json', { hello: 1 });
    await put('image.tif', 'II*');
    expect(await found(folder)).toEqual(['a', 'b']);
  });

  it.each<[string, object | string, RegExp]>([
    ['no JSON', '<html>', /wanted JSON, got text beginning "<html>"/],
    ['another GeoJSON', { type: 'Point' }, /wanted a STAC Item, ItemCollection, Catalog or Collection, got a Point/],
    ['a list', '[]', /got \[\]/],
    [
      'a link to nothing',
      catalog([link('item', 'none.json')]),
      /none\.json: wanted a STAC document, but it cannot be read \(ENOENT\)/,
    ],
  ])('%s is refused in one line', async (_, content, message) => {
    await expect(found(await put('a.json', content))).rejects.toMatchObject({
      code: 'stac-invalid',
      message: expect.stringMatching(message),
    });
  });

  it('an empty folder is refused', async () => {
    await expect(found(folder)).rejects.toThrow('wanted a folder with STAC documents, got none');
  });
});

describe('collections that cannot hold what is wanted', () => {
  const collection = (id: string, bbox: number[], days: (string | null)[]) =>
    catalog([link('item', `${id}-item.json`)], {
      ...{ type: 'Collection', id },
      extent: { spatial: { bbox: [bbox] }, temporal: { interval: [days] } },
    });

  it.each<[string, Partial<ItemFilter>, string[]]>([
    ['nothing is wanted in particular', {}, ['near', 'far']],
    ['a box', { bbox: { minLon: 112, minLat: 26, maxLon: 112.5, maxLat: 26.5 } }, ['near']],
    ['days from on', { from: '2025-01-01' }, ['near']],
    ['days until', { to: '2024-12-31' }, ['far']],
    ['a name', { collections: ['far'] }, ['far']],
  ])('are not followed: %s', async (_, filter, expected) => {
    await put('near.json', collection('near', [112, 26, 113, 27], ['2025-01-01T00:00:00Z', null]));
    await put('far.json', collection('far', [10, 50, 11, 51], [null, '2024-12-31T00:00:00Z']));
    // The item of a collection that is not followed is not even there.
    for (const id of expected) await put(`${id}-item.json`, item(id));
    const root = await put('catalog.json', catalog([link('child', 'near.json'), link('child', 'far.json')]));
    expect(await found(root, filter)).toEqual(expected);
  });
});

describe('a STAC API', () => {
  const page = (ids: string[], links: object[] = []) => ({
    type: 'FeatureCollection',
    features: ids.map((id) => item(id)),
    links,
  });

  const filter: Partial<ItemFilter> = {
    bbox: { minLon: 112, minLat: 26, maxLon: 113, maxLat: 27 },
    ...{ from: '2025-06-01', to: '2025-06-30', collections: ['s2'] },
  };

  it('is found by its landing page, asked by POST, and read page by page', async () => {
    const root = server.put(
      '/',
      catalog([link('search', `${server.url}/search`, { method: 'POST' }), link('search', '/get')]),
    );
    const next = link('next', '/search', { method: 'POST', merge: true, body: { token: 'second' } });
    server.misbehave((request, response, count) => {
      if (request.url === '/') return false;
      response.end(JSON.stringify(count === 2 ? page(['a', 'b'], [next]) : page(['c'])));
      return true;
    });
    expect(await found(root, filter)).toEqual(['a', 'b', 'c']);
    const bodies = server.requests.slice(1).map(({ method, body }) => [method, JSON.parse(body)]);
    const question = {
      collections: ['s2'],
      bbox: [112, 26, 113, 27],
      datetime: '2025-05-31T16:00:00Z/2025-06-30T15:59:59Z',
      limit: 100,
    };
    expect(bodies).toEqual([
      ['POST', question],
      ['POST', { ...question, token: 'second' }],
    ]);
  });

  it('that takes no POST is asked by GET, and its next links are followed', async () => {
    const root = server.put('/', catalog([link('search', '/search')]));
    server.misbehave((request, response) => {
      if (request.url === '/') return false;
      if (request.method === 'POST') response.writeHead(405).end();
      else if (request.url!.includes('token=2')) response.end(JSON.stringify(page(['b'])));
      else response.end(JSON.stringify(page(['a'], [link('next', `${request.url}&token=2`)])));
      return true;
    });
    expect(await found(root, filter)).toEqual(['a', 'b']);
    const url = new URL(server.requests.at(-1)!.path, server.url);
    expect(Object.fromEntries(url.searchParams)).toEqual({
      ...{ collections: 's2', bbox: '112,26,113,27', limit: '100', token: '2' },
      datetime: '2025-05-31T16:00:00Z/2025-06-30T15:59:59Z',
    });
  });

  it('is asked for the items of one collection', async () => {
    server.put('/collections/s2/items', page(['a']));
    const address = server.put(
      '/collections/s2',
      catalog([link('items', 's2/items')], { type: 'Collection', id: 's2' }),
    );
    expect(await found(address, { limit: 7 })).toEqual(['a']);
    expect(server.requests[1].path).toBe('/collections/s2/items?limit=7');
  });

  it('whose pages lead back to themselves is refused', async () => {
    server.put('/search', page(['a'], [link('next', '/search?limit=100')]));
    const root = server.put('/', catalog([link('search', '/search')]));
    await expect(found(root)).rejects.toThrow('its pages lead back to themselves');
  });

  it('whose last page is empty has ended, whatever it links to', async () => {
    server.put('/search', page([], [link('next', '/search')]));
    expect(await found(server.put('/', catalog([link('search', '/search')])))).toEqual([]);
  });

  it.each<[string, string, RegExp]>([
    ['an error page', '<html>', /wanted JSON/],
    ['something else', '{"type":"Catalog"}', /wanted an ItemCollection, got a Catalog/],
  ])('that answers with %s is refused', async (_, text, message) => {
    server.put('/search', text);
    await expect(found(server.put('/', catalog([link('search', '/search')])))).rejects.toThrow(message);
  });
});

describe('where an address of a document leads', () => {
  it.each([
    ['./a.tif', 'https://x.example/c/i.json', 'https://x.example/c/a.tif'],
    ['../b/a%20b.tif?x=1', 'https://x.example/c/i.json', 'https://x.example/b/a%20b.tif?x=1'],
    ['s3://bucket/key.tif', 'https://x.example/c/i.json', 's3://bucket/key.tif'],
    ['./a.tif', 's3://bucket/c/i.json', 's3://bucket/c/a.tif'],
    ['//y.example/a.tif', 'https://x.example/i.json', 'https://y.example/a.tif'],
    ['a%20b.tif', '/c/i.json', '/c/a b.tif'],
    ['..\\a.tif', '/c/d/i.json', '/c/a.tif'],
    ['/data/a.tif', '/c/i.json', '/data/a.tif'],
    ['file:///data/a.tif', '/c/i.json', '/data/a.tif'],
    ['https://x.example/a.tif', '/c/i.json', 'https://x.example/a.tif'],
  ])('%s in %s is %s', (href, base, expected) => expect(resolveHref(href, base)).toBe(expected));

  it.each([
    ['file:///etc/passwd', 'https://x.example/i.json'],
    ['gs://bucket/a.tif', 'https://x.example/i.json'],
    ['javascript:alert(1)', '/c/i.json'],
  ])('%s in %s is refused', (href, base) => expect(() => resolveHref(href, base)).toThrow(`names '${href}'`));
});
