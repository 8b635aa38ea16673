import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isLoopbackAddress, isLoopbackHost } from '../../../api/server/access.ts';
import type { MonthTable, PatchPage, ZoneCollection } from '../../../api/server/schemas.ts';
import { revokeKey } from '../../../services/store/keys.ts';
import { now, plantQueue, problemIn, startService, type TestService } from './service.ts';

const warn = { method: 'POST', body: JSON.stringify({ action: 'warn', note: 'x' }) };
const json = { 'Content-Type': 'application/json' };

describe('a simulated workspace', () => {
  let service: TestService;
  let ids: string[];
  beforeEach(async () => {
    service = await startService({ simulated: true });
    ids = await plantQueue(service.store);
  });
  afterEach(() => service.store.close());

  it.each([
    ['127.0.0.1', 'localhost:8787'],
    ['::1', '[::1]:8787'],
    ['::ffff:127.0.0.1', '127.0.0.1:8787'],
  ])('is read without a key from the machine itself (%s to %s)', async (address, host) => {
    expect((await service.ask('/patches', {}, { address, host })).status).toBe(200);
  });

  it.each([
    ['another machine', { address: '192.168.1.7', host: 'localhost:8787' }],
    ['a page of another site whose name leads here (DNS rebinding)', { host: 'evil.example:8787' }],
    ['a name that only looks local', { host: 'localhost.evil.example' }],
  ])('is not read without a key by %s', async (_who, from) => {
    const response = await service.ask('/patches', {}, from);
    expect(response.headers.get('www-authenticate')).toContain('Bearer');
    expect(await problemIn(response)).toMatchObject({ status: 401, code: 'unauthenticated' });
  });

  it('is not read without a key through a proxy on the machine', async () => {
    const headers = { 'X-Forwarded-For': '203.0.113.9' };
    expect((await service.ask('/patches', { headers })).status).toBe(401);
  });

  it('is not changed without a key', async () => {
    const response = await service.ask(`/patches/${ids[0]}/transitions`, { ...warn, headers: json });
    expect(await problemIn(response)).toMatchObject({ status: 401 });
  });

  it('is not read with a wrong key either: a key that is sent counts', async () => {
    const headers = { Authorization: `Bearer ${'A'.repeat(43)}` };
    expect(await problemIn(await service.ask('/patches', { headers }))).toMatchObject({ status: 401 });
  });
});

describe('any other workspace', () => {
  let service: TestService;
  let ids: string[];
  beforeEach(async () => {
    service = await startService({ simulated: false });
    ids = await plantQueue(service.store);
  });
  afterEach(() => service.store.close());

  const status = async (path: string, headers: Record<string, string> = {}) =>
    (await service.ask(path, { headers })).status;

  it('is not read without a key, not even on the machine itself', async () => {
    for (const path of ['/', '/patches', `/patches/${ids[0]}`, '/runs', '/months', '/collections', '/openapi.json']) {
      expect([path, await status(path)]).toEqual([path, 401]);
    }
  });

  it('shows its health and the console, which hold no data, to anybody', async () => {
    for (const path of ['/healthz', '/readyz', '/console/', '/console/main.ts', '/console/vendor/preact.mjs']) {
      expect([path, await status(path)]).toEqual([path, 200]);
    }
  });

  it('is read with a key', async () => {
    expect(await status('/patches', await service.bearer({ role: 'viewer' }))).toBe(200);
  });

  it('is not read with a key that has run out, is revoked, or comes in another form', async () => {
    expect(await status('/patches', await service.bearer({ expiresAt: now }))).toBe(401);
    const key = await service.bearer({ name: 'gone' });
    for (const row of await service.store.db.selectFrom('api_keys').select('id').execute()) {
      await revokeKey(service.store.db, row.id, now);
    }
    expect(await status('/patches', key)).toBe(401);
    expect(await status('/patches', { Authorization: 'Basic dTpw' })).toBe(401);
    expect(await status(`/patches?key=${key.Authorization.slice(7)}`)).toBe(401);
  });

  it('is not changed by a viewer', async () => {
    const headers = { ...json, ...(await service.bearer({ role: 'viewer' })) };
    const response = await service.ask(`/patches/${ids[0]}/transitions`, { ...warn, headers });
    expect(await problemIn(response)).toMatchObject({ status: 403, code: 'forbidden' });
  });

  it('ends at the district of the key: what lies outside does not exist', async () => {
    const headers = await service.bearer({ district: '430422' });
    const page = (await (await service.ask('/patches?district=430421', { headers })).json()) as PatchPage;
    expect(page).toMatchObject({ patches: [], total: 0 });
    const all = (await (await service.ask('/patches', { headers })).json()) as PatchPage;
    expect(all.patches.map((patch) => patch.id)).toEqual([ids[2]]);
    for (const path of ['', '/before.png', '/chip.json'])
      expect(await status(`/patches/${ids[0]}${path}`, headers)).toBe(404);
    expect(await status(`/collections/patches/items/${ids[0]}`, headers)).toBe(404);
    const step = await service.ask(`/patches/${ids[0]}/transitions`, { ...warn, headers: { ...json, ...headers } });
    expect(await problemIn(step)).toMatchObject({ status: 404, code: 'not-found' });
    const table = (await (await service.ask('/months/2025-06', { headers })).json()) as MonthTable;
    expect(table.rows.map((row) => row.district)).toEqual(['430422']);
    expect(table.total.found).toBe(1);
    const zones = (await (await service.ask('/zones?layer=districts', { headers })).json()) as ZoneCollection;
    expect(zones.features.map((zone) => zone.properties.district)).toEqual(['430422']);
  });

  it('keeps what is told to one key out of caches that serve another', async () => {
    const response = await service.ask('/patches', { headers: await service.bearer() });
    expect(response.headers.get('cache-control')).toBe('private, no-cache');
    expect(response.headers.get('vary')).toContain('Authorization');
  });
});

describe('loopback', () => {
  it('is 127.0.0.0/8 and ::1 by address', () => {
    for (const address of ['127.0.0.1', '127.8.9.10', '::1', '::ffff:127.0.0.1'])
      expect(isLoopbackAddress(address)).toBe(true);
    for (const address of ['10.0.0.1', '128.0.0.1', '::2', '127.evil', ''])
      expect(isLoopbackAddress(address)).toBe(false);
  });

  it('is localhost or such an address by name, with or without a port', () => {
    for (const host of ['localhost', 'LOCALHOST:80', '127.0.0.1:8787', '[::1]:8787', '::1'])
      expect(isLoopbackHost(host)).toBe(true);
    for (const host of ['example.org', '127.0.0.1.example.org', 'localhost.', '0.0.0.0', undefined]) {
      expect(isLoopbackHost(host)).toBe(false);
    }
  });
});
