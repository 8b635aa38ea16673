import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { trustedProxies } from '../../../api/server/proxies.ts';
import { plantQueue, startService, type TestService } from './service.ts';

interface Linked {
  links: { rel: string; href: string }[];
  features?: { id: string }[];
}

const forwarded = {
  'X-Forwarded-Proto': 'https',
  'X-Forwarded-Host': 'tuban.example.cn',
  'X-Forwarded-For': '203.0.113.9',
};

describe('The addresses in answers', () => {
  let service: TestService;
  let key: { Authorization: string };
  beforeAll(async () => {
    service = await startService({ proxies: trustedProxies(['10.0.0.1']) });
    await plantQueue(service.store);
    key = await service.bearer();
  });
  afterAll(() => service.store.close());

  const ask = async (path: string, address: string, headers = {}): Promise<Linked> => {
    const response = await service.ask(path, { headers: { ...key, ...headers } }, { address, host: 'inner:8787' });
    expect([path, response.status]).toEqual([path, 200]);
    return (await response.json()) as Linked;
  };
  const origins = ({ links }: Linked) => [...new Set(links.map(({ href }) => new URL(href).origin))];

  it.each([
    '/',
    '/collections',
    '/collections/districts',
    '/collections/patches/items?limit=1',
    '/collections/districts/items?limit=1',
    '/stac',
    '/stac/search',
  ])('are those that a proxy of ours was called by, and nobody else’s: %s', async (path) => {
    expect(origins(await ask(path, '10.0.0.1', forwarded))).toEqual(['https://tuban.example.cn']);
    expect(origins(await ask(path, '203.0.113.9', forwarded))).toEqual(['http://inner:8787']);
  });

  it('are those of the description’s server, too', async () => {
    const read = (await ask('/openapi-3.0.json', '10.0.0.1', forwarded)) as unknown as { servers: object[] };
    expect(read.servers).toEqual([{ url: 'https://tuban.example.cn' }]);
  });

  it.each([
    ['/collections/patches/items', "district LIKE '4304%' AND areaM2 > 300"],
    ['/collections/districts/items', "name LIKE '衡%' AND name <> 'a+b & c=d #?/'"],
    ['/stac/search', "platform <> 'a+b & c=d #?/ 100%25'"],
  ])('keep what was asked for, however it was encoded, from page to page: %s', async (path, filter) => {
    const seen: string[] = [];
    let next: string | undefined = `${path}?limit=1&filter=${encodeURIComponent(filter).replaceAll('%20', '+')}`;
    for (let pages = 0; next !== undefined && pages < 9; pages++) {
      const page: Linked = await ask(next, '10.0.0.1', forwarded);
      seen.push(...page.features!.map(({ id }) => id));
      const [self, following] = ['self', 'next'].map((rel) => page.links.find((link) => link.rel === rel)?.href);
      expect(new URL(self!).searchParams.get('filter')).toBe(filter);
      if (following !== undefined) expect(new URL(following).searchParams.get('filter')).toBe(filter);
      next = following?.replace('https://tuban.example.cn', '');
    }
    const whole = await ask(`${path}?filter=${encodeURIComponent(filter)}`, '10.0.0.1');
    expect(seen).toEqual(whole.features!.map(({ id }) => id));
    if (path.startsWith('/collections/patches')) expect(seen.length).toBeGreaterThan(1);
  });
});
