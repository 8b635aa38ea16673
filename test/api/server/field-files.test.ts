import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { consoleFile } from '../../../api/server/console-files.ts';
import { startService, type TestService } from './service.ts';

describe('the worker of the phone page', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await startService({ simulated: false });
  });
  afterAll(() => service.store.close());

  const files = async () => {
    const script = await (await service.ask('/console/field/worker.ts')).text();
    const [, json] = /^const PAGE_FILES = (.*);$/m.exec(script)!;
    return JSON.parse(json) as { version: string; files: [string, string][] };
  };

  it('may have the phone page in its hands, and no other', async () => {
    const answer = await service.ask('/console/field/worker.ts');
    expect(answer.headers.get('service-worker-allowed')).toBe('../field');
    expect(answer.headers.get('content-type')).toMatch(/^text\/javascript/);
    expect((await service.ask('/console/field/page.ts')).headers.get('service-worker-allowed')).toBeNull();
  });

  it('names all that the page is made of, each as it is served, and nothing of other pages', async () => {
    const { version, files: named } = await files();
    const addresses = named.map(([address]) => address);
    expect(addresses).toEqual(
      expect.arrayContaining([
        ...['field', 'field/main.ts', 'field/box.ts', 'field/field.css', 'field/manifest.webmanifest'],
        ...[
          'vendor/idb.mjs',
          'vendor/preact.mjs',
          'vendor/htm.mjs',
          'shell/base.css',
          'session/login.ts',
          'shell/icon.svg',
        ],
      ]),
    );
    for (const [address, etag] of named) expect(consoleFile(address)?.etag, address).toBe(etag);
    expect(addresses.filter((address) => /^(month|map|patch|dashboard|admin)\/|ol\./.test(address))).toEqual([]);
    expect(new Set(addresses).size).toBe(addresses.length);
    expect(version).toMatch(/^[0-9a-f]{12}$/);
  });

  it('is read without a key, as are the page and its manifest', async () => {
    for (const path of ['field', 'field/manifest.webmanifest', 'field/icon-full.svg']) {
      expect((await service.ask(`/console/${path}`)).status).toBe(200);
    }
    const manifest = await service.ask('/console/field/manifest.webmanifest');
    expect(manifest.headers.get('content-type')).toBe('application/manifest+json');
    expect(await manifest.json()).toMatchObject({ start_url: '../field', scope: '../field', display: 'standalone' });
  });
});
