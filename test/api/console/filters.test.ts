import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { browserMissing } from '../../support/browser.ts';
import { type PlantedDesk, plantDesk } from './desk.ts';

/** Of 12: 8 in 430421 and 4 in 430422; 3 of each of four types; 6 on farmland; areas 400, 450 … 950 m². */
describe.skipIf(browserMissing)('the filter of the month', () => {
  let desk: PlantedDesk;
  let page: Page;
  beforeAll(async () => {
    desk = await plantDesk(12);
  }, 60_000);
  afterAll(() => desk?.close());
  beforeEach(async () => {
    page = await desk.open();
  });
  afterEach(() => page.close());

  const shows = (count: number) => page.locator('.list h2', { hasText: `${count} 条` }).waitFor();
  const asked = (name: string) => new URL(page.url()).searchParams.get(name);

  it('is chosen by clicking, stands in the address, and is gone back from', async () => {
    await shows(12);
    await page.locator('.filters select[name="district"]').selectOption('430422');
    await shows(4);
    await page.locator('.filters select[name="layer"]').selectOption({ label: '耕地 6' });
    await shows(2);
    expect([asked('district'), asked('layer')]).toEqual(['430422', 'farmland']);
    await page.goBack();
    await shows(4);
    await page.getByRole('button', { name: '清除条件' }).click();
    await shows(12);
    expect(asked('district')).toBeNull();
  });

  it('counts by state what it means, and a click on the count shows those', async () => {
    const headers = { Authorization: `Bearer ${desk.link.split('#key=')[1]}`, 'Content-Type': 'application/json' };
    const body = JSON.stringify({ action: 'dismiss', reason: 'cloud' });
    await fetch(`${desk.server.url}/patches/4304222025060001/transitions`, { method: 'POST', headers, body });
    await page.locator('.filters select[name="district"]').selectOption('430422');
    await page.locator('.chip[data-state="found"] b', { hasText: '3' }).waitFor();
    const chips = (await page.locator('.chip').allInnerTexts()).map((text) => text.replace(/\s+/, ' '));
    expect(chips).toEqual(['全部 4', '已发现 3', '已排除 1']);
    await page.locator('.chip[data-state="dismissed"]').click();
    await shows(1);
    expect(await page.locator('.chip[data-state="found"] b').innerText()).toBe('3');
    await page.locator('.chip[data-state="found"]').click();
    await shows(4);
    expect(asked('state')).toBe('dismissed,found');
    await page.locator('.chip[data-state="all"]').click();
    expect(asked('state')).toBeNull();
  });

  it('is taken from an address: areas, words, CQL2 and box, each of which can be dropped', async () => {
    await page.close();
    const query = new URLSearchParams({
      month: '2025-06',
      minArea: '500',
      filter: "type IN ('TD','20')",
      bbox: '112.2,26.2,112.62,26.5',
    });
    page = await desk.open(query.toString());
    await shows(3);
    const tokens = (await page.locator('.token').allInnerTexts()).map((text) => text.replace(/\s+×$/, ''));
    expect(tokens).toEqual(['面积 ≥ m²: 500', '图内', "CQL2 条件: type IN ('TD','20')"]);
    await page.locator('.token', { hasText: 'CQL2' }).getByRole('button').click();
    await shows(9);
    await page.locator('.filters input[type="search"]').fill('衡南县');
    await shows(4);
    expect(asked('text')).toBe('衡南县');
  });

  it('says what is wrong with a condition that cannot be read, and keeps the list', async () => {
    await page.getByRole('button', { name: '更多条件' }).click();
    await page.locator('.more-filters textarea').fill('areaM2 >');
    await page.getByRole('button', { name: '应用' }).click();
    await page.locator('.stale').waitFor();
    expect(await page.locator('.queue .row').count()).toBeGreaterThan(5);
  });

  it('gives out a file of the same patches', async () => {
    await page.locator('.filters select[name="district"]').selectOption('430422');
    await shows(4);
    await page.getByRole('button', { name: '导出' }).click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: '图形 GeoJSON' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('图斑-2025-06.geojson');
    const chunks: Buffer[] = [];
    for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
    expect(JSON.parse(Buffer.concat(chunks).toString()).features).toHaveLength(4);
  });

  it('is loaded again where somebody else has moved something since the list was', async () => {
    await shows(12);
    const headers = { Authorization: `Bearer ${desk.link.split('#key=')[1]}`, 'Content-Type': 'application/json' };
    const body = JSON.stringify({ action: 'dismiss', reason: 'shadow' });
    const moved = '4304212025060002';
    await fetch(`${desk.server.url}/patches/${moved}/transitions`, { method: 'POST', headers, body });
    // Only the counts are asked for again; they tell of a later moment than the list.
    await page.locator('.filters select[name="district"]').selectOption('430421');
    await page.locator(`#row-${moved}`, { hasText: '已排除' }).waitFor();
  });

  it('reads in English as in Chinese, chips and filters too', async () => {
    await page.getByRole('button', { name: 'English' }).click();
    await page.locator('.chip', { hasText: 'All' }).waitFor();
    await page.locator('.filters select[name="type"] option', { hasText: 'Bulldozed' }).waitFor({ state: 'attached' });
    expect(await page.locator('html').getAttribute('lang')).toBe('en');
    await page.getByRole('button', { name: '中文' }).click();
    await page.locator('.chip', { hasText: '全部' }).waitFor();
  });

  it('loads nothing from anywhere else', () => {
    expect(desk.complaints.filter((text) => !/Failed to load resource/.test(text))).toEqual([]);
  });
});
