import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type RunningServer, startServer } from '../../../api/server/start.ts';
import { mintKey } from '../../../services/access/keys.ts';
import { writeMeta } from '../../../services/store/meta.ts';
import { openStore, type Store } from '../../../services/store/open.ts';
import { browserMissing, complaintsOf, launchBrowser } from '../../support/browser.ts';
import { greyChips, now, plantQueue, silent } from '../server/service.ts';

describe.skipIf(browserMissing)('the console in a browser', () => {
  let browser: Browser;
  let context: BrowserContext;
  let folder: string;
  let store: Store;
  let server: RunningServer;
  let link: string;
  const configuration = { host: '127.0.0.1', port: 0 };
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tuban-console-'));
    store = await openStore({ sqlite: ':memory:' });
    await writeMeta(store.db, 'simulated', '1');
    await writeMeta(store.db, 'name', '试验县');
    await plantQueue(store);
    const onConsoleLink = (url: string) => {
      link = url;
    };
    server = await startServer({ store, configuration, log: silent, chips: greyChips, now: () => now, onConsoleLink });
    browser = await launchBrowser();
    context = await browser.newContext({ viewport: { width: 1280, height: 720 } });
  }, 30_000);
  afterAll(async () => {
    await browser?.close();
    await server?.close();
    await store?.close();
    if (folder) await rm(folder, { recursive: true, force: true });
  });

  let page: Page;
  let complaints: string[];
  beforeEach(async () => {
    page = await context.newPage();
    complaints = complaintsOf(page, server.url);
  });
  afterEach(() => page.close());

  const text = (selector: string) => page.locator(selector).innerText();

  it('shows the month, its queue and the first patch, and says that all is simulated', async () => {
    await page.goto(link);
    await page.locator('.swipe img').nth(1).waitFor();
    expect(await text('.simulated')).toBe('模拟数据 SIMULATED');
    expect(await page.locator('.month-table tbody tr').allInnerTexts()).toHaveLength(2);
    expect(await text('.month-table tbody tr >> nth=0')).toMatch(/^衡阳县\s+2\s+0\s+0\s+0\s+0\s+–$/);
    expect(await page.locator('.queue li').count()).toBe(3);
    expect(await text('.queue li >> nth=0')).toMatch(/0001\s+已发现[\s\S]+衡阳县 · 推土\s+耕地\s+800 m² 1\.20 亩/);
    expect(await text('.queue li >> nth=0')).toMatch(/超期 \d+ 天|剩 \d+ 天/);
    expect(await text('.patch .facts')).toMatch(/800 m²\s+1\.20 亩[\s\S]+2025-05-20\s+→ 2025-06-18/);
    expect(await text('.patch .figures >> nth=0')).toMatch(/耕地\s+水田 F1\s+600\s+0\.90\s+75\.0%/);
    expect(await page.locator('.map .mark').count()).toBe(3);
    await page.screenshot({ path: join(folder, 'desk.png') });
    expect(complaints).toEqual([]);
  });

  it('keeps the key out of the address bar', async () => {
    await page.goto(link);
    await page.locator('.queue li').first().waitFor();
    expect(page.url()).not.toContain('key=');
    await page.reload();
    await page.locator('.key-menu', { hasText: 'console' }).waitFor();
  });

  it('swipes between before and after with keys and pointer', async () => {
    await page.goto(link);
    const divider = page.locator('.divider');
    await divider.waitFor();
    await page.keyboard.press('ArrowLeft');
    expect(await divider.getAttribute('aria-valuenow')).toBe('48');
    await page.keyboard.press('End');
    expect(await divider.getAttribute('aria-valuenow')).toBe('100');
    const box = (await page.locator('.swipe').boundingBox())!;
    await page.mouse.move(box.x + box.width * 0.9, box.y + 20);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.25, box.y + 40);
    await page.mouse.up();
    expect(await divider.getAttribute('aria-valuenow')).toBe('25');
    expect(
      await page
        .locator('.swipe img')
        .nth(1)
        .evaluate((image) => image.style.clipPath),
    ).toBe('inset(0px 75% 0px 0px)');
  });

  it('moves a patch on, from find over warn to acknowledged', async () => {
    await page.goto(link);
    await page.locator('.queue li').nth(1).click();
    await page.locator('.patch .title', { hasText: '0002' }).waitFor();
    await page.getByRole('button', { name: '下发任务' }).click();
    await page.locator('.step-form textarea').fill('疑似非农建设，请于三日内核查');
    await page.getByRole('button', { name: '确定' }).click();
    await page.locator('.patch .title', { hasText: '已预警' }).waitFor();
    expect(await text('.history li >> nth=0')).toMatch(/下发任务[\s\S]+console[\s\S]+疑似非农建设/);
    await page.locator('.queue li', { hasText: '已预警' }).waitFor();
    await page.getByRole('button', { name: '签收' }).click();
    await page.locator('.patch .title', { hasText: '已签收' }).waitFor();
    expect(await text('.month-table tbody tr >> nth=0')).toMatch(/^衡阳县\s+2\s+1/);
    await page.screenshot({ path: join(folder, 'moved.png') });
    expect(complaints).toEqual([]);
  });

  it('dismisses only with a reason from the list', async () => {
    await page.goto(link.replace('/#', '/console/?patch=4304222025060001#'));
    await page.getByRole('button', { name: '排除' }).click();
    await page.getByRole('button', { name: '确定' }).click();
    expect(await page.locator('.step-form select:invalid').count()).toBe(1);
    await page.locator('.step-form select').selectOption({ label: '季节变化' });
    await page.getByRole('button', { name: '确定' }).click();
    await page.locator('.history', { hasText: '季节变化' }).waitFor();
  });

  it('says so when somebody else was faster, and shows what they did', async () => {
    await page.goto(link);
    await page.getByRole('button', { name: '下发任务' }).click();
    const key = { Authorization: `Bearer ${link.split('#key=')[1]}`, 'Content-Type': 'application/json' };
    const body = JSON.stringify({ action: 'dismiss', reason: 'cloud' });
    const other = await fetch(`${server.url}/patches/4304212025060001/transitions`, {
      method: 'POST',
      headers: key,
      body,
    });
    expect(other.status).toBe(200);
    await page.locator('.step-form textarea').fill('核查');
    await page.getByRole('button', { name: '确定' }).click();
    await page.locator('.toast.bad', { hasText: '刚被他人办理' }).waitFor();
    await page.locator('.patch .title', { hasText: '已排除' }).waitFor();
  });

  it('narrows list and map together, in an address that can be sent on', async () => {
    await page.goto(link);
    await page.locator('.filters select').nth(0).selectOption({ label: '衡南县' });
    await page.locator('.list h2', { hasText: '1 条' }).waitFor();
    expect(await page.locator('.map .mark').count()).toBe(1);
    expect(new URL(page.url()).searchParams.get('district')).toBe('430422');
    await page.reload();
    await page.locator('.list h2', { hasText: '1 条' }).waitFor();
  });

  it('goes through the list with J and K', async () => {
    await page.goto(link);
    await page.locator('.patch .title', { hasText: '0001' }).waitFor();
    await page.keyboard.press('j');
    await page.locator('.patch .title', { hasText: '0002' }).waitFor();
    await page.keyboard.press('k');
    await page.locator('.patch .title', { hasText: '430421 202506 0001' }).waitFor();
  });

  it('can be read in English', async () => {
    await page.goto(link);
    await page.getByRole('button', { name: 'English' }).click();
    await page.locator('.queue li', { hasText: 'Acknowledged' }).first().waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('en');
    await page.getByRole('button', { name: '中文' }).click();
  });

  it('shows the first of the list where a filter leaves the patch out', async () => {
    await page.goto(link);
    await page.locator('.patch .title', { hasText: '430421 202506 0001' }).waitFor();
    await page.locator('.map .mark').nth(2).waitFor();
    await page.locator('.month-table tbody tr').nth(1).click();
    await page.locator('.patch .title', { hasText: '430422 202506 0001' }).waitFor();
    expect(await page.locator('.queue li[aria-selected="true"]').count()).toBe(1);
  });

  it('is read-only without a key', async () => {
    await page.goto(`${server.url}/console/?patch=4304212025060002`);
    await page.locator('.steps', { hasText: '办理需要密钥' }).waitFor();
    expect(await page.locator('.steps button.main').isDisabled()).toBe(true);
  });

  it('asks for a key where the workspace may not be seen without one', async () => {
    const empty = await openStore({ sqlite: ':memory:' });
    const real = await startServer({ store: empty, configuration, log: silent, chips: greyChips, now: () => now });
    const { key } = await mintKey(empty, { name: 'city desk', role: 'viewer', district: '', expiresAt: null }, now);
    await page.goto(real.url);
    await page.locator('.closed', { hasText: '需要密钥' }).waitFor();
    await page.locator('.key-form:not(.login) input').fill(key);
    await page.getByRole('button', { name: '使用' }).click();
    await page.locator('.list', { hasText: '本工作区还没有图斑' }).waitFor();
    expect(await page.locator('.simulated').count()).toBe(0);
    await real.close();
    await empty.close();
  });
});
