import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startServer } from '../../../api/server/start.ts';
import { mintKey } from '../../../services/access/keys.ts';
import { openStore } from '../../../services/store/open.ts';
import { browserMissing } from '../../support/browser.ts';
import { greyChips, now, silent } from '../server/service.ts';
import { type PlantedDesk, plantDesk } from './desk.ts';

describe.skipIf(browserMissing)('the console in a browser', () => {
  let desk: PlantedDesk;
  let page: Page;
  beforeAll(async () => {
    desk = await plantDesk(3);
  }, 30_000);
  afterAll(() => desk?.close());
  beforeEach(async () => {
    page = await desk.open();
  });
  afterEach(() => page.close());

  const text = (selector: string) => page.locator(selector).innerText();
  const title = (words: string) => page.locator('.patch .title', { hasText: words }).waitFor();

  it('shows the month, its queue and the first patch, and says that all is simulated', async () => {
    await page.locator('.compare img').nth(1).waitFor();
    expect(await text('.simulated')).toBe('模拟数据 SIMULATED');
    expect(await page.locator('.queue .row').count()).toBe(3);
    expect(await text('.queue .row >> nth=0')).toMatch(/0001\s+已发现\s+推土\s+耕地\s+衡阳县\s+0\.60 亩\s+剩 \d+ 天/);
    expect(await text('.patch .facts')).toMatch(/400 m²\s+0\.60 亩[\s\S]+2025-05-20\s+→ 2025-06-18/);
    expect(await text('.patch .figures >> nth=0')).toMatch(/耕地\s+水田 F1\s+100\s+0\.15\s+25\.0%/);
    await page.getByRole('button', { name: '区县进度' }).click();
    expect(await page.locator('.month-table tbody tr').allInnerTexts()).toHaveLength(2);
    expect(await text('.month-table tbody tr >> nth=0')).toMatch(/^衡阳县\s+2\s+0\s+0\s+0\s+0\s+–$/);
  });

  it('keeps the key out of the address bar', async () => {
    expect(page.url()).not.toContain('key=');
    await page.reload();
    await page.locator('.key-menu', { hasText: 'console' }).waitFor();
  });

  it('goes through the list with J and K, and chooses the first where a filter leaves the patch out', async () => {
    await title('430421 202506 0001');
    await page.keyboard.press('j');
    await title('0002');
    await page.keyboard.press('k');
    await title('430421 202506 0001');
    await page.locator('.filters select[name="district"]').selectOption('430422');
    await title('430422 202506 0001');
    expect(await page.locator('.queue .row[aria-current="true"]').count()).toBe(1);
  });

  it('moves a patch on in its own panel, from find over warn to acknowledged, and the list and counts follow', async () => {
    await page.locator('.queue .row').nth(1).click();
    await title('0002');
    await page.locator('.steps').getByRole('button', { name: '下发任务' }).click();
    await page.locator('.step-form textarea').fill('疑似非农建设，请于三日内核查');
    await page.getByRole('button', { name: '确定' }).click();
    await title('已预警');
    expect(await text('.history li >> nth=0')).toMatch(/下发任务[\s\S]+console[\s\S]+疑似非农建设/);
    await page.locator('.queue .row', { hasText: '已预警' }).waitFor();
    await page.locator('.chip', { hasText: '已预警' }).waitFor();
    await page.getByRole('button', { name: '签收' }).click();
    await title('已签收');
    await page.getByRole('button', { name: '区县进度' }).click();
    await expect.poll(() => text('.month-table tbody tr >> nth=0')).toMatch(/^衡阳县\s+2\s+1/);
  });

  it('dismisses only with a reason from the list', async () => {
    await page.locator('.queue .row').nth(2).click();
    await title('430422 202506 0001');
    await page.locator('.steps').getByRole('button', { name: '排除' }).click();
    await page.getByRole('button', { name: '确定' }).click();
    expect(await page.locator('.step-form select:invalid').count()).toBe(1);
    await page.locator('.step-form select').selectOption({ label: '季节变化' });
    await page.getByRole('button', { name: '确定' }).click();
    await page.locator('.history', { hasText: '季节变化' }).waitFor();
  });

  it('says so when somebody else was faster, and shows what they did', async () => {
    await title('430421 202506 0001');
    await page.locator('.steps').getByRole('button', { name: '下发任务' }).click();
    const headers = { Authorization: `Bearer ${desk.link.split('#key=')[1]}`, 'Content-Type': 'application/json' };
    const body = JSON.stringify({ action: 'dismiss', reason: 'cloud' });
    const address = `${desk.server.url}/patches/4304212025060001/transitions`;
    expect((await fetch(address, { method: 'POST', headers, body })).status).toBe(200);
    await page.locator('.step-form textarea').fill('核查');
    await page.getByRole('button', { name: '确定' }).click();
    await page.locator('.toast.bad', { hasText: '刚被他人办理' }).waitFor();
    await title('已排除');
  });

  it('is read-only without a key', async () => {
    const reader = await desk.browser.newPage();
    await reader.goto(`${desk.server.url}/console/?patch=4304212025060002`);
    await reader.locator('.steps', { hasText: '办理需要密钥' }).waitFor();
    expect(await reader.locator('.steps button.main').isDisabled()).toBe(true);
    await reader.keyboard.press('d');
    await reader.locator('.toast.bad', { hasText: '只读' }).waitFor();
    await reader.close();
  });

  it('asks for a key where the workspace may not be seen without one', async () => {
    const empty = await openStore({ sqlite: ':memory:' });
    const configuration = { host: '127.0.0.1', port: 0 };
    const real = await startServer({ store: empty, configuration, log: silent, chips: greyChips, now: () => now });
    const { key } = await mintKey(empty, { name: 'city desk', role: 'viewer', district: '', expiresAt: null }, now);
    const stranger = await desk.browser.newPage();
    await stranger.goto(real.url);
    await stranger.locator('.closed', { hasText: '需要密钥' }).waitFor();
    await stranger.locator('.key-form:not(.login) input').fill(key);
    await stranger.getByRole('button', { name: '使用' }).click();
    await stranger.locator('.list', { hasText: '本工作区还没有图斑' }).waitFor();
    expect(await stranger.locator('.simulated').count()).toBe(0);
    await stranger.close();
    await real.close();
    await empty.close();
  });

  it('complains of nothing but refusals', () => {
    expect(desk.complaints.filter((line) => !/Failed to load resource/.test(line))).toEqual([]);
  });
});
