import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningServer, startServer } from '../../../api/server/start.ts';
import { writeMeta } from '../../../services/store/meta.ts';
import { browserMissing, complaintsOf, launchBrowser } from '../../support/browser.ts';
import type { PlantedBox } from '../../support/planted-ground.ts';
import { gridBox, PlantedWorkspace, plantedGrid } from '../../support/planted-workspace.ts';

const { originX, originY } = plantedGrid;
const building: PlantedBox = { x: originX + 600, y: originY - 700, width: 120, height: 100 };
const quarry: PlantedBox = { x: originX + 1700, y: originY - 1500, width: 200, height: 160 };
const silent = { info: () => {}, warn: () => {}, error: () => {} };
const now = new Date('2024-07-02T02:00:00Z');

/** From image files to a person's click: two scenes, three layers, one run, the server and a browser. */
describe.skipIf(browserMissing)('the console over a real run', () => {
  let workspace: PlantedWorkspace;
  let server: RunningServer;
  let browser: Browser;
  let page: Page;
  let complaints: string[];
  beforeAll(async () => {
    workspace = await PlantedWorkspace.create();
    await workspace.layer('districts', { '360981': gridBox(plantedGrid, 200) });
    await workspace.layer('farmland', { F1: { ...building, x: building.x - 100, width: 400 } });
    await workspace.layer('red-line', { HX1: { ...quarry, width: 100 } });
    await workspace.scene('2024-05-20', { seed: 1 });
    await workspace.scene('2024-06-18', { seed: 2, built: [building, quarry], shiftPx: { dx: 1, dy: -2 } });
    await workspace.run('2024-06');
    await writeMeta(workspace.store.db, 'name', '试验县');
    let link = '';
    const onConsoleLink = (url: string) => {
      link = url;
    };
    const configuration = { host: '127.0.0.1', port: 0 };
    server = await startServer({ store: workspace.store, configuration, log: silent, now: () => now, onConsoleLink });
    browser = await launchBrowser();
    page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    complaints = complaintsOf(page, server.url);
    await page.goto(link);
    await page.locator('.stage.swipe img').nth(1).waitFor();
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await server?.close();
    await workspace?.remove();
  });

  it('lists what was planted, by its ground area, and calls nothing simulated', async () => {
    const rows = await page
      .locator('.queue .row .size')
      .evaluateAll((cells) => cells.map((cell) => cell.getAttribute('title') ?? ''));
    const areasM2 = rows.map((text) => Number(text.split(' ')[0].replace(',', ''))).sort((a, b) => a - b);
    expect(areasM2).toHaveLength(2);
    expect(Math.abs(areasM2[0] / 12_000 - 1)).toBeLessThan(0.05);
    expect(Math.abs(areasM2[1] / 32_000 - 1)).toBeLessThan(0.05);
    expect(await page.locator('.simulated').count()).toBe(0);
  });

  it('shows the two images it was found on, with their dates', async () => {
    const pictures = await page.locator('.stage.swipe img').evaluateAll((images) =>
      images.map((image) => {
        const { naturalWidth, naturalHeight } = image as HTMLImageElement;
        const canvas = new OffscreenCanvas(naturalWidth, naturalHeight);
        const context = canvas.getContext('2d')!;
        context.drawImage(image as HTMLImageElement, 0, 0);
        const [red, green, blue] = context.getImageData(naturalWidth / 2, naturalHeight / 2, 1, 1).data;
        return { naturalWidth, brightness: red + green + blue };
      }),
    );
    const [after, before] = pictures;
    expect(after.naturalWidth).toBe(512);
    // What was planted is bright bare soil, in the middle of the picture.
    expect(after.brightness).toBeGreaterThan(before.brightness + 60);
    expect(await page.locator('.swipe .date').allInnerTexts()).toEqual(['前 2024-05-20', '后 2024-06-18']);
    expect(await page.locator('.swipe .scale').innerText()).toMatch(/^\d+ m$/);
  });

  it('swipes, and keeps the handle in the picture at either end', async () => {
    const box = (await page.locator('.stage.swipe').boundingBox())!;
    for (const [key, covered] of [
      ['Home', 'inset(0px 100% 0px 0px)'],
      ['End', 'inset(0px 0% 0px 0px)'],
    ]) {
      await page.keyboard.press(key);
      const image = page.locator('.stage.swipe img').nth(1);
      await expect.poll(() => image.evaluate((element) => element.style.clipPath)).toBe(covered);
      const left = await page.locator('.divider').evaluate((divider) => {
        const handle = getComputedStyle(divider, '::after');
        return divider.getBoundingClientRect().left + Number.parseFloat(handle.left);
      });
      expect(left).toBeGreaterThanOrEqual(box.x);
      expect(left + 30).toBeLessThanOrEqual(box.x + box.width);
    }
  });

  it('draws the month’s images under the patches, as they are on the ground', async () => {
    await page.keyboard.press('z');
    await page.waitForLoadState('networkidle');
    const mean = async (side: string) => {
      await page.locator('.map-tools').getByRole('button', { name: side }).click();
      await page.waitForLoadState('networkidle');
      await page.waitForTimeout(300);
      return page.locator('.ol-target canvas').first().evaluate(meanOfMiddle);
    };
    const [before, after] = [await mean('前期'), await mean('后期')];
    expect(after).toBeGreaterThan(before + 20);
  });

  it('picks another with J and sends out its task, and the figures follow', async () => {
    await page.keyboard.press('j');
    await page.locator('.patch .title', { hasText: '202406 0002' }).waitFor();
    await page.locator('.steps').getByRole('button', { name: '下发任务' }).click();
    await page.locator('.step-form textarea').fill('疑似占用，请核查');
    await page.getByRole('button', { name: '确定' }).click();
    await page.locator('.patch .title', { hasText: '已预警' }).waitFor();
    await page.getByRole('button', { name: '区县进度' }).click();
    const total = page.locator('.month-table tfoot tr');
    await expect.poll(() => total.innerText()).toMatch(/^合计\s+2\s+1\s+0\s+0\s+0/);
    expect(complaints).toEqual([]);
  });
});

/** In the page: how bright the middle of the map is, 0 to 255. */
function meanOfMiddle(element: Element): number {
  const canvas = element as HTMLCanvasElement;
  const [x, y] = [Math.round(canvas.width / 2), Math.round(canvas.height / 2)];
  const { data } = canvas.getContext('2d')!.getImageData(x - 8, y - 8, 16, 16);
  return data.filter((_, i) => i % 4 < 3).reduce((sum, value) => sum + value, 0) / (16 * 16 * 3);
}
