import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type RunningServer, startServer } from '../../../api/server/start.ts';
import { writeMeta } from '../../../services/store/meta.ts';
import { openStore, type Store } from '../../../services/store/open.ts';
import { browserMissing, launchBrowser } from '../../support/browser.ts';
import { greyChips, now, plantQueue, silent } from '../server/service.ts';

describe.skipIf(browserMissing)('the console where something is amiss', () => {
  let browser: Browser;
  let store: Store;
  let server: RunningServer;
  let page: Page;
  beforeAll(async () => {
    store = await openStore({ sqlite: ':memory:' });
    await writeMeta(store.db, 'simulated', '1');
    await plantQueue(store);
    const configuration = { host: '127.0.0.1', port: 0 };
    server = await startServer({ store, configuration, log: silent, chips: greyChips, now: () => now });
    browser = await launchBrowser();
  }, 30_000);
  afterAll(async () => {
    await browser?.close();
    await server?.close();
    await store?.close();
  });
  beforeEach(async () => {
    page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
  });
  afterEach(() => page.close());

  it('says that a key is refused, and lets a simulated workspace be read without one', async () => {
    await page.goto(`${server.url}/#key=nobody-knows-this-one`);
    await page.locator('.closed', { hasText: '这个密钥无效' }).waitFor();
    await page.locator('.closed .simulated').waitFor();
    await page.getByRole('button', { name: '不用密钥' }).click();
    await page.locator('.key-menu', { hasText: '只读' }).waitFor();
    await page.locator('.queue .row').first().waitFor();
    expect(await page.locator('.queue .row').count()).toBe(3);
  });

  it('says that a patch of an old link is not there', async () => {
    await page.goto(`${server.url}/console/?patch=999999202506`);
    await page.locator('.patch', { hasText: '没有这个图斑: 999999202506' }).waitFor();
  });

  it('says that the server has stopped, keeps what was loaded, and tries again when asked', async () => {
    await page.goto(`${server.url}/console/`);
    await page.locator('.queue .row').first().waitFor();
    await page.route('**/patches*', (route) => route.abort());
    await page.locator('.filters select[name="district"]').selectOption('430422');
    await page.locator('.stale', { hasText: '连不上服务' }).waitFor();
    expect(await page.locator('.queue .row').count()).toBe(3);
    await page.unroute('**/patches*');
    await page.getByRole('button', { name: '重试' }).first().click();
    await page.locator('.list h2', { hasText: '1 条' }).waitFor();
    await page.locator('.stale').waitFor({ state: 'hidden' });
  });

  it('says so, and nothing else, where the server does not answer from the start', async () => {
    await page.route('**/workspace', (route) => route.abort());
    await page.goto(`${server.url}/console/`);
    await page.locator('.closed', { hasText: '连不上服务' }).waitFor();
    await page.unroute('**/workspace');
    await page.getByRole('button', { name: '重试' }).click();
    await page.locator('.queue .row').first().waitFor();
  });

  it('counts due dates by the clock of the workspace, not by the reader’s', async () => {
    await page.goto(`${server.url}/console/`);
    // Found 2025-06-30 with five working days to go; `now` is 2 July 2025, long before this test is run.
    await page
      .locator('.queue .due', { hasText: /^剩 \d 天$/ })
      .first()
      .waitFor();
    await page.locator('button.simulated').click();
    expect(await page.locator('.popover .window').innerText()).toContain('2025-07-02 10:0');
    await page.keyboard.press('Escape');
    // The page draws a moment after the key: wait for it, at most the locator's own limit.
    await page.locator('.popover .window').waitFor({ state: 'hidden' });
  });
});
