import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RateLimits } from '../../../../api/server/rate-limits.ts';
import { startServer } from '../../../../api/server/start.ts';
import { addUser } from '../../../../services/access/users.ts';
import { openStore } from '../../../../services/store/open.ts';
import { greyChips, now, silent, startService } from '../service.ts';
import { startTarget, type Target } from './workspace.ts';

/** OWASP API Security Top 10 (2023): each item is tried for real. */

const json = { 'Content-Type': 'application/json' };
const cost = { log2N: 8, r: 8, p: 1 };
const password = 'a good long password';

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
const sendJson = (method: string, path: string, headers: Record<string, string>, body: unknown) =>
  ask(path, { ...json, ...headers }, { method, body: typeof body === 'string' ? body : JSON.stringify(body) });

describe('API4: unrestricted resource consumption', () => {
  it('gives at most a page, however much is asked for', async () => {
    for (const path of [
      '/patches',
      '/changes',
      '/stac/search',
      '/collections/patches/items',
      '/collections/cases/items',
    ]) {
      const { status } = await ask(`${path}?limit=1000000`, admin);
      const body = status === 200 ? await (await ask(`${path}?limit=1000000`, admin)).text() : '';
      // OGC wants a limit that is too large to be lowered, the others refuse it.
      expect([path, status === 400 || body.length < 5e6]).toEqual([path, true]);
    }
  });

  it.each([
    ['a body beyond a megabyte', 'POST', '/stac/search', { body: `{"ids":["${'x'.repeat(1_100_000)}"]}` }, 413],
    ['one that does not say its size', 'POST', '/stac/search', { stream: 1_100_000 }, 413],
    [
      'JSON 100,000 deep',
      'POST',
      '/stac/search',
      { body: `{"intersects":${'['.repeat(100_000)}${']'.repeat(100_000)}}` },
      400,
    ],
    ['a gzip bomb', 'POST', '/stac/search', { body: gzipSync(Buffer.alloc(50_000_000)), coding: 'gzip' }, 415],
    ['a bomb by another name', 'POST', '/layers?name=x&file=x.geojson', { body: gzipSync('{}'), coding: 'br' }, 415],
    ['a question of 60,000 letters', 'GET', `/patches?text=${'x'.repeat(60_000)}`, {}, 400],
    [
      'a filter of 2,000 conditions',
      'GET',
      `/patches?filter=${encodeURIComponent(Array(2000).fill('areaM2>1').join(' OR '))}`,
      {},
      400,
    ],
    ['a polygon of a million corners', 'GET', '/tiles/patches/0/0/0.mvt?filter=x', {}, 400],
  ] as const)(
    'refuses %s',
    async (_what, method, path, {
      body,
      stream,
      coding,
    }: { body?: string | Buffer; stream?: number; coding?: string }, status) => {
      const headers = { ...json, ...admin, ...(coding && { 'Content-Encoding': coding }) };
      const endless = stream === undefined ? undefined : new Blob(['{"ids":["', 'x'.repeat(stream)]).stream();
      const sent = endless ?? (body as never);
      const began = performance.now();
      const response = await target.service.ask(path, {
        method,
        headers,
        ...(sent && { body: sent, duplex: 'half' }),
      } as RequestInit);
      expect([response.status, performance.now() - began < 2000]).toEqual([status, true]);
    },
  );

  it('ends connections that send a head or a body drop by drop, and lets an upload take its time', async () => {
    const store = await openStore({ sqlite: ':memory:' });
    const patience = { headMs: 600, bodyMs: 600, idleMs: 60_000 };
    const server = await startServer({
      store,
      configuration: { host: '127.0.0.1', port: 0 },
      log: silent,
      chips: greyChips,
      patience,
    });
    const drip = (first: string) =>
      new Promise<{ answer: string; ms: number }>((resolve) => {
        const [began, socket] = [performance.now(), connect(Number(new URL(server.url).port), '127.0.0.1')];
        let answer = '';
        const drop = setInterval(() => socket.write('a'), 50);
        socket.on('data', (data) => (answer += data.toString('latin1'))).on('error', () => {});
        const end = () => {
          clearInterval(drop);
          socket.destroy();
          resolve({ answer, ms: performance.now() - began });
        };
        socket.on('close', end);
        setTimeout(end, 2500);
        socket.write(first);
      });
    const head = 'Host: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n';
    const [body, upload] = await Promise.all([
      drip(`POST /session HTTP/1.1\r\n${head}{`),
      drip(`POST /layers?name=x HTTP/1.1\r\n${head}{`),
    ]);
    expect(body.answer).toMatch(/^HTTP\/1.1 408 /);
    expect(body.ms).toBeLessThan(2000);
    expect(upload.answer).not.toContain(' 408 ');
    await server.close();
    await store.close();
  });

  it('lets one caller ask so often, and no more', async () => {
    const service = await startService({
      simulated: false,
      limits: new RateLimits({ perSecond: 1, burst: 3 }, () => 0),
    });
    const headers = await service.bearer();
    const statuses = [];
    for (let n = 0; n < 5; n++) statuses.push((await service.ask('/lifecycle', { headers })).status);
    expect(statuses).toEqual([200, 200, 200, 429, 429]);
    await service.store.close();
  });
});

describe('API6: unrestricted access to sensitive business flows', () => {
  it('lets nobody skip the steps between finding and clearing, or clear without what is to be handed in', async () => {
    for (const action of ['close', 'resolve', 'restore', 'reopen', 'find', 'succeed']) {
      const { status } = await sendJson('POST', `/patches/${target.own.patch}/transitions`, county, {
        action,
        note: 'x',
      });
      expect([action, [400, 403, 409, 422].includes(status)]).toEqual([action, true]);
    }
  });

  it('does a write that a program repeats a hundred times once', async () => {
    const body = { title: '批量', district: '430421', patches: [target.own.patch] };
    const headers = { ...county, 'Idempotency-Key': 'again-1' };
    const answers = new Set<string>();
    for (let n = 0; n < 20; n++) answers.add(`${(await sendJson('POST', '/cases', headers, body)).status}`);
    const made = await target.service.store.db.selectFrom('cases').select('id').where('title', '=', '批量').execute();
    expect([answers.size, made.length <= 1]).toEqual([1, true]);
  });

  it('locks a name after five wrong passwords, for whoever tries', async () => {
    await addUser(
      target.service.store,
      { name: 'zhao', password, role: 'viewer', district: '', mustChange: false, cost },
      now,
    );
    const tried = async (word: string) =>
      (await sendJson('POST', '/session', {}, { name: 'zhao', password: word })).status;
    for (let n = 0; n < 5; n++) expect(await tried(`wrong-guess-${n}`)).toBe(401);
    expect(await tried(password)).toBe(429);
  });
});
