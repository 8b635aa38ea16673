import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { trustedProxies } from '../../../api/server/proxies.ts';
import { addUser, disableUser } from '../../../services/access/users.ts';
import type { Read } from '../../../services/audit/read-log.ts';
import { now, plantQueue, problemIn, startService, type TestService } from './service.ts';

const cost = { log2N: 8, r: 8, p: 1 };
const password = 'a good long password';
const json = { 'Content-Type': 'application/json' };
const own = { 'Sec-Fetch-Site': 'same-origin' };

describe('a session', () => {
  let service: TestService;
  let reads: Read[];
  let ids: string[];
  beforeEach(async () => {
    reads = [];
    const proxies = trustedProxies(['10.1.0.0/16']);
    service = await startService({ simulated: false, proxies, reads: { record: (read) => reads.push(read) } });
    ids = await plantQueue(service.store);
    const user = { password, district: '430421', mustChange: false, cost };
    await addUser(service.store, { ...user, name: 'wang', role: 'reviewer' }, now);
    await addUser(service.store, { ...user, name: 'chief', role: 'admin', district: '' }, now);
    await addUser(service.store, { ...user, name: 'city', role: 'admin', district: '4304' }, now);
    await addUser(service.store, { ...user, name: 'fresh', role: 'handler', mustChange: true }, now);
  });
  afterEach(() => service.store.close());

  const send = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}, from = {}) => {
    const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
    return service.ask(path, { ...init, headers: { ...(body === undefined ? {} : json), ...headers } }, from);
  };
  const cookieOf = (response: Response) => (response.headers.get('set-cookie') ?? '').split(';')[0];
  const logIn = async (name: string) => cookieOf(await send('POST', '/session', { name, password }));
  const warn = { action: 'warn', note: 'x' };

  it('opens with name and password in a cookie that no script and no other site gets', async () => {
    const response = await send('POST', '/session', { name: 'wang', password });
    expect(await response.json()).toMatchObject({ name: 'wang', role: 'reviewer', district: '430421' });
    const cookie = response.headers.get('set-cookie')!;
    expect(cookie).toMatch(/^tuban_session=[\w-]{43}; Max-Age=43200; Path=\/; HttpOnly; SameSite=Strict$/);
    expect(response.headers.get('cache-control')).toBe('no-store');
    const headers = { Cookie: cookieOf(response) };
    expect((await send('GET', '/patches', undefined, headers)).status).toBe(200);
    expect((await send('GET', `/patches/${ids[2]}`, undefined, headers)).status).toBe(404);
    expect(await (await send('GET', '/workspace', undefined, headers)).json()).toMatchObject({
      access: { actor: 'wang', office: { level: 'county', duty: 'reviewer' } },
    });
    expect(await (await send('GET', '/session', undefined, headers)).text()).not.toContain('scrypt');
  });

  it('is Secure and __Host- over https, which only a trusted proxy can vouch for', async () => {
    const forwarded = { 'X-Forwarded-Proto': 'https', 'X-Forwarded-For': '203.0.113.9' };
    const body = { name: 'wang', password };
    const vouched = await send('POST', '/session', body, forwarded, { address: '10.1.2.3' });
    expect(vouched.headers.get('set-cookie')).toMatch(
      /^__Host-tuban_session=.*Path=\/; HttpOnly; Secure; SameSite=Strict/,
    );
    const claimed = await send('POST', '/session', body, forwarded, { address: '192.0.2.7' });
    expect(claimed.headers.get('set-cookie')).toMatch(/^tuban_session=/);
  });

  it('takes a new token at every log-in, whatever token the browser was made to send (fixation)', async () => {
    const planted = `tuban_session=${'A'.repeat(43)}`;
    const first = cookieOf(await send('POST', '/session', { name: 'wang', password }, { Cookie: planted }));
    expect(first).not.toBe(planted);
    const second = cookieOf(await send('POST', '/session', { name: 'wang', password }, { Cookie: first }));
    expect(second).not.toBe(first);
    expect((await send('GET', '/session', undefined, { Cookie: planted })).status).toBe(401);
    expect((await send('GET', '/session', undefined, { Cookie: first })).status).toBe(401);
    expect((await send('GET', '/session', undefined, { Cookie: second })).status).toBe(200);
  });

  it('ends at log-out, also for who kept the cookie', async () => {
    const headers = { Cookie: await logIn('wang'), ...own };
    const response = await send('DELETE', '/session', undefined, headers);
    expect([response.status, response.headers.get('set-cookie')]).toEqual([204, 'tuban_session=; Max-Age=0; Path=/']);
    expect((await send('GET', '/patches', undefined, headers)).status).toBe(401);
  });

  it.each<[string, Record<string, string>]>([
    ['of another site', { 'Sec-Fetch-Site': 'cross-site' }],
    ['of a neighbour of the site', { 'Sec-Fetch-Site': 'same-site' }],
    ['that says another origin', { Origin: 'http://evil.example' }],
    ['of no origin', { Origin: 'null' }],
    ['of the same name on another port', { Origin: 'http://127.0.0.1:9999' }],
    ['of the same name over https', { Origin: 'https://127.0.0.1:8787' }],
    ['that names no page', {}],
  ])('changes nothing for a page %s (CSRF)', async (_page, headers) => {
    const Cookie = await logIn('wang');
    const step = await send('POST', `/patches/${ids[0]}/transitions`, warn, { Cookie, ...headers });
    expect(await problemIn(step)).toMatchObject({ status: 403, code: 'forbidden' });
    expect((await send('DELETE', '/session', undefined, { Cookie, ...headers })).status).toBe(403);
    expect(
      (await send('POST', '/session/password', { password, newPassword: 'another one!' }, { Cookie, ...headers }))
        .status,
    ).toBe(403);
    expect((await send('GET', '/session', undefined, { Cookie })).status).toBe(200);
  });

  it('takes steps for a page of its own, by Sec-Fetch-Site or Origin, as JSON only', async () => {
    const Cookie = await logIn('wang');
    const path = `/patches/${ids[0]}/transitions`;
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']) {
      expect((await send('POST', path, warn, { Cookie, ...own, 'Content-Type': type })).status).toBe(403);
    }
    const nonsense = await send('POST', path, { action: 'no-such-step' }, { Cookie, Origin: 'http://127.0.0.1:8787' });
    expect([401, 403]).not.toContain(nonsense.status);
    const asked = await send('POST', path, { action: 'no-such-step' }, { Cookie, ...own });
    expect([401, 403]).not.toContain(asked.status);
  });

  it('is not opened for a page of another site (log-in CSRF)', async () => {
    const headers = { 'Sec-Fetch-Site': 'cross-site' };
    expect((await send('POST', '/session', { name: 'wang', password }, headers)).status).toBe(403);
  });

  it('does nothing but change the password while that is the first one; then all others end', async () => {
    const [Cookie, other] = [await logIn('fresh'), await logIn('fresh')];
    const refused = await problemIn(await send('GET', '/patches', undefined, { Cookie }));
    expect(refused).toMatchObject({ status: 403, mustChange: true });
    const change = (given: string, newPassword: string) =>
      send('POST', '/session/password', { password: given, newPassword }, { Cookie, ...own });
    expect((await change('not the password', 'my own password')).status).toBe(401);
    expect((await change(password, 'short')).status).toBe(400);
    expect((await change(password, password)).status).toBe(400);
    const changed = await change(password, 'my own password');
    expect(await changed.json()).toMatchObject({ mustChange: false });
    expect((await send('GET', '/patches', undefined, { Cookie: cookieOf(changed) })).status).toBe(200);
    for (const old of [Cookie, other])
      expect((await send('GET', '/session', undefined, { Cookie: old })).status).toBe(401);
  });

  it('is refused alike for a wrong password, an unknown name and a disabled account, in words and in time', async () => {
    await addUser(service.store, { name: 'real', password, role: 'viewer', district: '', mustChange: false }, now);
    await disableUser(service.store, 'wang', now);
    const ask = async (name: string, word: string) => {
      const began = performance.now();
      const response = await send('POST', '/session', { name, password: word });
      const { requestId: _, ...problem } = await problemIn(response);
      return { problem, ms: performance.now() - began };
    };
    const real = await ask('real', 'not the password');
    const unknown = await ask('nobody', 'not the password');
    const disabled = await ask('wang', password);
    expect(unknown.problem).toEqual(real.problem);
    expect(disabled.problem).toEqual(real.problem);
    // Without the work done for nobody it would be a hundred times faster.
    expect(unknown.ms).toBeGreaterThan(real.ms / 5);
  });

  it('is locked after five wrong passwords with 429 and Retry-After, and every try is noted without the password', async () => {
    for (let n = 0; n < 5; n++) await send('POST', '/session', { name: 'wang', password: 'wrong-wrong' });
    const locked = await send('POST', '/session', { name: 'wang', password });
    expect(locked.headers.get('retry-after')).toBe('900');
    expect(await problemIn(locked)).toMatchObject({ status: 429, code: 'too-many-requests' });
    await send('POST', '/session', { name: 'a-password-typed-as-name', password: 'wrong-wrong' });
    const notes = reads.filter(({ actor }) => actor === 'login').map(({ filter }) => filter);
    expect(notes).toEqual([
      ...Array(5).fill('wrong password: wang from 127.0.0.1'),
      'locked: wang from 127.0.0.1',
      'wrong password: a name not known here from 127.0.0.1',
    ]);
  });

  it('counts the address that a trusted proxy tells, and nobody else’s word for it', async () => {
    const tell = (address: string, told: string) =>
      send('POST', '/session', { name: 'nobody', password: 'wrong-wrong' }, { 'X-Forwarded-For': told }, { address });
    await tell('10.1.2.3', '198.51.100.1, 203.0.113.9');
    await tell('10.1.2.3', '203.0.113.9, 10.1.9.9');
    await tell('192.0.2.7', '203.0.113.9');
    await tell('10.1.2.3', 'nonsense');
    const rows = await service.store.db.selectFrom('login_tries').select('address').orderBy('seq').execute();
    expect(rows.map(({ address }) => address)).toEqual(['203.0.113.9', '203.0.113.9', '192.0.2.7', '10.1.2.3']);
  });

  it.each([
    ['more than it takes', { name: 'wang', password, role: 'admin' }, 400],
    ['no text', { name: 'wang', password: { $ne: '' } }, 400],
    ['a list', { name: ['wang'], password }, 400],
    ['a long password', { name: 'wang', password: 'x'.repeat(2000) }, 400],
    ['a huge one', { name: 'wang', password: 'x'.repeat(1_100_000) }, 413],
  ])('is refused for a body with %s', async (_what, body, status) => {
    expect((await send('POST', '/session', body)).status).toBe(status);
  });

  describe('of an administrator', () => {
    const zhao = { name: 'zhao', password: 'for the first time', role: 'field', district: '430421' };

    it('adds, lists and changes users; nobody else does', async () => {
      const admin = { Cookie: await logIn('chief'), ...own };
      const made = await send('POST', '/users', zhao, admin);
      expect([made.status, await made.json()]).toEqual([
        201,
        expect.objectContaining({ name: 'zhao', mustChange: true }),
      ]);
      expect((await send('POST', '/users', { ...zhao, name: 'ZHAO' }, admin)).status).toBe(400);
      const changed = await send('PATCH', '/users/zhao', { role: 'handler', disabled: true }, admin);
      expect(await changed.json()).toMatchObject({ role: 'handler', disabledAt: now.toISOString() });
      expect(await (await send('GET', '/users', undefined, admin)).text()).not.toContain('scrypt');
      const other = { Cookie: await logIn('wang'), ...own };
      for (const [method, path, body] of [
        ['GET', '/users', undefined],
        ['POST', '/users', zhao],
        ['PATCH', '/users/zhao', { disabled: false }],
      ] as const) {
        expect((await send(method, path, body, other)).status).toBe(403);
      }
    });

    it('of a district reaches no further than the district', async () => {
      const city = { Cookie: await logIn('city'), ...own };
      expect((await send('PATCH', '/users/chief', { disabled: true }, city)).status).toBe(404);
      expect((await send('PATCH', '/users/wang', { district: '' }, city)).status).toBe(403);
      expect((await send('POST', '/users', { ...zhao, district: '4303' }, city)).status).toBe(403);
      const { users } = (await (await send('GET', '/users', undefined, city)).json()) as { users: { name: string }[] };
      expect(users.map(({ name }) => name)).toEqual(['city', 'fresh', 'wang']);
      expect((await send('PATCH', '/users/city', { district: '4304' }, city)).status).toBe(400);
    });

    it('sets nothing but what the form has (mass assignment)', async () => {
      const admin = { Cookie: await logIn('chief'), ...own };
      for (const more of [{ mustChange: false }, { passwordHash: 'x' }, { createdAt: 'x' }, { disabledAt: null }]) {
        expect((await send('POST', '/users', { ...zhao, ...more }, admin)).status).toBe(400);
        expect((await send('PATCH', '/users/wang', more, admin)).status).toBe(400);
      }
    });
  });
});

describe('the first administrator', () => {
  it('makes an account with the token of the link and is logged in; the token is good for no second', async () => {
    const { offerFirstAdmin } = await import('../../../services/access/first-admin.ts');
    const service = await startService({ simulated: false });
    const token = await offerFirstAdmin(service.store, now);
    const ask = (body: object) =>
      service.ask('/session/first', { method: 'POST', headers: json, body: JSON.stringify(body) });
    expect((await ask({ token: 'guess', name: 'chief', password })).status).toBe(401);
    const made = await ask({ token, name: 'chief', password });
    expect(await made.json()).toMatchObject({ name: 'chief', role: 'admin', district: '' });
    const headers = { Cookie: made.headers.get('set-cookie')!.split(';')[0] };
    expect((await service.ask('/users', { headers })).status).toBe(200);
    expect((await ask({ token, name: 'second', password })).status).toBe(401);
    await service.store.close();
  });
});
