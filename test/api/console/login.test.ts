import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningServer, startServer } from '../../../api/server/start.ts';
import { addUser } from '../../../services/access/users.ts';
import { openStore, type Store } from '../../../services/store/open.ts';
import { browserMissing, launchBrowser } from '../../support/browser.ts';
import { greyChips, now, plantQueue, silent } from '../server/service.ts';

const cost = { log2N: 8, r: 8, p: 1 };

describe.skipIf(browserMissing)('logging in to the console', () => {
  let browser: Browser;
  let store: Store;
  let server: RunningServer;
  let adminLink = '';
  let page: Page;
  beforeAll(async () => {
    store = await openStore({ sqlite: ':memory:' });
    await plantQueue(store);
    const configuration = { host: '127.0.0.1', port: 0 };
    const onAdminLink = (url: string) => {
      adminLink = url;
    };
    server = await startServer({ store, configuration, log: silent, chips: greyChips, now: () => now, onAdminLink });
    browser = await launchBrowser();
    page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
  }, 30_000);
  afterAll(async () => {
    await browser?.close();
    await server?.close();
    await store?.close();
  });

  const fill = async (values: Record<string, string>) => {
    for (const [name, value] of Object.entries(values)) await page.locator(`.login input[name=${name}]`).fill(value);
    await page.locator('.login button.main').click();
  };

  it('begins with the link printed at start, which makes the first administrator once and leaves the address bar', async () => {
    await page.goto(adminLink);
    await page.getByRole('heading', { name: '设置第一个管理员' }).waitFor();
    expect(page.url()).not.toContain('first');
    await fill({ name: 'chief', newPassword: 'the chief’s own words', again: 'other words' });
    await page.getByRole('alert').filter({ hasText: '两次输入不一致' }).waitFor();
    await fill({ again: 'the chief’s own words' });
    await page.locator('.queue .row').first().waitFor();
    await page.locator('.key-menu', { hasText: 'chief' }).waitFor();
    expect(await page.evaluate('document.cookie + JSON.stringify(sessionStorage)')).toBe('{}');
  });

  it('ends with log-out; a wrong password is said, the right one opens the desk again', async () => {
    await page.locator('.key-menu').click();
    await page.getByRole('button', { name: '退出登录' }).click();
    await page.locator('.login').waitFor();
    await fill({ name: 'chief', password: 'not these words' });
    await page.getByRole('alert').filter({ hasText: '用户名或密码错误' }).waitFor();
    await fill({ password: 'the chief’s own words' });
    await page.locator('.queue .row').first().waitFor();
  });

  it('asks whoever got a password from somebody else for one of their own', async () => {
    const given = { password: 'given by the chief', mustChange: true, cost };
    await addUser(store, { ...given, name: 'wang', role: 'handler', district: '430421' }, now);
    const context = await browser.newContext();
    page = await context.newPage();
    await page.goto(`${server.url}/console/`);
    await fill({ name: 'wang', password: 'given by the chief' });
    await page.getByRole('heading', { name: '首次登录' }).waitFor();
    await fill({ password: 'given by the chief', newPassword: 'words of my own', again: 'words of my own' });
    await page.locator('.queue .row').first().waitFor();
    expect(await page.locator('.queue .row').count()).toBe(2);
  });
});
