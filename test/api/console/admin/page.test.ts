import { writeFile } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Readiness } from '../../../../api/server/readiness.ts';
import { type RunningServer, startServer } from '../../../../api/server/start.ts';
import { mintKey } from '../../../../services/access/keys.ts';
import { RunDesk } from '../../../../services/month/run-desk.ts';
import { RunLog } from '../../../../services/month/run-log.ts';
import { browserMissing, complaintsOf, launchBrowser } from '../../../support/browser.ts';
import { gridBox, PlantedWorkspace, plantedGrid } from '../../../support/planted-workspace.ts';
import { silent } from '../../server/service.ts';

const moment = new Date('2024-07-01T18:00:00Z');

describe.skipIf(browserMissing)('the administration in a browser', () => {
  let workspace: PlantedWorkspace;
  let server: RunningServer;
  let browser: Browser;
  let page: Page;
  let complaints: string[];
  let key: string;
  beforeAll(async () => {
    workspace = await PlantedWorkspace.create();
    const { store } = workspace;
    await workspace.layer('districts', { '430421': gridBox(plantedGrid, 50) });
    await workspace.scene('2024-05-20', { seed: 1 });
    await workspace.scene('2024-06-20', { seed: 2, built: [{ x: 224_600, y: 2_999_000, width: 200, height: 160 }] });
    const runs = new RunDesk(store, { workers: 1, now: () => moment, clock: () => moment, log: new RunLog(null) });
    const configuration = { host: '127.0.0.1', port: 0 };
    const served = {
      runs,
      schedule: { cron: '0 2 1 * *', reach: 'open' as const },
      readiness: new Readiness().serve(),
    };
    server = await startServer({ store, configuration, log: silent, now: () => moment, ...served });
    ({ key } = await mintKey(store, { name: 'chief', role: 'admin', district: '', expiresAt: null }, moment));
    browser = await launchBrowser();
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await server?.close();
    await workspace?.remove();
  });
  beforeEach(async () => {
    const context = await browser.newContext({ viewport: { width: 1280, height: 720 } });
    page = await context.newPage();
    complaints = complaintsOf(page, server.url);
    page.on('dialog', (dialog) => dialog.accept());
    await page.goto(`${server.url}/console/admin#key=${key}`);
  });
  afterEach(async () => {
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  const open = (name: string) => page.getByRole('navigation', { name: '管理' }).getByRole('link', { name }).click();
  const room = (name: string) => page.locator(`section[aria-label="${name}"]`);

  it('shows what a run would compare, runs it, follows it to its end and tells its log', async () => {
    await room('月度运行').locator('input[type=month]').fill('2024-06');
    await room('月度运行').getByText('2024-06-20 planted').waitFor();
    await room('月度运行').getByRole('button', { name: '开始运行' }).click();
    await room('运行日志').getByText('1 detections, 1 issued').waitFor({ timeout: 20_000 });
    expect(await room('已运行的月份').locator('tbody tr').first().innerText()).toMatch(
      /2024-06\s+完成[\s\S]+1 \/ 1\s+100%/,
    );
    expect(await room('自动计划').innerText()).toContain('0 2 1 * *');
  });

  it('lists images with their months and shows one', async () => {
    await open('影像与收件箱');
    const rows = room('影像与收件箱').locator('tbody tr');
    expect(await rows.first().innerText()).toMatch(/2024-06-20[\s\S]+planted/);
    await rows.first().getByRole('button', { name: '缩略图' }).click();
    const picture = page.locator('.preview img');
    await picture.waitFor();
    expect(await picture.evaluate((image) => (image as HTMLImageElement).naturalWidth)).toBe(256);
  });

  it('takes a layer in and says of each bad feature what became of it', async () => {
    await open('图层与版本');
    const square = (x: number) => [
      [
        [x, 27.09],
        [x + 0.001, 27.09],
        [x + 0.001, 27.091],
        [x, 27.091],
        [x, 27.09],
      ],
    ];
    const feature = (id: string, coordinates: unknown) => {
      return { type: 'Feature', properties: { id, DLBM: '0101' }, geometry: { type: 'Polygon', coordinates } };
    };
    const features = [
      feature('good', square(114.225)),
      feature('bad', [
        [
          [114.2, 27.09],
          [114.2, 27.09],
          [114.2, 27.09],
          [114.2, 27.09],
        ],
      ]),
    ];
    const path = workspace.path('farmland.geojson');
    await writeFile(path, JSON.stringify({ type: 'FeatureCollection', features }));
    await page.locator('.upload summary').click();
    await page.locator('.upload input[name=layer]').fill('farmland');
    await page.locator('.upload input[name=validFrom]').fill('2024-01-01');
    await page.locator('.upload input[name=file]').setInputFiles(path);
    await page.locator('.upload button.main').click();
    await page.locator('.upload').getByText('已导入 farmland.geojson: 1 要素数 · 已修复 0 · 未收入 1').waitFor();
    expect(await page.locator('.upload .notes').innerText()).toMatch(/bad 未收入: has no area/);
    const row = room('图层与版本').locator('tbody tr', { hasText: 'farmland' });
    expect(await row.innerText()).toMatch(/farmland\s+全部\s+2024-01-01/);
    await row.getByRole('button', { name: '导入报告' }).click();
    await page.locator('.report').getByRole('button', { name: '未收入 1' }).click();
    expect(await page.locator('.report .notes').innerText()).toMatch(/^bad 未收入: /);
  });

  it('makes a user who can log in, and stops them again', async () => {
    await open('用户');
    const users = room('用户');
    await users.locator('input[name=name]').fill('wang');
    await users.locator('input[name=password]').fill('given by the chief');
    await users.locator('form select[name=role]').selectOption('handler');
    await users.locator('input[name=district]').fill('430421');
    await users.getByRole('button', { name: '添加' }).click();
    const row = users.locator('tbody tr', { hasText: 'wang' });
    await row.waitFor();
    expect(await row.innerText()).toContain('首次登录须改密码');
    const logIn = () =>
      fetch(`${server.url}/session`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Origin: server.url },
        body: JSON.stringify({ name: 'wang', password: 'given by the chief' }),
      });
    expect((await logIn()).ok).toBe(true);
    await row.getByRole('button', { name: '停用' }).click();
    await row.getByText('已停用').waitFor();
    expect((await logIn()).ok).toBe(false);
  });

  it('shows a key once; it opens, and does not when revoked', async () => {
    await open('访问密钥');
    const keys = room('访问密钥');
    await keys.locator('input[name=name]').fill('dashboard');
    await keys.getByRole('button', { name: '添加' }).click();
    const secret = await page.locator('.once code').innerText();
    const opens = async () =>
      (await fetch(`${server.url}/patches`, { headers: { Authorization: `Bearer ${secret}` } })).status;
    expect(await opens()).toBe(200);
    await page.getByRole('button', { name: '已保存' }).click();
    expect(await page.content()).not.toContain(secret);
    await keys.locator('tbody tr', { hasText: 'dashboard' }).getByRole('button', { name: '吊销' }).click();
    await keys.locator('tbody tr', { hasText: 'dashboard' }).getByText('已吊销').waitFor();
    expect(await opens()).toBe(401);
  });

  it('reads rules, verifies the log and keeps the section in the address', async () => {
    await open('规则集');
    await page.locator('.checks li').nth(5).waitFor();
    await open('审计');
    await page.getByRole('button', { name: '核对全部记录' }).click();
    await page.getByText('完整：每个事件都与写入时一致').waitFor();
    expect(new URL(page.url()).searchParams.get('section')).toBe('audit');
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByRole('heading', { name: 'Who read what' }).waitFor();
  });
});
