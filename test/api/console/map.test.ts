import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer } from '../../../api/server/start.ts';
import { browserMissing } from '../../support/browser.ts';
import { greyChips, now, silent } from '../server/service.ts';
import { type PlantedDesk, plantDesk } from './desk.ts';

const onePixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
);

describe.skipIf(browserMissing)('the map beside the queue', () => {
  let desk: PlantedDesk;
  let page: Page;
  beforeAll(async () => {
    desk = await plantDesk(12);
    page = await desk.open();
    await page.locator('.patch .title').waitFor();
    await page.waitForLoadState('networkidle');
  }, 60_000);
  afterAll(() => desk?.close());

  const chosen = () => page.locator('.patch').getAttribute('aria-label');
  const zoom = async (key: string) => {
    await page.keyboard.press(key);
    await page.waitForLoadState('networkidle');
  };

  it('has a scale in metres, says whose images it shows, and draws on its canvas', async () => {
    expect(await page.locator('.ol-scale-line-inner').innerText()).toMatch(/^\d+ k?m$/);
    expect(await page.locator('.ol-attribution').innerText()).toBe('影像：本工作区 2025-06');
    expect(await page.locator('.map-legend li').allInnerTexts()).toEqual([
      '发现',
      '预警',
      '处置',
      '办结',
      '排除',
      '超期',
      '生态保护红线',
    ]);
    const colours = await page
      .locator('.ol-target canvas')
      .first()
      .evaluate((canvas) => {
        const { data } = (canvas as HTMLCanvasElement)
          .getContext('2d')!
          .getImageData(0, 0, (canvas as HTMLCanvasElement).width, (canvas as HTMLCanvasElement).height);
        return new Set(new Uint32Array(data.buffer)).size;
      });
    expect(colours).toBeGreaterThan(3);
  });

  it('shows every patch, and a click on one chooses it', async () => {
    const first = await chosen();
    const box = (await page.locator('.ol-target').boundingBox())!;
    const dot = await page.locator('.ol-target canvas').first().evaluate(farDot);
    await page.mouse.click(box.x + dot.x, box.y + dot.y);
    await expect.poll(chosen).not.toBe(first);
    expect(await page.locator(`#row-${await chosen()}`).getAttribute('aria-current')).toBe('true');
  });

  it('is moved by keys, and Enter picks what is nearest the middle', async () => {
    await page.locator('.queue .row').nth(5).click();
    const fifth = await chosen();
    await zoom('z');
    await page.keyboard.press('k');
    await expect.poll(chosen).not.toBe(fifth);
    await page.locator('.queue .row').nth(5).click();
    await zoom('z');
    await page.locator('.ol-target').focus();
    await page.keyboard.press('ArrowRight');
    expect(await chosen()).toBe(fifth);
    await page.keyboard.press('Enter');
    await expect.poll(chosen).toBe(fifth);
  });

  it('narrows the list to what it shows, and the list widens again without it', async () => {
    await page.keyboard.press('Shift+Z');
    await page.locator('.queue .row').nth(5).click();
    await zoom('z');
    await page.getByRole('button', { name: '只看图内' }).click();
    await page.locator('.list h2', { hasText: '1 条' }).waitFor();
    expect(new URL(page.url()).searchParams.get('bbox')).toMatch(/^112\.\d{5},26\.\d{5},112\.\d{5},26\.\d{5}$/);
    await page.getByRole('button', { name: '只看图内' }).click();
    await page.locator('.list h2', { hasText: '12 条' }).waitFor();
  });

  it('shows both dates under a divider that keys move', async () => {
    await page.locator('.map-tools').getByRole('button', { name: '卷帘' }).click();
    const divider = page.locator('.map-divider');
    expect(await divider.getAttribute('aria-valuenow')).toBe('50');
    await divider.press('ArrowLeft');
    await divider.press('ArrowLeft');
    expect(await divider.getAttribute('aria-valuenow')).toBe('46');
    await divider.press('End');
    expect(await divider.getAttribute('aria-valuenow')).toBe('100');
    await page.locator('.map-tools').getByRole('button', { name: '后期' }).click();
    expect(await divider.count()).toBe(0);
  });

  it('draws a base map of another server where one is configured, which is then the only one it may ask', async () => {
    const asked: string[] = [];
    const other = createServer((request, response) => {
      asked.push(request.url ?? '');
      response.writeHead(200, { 'Content-Type': 'image/png' }).end(onePixel);
    });
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const origin = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
    const basemap = { url: `${origin}/wmts?z={z}&x={x}&y={y}`, attribution: '© 天地图' };
    const configuration = { host: '127.0.0.1', port: 0, basemap };
    const server = await startServer({
      store: desk.store,
      configuration,
      log: silent,
      chips: greyChips,
      now: () => now,
    });
    const reader = await desk.browser.newPage();
    const refused: string[] = [];
    reader.on('console', (message) => /Content Security Policy/.test(message.text()) && refused.push(message.text()));
    await reader.goto(`${server.url}/console/`);
    await reader.locator('.map-tools').getByRole('button', { name: '外部底图' }).click();
    await reader.locator('.ol-attribution', { hasText: '© 天地图' }).waitFor();
    await expect.poll(() => asked.length).toBeGreaterThan(0);
    expect(asked[0]).toMatch(/^\/wmts\?z=\d+&x=\d+&y=\d+$/);
    expect(refused).toEqual([]);
    await reader.close();
    await server.close();
    other.close();
  });

  it('asks for tiles of its own server alone', async () => {
    await page.close();
    expect(desk.complaints.filter((text) => !/Failed to load resource/.test(text))).toEqual([]);
  });
});

/** In the page: a pixel of the colour of found patches, away from the map's middle parts that tools cover. */
function farDot(element: Element): { x: number; y: number } {
  const canvas = element as HTMLCanvasElement;
  const { width, height } = canvas;
  const { data } = canvas.getContext('2d')!.getImageData(0, 0, width, height);
  const is = (x: number, y: number, [r, g, b]: number[]) => {
    const at = 4 * (y * width + x);
    return Math.abs(data[at] - r) + Math.abs(data[at + 1] - g) + Math.abs(data[at + 2] - b) < 12;
  };
  const all = (colour: number[]) => {
    const found: { x: number; y: number }[] = [];
    for (let y = 90; y < height - 70; y++) {
      for (let x = 10; x < width - 60; x++) if (is(x, y, colour)) found.push({ x, y });
    }
    return found;
  };
  const ring = all([255, 210, 63])[0] ?? { x: 0, y: 0 };
  const far = all([29, 95, 168]).find(({ x, y }) => Math.hypot(x - ring.x, y - ring.y) > 60);
  if (far === undefined) throw new Error('no patch is drawn away from the chosen one');
  return { x: far.x / devicePixelRatio, y: (far.y + 2) / devicePixelRatio };
}
