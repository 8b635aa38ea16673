import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type RunningServer, startServer } from '../../../api/server/start.ts';
import { dutyOf, readMapping } from '../../../services/access/oidc/mapping.ts';
import { addUser, disableUser, resetPassword } from '../../../services/access/users.ts';
import { openStore, type Store } from '../../../services/store/open.ts';
import { Browser, client, startProvider, type TestProvider } from '../../support/oidc-provider.ts';
import { greyChips, now, plantQueue, silent } from './service.ts';

const people = {
  'u-1': { preferred_username: 'Li.Na', name: '李娜', email: 'li@example.cn', groups: ['staff', 'tuban-430421'] },
  'u-2': { preferred_username: 'guest', groups: ['staff'] },
  'u-3': { preferred_username: 'chief', groups: ['tuban-admins'] },
};
const mapping = readMapping(
  JSON.stringify([
    { claim: 'groups', is: 'tuban-admins', role: 'admin', district: '*' },
    { claim: 'groups', is: 'tuban-430421', role: 'handler', district: '430421' },
  ]),
);

describe('a log-in at another provider', () => {
  let store: Store;
  let server: RunningServer;
  let provider: TestProvider;
  let browser: Browser;
  let callback: string;
  let warned: object[];
  beforeEach(async () => {
    [browser, warned] = [new Browser(), []];
    provider = await startProvider(people);
    provider.who = 'u-1';
    store = await openStore({ sqlite: ':memory:' });
    await plantQueue(store);
    const oidc = {
      ...{ issuer: provider.issuer, clientId: client.id, clientSecret: client.secret, clientSecretFile: null },
      ...{ scope: 'openid profile email groups', mapping },
    };
    const configuration = { host: '127.0.0.1', port: 0, oidc, metricsFor: 'public' as const };
    const log = { ...silent, warn: (fields: object) => void warned.push(fields) };
    server = await startServer({ store, configuration, log, chips: greyChips, now: () => now });
    callback = `${server.url}/session/oidc/callback`;
    provider.knows(callback);
  });
  afterEach(async () => {
    vi.useRealTimers();
    await server.close();
    await provider.close();
    await store.close();
  });

  const isCallback = (next: URL) => next.href.startsWith(callback);
  /** Up to the address that the provider sends the browser back to. */
  const comeBack = () => browser.follow(`${server.url}/session/oidc`, isCallback);
  const tokenOf = () => browser.cookie(server.url, 'tuban_session');
  /** Refused in one line, with no session. */
  const refused = async (address: URL | string, status = 401) => {
    const response = await browser.get(address);
    const problem = (await response.json()) as { detail: string };
    expect([response.status, problem.detail.includes('\n'), tokenOf()]).toEqual([status, false, undefined]);
    expect(warned).toHaveLength(1);
    return problem.detail;
  };

  it('opens a session of ours for whom the mapping knows, with the role and district it gives', async () => {
    const response = await browser.get(await comeBack());
    expect([response.status, response.headers.get('location')]).toEqual([302, '/console/']);
    const [session] = response.headers.getSetCookie().filter((line) => line.startsWith('tuban_session='));
    expect(session).toMatch(/^tuban_session=[\w-]{43}; Max-Age=43200; Path=\/; HttpOnly; SameSite=Strict$/);
    const who = await (await browser.get(`${server.url}/session`)).json();
    expect(who).toMatchObject({
      ...{ name: 'li.na', displayName: '李娜', role: 'handler', district: '430421', level: null },
      ...{ issuer: provider.issuer, mustChange: false },
    });
    expect(who).not.toHaveProperty('subject');
    const { patches } = (await (await browser.get(`${server.url}/patches`)).json()) as {
      patches: { district: string }[];
    };
    expect(new Set(patches.map(({ district }) => district))).toEqual(new Set(['430421']));
  });

  it('asks with PKCE, state and nonce, other ones each time', async () => {
    const asked = async () =>
      new URL((await browser.get(`${server.url}/session/oidc`)).headers.get('location')!).searchParams;
    const [first, second] = [await asked(), await asked()];
    for (const name of ['state', 'nonce', 'code_challenge']) {
      expect(first.get(name)).toMatch(/^[\w-]{43}$/);
      expect(first.get(name)).not.toBe(second.get(name));
    }
    expect([first.get('code_challenge_method'), first.get('response_type')]).toEqual(['S256', 'code']);
    expect(first.get('redirect_uri')).toBe(callback);
  });

  it('is offered where it is configured, and there is none where it is not', async () => {
    const response = await fetch(`${server.url}/session`);
    expect([response.status, await response.json()]).toEqual([
      401,
      expect.objectContaining({ logIn: ['password', 'oidc'] }),
    ]);
    const plain = await startServer({ store, configuration: { host: '127.0.0.1', port: 0 }, log: silent });
    expect(await (await fetch(`${plain.url}/session`)).json()).toMatchObject({ logIn: ['password'] });
    expect((await fetch(`${plain.url}/session/oidc`)).status).toBe(401);
    await plain.close();
  });

  it('ends with log-out, which the provider’s own session does not undo by itself', async () => {
    await browser.get(await comeBack());
    const headers = { Cookie: `tuban_session=${tokenOf()}`, 'Sec-Fetch-Site': 'same-origin' };
    expect((await fetch(`${server.url}/session`, { method: 'DELETE', headers })).status).toBe(204);
    expect((await fetch(`${server.url}/patches`, { headers })).status).toBe(401);
  });

  it('is refused with another state', async () => {
    const address = await comeBack();
    address.searchParams.set('state', 'A'.repeat(43));
    expect(await refused(address)).toContain('OAUTH_INVALID_RESPONSE');
  });

  it('is refused with a token for another nonce', async () => {
    const begun = new URL((await browser.get(`${server.url}/session/oidc`)).headers.get('location')!);
    begun.searchParams.set('nonce', 'another');
    expect(await refused(await browser.follow(begun.href, isCallback))).toMatch(
      /OAUTH_(JWT_CLAIM_COMPARISON_FAILED|INVALID_RESPONSE)/,
    );
  });

  it('is refused from another issuer', async () => {
    const address = await comeBack();
    address.searchParams.set('iss', 'https://evil.example');
    expect(await refused(address)).toContain('OAUTH_INVALID_RESPONSE');
  });

  it('is refused with a code that was used, in the same log-in and in another', async () => {
    const address = await comeBack();
    expect((await browser.get(address)).status).toBe(302);
    const again = await browser.get(address);
    expect([again.status, ((await again.json()) as { detail: string }).detail]).toEqual([
      401,
      expect.stringContaining('got none under way'),
    ]);
    const fresh = await comeBack();
    fresh.searchParams.set('code', address.searchParams.get('code')!);
    expect((await browser.get(fresh)).status).toBe(401);
  });

  it('is refused with a code stolen by another browser, which has not begun it (log-in CSRF)', async () => {
    const address = await comeBack();
    browser = new Browser();
    expect(await refused(address)).toContain('in the browser that began it');
    await browser.get(`${server.url}/session/oidc`);
    expect((await browser.get(address)).status).toBe(401);
  });

  it('is refused with a code or a token that has run out', async () => {
    provider.knows(callback, { ttl: { AuthorizationCode: 1 } });
    const late = await comeBack();
    await new Promise((resolve) => setTimeout(resolve, 2100));
    expect(await refused(late)).toContain('invalid_grant');
    warned.length = 0;
    provider.knows(callback);
    const address = await comeBack();
    provider.onToken = () => vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 7_200_000 });
    expect(await refused(address)).toContain('OAUTH_JWT_TIMESTAMP_CHECK_FAILED');
  });

  it('is refused for whom no role is mapped to, and makes no account', async () => {
    provider.who = 'u-2';
    expect(await refused(await comeBack(), 403)).toContain('no role is mapped to it');
    expect(await store.db.selectFrom('users').selectAll().execute()).toEqual([]);
  });

  it('takes over no account that is called the same', async () => {
    const cost = { log2N: 8, r: 8, p: 1 };
    const user = { name: 'li.na', password: 'a good long password', role: 'admin', district: '', cost } as const;
    await addUser(store, { ...user, mustChange: false }, now);
    expect(await refused(await comeBack(), 403)).toContain('There is a user li.na already');
  });

  it('is refused for an account disabled here, though the provider vouches', async () => {
    await browser.get(await comeBack());
    await disableUser(store, 'li.na', now);
    browser = new Browser();
    expect(await refused(await comeBack(), 403)).toContain('disabled');
  });

  it('gives at each log-in what the provider says then, and ends the sessions of whom it says no more of', async () => {
    await browser.get(await comeBack());
    const kept = tokenOf();
    people['u-1'].groups = ['tuban-admins'];
    await browser.get(await comeBack());
    expect(await (await browser.get(`${server.url}/session`)).json()).toMatchObject({ role: 'admin', district: '' });
    people['u-1'].groups = ['staff'];
    await browser.get(await comeBack());
    people['u-1'].groups = ['staff', 'tuban-430421'];
    for (const token of [kept, tokenOf()]) {
      const headers = { Cookie: `tuban_session=${token}` };
      expect((await fetch(`${server.url}/session`, { headers })).status).toBe(401);
    }
  });

  it('has no password of ours: none is right, and none can be given', async () => {
    await browser.get(await comeBack());
    for (const password of ['', 'u-1', 'scrypt', 'a good long password']) {
      const body = JSON.stringify({ name: 'li.na', password });
      const headers = { 'Content-Type': 'application/json' };
      expect([400, 401]).toContain((await fetch(`${server.url}/session`, { method: 'POST', headers, body })).status);
    }
    await expect(resetPassword(store, 'li.na', 'a good long password')).rejects.toThrow('is changed there');
  });

  it('tells a person in the browser why not, by a word for the page and nothing that came from outside', async () => {
    provider.who = 'u-2';
    const response = await browser.get(await comeBack(), { Accept: 'text/html' });
    expect([response.status, response.headers.get('location')]).toEqual([302, '/console/#refused=forbidden']);
  });

  it('is 503 in one line while the provider does not answer, and works when it does again', async () => {
    await provider.close();
    const response = await browser.get(`${server.url}/session/oidc`);
    expect([response.status, await response.json()]).toEqual([503, expect.objectContaining({ code: 'busy' })]);
    provider = await startProvider(people);
  });
});

describe('what a provider says', () => {
  const rules = readMapping(
    '[{"claim":"groups","is":"a","role":"viewer","district":"4304"},{"claim":"realm.roles","is":"b","role":"admin","district":"*","level":"city"}]',
  );
  const names = readMapping('{"role":"tuban_role","district":"tuban_district"}');

  it.each([
    [{ groups: ['x', 'a'] }, { role: 'viewer', district: '4304', level: undefined }],
    [{ groups: 'a' }, { role: 'viewer', district: '4304', level: undefined }],
    [{ realm: { roles: ['b'] } }, { role: 'admin', district: '', level: 'city' }],
    [{ groups: ['ab'] }, null],
    [{ groups: { a: true } }, null],
    [{ groups: null }, null],
    [{}, null],
  ])('%j is by rules %j', (claims, duty) => expect(dutyOf(claims, rules)).toEqual(duty));

  it.each([
    [
      { tuban_role: 'field', tuban_district: '430421' },
      { role: 'field', district: '430421', level: undefined },
    ],
    [
      { tuban_role: 'admin', tuban_district: '*' },
      { role: 'admin', district: '', level: undefined },
    ],
    [{ tuban_role: 'admin', tuban_district: '' }, null],
    [{ tuban_role: 'admin' }, null],
    [{ tuban_role: 'root', tuban_district: '43' }, null],
    [{ tuban_role: 'viewer', tuban_district: '43%' }, null],
    [{ tuban_district: '43' }, null],
  ])('%j is by names of claims %j', (claims, duty) => expect(dutyOf(claims, names)).toEqual(duty));

  it.each([
    '',
    'x',
    '[]',
    '{}',
    '[{"claim":"g","is":"a","role":"root","district":"43"}]',
    '[{"claim":"g","is":"a","role":"viewer"}]',
  ])('is not read by a mapping of %j', (text) =>
    expect(() => readMapping(text)).toThrow('A mapping of claims must be'),
  );
});
