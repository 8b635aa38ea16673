import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningServer, startServer } from '../../../api/server/start.ts';
import { addPhotos } from '../../../services/field/add-photos.ts';
import { writeMeta } from '../../../services/store/meta.ts';
import { openStore, type Store } from '../../../services/store/open.ts';
import type { PatchRow } from '../../../services/store/patches.ts';
import { browserMissing, launchBrowser } from '../../support/browser.ts';
import { tuban } from '../../support/command-line.ts';
import { allLayers, part, patchFacts } from '../../support/legal-facts.ts';
import { plantOpinion } from '../../support/opinions.ts';
import { photo } from '../../support/photos.ts';
import { plantedDays, plantSeries } from '../../support/planted-series.ts';
import { now, silent } from '../server/service.ts';

/** Other tests have the processors too. */
const soon = { timeout: 10_000 };
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

describe.skipIf(browserMissing)('the page of a patch', () => {
  let home: string;
  let store: Store;
  let patch: PatchRow;
  let server: RunningServer;
  let browser: Browser;
  let page: Page;
  let link: string;
  let complaints: string[];
  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'tuban-patch-page-'));
    store = await openStore({ sqlite: ':memory:' });
    await writeMeta(store.db, 'simulated', '1');
    patch = await plantSeries(store, home);
    const facts = patchFacts({ atoms: [part(1500)], layers: allLayers({ 'growth-boundary': null }) });
    await plantOpinion(store, patch.id, facts);
    const [lon, lat] = [(patch.minLon + patch.maxLon) / 2, (patch.minLat + patch.maxLat) / 2];
    const said = { focal35mm: 26, taken: '2025:07:02 09:00:00', offset: '+08:00', north: 'T' as const };
    const files = [
      { name: 'south.jpg', bytes: await photo(1, { ...said, lon, lat: patch.minLat - 0.0005, azimuth: 0 }) },
      { name: 'away.jpg', bytes: await photo(2, { ...said, lon: patch.minLon - 0.0005, lat, azimuth: 250 }) },
    ];
    await addPhotos(store, home, patch.id, files, { takenBy: '李', readings: [], now });
    const configuration = { host: '127.0.0.1', port: 0 };
    const onConsoleLink = (url: string) => {
      link = url;
    };
    server = await startServer({ store, home, configuration, log: silent, now: () => now, onConsoleLink });
    browser = await launchBrowser();
    page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    // The month's map has no images to show here: what the page of the patch asks for must all be there.
    complaints = [];
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('response', (answer) => {
      const { pathname } = new URL(answer.url());
      if (answer.status() >= 400 && !pathname.startsWith('/tiles/')) complaints.push(`${answer.status()} ${pathname}`);
    });
    await page.goto(link.replace('/#', `/console/?patch=${patch.number}&full=1#`));
    await page.locator('.stage.swipe img').nth(1).waitFor();
    await page.locator('.strip li').nth(7).waitFor();
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await server?.close();
    await store?.close();
    if (home) await rm(home, { recursive: true, force: true });
  });

  it('swipes, with the day, the sensor and how much was seen on either picture', async () => {
    await page.keyboard.press('End');
    expect(await page.locator('.divider').getAttribute('aria-valuenow')).toBe('100');
    await page.keyboard.press('ArrowLeft');
    const clip = () =>
      page
        .locator('.swipe img')
        .nth(1)
        .evaluate((image) => (image as HTMLElement).style.clipPath);
    await expect.poll(clip, soon).toBe('inset(0px 2% 0px 0px)');
    expect(await page.locator('.tagged.left').innerText()).toMatch(/前 2025-05-10\s+planted · .*可见 100%/);
    expect(await page.locator('.tagged.right').innerText()).toMatch(/后 2025-06-12\s+planted · .*可见 100%/);
  });

  it('puts both dates beside each other with 2, zoomed and panned as one', async () => {
    await page.keyboard.press('2');
    const sheets = page.locator('.stage.side .laid');
    await sheets.nth(1).waitFor();
    const transforms = () => sheets.evaluateAll((all) => all.map((one) => (one as HTMLElement).style.transform));
    await page.locator('.stage.side').focus();
    await page.keyboard.press('+');
    await page.keyboard.press('ArrowRight');
    await expect.poll(async () => (await transforms())[0], soon).toContain('scale(1.5)');
    const [left, right] = await transforms();
    expect(left).toBe(right);
    await page.locator('.stage.side').dblclick({ position: { x: 60, y: 60 } });
    await expect.poll(async () => (await transforms())[0], soon).toContain('scale(1)');
    // The arrow moved the pictures and not the list.
    expect(await page.locator('.patch .title').innerText()).toContain('0001');
  });

  it('shows them by turns with 3: the frames differ; space holds it, arrows choose', async () => {
    await page.keyboard.press('3');
    const stage = page.locator('.stage.blink');
    await stage.waitFor();
    await page.keyboard.press(' ');
    expect(await stage.getAttribute('data-running')).toBe('false');
    const frames: string[] = [];
    for (const key of ['ArrowLeft', 'ArrowRight']) {
      await page.keyboard.press(key);
      await expect.poll(() => stage.getAttribute('data-shown'), soon).toBe(key === 'ArrowLeft' ? 'left' : 'right');
      frames.push((await stage.screenshot()).toString('base64'));
    }
    expect(frames[0]).not.toBe(frames[1]);
    await page.keyboard.press(' ');
    await expect.poll(() => stage.getAttribute('data-shown'), soon).toBe('left');
    const calm = await browser.newPage({ reducedMotion: 'reduce' });
    await calm.goto(page.url());
    await calm.locator('.stage img').nth(1).waitFor();
    await calm.keyboard.press('3');
    expect(await calm.locator('.stage.blink').getAttribute('data-running')).toBe('false');
    await calm.close();
    await page.keyboard.press('1');
  });

  it('tells every date in words: cloud and no image as not observed, and the month without any', async () => {
    const told = await page
      .locator('.strip li')
      .evaluateAll((all) =>
        all.map((one) => ['.date', '.said'].map((part) => one.querySelector(part)?.textContent).join(' ')),
      );
    expect(told).toEqual([
      '2025-01-10 已观测',
      '2025-02-10 已观测',
      '2025-03-10 云遮，未观测',
      '2025-04 无影像，未观测',
      '2025-05-10 已观测',
      '2025-06-12 已观测',
      '2025-07-10 无影像，未观测',
      '2025-08-10 已观测',
    ]);
    expect(await page.locator('.strip').innerText()).not.toMatch(/未变化|unchanged/);
    await page.locator('.strip li', { hasText: '2025-08-10' }).getByRole('button', { name: '放入左侧' }).click();
    await expect.poll(() => page.locator('.tagged.left').innerText(), soon).toContain('2025-08-10');
    await page.getByRole('button', { name: '恢复前后两期' }).click();
    await expect.poll(() => page.locator('.tagged.left').innerText(), soon).toContain('前 2025-05-10');
  });

  it('draws the curve in pieces, with a gap where nothing was seen, and says the same as a table', async () => {
    const chart = page.locator('.curve .chart');
    await chart.waitFor();
    // January and February; May and June; August by itself.
    expect(await chart.locator('path.line').count()).toBe(3);
    expect(await chart.locator('circle.dot').count()).toBe(5);
    expect(await chart.locator('.missed').count()).toBe(2);
    const rows = await page
      .locator('.curve tbody tr')
      .evaluateAll((all) => all.map((row) => row.children[3].textContent));
    expect(rows).toEqual(plantedDays.map(({ ndvi, hidden }) => (hidden ? '缺' : ndvi.toFixed(3))));
  });

  it('says the opinion with its rule, and lists what is missing to be ticked off', async () => {
    const opinion = page.locator('.opinion');
    expect(await opinion.locator('.verdict').innerText()).toMatch(/依据 cn-2024@1\.0 规则 [\w.-]+/);
    const [rules] = await Promise.all([
      page.request.get(new URL((await opinion.locator('.verdict a').getAttribute('href'))!, page.url()).href),
    ]);
    expect((await rules.json()).name).toBe('cn-2024@1.0');
    const missing = opinion.locator('.missing-list li', { hasText: '城镇开发边界' });
    await missing.locator('input').check();
    expect(await opinion.locator('.missing-list h4').innerText()).toMatch(/已核对 1\/\d/);
  });

  it('draws where photos were taken and whither they look; a press opens one with its tests', async () => {
    const cones = page.locator('.cone');
    await cones.nth(1).waitFor();
    const [south, away] = await cones.evaluateAll((all) =>
      all.map((cone) => {
        const centre = cone.querySelector('circle')!;
        // Whence, to one side of the view, an arc of two radii and three flags, to its other side.
        const numbers = cone
          .querySelector('.view')!
          .getAttribute('d')!
          .match(/-?[\d.]+/g)!
          .map(Number);
        const [x, y] = [Number(centre.getAttribute('cx')), Number(centre.getAttribute('cy'))];
        const turn = (px: number, py: number) => (Math.atan2(px - x, y - py) * 180) / Math.PI;
        return {
          from: turn(numbers[2], numbers[3]),
          to: turn(numbers[9], numbers[10]),
          failed: cone.classList.contains('failed'),
        };
      }),
    );
    // A lens of 26 mm sees 69.4° across: half of it on either side of the azimuth.
    expect(south.from).toBeCloseTo(-34.7, 0);
    expect(south.to).toBeCloseTo(34.7, 0);
    expect(south.failed).toBe(false);
    expect((away.from + 360) % 360).toBeCloseTo(250 - 34.7, 0);
    expect((away.to + 360) % 360).toBeCloseTo(250 + 34.7, 0);
    expect(away.failed).toBe(true);
    await cones.nth(1).focus();
    await page.keyboard.press('Enter');
    await page.locator('.photo-window .test.failed', { hasText: '拍摄方向' }).waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(() => page.locator('.photo-window').count(), soon).toBe(0);
  });

  it('gives the bundle, which verifies', async () => {
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: '下载证据包' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe(`${patch.number}.zip`);
    const path = join(home, 'bundle.zip');
    await download.saveAs(path);
    const { exitCode, stdout, stderr } = await tuban(['evidence', 'verify', path]);
    expect({ exitCode, said: stdout + stderr }).toMatchObject({ exitCode: 0 });
    expect(stdout).toContain(patch.number);
  });

  it('turns between the whole page and the list with F, and stands at once when come back to', async () => {
    await page.keyboard.press('f');
    await page.locator('.list').waitFor();
    expect(new URL(page.url()).searchParams.get('full')).toBeNull();
    await page.keyboard.press('f');
    await expect.poll(() => page.locator('.list').isVisible(), soon).toBe(false);
    expect(new URL(page.url()).searchParams.get('full')).toBe('1');
    expect(complaints).toEqual([]);
  });

  it('is read on a telephone, in English too, and axe finds nothing serious', async () => {
    for (const [language, width, height] of [
      ['zh', 1280, 720],
      ['en', 390, 844],
    ] as const) {
      const context = await browser.newContext({ viewport: { width, height } });
      await context.addInitScript((spoken) => localStorage.setItem('tuban.language', spoken), language);
      const small = await context.newPage();
      await small.goto(link.replace('/#', `/console/?patch=${patch.number}&full=1#`));
      await small.locator('.curve .chart').waitFor();
      await small.locator('.cone').first().waitFor();
      expect(await small.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
      await small.evaluate(axe);
      const { violations } = (await small.evaluate("axe.run('.patch')")) as { violations: Finding[] };
      const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
      const told = serious.map(({ id, nodes }) => `${id} ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`);
      expect({ language, width, told }).toMatchObject({ told: [] });
      await context.close();
    }
  });
});

interface Finding {
  id: string;
  impact: string;
  nodes: { html: string }[];
}
