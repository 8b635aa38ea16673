import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addUser } from '../../../services/access/users.ts';
import { now, plantQueue, startService, type TestService } from './service.ts';

const map = 'https://map.example';
const asks = { 'Access-Control-Request-Method': 'GET', 'Access-Control-Request-Headers': 'authorization' };

describe('pages of other sites', () => {
  let service: TestService;
  let closed: TestService;
  beforeAll(async () => {
    service = await startService({ simulated: false, services: { origins: [map, 'http://localhost:3000'] } });
    closed = await startService({ simulated: false });
    await plantQueue(service.store);
  });
  afterAll(async () => {
    await service.store.close();
    await closed.store.close();
  });

  it('that are named may ask with a key and read the answer, its ETag and its id', async () => {
    const headers = { Origin: map, ...(await service.bearer()) };
    const response = await service.ask('/patches', { headers });
    expect([response.status, response.headers.get('access-control-allow-origin')]).toEqual([200, map]);
    expect(response.headers.get('access-control-allow-credentials')).toBe(null);
    const exposed = response.headers.get('access-control-expose-headers')!.split(',');
    for (const name of ['ETag', 'Link', 'X-Request-Id', 'Idempotency-Replayed', 'Retry-After']) {
      expect(exposed).toContain(name);
    }
    expect(response.headers.get('vary')).toMatch(/\bOrigin\b/);
    expect(response.headers.get('vary')).toMatch(/\bAuthorization\b/);
  });

  it('are answered before they ask, when they have no key yet', async () => {
    const response = await service.ask('/patches', { method: 'OPTIONS', headers: { Origin: map, ...asks } });
    expect(response.status).toBe(204);
    expect(response.headers.get('access-control-allow-origin')).toBe(map);
    expect(response.headers.get('access-control-allow-headers')).toContain('Authorization');
    expect(response.headers.get('access-control-allow-methods')).toContain('PATCH');
    expect(response.headers.get('vary')).toMatch(/\bOrigin\b/);
  });

  it('read a refusal too, so that they can tell it', async () => {
    const response = await service.ask('/patches', { headers: { Origin: map } });
    expect([response.status, response.headers.get('access-control-allow-origin')]).toEqual([401, map]);
    expect(response.headers.get('vary')).toMatch(/\bOrigin\b/);
  });

  it.each([
    'https://evil.example',
    'https://map.example.evil.example',
    'https://map.example:8443',
    'http://map.example',
    'null',
  ])('are let nowhere as %s, and caches are told that it depends', async (Origin) => {
    const allowed = async (init: RequestInit) => {
      const response = await service.ask('/patches', init);
      expect(response.headers.get('vary')).toMatch(/\bOrigin\b/);
      return response.headers.get('access-control-allow-origin');
    };
    expect(await allowed({ headers: { Origin, ...(await service.bearer()) } })).toBe(null);
    expect(await allowed({ method: 'OPTIONS', headers: { Origin, ...asks } })).toBe(null);
  });

  it('are none unless somebody names them', async () => {
    const response = await closed.ask('/patches', { headers: { Origin: map, ...(await closed.bearer()) } });
    expect([...response.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
    const preflight = await closed.ask('/patches', { method: 'OPTIONS', headers: { Origin: map, ...asks } });
    expect([preflight.status, preflight.headers.get('access-control-allow-origin')]).toEqual([401, null]);
  });

  it('ask with no session of ours: changes with a cookie stay with our own pages, and nobody logs in from there', async () => {
    const cost = { log2N: 8, r: 8, p: 1 };
    const user = { name: 'wang', password: 'a good long password', role: 'admin', district: '', cost } as const;
    await addUser(service.store, { ...user, mustChange: false }, now);
    const body = JSON.stringify({ name: 'wang', password: 'a good long password' });
    const json = { 'Content-Type': 'application/json' };
    const logIn = (headers: object) =>
      service.ask('/session', { method: 'POST', body, headers: { ...json, ...headers } });
    expect((await logIn({ Origin: map })).status).toBe(403);
    const Cookie = (await logIn({})).headers.get('set-cookie')!.split(';')[0];
    const change = await service.ask('/users', {
      method: 'POST',
      body: '{}',
      headers: { ...json, Cookie, Origin: map },
    });
    expect(change.status).toBe(403);
  });
});
