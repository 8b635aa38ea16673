import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addUser } from '../../../../services/access/users.ts';
import { now, problemIn } from '../service.ts';
import { startTarget, type Target } from './workspace.ts';

/** OWASP API Security Top 10 (2023): each item is tried for real. */

const json = { 'Content-Type': 'application/json' };
const cost = { log2N: 8, r: 8, p: 1 };
const password = 'a good long password';

let target: Target;
let county: Record<string, string>;
let other: Record<string, string>;
let admin: Record<string, string>;
beforeAll(async () => {
  target = await startTarget();
  const { service } = target;
  county = await service.bearer({ district: '430421', name: 'county' });
  other = await service.bearer({ district: '430422', name: 'other' });
  admin = await service.bearer({ role: 'admin', name: 'admin' });
  const user = { password, district: '430421', mustChange: false, cost } as const;
  await addUser(service.store, { ...user, name: 'wang', role: 'reviewer' }, now);
});
afterAll(() => target.close());

const ask = (path: string, headers: Record<string, string>, init: RequestInit = {}) =>
  target.service.ask(path, { ...init, headers: { ...headers, ...(init.headers as object) } });
const sendJson = (method: string, path: string, headers: Record<string, string>, body: unknown) =>
  ask(path, { ...json, ...headers }, { method, body: typeof body === 'string' ? body : JSON.stringify(body) });

describe('API1: broken object level authorization', () => {
  /** Objects of the county 430421 by address, so that its own key reads them and the neighbour’s does not. */
  const objects = (): string[] => {
    const { patch, number, caseId, run, scene, photo } = target.own;
    return [
      ...[`/patches/${patch}`, `/patches/${number}`, `/patches/${patch}/opinions`, `/patches/${patch}/dossier`],
      ...[`/patches/${patch}/before.png`, `/patches/${patch}/chip.json`, `/patches/${patch}/photos`],
      ...[`/patches/${patch}/photos/${photo}/preview.jpg`, `/collections/patches/items/${patch}`],
      ...[`/cases/${caseId}`, `/collections/cases/items/${caseId}`, `/runs/${run}`],
      ...[`/stac/collections/scenes/items/${scene}`, `/tiles/scenes/${scene}.json`],
    ];
  };

  it('gives the owner each of its objects and a neighbour none, refused as what does not exist', async () => {
    for (const path of objects()) {
      expect([path, (await ask(path, county)).status]).toEqual([path, 200]);
      expect([path, (await ask(path, other)).status]).toEqual([path, 404]);
    }
  });

  it('tells a neighbour of none of them in a list, whatever it asks for', async () => {
    const lists = [
      '/patches',
      '/cases',
      '/runs',
      '/scenes',
      '/changes',
      '/stac/search',
      '/patches/statistics',
      '/field/tasks',
    ];
    lists.push(
      '/collections/patches/items',
      '/collections/cases/items',
      '/collections/coverage/items',
      '/patches/export?format=csv',
    );
    for (const path of lists) {
      for (const question of ['', 'district=430421', 'bbox=112,26,113,27']) {
        const text = await (await ask(`${path}${path.includes('?') ? '&' : '?'}${question}`, other)).text();
        for (const name of Object.values(target.own))
          expect([path, question, text.includes(name)]).toEqual([path, question, false]);
      }
    }
  });

  it('lets a neighbour change none of them, nor hang its own upon them', async () => {
    const { patch, caseId } = target.own;
    const step = { action: 'warn', note: 'x' };
    const [mine] = await target.service.store.db
      .selectFrom('patches')
      .select('id')
      .where('district', '=', '430422')
      .execute();
    const tries: [string, object][] = [
      [`/patches/${patch}/transitions`, step],
      [`/cases/${caseId}/transitions`, step],
      [`/patches/${patch}/lineage/undo`, { reason: 'x' }],
      ['/patches/merge', { patches: [mine.id, patch], reason: 'same owner' }],
      ['/cases', { title: 'x', district: '430422', patches: [mine.id, patch] }],
    ];
    for (const [path, body] of tries) {
      const { status } = await sendJson('POST', path, other, body);
      expect([path, [400, 403, 404].includes(status)]).toEqual([path, true]);
    }
    const photo = await ask(
      `/patches/${patch}/photos`,
      { ...other, 'Content-Type': 'image/jpeg' },
      { method: 'POST', body: 'x' },
    );
    expect(photo.status).toBe(404);
    const { version } = await target.service.store.db
      .selectFrom('patches')
      .select('version')
      .where('id', '=', patch)
      .executeTakeFirstOrThrow();
    expect(version).toBe(await versionAtStart());
  });

  const versionAtStart = async () => {
    const events = await target.service.store.db
      .selectFrom('events')
      .select('actor')
      .where('subjectId', '=', target.own.patch)
      .execute();
    expect(events.map(({ actor }) => actor)).not.toContain('other');
    return events.length;
  };
});

describe('API2: broken authentication', () => {
  const logIn = (body: object, headers: Record<string, string> = {}) => sendJson('POST', '/session', headers, body);

  it('takes the same work for a name that does not exist, and says the same', async () => {
    const tried = async (name: string) => {
      const began = performance.now();
      const { detail } = await problemIn(await logIn({ name, password: 'not the password' }));
      return { detail, ms: performance.now() - began };
    };
    await addUser(
      target.service.store,
      { name: 'real', password, role: 'viewer', district: '', mustChange: false },
      now,
    );
    const [real, nobody] = [await tried('real'), await tried('nobody')];
    expect(nobody.detail).toBe(real.detail);
    expect(nobody.ms).toBeGreaterThan(real.ms / 5);
  });

  it('gives a session a new token that no script, no other site and no plain connection of a https one gets', async () => {
    const planted = `tuban_session=${'A'.repeat(43)}`;
    const line = (await logIn({ name: 'wang', password }, { Cookie: planted })).headers.get('set-cookie')!;
    expect(line).toMatch(/^tuban_session=[\w-]{43}; Max-Age=\d+; Path=\/; HttpOnly; SameSite=Strict$/);
    expect(line).not.toContain(planted.slice(14));
    expect((await ask('/patches', { Cookie: planted })).status).toBe(401);
  });

  it('keeps neither keys nor tokens nor passwords, only what they are known by', async () => {
    const { db } = target.service.store;
    const kept = JSON.stringify([
      await db.selectFrom('api_keys').selectAll().execute(),
      await db.selectFrom('sessions').selectAll().execute(),
      await db.selectFrom('users').selectAll().execute(),
    ]);
    for (const secret of [county, other, admin].map(({ Authorization }) => Authorization.slice(7)))
      expect(kept).not.toContain(secret);
    expect(kept).not.toContain(password);
    expect(kept).toContain('scrypt$');
  });

  it.each([
    ['none', {}],
    ['a key in the address', {}, '?key='],
    ['a token that signs itself', { Authorization: 'Bearer eyJhbGciOiJub25lIn0.eyJyb2xlIjoiYWRtaW4ifQ.' }],
    ['a name and password', { Authorization: `Basic ${btoa('wang:a good long password')}` }],
    ['a hash out of the database', { Authorization: `Bearer ${'0'.repeat(64)}` }],
    ['a role that is claimed', { 'X-Role': 'admin', 'X-User': 'admin', 'X-Forwarded-User': 'admin' }],
    ['an address that is claimed', { 'X-Forwarded-For': '127.0.0.1', 'X-Real-IP': '127.0.0.1' }],
  ])('is not passed by %s', async (_what, headers, query = '') => {
    expect((await ask(`/patches${query}${query && admin['Authorization'].slice(7)}`, headers as never)).status).toBe(
      401,
    );
  });
});

describe('API3: broken object property level authorization', () => {
  it('takes no property that is not asked for, at every address that takes JSON', async () => {
    const document = (await (await ask('/openapi.json', admin)).json()) as {
      paths: Record<string, Record<string, { requestBody?: { content?: Record<string, unknown> } }>>;
    };
    const takers = Object.entries(document.paths).flatMap(([path, operations]) =>
      Object.entries(operations).flatMap(([method, { requestBody }]) =>
        requestBody?.content?.['application/json'] ? [[method.toUpperCase(), path] as const] : [],
      ),
    );
    expect(takers.length).toBeGreaterThan(10);
    const { patch, caseId } = target.own;
    const taking: string[] = [];
    for (const [method, template] of takers) {
      const path = template.replace('{id}', template.startsWith('/cases') ? caseId : patch).replace(/\{\w+\}/g, 'wang');
      const response = await sendJson(method, path, admin, {
        role: 'admin',
        isAdmin: true,
        passwordHash: 'x',
        state: 'closed',
        __proto__x: 1,
      });
      if (response.status < 400) taking.push(`${method} ${path}: ${response.status}`);
    }
    expect(taking).toEqual([]);
  });

  it('changes nobody’s role along with something else, nor an object’s owner by a prototype', async () => {
    const bodies = [
      '{"name":"wang","password":"x","role":"admin"}',
      '{"__proto__":{"role":"admin"},"name":"wang","password":"wrong-wrong"}',
    ];
    for (const body of bodies) expect([400, 401]).toContain((await sendJson('POST', '/session', {}, body)).status);
    expect(({} as { role?: string }).role).toBe(undefined);
  });

  it('tells of users, keys and receivers no hash and no secret', async () => {
    for (const path of ['/users', '/keys', '/receivers', '/workspace', '/session']) {
      const text = await (await ask(path, admin)).text();
      expect([path, /hash|scrypt|whsec_|secret"/i.test(text)]).toEqual([path, false]);
    }
  });
});

describe('API5: broken function level authorization', () => {
  /** What is for administrators, and what of it for those of the whole workspace alone. */
  const whole = [
    'GET /metrics',
    'GET /receivers',
    'POST /receivers',
    'GET /receivers/x/deliveries',
    'GET /layers/uploads/x',
  ];
  const administrators = [
    'GET /users',
    'POST /users',
    'PATCH /users/wang',
    'GET /keys',
    'POST /keys',
    'DELETE /keys/ab',
  ];
  const bodies: Record<string, object> = {
    'POST /receivers': { url: 'https://example.com/' },
    'POST /users': { name: 'new', password: 'for the first time', role: 'admin', district: '' },
    'PATCH /users/wang': { role: 'admin' },
    'POST /keys': { name: 'new', role: 'admin', district: '', days: 1 },
  };
  const status = async (operation: string, headers: Record<string, string>) => {
    const [method, path] = operation.split(' ');
    const body = bodies[operation];
    return (body ? await sendJson(method, path, headers, body) : await ask(path, headers, { method })).status;
  };

  it.each(['viewer', 'field', 'handler', 'reviewer'] as const)(
    'gives a %s nothing that is for administrators',
    async (role) => {
      const headers = await target.service.bearer({ role, name: role });
      for (const operation of [...administrators, ...whole]) {
        if (operation === 'GET /metrics') continue;
        expect([operation, await status(operation, headers)]).toEqual([operation, 403]);
      }
    },
  );

  it('gives an administrator of a county nothing that is for one of the whole workspace', async () => {
    const headers = await target.service.bearer({ role: 'admin', district: '430422', name: 'county admin' });
    for (const operation of whole) {
      if (operation === 'GET /metrics') continue;
      expect([operation, await status(operation, headers)]).toEqual([operation, 403]);
    }
    expect(await status('POST /users', headers)).toBe(403);
    expect(await status('POST /keys', headers)).toBe(403);
    expect(await status('PATCH /users/wang', headers)).toBe(404);
  });

  it('lets a viewer change nothing, at any address that changes something', async () => {
    const headers = { ...json, ...(await target.service.bearer({ role: 'viewer', name: 'looks' })) };
    const document = (await (await ask('/openapi.json', admin)).json()) as {
      paths: Record<string, Record<string, object>>;
    };
    const changed: string[] = [];
    for (const [path, operations] of Object.entries(document.paths)) {
      for (const method of Object.keys(operations).filter((name) =>
        ['post', 'put', 'patch', 'delete'].includes(name),
      )) {
        // A search changes nothing, and who logs in or out is no viewer yet.
        if (path === '/stac/search' || path.startsWith('/session')) continue;
        const at = path
          .replace('{id}', path.startsWith('/cases') ? target.own.caseId : target.own.patch)
          .replace(/\{\w+\}/g, 'x');
        const response = await target.service.ask(at, { method: method.toUpperCase(), headers, body: '{}' });
        if (response.status < 400) changed.push(`${method} ${path}: ${response.status}`);
      }
    }
    expect(changed).toEqual([]);
  });

  it('takes no other method in place of the one that is refused', async () => {
    const headers = await target.service.bearer({ role: 'viewer', name: 'tricks' });
    for (const name of ['X-HTTP-Method-Override', 'X-Method-Override', 'X-HTTP-Method']) {
      const response = await ask('/users?_method=DELETE', { ...headers, [name]: 'DELETE' });
      expect(response.status).toBeGreaterThanOrEqual(400);
    }
  });
});
