import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type RunningServer, startServer } from '../../../api/server/start.ts';
import { mintKey } from '../../../services/access/keys.ts';
import { monthTable } from '../../../services/queue/month-table.ts';
import { writeMeta } from '../../../services/store/meta.ts';
import { openStore, type Store } from '../../../services/store/open.ts';
import { plantPrefecture } from '../../services/reports/prefecture.ts';
import { browserMissing, complaintsOf, launchBrowser } from '../../support/browser.ts';
import { greyChips, silent } from '../server/service.ts';

const at = new Date('2025-08-20T03:00:00Z');
const month = '2025-07';
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

describe.skipIf(browserMissing)('the dashboard in a browser', () => {
  let browser: Browser;
  let context: BrowserContext;
  let store: Store;
  let server: RunningServer;
  let link: string;
  beforeAll(async () => {
    store = await openStore({ sqlite: ':memory:' });
    await writeMeta(store.db, 'simulated', '1');
    await writeMeta(store.db, 'name', '试验市');
    await plantPrefecture(store, 7, 0.5);
    server = await startServer({
      ...{ store, configuration: { host: '127.0.0.1', port: 0 }, log: silent, chips: greyChips, now: () => at },
      onConsoleLink: (url: string) => {
        link = url;
      },
    });
    browser = await launchBrowser();
    context = await browser.newContext({ viewport: { width: 1280, height: 720 } });
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await server?.close();
    await store?.close();
  });

  let page: Page;
  let complaints: string[];
  beforeEach(async () => {
    page = await context.newPage();
    complaints = complaintsOf(page, server.url);
  });
  afterEach(() => page.close());

  const open = async (query = `?month=${month}`, to = link) => {
    await page.goto(to.replace('/#', `/console/dashboard${query}#`));
    await page.locator('.board .card').nth(7).waitFor();
  };
  const number = async (selector: string) =>
    Number((await page.locator(selector).first().innerText()).replace(/[^\d.]/g, ''));
  /** How many patches the API lists under the filter of a link to the month's page. */
  const listed = async (href: string) => {
    const headers = { Authorization: `Bearer ${link.split('#key=')[1]}` };
    const answer = await fetch(`${server.url}/patches${href.slice(href.indexOf('?'))}&limit=1`, { headers });
    expect(answer.status, href).toBe(200);
    return ((await answer.json()) as { total: number }).total;
  };

  it("shows the figures of the month's table, and loads nothing from elsewhere", async () => {
    await open();
    const { total, rows } = await monthTable(store, month, at);
    expect(await number('.tile.found .value')).toBe(total.found);
    expect(await number('.tile.warned .value')).toBe(total.warned);
    expect(await number('.tile.overdue .value')).toBe(total.overdue);
    expect(await number('.tile.resolved .value')).toBe(total.resolved);
    expect(await number('.tile.dismissed .value')).toBe(total.dismissed);
    expect(await page.locator('.ranking .rows li').count()).toBe(rows.length);
    expect(await page.locator('.as-of').innerText()).toContain('2025-08-20 11:00');
    expect(await page.locator('.coverage .map path.district').count()).toBe(rows.length);
    expect(await page.locator('.gauge .rows li').count()).toBe(rows.length + 1);
    expect(complaints).toEqual([]);
  });

  it('leads from every figure to the list of exactly those patches', async () => {
    await open();
    const counted = await page
      .locator('.board a[data-count]')
      .evaluateAll((links) =>
        links.map((one) => ({ href: one.getAttribute('href')!, count: Number(one.getAttribute('data-count')) })),
      );
    const tiles = await page.locator('a.tile').evaluateAll((links) =>
      links.map((one) => ({
        href: one.getAttribute('href')!,
        count: Number(one.querySelector('.value')!.textContent!.replace(/\D/g, '')),
      })),
    );
    expect(counted.length).toBeGreaterThan(20);
    expect(tiles).toHaveLength(5);
    for (const { href, count } of [...counted, ...tiles]) expect([href, await listed(href)]).toEqual([href, count]);
  });

  it("opens the month's page with that filter", async () => {
    await open();
    await page.locator('.funnel .lane li > a').first().click();
    await page.waitForURL(/\/console\/\?month=2025-07&state=/);
  });

  it('shows a county its own figures alone', async () => {
    const grant = { name: 'county', role: 'viewer', district: '430421', expiresAt: null } as const;
    const { key } = await mintKey(store, grant, at);
    const own = await browser.newContext({ viewport: { width: 1280, height: 720 } });
    page = await own.newPage();
    await open(`?month=${month}`, `${server.url}/#key=${key}`);
    const table = await monthTable(store, month, at, '430421');
    expect(await number('.tile.found .value')).toBe(table.total.found);
    expect(await page.locator('.ranking .rows li').count()).toBe(1);
    const text = await page.locator('main').innerText();
    expect(text).toContain('衡阳县');
    for (const other of ['衡南县', '耒阳市', '珠晖区']) expect(text).not.toContain(other);
    await own.close();
  });

  it('narrows to a district, and keeps it in the address', async () => {
    await open();
    await page.locator('main select').selectOption('430422');
    await page.locator('h1', { hasText: '衡南县' }).waitFor();
    expect(page.url()).toContain('district=430422');
    const { total } = await monthTable(store, month, at, '430422');
    expect(await number('.tile.found .value')).toBe(total.found);
  });

  it('speaks both languages', async () => {
    await open();
    expect(await page.locator('.funnel h2').innerText()).toBe('月发现 · 月预警 · 月处置');
    await page.getByRole('button', { name: 'English' }).click();
    await page.locator('.funnel h2', { hasText: 'Find · warn · resolve' }).waitFor();
    expect(await page.locator('.radar h2').innerText()).toBe('Threshold radar');
    await page.getByRole('button', { name: '中文' }).click();
    await page.locator('.funnel h2', { hasText: '月发现' }).waitFor();
  });

  it('says in words where there are no figures', async () => {
    const empty = await openStore({ sqlite: ':memory:' });
    await writeMeta(empty.db, 'simulated', '1');
    let to = '';
    const onConsoleLink = (url: string) => {
      to = url;
    };
    const about = { store: empty, configuration: { host: '127.0.0.1', port: 0 }, log: silent, chips: greyChips };
    const other = await startServer({ ...about, now: () => at, onConsoleLink });
    await page.goto(to.replace('/#', '/console/dashboard#'));
    await page.locator('main', { hasText: '还没有运行过任何月份' }).waitFor();
    await other.close();
    await empty.close();
  });

  it.each([
    [1280, 720],
    [1920, 1080],
    [390, 844],
  ])('has nothing serious against accessibility, and no sideways scrolling, at %d × %d', async (width, height) => {
    await page.setViewportSize({ width, height });
    await open();
    await page.evaluate(axe);
    const { violations } = (await page.evaluate('axe.run()')) as { violations: Violation[] };
    const found = violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => [id, ...nodes.slice(0, 4).map(({ target }) => target.join(' '))]);
    expect(found).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth - window.innerWidth')).toBeLessThanOrEqual(0);
  });
});

interface Violation {
  id: string;
  impact: string;
  nodes: { target: string[] }[];
}
