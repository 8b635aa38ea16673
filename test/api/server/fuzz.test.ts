import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningServer, startServer } from '../../../api/server/start.ts';
import { openStore, type Store } from '../../../services/store/open.ts';
import { attack, type Campaign, type Outcome } from './fuzz/campaign.ts';
import { startTarget } from './fuzz/target.ts';
import { greyChips, plantQueue, silent } from './service.ts';

const count = 1000;

describe(`${count} hostile requests, made from the API's own description`, () => {
  let target: Awaited<ReturnType<typeof startTarget>>;
  let outcome: Outcome;
  const unhandled: unknown[] = [];
  const note = (error: unknown) => unhandled.push(error);
  beforeAll(async () => {
    process.on('unhandledRejection', note);
    target = await startTarget();
    const campaign: Campaign = { ...target, seed: 2026, count };
    outcome = await attack(campaign);
  }, 120_000);
  afterAll(async () => {
    process.off('unhandledRejection', note);
    await target.close();
  });

  it('are each answered in 5 s: what is refused as one line of problem+json and writes nothing, none by a failure', () => {
    expect(outcome.faults).toEqual([]);
  });

  it('reach every operation, and are answered with what is described, refused in many ways and not all refused', () => {
    expect(outcome.asked.size).toBeGreaterThan(60);
    const { statuses } = outcome;
    for (const status of [200, 400, 401, 403, 404, 413, 415, 422])
      expect([status, statuses[status]! > 0]).toEqual([status, true]);
    expect(statuses[200]).toBeGreaterThan(count / 10);
  });

  it.each([
    '/patches?text=a%00',
    "/patches?filter=number='%00'",
    "/collections/districts/items?filter=name LIKE '%00'",
    '/audit/reads?actor=%00',
    '/patches/%00',
  ])('are refused for a NUL, which one of the stores could not hold: %s', async (path) => {
    expect((await target.service.ask(path, { headers: target.actors['admin']! })).status).toBe(400);
  });

  it.each([
    ['a NUL', '{"name":"a\\u0000","password":"x"}'],
    ['a NUL in a name', '{"a\\u0000":1}'],
    ['half a letter', '{"name":"\\ud83d","password":"x"}'],
    ['brackets without end', `${'['.repeat(100_000)}`],
  ])('are refused for %s in a body', async (_what, body) => {
    const headers = { 'Content-Type': 'application/json' };
    const response = await target.service.ask('/session', { method: 'POST', headers, body });
    expect(response.status).toBe(400);
    expect(await response.text()).toMatch(/The body must be/);
    const whole = JSON.stringify({ name: '图\ud83d\ude00 \\\\ud83d', password: 'x'.repeat(9) });
    expect((await target.service.ask('/session', { method: 'POST', headers, body: whole })).status).toBe(401);
  });

  it('leave the service alive, with no promise that nobody waited for', async () => {
    expect(unhandled).toEqual([]);
    const response = await target.service.ask('/patches', { headers: target.actors['admin']! });
    expect(response.status).toBe(200);
  });
});

describe('a server to which bytes are sent that are no request', () => {
  let store: Store;
  let server: RunningServer;
  beforeAll(async () => {
    store = await openStore({ sqlite: ':memory:' });
    await plantQueue(store);
    server = await startServer({ store, configuration: { host: '127.0.0.1', port: 0 }, log: silent, chips: greyChips });
  });
  afterAll(async () => {
    await server.close();
    await store.close();
  });

  /** What comes back for these bytes until the server or we hang up. */
  const send = (bytes: string, hangUpAfterMs?: number): Promise<string> =>
    new Promise((resolve) => {
      const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
      let answer = '';
      socket.on('data', (data) => (answer += data.toString('latin1')));
      socket.on('error', () => {});
      socket.on('close', () => resolve(answer));
      socket.write(Buffer.from(bytes, 'latin1'));
      setTimeout(() => socket.destroy(), hangUpAfterMs ?? 1500);
    });
  const head = 'Host: 127.0.0.1\r\nConnection: close\r\n';

  it.each<[string, string]>([
    [
      'a body cut off',
      `POST /stac/search HTTP/1.1\r\n${head}Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{"bbox"`,
    ],
    ['a chunk cut off', `POST /stac/search HTTP/1.1\r\n${head}Transfer-Encoding: chunked\r\n\r\nff\r\n{`],
    ['a chunk of no size', `POST /stac/search HTTP/1.1\r\n${head}Transfer-Encoding: chunked\r\n\r\nzz\r\n\r\n`],
    ['two lengths', `POST /session HTTP/1.1\r\n${head}Content-Length: 1\r\nContent-Length: 9\r\n\r\n{`],
    [
      'a length and chunks',
      `POST /session HTTP/1.1\r\n${head}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET / HTTP/1.1\r\n\r\n`,
    ],
    ['a length below nothing', `POST /session HTTP/1.1\r\n${head}Content-Length: -1\r\n\r\n`],
    ['an address with a NUL', `GET /patches/\u0000 HTTP/1.1\r\n${head}\r\n`],
    ['an address that climbs', `GET /console/../../../../etc/passwd HTTP/1.1\r\n${head}\r\n`],
    ['an address of bytes that are no UTF-8', `GET /patches/\u00ff\u00fe HTTP/1.1\r\n${head}\r\n`],
    ['an address with a host of its own', `GET http://evil.example/patches HTTP/1.1\r\n${head}\r\n`],
    ['an address that is none', `GET ?? HTTP/1.1\r\n${head}\r\n`],
    ['an address of two slashes', `GET //evil.example/%2e%2e HTTP/1.1\r\n${head}\r\n`],
    ['no host', 'GET /patches HTTP/1.1\r\nConnection: close\r\n\r\n'],
    ['a host that is none', 'GET /patches HTTP/1.1\r\nHost: ][\r\nConnection: close\r\n\r\n'],
    ['a header of 40 kB', `GET / HTTP/1.1\r\n${head}X: ${'x'.repeat(40_000)}\r\n\r\n`],
    ['a method of its own', `BREW /patches HTTP/1.1\r\n${head}\r\n`],
    ['an upgrade', `GET /patches HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`],
    ['another protocol', '\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003'],
  ])('answers %s with a refusal or hangs up, and goes on', async (_what, bytes) => {
    const answer = await send(bytes);
    if (answer !== '') expect(answer).toMatch(/^HTTP\/1\.1 (200|4\d\d) /);
    expect(answer).not.toMatch(/root:|HTTP\/1\.1 5/);
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
  });
});
