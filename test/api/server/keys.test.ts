import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SCOPE_NAMES } from '../../../services/access/scopes.ts';
import { addUser } from '../../../services/access/users.ts';
import { now, plantQueue, problemIn, startService, type TestService } from './service.ts';

interface Key {
  id: string;
  key: string;
  name: string;
  [field: string]: unknown;
}

const json = { 'Content-Type': 'application/json' };
const month = { days: 30 };

describe('keys over the API', () => {
  let service: TestService;
  beforeEach(async () => {
    service = await startService({ simulated: false });
    await plantQueue(service.store);
  });
  afterEach(() => service.store.close());

  const admin = (district: string) => service.bearer({ role: 'admin', district, name: `admin of ${district}` });
  const send = async (district: string, method: string, path: string, body?: object) => {
    const headers = { ...json, ...(await admin(district)) };
    return service.ask(path, { method, headers, ...(body && { body: JSON.stringify(body) }) });
  };
  const make = async (district: string, grant: object) =>
    (await send(district, 'POST', '/keys', { ...month, ...grant }).then((response) => response.json())) as Key;
  const status = async (path: string, { key }: Pick<Key, 'key'>, init: RequestInit = {}) =>
    (await service.ask(path, { ...init, headers: { ...init.headers, Authorization: `Bearer ${key}` } })).status;

  it('are made for a time, told once, used, listed without themselves, and ended', async () => {
    const response = await send('', 'POST', '/keys', { name: '大屏', role: 'viewer', district: '430421', ...month });
    expect([response.status, response.headers.get('cache-control')]).toEqual([201, 'no-store']);
    const made = (await response.json()) as Key;
    expect(made).toMatchObject({
      ...{ name: '大屏', role: 'viewer', district: '430421', level: null, scopes: null, createdBy: 'admin of ' },
      ...{ expiresAt: '2025-08-01T02:00:00.000Z', lastUsedAt: null, revokedAt: null },
    });
    expect(made).not.toHaveProperty('hash');
    expect(await status('/patches', made)).toBe(200);
    const text = await (await send('', 'GET', '/keys')).text();
    expect(text).not.toContain(made.key);
    expect(text).not.toContain('hash');
    const listed = (JSON.parse(text) as { keys: Key[] }).keys.find(({ id }) => id === made.id);
    expect(listed).toMatchObject({ lastUsedAt: now.toISOString() });
    expect((await send('', 'DELETE', `/keys/${made.id}`)).status).toBe(204);
    expect(await status('/patches', made)).toBe(401);
    expect((await send('', 'DELETE', '/keys/abc')).status).toBe(404);
  });

  it.each([
    ['no end', { name: 'x', district: '' }, 'days'],
    ['an end too far away', { name: 'x', district: '', days: 367 }, 'days'],
    ['a role that is none', { name: 'x', district: '', days: 1, role: 'root' }, 'role'],
    ['more than a key has', { name: 'x', district: '', days: 1, hash: 'a' }, 'hash'],
    ['a scope that is none', { name: 'x', district: '', days: 1, scopes: ['all'] }, 'scopes.0'],
    ['no scope at all', { name: 'x', district: '', days: 1, scopes: [] }, 'scopes'],
  ])('are not made with %s', async (_what, body, field) => {
    const problem = await problemIn(await send('', 'POST', '/keys', body));
    expect(problem).toMatchObject({ status: 400, errors: [expect.objectContaining({ field })] });
  });

  it.each(['tuban', 'SYSTEM', 'wang', ' Wang', 'local', 'a\nb', '<b>'])(
    'do not speak in the name of %j',
    async (name) => {
      const cost = { log2N: 8, r: 8, p: 1 };
      const user = { name: 'wang', password: 'a good long password', role: 'handler', district: '', cost } as const;
      await addUser(service.store, { ...user, mustChange: false }, now);
      expect((await send('', 'POST', '/keys', { name, district: '', ...month })).status).toBe(400);
    },
  );

  describe('of an administrator of a county', () => {
    it.each([
      ['of another county', { district: '430422' }],
      ['of its prefecture', { district: '4304' }],
      ['of everything', { district: '' }],
      ['of its own district that acts for the province', { district: '430421', role: 'reviewer', level: 'province' }],
      ['of its own district that acts for the prefecture', { district: '430421', role: 'admin', level: 'city' }],
    ])('are not made %s', async (_what, grant) => {
      const response = await send('430421', 'POST', '/keys', { name: 'wide', role: 'viewer', ...month, ...grant });
      expect(await problemIn(response)).toMatchObject({ status: 403, code: 'forbidden' });
      expect(await service.store.db.selectFrom('api_keys').select('id').where('name', '=', 'wide').execute()).toEqual(
        [],
      );
    });

    it('are made for its own district and below, at its own level and below', async () => {
      for (const grant of [
        { district: '430421' },
        { district: '430421003', role: 'admin' },
        { district: '430421', level: 'town', role: 'handler' },
      ]) {
        expect(await make('430421', { name: 'own', ...grant })).toMatchObject({ key: expect.any(String) });
      }
    });

    it('are all it sees and ends: not another county’s, not the prefecture’s, not one above its level', async () => {
      const [other, above, high, own] = [
        await make('', { name: 'other', district: '430422' }),
        await make('', { name: 'above', district: '4304' }),
        await make('', { name: 'high', district: '430421', level: 'province', role: 'reviewer' }),
        await make('', { name: 'own', district: '430421' }),
      ];
      const { keys } = (await (await send('430421', 'GET', '/keys')).json()) as { keys: Key[] };
      expect(keys.every((key) => String(key['district']).startsWith('430421'))).toBe(true);
      expect(keys.map(({ id }) => id)).toEqual(expect.arrayContaining([own.id, high.id]));
      const end = async ({ id }: Key) => (await send('430421', 'DELETE', `/keys/${id}`)).status;
      expect([await end(other), await end(above), await end(high), await end(own)]).toEqual([404, 404, 403, 204]);
      expect(await status('/patches', other)).toBe(200);
    });

    it('give users no more either: no wider district, no higher level, no password of one who stands above', async () => {
      const cost = { log2N: 8, r: 8, p: 1 };
      const user = { password: 'a good long password', cost, mustChange: false } as const;
      await addUser(
        service.store,
        { ...user, name: 'high', role: 'reviewer', district: '430421', level: 'province' },
        now,
      );
      await addUser(service.store, { ...user, name: 'own', role: 'handler', district: '430421' }, now);
      const post = async (grant: object) =>
        (
          await send('430421', 'POST', '/users', {
            name: 'new',
            password: 'a good long one',
            role: 'handler',
            ...grant,
          })
        ).status;
      expect(await post({ district: '4304' })).toBe(403);
      expect(await post({ district: '430421', level: 'province' })).toBe(403);
      const patch = async (name: string, change: object) =>
        (await send('430421', 'PATCH', `/users/${name}`, change)).status;
      expect(await patch('high', { password: 'taken over by county' })).toBe(403);
      expect(await patch('high', { level: 'county' })).toBe(403);
      expect(await patch('own', { level: 'city' })).toBe(403);
      expect(await patch('own', { district: '43' })).toBe(403);
      expect(await patch('own', { level: 'town' })).toBe(200);
    });
  });

  it('are nobody’s business but administrators’', async () => {
    for (const role of ['viewer', 'field', 'handler', 'reviewer'] as const) {
      const headers = { ...json, ...(await service.bearer({ role })) };
      expect((await service.ask('/keys', { headers })).status).toBe(403);
      const body = JSON.stringify({ name: 'x', district: '430421', ...month });
      expect((await service.ask('/keys', { method: 'POST', headers, body })).status).toBe(403);
      expect((await service.ask('/keys/abc', { method: 'DELETE', headers })).status).toBe(403);
    }
  });

  describe('with scopes', () => {
    const paths: Record<string, string> = {
      'patches:read': '/patches',
      'cases:read': '/cases',
      'changes:read': '/changes',
      'maps:read': '/zones?layer=farmland&bbox=112.4,26.8,112.6,27',
      'scenes:read': '/stac/search',
    };

    it.each(Object.keys(paths))('%s reads there and nowhere else', async (scope) => {
      const key = await make('', { name: scope.replace(':', '-'), district: '', scopes: [scope] });
      for (const [other, path] of Object.entries(paths)) {
        expect([path, await status(path, key)]).toEqual([path, other === scope ? 200 : 403]);
      }
      for (const path of ['/keys', '/users', '/metrics', '/field/tasks', '/nothing'])
        expect([path, await status(path, key)]).toEqual([path, 403]);
      for (const path of ['/openapi.json', '/workspace', '/'])
        expect([path, await status(path, key)]).toEqual([path, 200]);
    });

    it('reach no collection of another scope through the collections', async () => {
      const maps = await make('', { name: 'maps', district: '', scopes: ['maps:read'] });
      expect(await status('/collections/zones-farmland/items', maps)).toBe(200);
      expect(await status('/collections/patches/items', maps)).toBe(403);
      expect(await status('/collections/cases/items', maps)).toBe(403);
    });

    it('only read, whatever role is asked for', async () => {
      expect(
        (
          await send('', 'POST', '/keys', {
            name: 'x',
            role: 'admin',
            district: '',
            scopes: ['patches:read'],
            ...month,
          })
        ).status,
      ).toBe(400);
      const key = await make('', { name: 'reader', district: '', scopes: [...SCOPE_NAMES] });
      const [{ id }] = await service.store.db.selectFrom('patches').select('id').execute();
      const warn = { method: 'POST', headers: json, body: JSON.stringify({ action: 'warn', note: 'x' }) };
      expect(await status(`/patches/${id}/transitions`, key, warn)).toBe(403);
      expect(
        (await send('430421', 'POST', '/keys', { name: 'm', district: '430421', scopes: ['metrics'], ...month }))
          .status,
      ).toBe(400);
    });
  });
});
