import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { trustedProxies } from '../../../api/server/proxies.ts';
import { plantQueue, startService, type TestService } from './service.ts';

describe('links to the server', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await startService({ simulated: false, proxies: trustedProxies(['10.1.0.0/16']) });
    await plantQueue(service.store);
  });
  afterAll(() => service.store.close());

  const forwarded = { 'X-Forwarded-Proto': 'https', 'X-Forwarded-Host': 'tuban.example' };
  const linksOf = async (path: string, headers: Record<string, string>, address: string) => {
    const response = await service.ask(path, { headers: { ...headers, ...(await service.bearer()) } }, { address });
    const text = await response.text();
    return [...new Set(text.match(/https?:\/\/[^/"]+/g)?.filter((link) => !/opengis|stac|w3\.org|spdx/.test(link)))];
  };
  const paths = ['/', '/collections', '/collections/patches/items?limit=1', '/stac', '/stac/search'];

  it.each([...paths, '/openapi.json', '/openapi-3.0.json'])(
    'of %s say what a trusted proxy was called by',
    async (path) => {
      expect(await linksOf(path, forwarded, '10.1.2.3')).toContain('https://tuban.example');
    },
  );

  it.each(paths)('of %s say nothing that somebody else claims', async (path) => {
    expect(await linksOf(path, forwarded, '192.0.2.7')).toEqual(['http://127.0.0.1:8787']);
  });

  it.each(['evil example', 'a/b', 'u@h', '', '[::'])(
    'lead to itself where a proxy says the name is %j',
    async (name) => {
      const headers = { 'X-Forwarded-Proto': 'http', 'X-Forwarded-Host': name };
      expect(await linksOf('/collections', headers, '10.1.2.3')).toEqual(['http://127.0.0.1:8787']);
    },
  );

  it('keep the path that was asked for and what it was asked with', async () => {
    const response = await service.ask('/collections/patches/items?limit=1&month=2025-06', {
      headers: await service.bearer(),
    });
    const { links } = (await response.json()) as { links: { rel: string; href: string }[] };
    const next = new URL(links.find(({ rel }) => rel === 'next')!.href);
    expect(next.pathname + next.search).toMatch(/^\/collections\/patches\/items\?limit=1&month=2025-06&cursor=/);
  });
});
