import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { request as requestRemote } from '../../../../imagery/remote/request.ts';
import { dutyOf, readMapping } from '../../../../services/access/oidc/mapping.ts';
import { post } from '../../../../services/notify/post.ts';
import { problemIn } from '../service.ts';
import { startTarget, type Target } from './workspace.ts';

/** OWASP API Security Top 10 (2023): each item is tried for real. */

const json = { 'Content-Type': 'application/json' };

let target: Target;
let admin: Record<string, string>;
beforeAll(async () => {
  target = await startTarget();
  const { service } = target;
  admin = await service.bearer({ role: 'admin', name: 'admin' });
});
afterAll(() => target.close());

const ask = (path: string, headers: Record<string, string>, init: RequestInit = {}) =>
  target.service.ask(path, { ...init, headers: { ...headers, ...(init.headers as object) } });
const sendJson = (method: string, path: string, headers: Record<string, string>, body: unknown) =>
  ask(path, { ...json, ...headers }, { method, body: typeof body === 'string' ? body : JSON.stringify(body) });

describe('API7: server side request forgery', () => {
  let trap: Server;
  let port: number;
  let asked: string[];
  beforeAll(async () => {
    asked = [];
    trap = createServer((request, response) => {
      asked.push(request.url ?? '');
      response.writeHead(302, { Location: `http://127.0.0.1:${port}/inside` }).end();
    });
    await new Promise<void>((resolve) => trap.listen(0, '127.0.0.1', resolve));
    port = (trap.address() as AddressInfo).port;
  });
  afterAll(() => new Promise((resolve) => trap.close(resolve)));

  const inside = [
    ...['127.0.0.1', '127.1', '2130706433', '0x7f000001', '0177.0.0.1', '0', '10.0.0.1', '172.16.5.4', '192.168.1.1'],
    ...['169.254.169.254', '100.100.100.200', '100.64.0.1', '[::1]', '[::]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]'],
    ...['[64:ff9b::7f00:1]', '[fe80::1]', '[fd00:ec2::254]', '[2002:7f00:1::]', '１２７.0.0.1', '127。0。0。1'],
  ];

  it.each(inside)('a receiver at %s is not added', async (host) => {
    const response = await sendJson('POST', '/receivers', admin, { url: `https://${host}:${port}/hook` });
    expect(await problemIn(response)).toMatchObject({ status: 400, code: 'bad-input' });
  });

  it.each([
    'http://example.com/',
    'file:///etc/passwd',
    'ftp://example.com/',
    'gopher://127.0.0.1/',
    'https://user:pw@example.com/',
    '//example.com',
    'javascript:1',
  ])('nor one at %s', async (url) => expect((await sendJson('POST', '/receivers', admin, { url })).status).toBe(400));

  it('a name that leads to this machine is not called when it comes to that, and a redirect is not followed', async () => {
    const reach = { allowPrivate: false, allowHttp: false };
    await expect(post(`https://localhost:${port}/hook`, reach, {}, '{}')).rejects.toThrow(/is not called/);
    expect(asked).toEqual([]);
    const answer = await post(`http://127.0.0.1:${port}/hook`, { allowPrivate: true, allowHttp: true }, {}, '{}');
    expect([answer.status, asked]).toEqual([302, ['/hook']]);
  });

  it.each([...inside.slice(0, 6), 'localhost', '[::1]', '[::ffff:127.0.0.1]'])(
    'an image at %s is not asked for',
    async (host) => {
      asked.length = 0;
      const reading = requestRemote(`http://${host}:${port}/scene.tif`, { bodyLimit: () => 10 });
      await expect(reading).rejects.toMatchObject({ code: 'remote-refused' });
      expect(asked).toEqual([]);
    },
  );

  it('no address of the API takes one of an image or catalogue to fetch', async () => {
    const text = await (await ask('/openapi.json', admin)).text();
    const { paths } = JSON.parse(text) as {
      paths: Record<string, Record<string, { requestBody?: object; parameters?: { name: string }[] }>>;
    };
    const takers = Object.entries(paths).flatMap(([path, operations]) =>
      Object.entries(operations).flatMap(([method, { requestBody, parameters = [] }]) => {
        const named = /"(url|href|uri|address|callback|webhook|source)":/.test(JSON.stringify(requestBody ?? {}));
        return named || parameters.some(({ name }) => /^(url|href|uri|callback)$/i.test(name))
          ? [`${method} ${path}`]
          : [];
      }),
    );
    expect(takers).toEqual(['post /receivers']);
  });
});

describe('API10: unsafe consumption of APIs', () => {
  it('reads of a receiver’s answer no more than it needs, and waits no longer', async () => {
    const flood = createServer((_request, response) => {
      response.writeHead(200);
      const more = setInterval(() => response.write(Buffer.alloc(65_536)), 1);
      response.on('close', () => clearInterval(more));
    });
    await new Promise<void>((resolve) => flood.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(flood.address() as AddressInfo).port}/`;
    const reach = { allowPrivate: true, allowHttp: true };
    const began = performance.now();
    expect((await post(url, reach, {}, '{}')).status).toBe(200);
    expect(performance.now() - began).toBeLessThan(2000);
    flood.closeAllConnections();
    await new Promise((resolve) => flood.close(resolve));
    const silentOne = createServer(() => {});
    await new Promise<void>((resolve) => silentOne.listen(0, '127.0.0.1', resolve));
    const nowhere = `http://127.0.0.1:${(silentOne.address() as AddressInfo).port}/`;
    await expect(post(nowhere, reach, {}, '{}', { connectMs: 200, totalMs: 300 })).rejects.toThrow('no whole answer');
    silentOne.closeAllConnections();
    await new Promise((resolve) => silentOne.close(resolve));
  });

  it('believes a provider’s claims only as far as they are mapped (oidc.test.ts), and images only as far as they can be read (test/fuzz)', async () => {
    const mapping = readMapping('{"role":"r","district":"d"}');
    const claims = JSON.parse('{"__proto__":{"r":"admin","d":"*"},"constructor":{"r":"admin"}}') as Record<
      string,
      unknown
    >;
    expect(dutyOf(claims, mapping)).toBe(null);
    expect(dutyOf({ r: 'admin', d: '%' }, mapping)).toBe(null);
  });
});
