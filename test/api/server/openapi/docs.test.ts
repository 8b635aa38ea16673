import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningServer, startServer } from '../../../../api/server/start.ts';
import { mintKey } from '../../../../services/access/keys.ts';
import { openStore, type Store } from '../../../../services/store/open.ts';
import { browserMissing, complaintsOf, launchBrowser } from '../../../support/browser.ts';
import { greyChips, plantQueue, silent, startService } from '../service.ts';

describe.skipIf(browserMissing)('The API pages', () => {
  let store: Store;
  let server: RunningServer;
  let browser: Browser;
  let page: Page;
  let complaints: string[];
  let key: string;
  beforeAll(async () => {
    store = await openStore({ sqlite: ':memory:' });
    await plantQueue(store);
    server = await startServer({ store, configuration: { host: '127.0.0.1', port: 0 }, log: silent, chips: greyChips });
    ({ key } = await mintKey(store, { name: 'desk', role: 'viewer', district: '430422', expiresAt: null }, new Date()));
    browser = await launchBrowser();
    page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
    complaints = complaintsOf(page, server.url);
    await page.goto(`${server.url}/docs#key=${key}`);
    await page.waitForSelector('.opblock');
  });
  afterAll(async () => {
    await browser.close();
    await server.close();
    await store.close();
  });

  it('draw every operation, Chinese first, and load nothing from elsewhere', async () => {
    const headers = { Authorization: `Bearer ${key}` };
    const document = (await (await fetch(`${server.url}/openapi.json`, { headers })).json()) as { paths: object };
    const operations = Object.values(document.paths).flatMap((item) => Object.keys(item));
    expect(await page.locator('.opblock').count()).toBe(operations.length);
    expect(await page.locator('.info').innerText()).toContain('月发现、月预警、月处置');
    expect(complaints).toEqual([]);
  });

  it('keep the key out of the address', () => expect(page.url()).not.toContain(key));

  it('try an operation out with the key: what comes back is what the key may see', async () => {
    const operation = page.locator('#operations-Queue-getPatches');
    await operation.locator('.opblock-summary-control').click();
    await operation.locator('.try-out__btn').click();
    await operation.locator('.execute').click();
    const answer = operation.locator('.live-responses-table');
    await answer.waitFor();
    expect(await answer.locator('tbody .response-col_status').first().innerText()).toContain('200');
    const body = await answer.locator('.highlight-code').first().innerText();
    expect(body).toContain('4304222025060001');
    expect(body).not.toContain('4304212025060001');
    expect(complaints).toEqual([]);
  });

  it('ask for a key where there is none, refuse a wrong one in words, and take the right one', async () => {
    const other = await (await browser.newContext()).newPage();
    await other.goto(`${server.url}/docs`);
    const field = other.locator('#key-text');
    await field.fill('wrong');
    await other.locator('#key button').click();
    await other.getByText('密钥无效').waitFor();
    await field.fill(key);
    await other.locator('#key button').click();
    await other.waitForSelector('.opblock');
    expect(await other.locator('#key').isHidden()).toBe(true);
    await other.context().close();
  });
});

describe('The policy of the API pages', () => {
  it('is that of every page but for pictures in the style sheet; no inline script or style', async () => {
    const service = await startService();
    const policy = async (path: string) => (await service.ask(path)).headers.get('content-security-policy') ?? '';
    const own = await policy('/docs');
    expect(own).toContain("img-src 'self' data:");
    expect(own).not.toContain('unsafe');
    expect(own).toContain("script-src 'self';");
    expect(await policy('/docs/swagger-ui.css')).not.toContain('data:');
    expect(await policy('/console/')).not.toContain('data:');
    expect((await service.ask('/docs/package.json')).status).toBe(400);
    const etag = (await service.ask('/docs/swagger-ui.css')).headers.get('etag')!;
    const again = await service.ask('/docs/swagger-ui.css', { headers: { 'If-None-Match': etag } });
    expect(again.status).toBe(304);
    await service.store.close();
  });
});
