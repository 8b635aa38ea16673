import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { greyChips, startService } from '../service.ts';
import { startTarget, type Target } from './workspace.ts';

/** OWASP API Security Top 10 (2023): each item is tried for real. */

let target: Target;
let county: Record<string, string>;
let admin: Record<string, string>;
beforeAll(async () => {
  target = await startTarget();
  const { service } = target;
  county = await service.bearer({ district: '430421', name: 'county' });
  admin = await service.bearer({ role: 'admin', name: 'admin' });
});
afterAll(() => target.close());

const ask = (path: string, headers: Record<string, string>, init: RequestInit = {}) =>
  target.service.ask(path, { ...init, headers: { ...headers, ...(init.headers as object) } });

describe('API8: security misconfiguration', () => {
  it('sends every answer with headers that keep a browser from doing more than it should', async () => {
    for (const [path, headers] of [
      ['/patches', county],
      ['/patches', {}],
      ['/nothing', county],
      ['/console/', {}],
      ['/healthz', {}],
    ] as const) {
      const { headers: sent } = await ask(path, headers as Record<string, string>);
      expect(sent.get('content-security-policy')).toContain("default-src 'none'");
      expect(sent.get('x-content-type-options')).toBe('nosniff');
      expect(sent.get('x-frame-options')).toBe('DENY');
      expect(sent.get('referrer-policy')).toBe('no-referrer');
      expect(sent.get('cross-origin-resource-policy')).toBe('same-origin');
      for (const name of ['server', 'x-powered-by', 'access-control-allow-origin'])
        expect([path, name, sent.get(name)]).toEqual([path, name, null]);
    }
  });

  it('keeps what one caller was told out of shared caches', async () => {
    const { headers } = await ask('/patches', county);
    expect(headers.get('cache-control')).toMatch(/private|no-store/);
    expect(headers.get('vary')).toMatch(/Authorization/);
  });

  it('tells nothing of its inside in a refusal: no stack, no path, no SQL', async () => {
    const questions = [
      "/patches?text='%22%3B--",
      '/patches/%00',
      '/stac/search?bbox=NaN',
      "/collections/patches/items?filter=area'",
      '/patches?cursor=x',
      '/runs/%27',
    ];
    for (const path of questions) {
      const text = await (await ask(path, admin)).text();
      expect([path, /\bat \w+ \(|node_modules|\/work\/|SQLITE|select .* from|\.ts:\d/i.test(text)]).toEqual([
        path,
        false,
      ]);
    }
    const broken = await startService({
      chips: { ...greyChips, picture: () => Promise.reject(new Error('secret /etc/x')) },
    });
    const text = await (await broken.ask('/patches/x/before.png')).text();
    expect(text).not.toContain('secret');
    await broken.store.close();
  });

  it('compresses text and tiles of lines, not pictures, and says that it depends', async () => {
    const coded = async (path: string, asked = 'gzip') => {
      const { headers } = await ask(path, { ...admin, 'Accept-Encoding': asked });
      return [headers.get('content-encoding'), /accept-encoding/i.test(headers.get('vary') ?? '')];
    };
    expect(await coded('/patches')).toEqual(['gzip', true]);
    expect(await coded('/openapi.json', 'br;q=1, gzip;q=0.5')).toEqual(['gzip', true]);
    expect(await coded('/patches', 'identity')).toEqual([null, true]);
    const [picture] = await coded(`/patches/${target.own.patch}/before.png`);
    expect(picture).toBe(null);
    expect(await coded('/tiles/patches/0/0/0.mvt')).toEqual(['gzip', true]);
  });

  it('answers TRACE and CONNECT with nothing of what was sent', async () => {
    for (const method of ['PROPFIND', 'OPTIONS']) {
      const response = await ask('/patches', { ...admin, 'X-Secret': 'told' }, { method });
      expect(response.status).toBe(405);
      expect(await response.text()).not.toContain('told');
    }
  });
});

/** As the description writes an address; a name that is held to an ending is written with it there. */
function template(path: string): string {
  return path.replaceAll(
    /:(\w+)(\{[^}]*?(\.\w+)?\})?\??/g,
    (_all, name: string, _form, ending = '') => `{${name}}${ending.replace('\\\\', '')}`,
  );
}

describe('API9: improper inventory management', () => {
  it('describes every address that answers: none is there that /openapi.json does not know', async () => {
    const { paths } = (await (await ask('/openapi.json', admin)).json()) as {
      paths: Record<string, Record<string, object>>;
    };
    const known = new Set(
      Object.entries(paths).flatMap(([path, operations]) =>
        Object.keys(operations).map((method) => `${method} ${path}`),
      ),
    );
    const served = target.service.routes
      .filter(({ method }) => method !== 'ALL')
      .map(({ method, path }) => `${method.toLowerCase()} ${template(path)}`);
    const hidden = [...new Set(served)].filter((operation) => !known.has(operation));
    // The console’s files, under their folder and under each of its names, and the first name of the 3.0 description.
    expect(hidden.filter((operation) => !/^get \/(console|docs|api)(\/|$)/.test(operation))).toEqual([]);
  });

  it('has no old version beside the new one, and no address for finding faults', async () => {
    for (const path of [
      '/v1/patches',
      '/api/v1/patches',
      '/debug',
      '/admin',
      '/actuator',
      '/.env',
      '/.git/config',
      '/server-status',
      '/graphql',
      '/swagger.json',
    ]) {
      expect([path, (await ask(path, admin)).status]).toEqual([path, 404]);
    }
  });
});
