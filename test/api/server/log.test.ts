import { Writable } from 'node:stream';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type RunningServer, startServer } from '../../../api/server/start.ts';
import { mintKey } from '../../../services/access/keys.ts';
import { addUser } from '../../../services/access/users.ts';
import { openStore, type Store } from '../../../services/store/open.ts';
import { greyChips, now, plantQueue } from './service.ts';

interface Line {
  msg: string;
  [field: string]: unknown;
}

const cost = { log2N: 8, r: 8, p: 1 };
const password = 'correct-horse-battery';
const json = { 'Content-Type': 'application/json', 'Sec-Fetch-Site': 'same-origin' };

describe('the log', () => {
  let store: Store;
  let server: RunningServer;
  let written: string;
  let links: string[];
  beforeEach(async () => {
    [written, links] = ['', []];
    store = await openStore({ sqlite: ':memory:' });
    await plantQueue(store);
    const stream = new Writable({
      write(chunk, _encoding, done) {
        written += String(chunk);
        done();
      },
    });
    server = await startServer({
      ...{ store, log: pino({ level: 'trace' }, stream), chips: greyChips, now: () => now },
      configuration: { host: '127.0.0.1', port: 0, metricsFor: 'public', rate: { perSecond: 1000, burst: 1000 } },
      onConsoleLink: (url) => links.push(url),
      onAdminLink: (url) => links.push(url),
    });
  });
  afterEach(async () => {
    await server.close();
    await store.close();
  });

  const lines = () =>
    written
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Line);
  const requests = () => lines().filter(({ msg }) => msg === 'request');
  const lineOf = (id: string) =>
    vi.waitFor(() => requests().find((line) => line['id'] === id) ?? expect.fail(`no line of ${id}`));
  const keyOf = async (role: 'admin' | 'viewer') =>
    (await mintKey(store, { name: `key of ${role}`, role, district: '', expiresAt: null }, now)).key;

  it('has a line of JSON for every request: id, who, from where, what, how long, bytes and rows', async () => {
    const headers = { Authorization: `Bearer ${await keyOf('viewer')}`, 'X-Request-Id': 'list-1' };
    const body = await (await fetch(`${server.url}/patches?limit=2`, { headers })).text();
    const line = await lineOf('list-1');
    expect(line).toMatchObject({
      ...{ actor: 'key of viewer', from: '127.0.0.1', method: 'GET', path: '/patches', route: '/patches' },
      ...{ status: 200, rows: 2, ms: expect.any(Number) },
    });
    expect(line['bytes']).toBeGreaterThan(200);
    expect(line['bytes']).toBeLessThan(body.length + 3000);
  });

  it('names the request as the refusal does that somebody was shown, and as the read log does', async () => {
    const refused = await fetch(`${server.url}/patches/nobody`, {
      headers: { Authorization: `Bearer ${await keyOf('viewer')}` },
    });
    const { requestId } = (await refused.json()) as { requestId: string };
    expect(refused.headers.get('x-request-id')).toBe(requestId);
    expect(await lineOf(requestId)).toMatchObject({ status: 404, path: '/patches/nobody', route: '/patches/{id}' });
    const headers = { Authorization: `Bearer ${await keyOf('viewer')}`, 'X-Request-Id': 'read-1' };
    await (await fetch(`${server.url}/patches`, { headers })).text();
    await vi.waitFor(async () => {
      const reads = await store.db.selectFrom('reads').select(['requestId', 'what']).execute();
      expect(reads).toContainEqual({ requestId: 'read-1', what: 'patches' });
    }, 5000);
  });

  it('holds no secret of a whole session: no key, password, cookie, token or what stands behind a ?', async () => {
    const user = { name: 'wang', password, role: 'admin', district: '', mustChange: false, cost } as const;
    await addUser(store, user, now);
    const [admin, secretQuery] = [await keyOf('admin'), 'token-in-a-query-9f8e'];
    const first = links.find((link) => link.includes('#first='))!.split('=')[1];
    const ask = (method: string, path: string, body?: object | null, headers: Record<string, string> = {}) =>
      fetch(`${server.url}${path}`, {
        method,
        headers: { ...json, ...headers },
        ...(body && { body: JSON.stringify(body) }),
      });
    const bearer = { Authorization: `Bearer ${admin}` };
    const made = (await (await ask('POST', '/keys', { name: 'made', district: '', days: 1 }, bearer)).json()) as {
      key: string;
    };
    await ask('POST', '/session', { name: 'wang', password: 'wrong-one-7c6b' });
    await ask('POST', '/session', { name: password, password: 'wrong-one-7c6b' });
    const opened = await ask('POST', '/session', { name: 'wang', password });
    const cookie = opened.headers.get('set-cookie')!.split(';')[0];
    const own = { Cookie: cookie, Origin: server.url };
    await ask('GET', '/session', null, own);
    await ask('POST', '/session/password', { password, newPassword: 'another-fine-password' }, own);
    await ask('POST', '/session/first', { token: first, name: 'chief', password: 'chief-long-password' });
    await ask('POST', '/users', { name: 'zhao', password: 'password-for-zhao', role: 'field', district: '' }, bearer);
    await ask('PATCH', '/users/zhao', { password: 'reset-for-zhao-1' }, bearer);
    await ask('GET', `/patches?key=${secretQuery}`, null, bearer);
    await ask('GET', '/patches', null, {
      Authorization: `Basic ${Buffer.from(`wang:${password}`).toString('base64')}`,
    });
    await ask('GET', '/patches', null, { Authorization: `Bearer ${made.key}x` });
    await ask('DELETE', '/session', null, own);
    const last = await ask('GET', '/healthz', null, { 'X-Request-Id': 'the-last' });
    expect(last.status).toBe(200);
    await lineOf('the-last');
    expect(requests().length).toBeGreaterThan(13);
    const secrets = [admin, made.key, first, password, 'wrong-one-7c6b', cookie.split('=')[1], 'another-fine-password'];
    secrets.push('chief-long-password', 'password-for-zhao', 'reset-for-zhao-1', secretQuery, links[0].split('=')[1]);
    secrets.push(Buffer.from(`wang:${password}`).toString('base64'));
    for (const secret of secrets) expect([secret, written.includes(secret)]).toEqual([secret, false]);
    expect(written).not.toContain('scrypt$');
    expect(lines().find(({ msg }) => msg === 'log-in refused')).toMatchObject({
      name: 'wang',
      outcome: 'wrong password',
    });
  });

  it('tells what failed inside, with the request’s id and without what was sent', async () => {
    await store.db.schema.dropTable('case_patches').execute();
    await store.db.schema.dropTable('cases').execute();
    const headers = { Authorization: `Bearer ${await keyOf('viewer')}`, 'X-Request-Id': 'broken-1' };
    const answer = await fetch(`${server.url}/cases`, { headers });
    const text = await answer.text();
    expect(text).not.toMatch(/SQLITE|no such table|at \w+ \(/);
    expect(lines().find(({ msg }) => msg === 'request failed')).toMatchObject({ id: 'broken-1', path: '/cases' });
    expect(written).not.toContain(headers.Authorization.slice(7));
  });
});
