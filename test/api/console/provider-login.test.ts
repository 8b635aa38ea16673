import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningServer, startServer } from '../../../api/server/start.ts';
import { readMapping } from '../../../services/access/oidc/mapping.ts';
import { openStore, type Store } from '../../../services/store/open.ts';
import { browserMissing, launchBrowser } from '../../support/browser.ts';
import { client, startProvider, type TestProvider } from '../../support/oidc-provider.ts';
import { greyChips, now, plantQueue, silent } from '../server/service.ts';

const people = {
  'u-1': { preferred_username: 'li.na', groups: ['tuban'] },
  'u-2': { preferred_username: 'guest', groups: [] },
};

describe.skipIf(browserMissing)('logging in to the console at another provider', () => {
  let browser: Browser;
  let store: Store;
  let server: RunningServer;
  let provider: TestProvider;
  let page: Page;
  beforeAll(async () => {
    provider = await startProvider(people);
    store = await openStore({ sqlite: ':memory:' });
    await plantQueue(store);
    const mapping = readMapping('[{"claim":"groups","is":"tuban","role":"handler","district":"430421"}]');
    // Another name for the same machine: to a browser the provider is another site.
    const oidc = {
      issuer: provider.issuer,
      clientId: client.id,
      clientSecret: client.secret,
      clientSecretFile: null,
      scope: 'openid profile groups',
      mapping,
    };
    const configuration = { host: '127.0.0.1', port: 0, oidc };
    server = await startServer({ store, configuration, log: silent, chips: greyChips, now: () => now });
    provider.knows(`http://localhost:${new URL(server.url).port}/session/oidc/callback`);
    browser = await launchBrowser();
    page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
  }, 30_000);
  afterAll(async () => {
    await browser?.close();
    await server?.close();
    await provider?.close();
    await store?.close();
  });

  const logIn = async (who: string) => {
    provider.who = who;
    await page.goto(`http://localhost:${new URL(server.url).port}/console/`);
    await page.getByRole('button', { name: '统一认证登录' }).click();
  };

  it('says in the page why somebody is not let in', async () => {
    await logIn('u-2');
    await page.getByRole('alert').filter({ hasText: '该账号未获授权' }).waitFor();
    expect(await page.evaluate('document.cookie')).toBe('');
  });

  it('leads there and back into the console, in a cookie that only our own pages send', async () => {
    await page.context().clearCookies();
    await logIn('u-1');
    await page.locator('.key-menu', { hasText: 'li.na' }).waitFor();
    const [session] = (await page.context().cookies()).filter(({ name }) => name === 'tuban_session');
    expect(session).toMatchObject({ httpOnly: true, sameSite: 'Strict', domain: 'localhost' });
  });
});
