import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addUser } from '../../../services/access/users.ts';
import { originalPath } from '../../../services/field/originals.ts';
import { sha256Of } from '../../../services/sha256.ts';
import { eventsOf } from '../../../services/store/events.ts';
import { openStore, type Store } from '../../../services/store/open.ts';
import { updateUser } from '../../../services/store/users.ts';
import { BadLine } from '../../support/bad-line.ts';
import { browserMissing } from '../../support/browser.ts';
import { plantPatch, plantZone } from '../../support/patches.ts';
import { withExif } from '../../support/photos.ts';
import { seededRandom } from '../../support/random.ts';
import { takeSteps } from '../../support/steps.ts';

const require = createRequire(import.meta.url);
const password = 'wet hands, bright sun';
/** Just south of the planted patch. */
const here = { longitude: 112.5006, latitude: 26.8992, accuracy: 6 };

/** A photo of a real one's size: what is cut in the middle must have a middle. */
async function largePhoto(seed: number): Promise<Buffer> {
  const random = seededRandom(seed);
  const noise = Uint8Array.from({ length: 900 * 1200 * 3 }, () => 256 * random());
  const image = sharp(noise, { raw: { width: 1200, height: 900, channels: 3 } });
  const says = { lon: 112.5006, lat: 26.8992, azimuth: 10, north: 'T', focal35mm: 26, make: 'HUAWEI' } as const;
  return withExif(image, { ...says, taken: '2025:07:02 09:50:00', offset: '+08:00' })
    .jpeg({ quality: 92 })
    .toBuffer();
}

/** Two tasks of one county, one of another: each with its own outline, a triangle of a thousandth of a degree. */
async function plantTasks(store: Store): Promise<string[]> {
  for (const [code, name] of [
    ['430421', '衡阳县'],
    ['430422', '衡南县'],
  ])
    await plantZone(store, 'districts', code, name);
  const overlaps = [{ zoneId: await plantZone(store, 'farmland', 'F1', '水田'), layer: 'farmland', areaM2: 600 }];
  const plant = (district: string, type: string, lon: number, lat: number) => {
    const ring = [
      [lon, lat],
      [lon + 0.001, lat],
      [lon + 0.001, lat + 0.001],
      [lon, lat],
    ];
    const geometryJson = JSON.stringify({ type: 'Polygon', coordinates: [ring] });
    return plantPatch(store, { district, type, lon, lat, geometryJson, overlaps });
  };
  return [
    await plant('430421', 'TD', 112.5, 26.9),
    await plant('430421', '20', 112.53, 26.9),
    await plant('430422', 'DT', 112.7, 26.7),
  ];
}

describe.skipIf(browserMissing)('the phone page', () => {
  let folder: string;
  let store: Store;
  let ids: string[];
  let line: BadLine;
  let context: BrowserContext;
  let page: Page;
  const complaints: string[] = [];

  /** The browser with all that it kept, as it is opened again after it was closed. */
  const openBrowser = async (offline = false) => {
    context = await chromium.launchPersistentContext(join(folder, 'profile'), {
      executablePath: '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
      ...{ viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, deviceScaleFactor: 1, offline },
      ...{ geolocation: here, permissions: ['geolocation'] },
    });
    page = context.pages()[0] ?? (await context.newPage());
    page.setDefaultTimeout(25_000);
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(`${line.url}/console/field`);
  };
  const logIn = async (name = 'li') => {
    await page.locator('.login input[name=name]').fill(name);
    await page.locator('.login input[name=password]').fill(password);
    await page.locator('.login button.main').click();
  };
  const photograph = async (bytes: Buffer) => {
    await page
      .locator('input[type=file]')
      .setInputFiles({ name: 'IMG_0001.jpg', mimeType: 'image/jpeg', buffer: bytes });
    await page.locator('.sheet').waitFor();
  };
  const keep = () => page.locator('.sheet').getByRole('button', { name: '保存' }).click();
  const openTask = async (id = ids[0]) => {
    await page.goto(`${line.url}/console/field#task/${id}`);
    await page.locator('.small-map').waitFor();
  };
  const queue = async () => {
    await page.goto(`${line.url}/console/field#queue`);
    await page.locator('.page-title').waitFor();
  };
  const stands = (text: string | RegExp, many = 1) =>
    expect.poll(() => page.locator('.queued .stands', { hasText: text }).count(), { timeout: 30_000 }).toBe(many);
  const photosHere = (id: string) => store.db.selectFrom('photos').selectAll().where('patchId', '=', id).execute();

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tuban-phone-'));
    store = await openStore({ sqlite: join(folder, 'tuban.db') });
    ids = await plantTasks(store);
    for (const id of ids) await takeSteps(store, id, 'warn acknowledge', { at: new Date('2025-07-01T23:00:00Z') });
    const user = { password, role: 'field', district: '430421', cost: { log2N: 8, r: 8, p: 1 } } as const;
    for (const name of ['li', 'wang'])
      await addUser(store, { ...user, name, displayName: name, mustChange: false }, new Date());
    line = await BadLine.over(join(folder, 'tuban.db'), folder);
    await openBrowser();
  }, 60_000);
  afterAll(async () => {
    await context?.close();
    await line?.close();
    await store?.close();
    if (folder) await rm(folder, { recursive: true, force: true });
  });

  it('asks who one is, and shows the tasks of the district, nearest first', async () => {
    await logIn();
    await page.locator('.task').nth(1).waitFor();
    expect(await page.locator('.task').count()).toBe(2);
    expect(await page.locator('.task').first().innerText()).toMatch(
      /推土 1\.20 亩[\s\S]+实地核查[\s\S]+耕地[\s\S]+\d+ m/,
    );
    expect(await page.locator('.task').nth(1).innerText()).toMatch(/km/);
    await page.goto(`${line.url}/console/field#me`);
    await page.getByText('可离线使用').waitFor();
    await page.getByText('已存影像 2 / 2').waitFor();
  });

  it('opens without the server, takes a photo with where and whither, and a form', async () => {
    await context.setOffline(true);
    await page.goto(`${line.url}/console/field`);
    await page.reload();
    await page.locator('.task').first().click();
    await page.locator('.picture img').nth(1).waitFor();
    await page.locator('.net.off').waitFor();
    await photograph(await largePhoto(1));
    expect(await page.locator('.where').innerText()).toMatch(/112\.50060, 26\.89920\s+±6 m/);
    await page.getByRole('button', { name: '对准图斑' }).click();
    await page.getByRole('button', { name: '向右 5 度' }).click();
    expect(await page.locator('.dial-text').innerText()).toMatch(/^\d+°\s+手动\s+正对图斑$/);
    await keep();
    await page.getByRole('link', { name: '填表' }).click();
    await page.getByRole('button', { name: '提交' }).click();
    await page.getByRole('alert').filter({ hasText: '请至少选一项' }).waitFor();
    for (const name of ['正在建设', '硬化地面、道路', '正在施工', '工业、仓储']) {
      await page.getByRole('button', { name, exact: true }).click();
    }
    await page.getByLabel('使用人 / 单位').fill('某砂石厂');
    // Half filled in, the page may go.
    await page.reload();
    expect(await page.getByLabel('使用人 / 单位').inputValue()).toBe('某砂石厂');
    await page.getByRole('button', { name: '提交' }).click();
    await stands('等网络', 2);
  });

  it('keeps both when the browser is closed, and opens with them again without the server', async () => {
    await context.close();
    await openBrowser(true);
    await queue();
    await stands('等网络', 2);
    expect(await page.locator('.queued img').count()).toBe(1);
    expect(await photosHere(ids[0])).toEqual([]);
  });

  it('sends each exactly once, though the server was killed in the middle and the answer was lost', async () => {
    line.trouble = 'killed';
    await context.setOffline(false);
    await expect.poll(() => line.seen, { timeout: 20_000 }).toEqual(['photos killed']);
    await page
      .locator('.queued .stands', { hasText: /没传成|等网络/ })
      .first()
      .waitFor();
    expect(await photosHere(ids[0])).toEqual([]);
    await line.start();
    line.trouble = 'answer-lost';
    await page.getByRole('button', { name: '现在全部上传' }).click();
    await expect.poll(() => line.seen, { timeout: 30_000 }).toContain('photos answer-lost');
    await stands('已收到', 2);
    expect(line.seen).toEqual(['photos killed', 'photos answer-lost', 'photos 200', 'forms 201']);
    await page.getByText('图斑转为“已核查”').waitFor();
    expect(await page.locator('.badge').count()).toBe(0);
  });

  it('has put them on record with position, direction, both times and the hash of the file', async () => {
    const bytes = await largePhoto(1);
    const [photo, ...more] = await photosHere(ids[0]);
    expect([more, photo.sha256, photo.takenBy]).toEqual([[], sha256Of(bytes), 'li']);
    expect(await readFile(originalPath(folder, photo.sha256, 'jpeg'))).toEqual(bytes);
    const [statement, ...others] = await store.db.selectFrom('photo_statements').selectAll().execute();
    expect([statement.photoId, others]).toEqual([photo.id, []]);
    const said = JSON.parse(statement.saidJson) as Record<string, unknown>;
    expect(said).toMatchObject({ lon: here.longitude, lat: here.latitude, accuracyM: 6, azimuthBy: 'hand' });
    const azimuth = Number(said['azimuth']);
    expect(Math.min(azimuth, 360 - azimuth)).toBeLessThan(10);
    expect(Date.parse(String(said['takenAt']))).toBeLessThanOrEqual(Date.now());
    expect(JSON.parse(photo.factsJson)).toMatchObject({ taken: { at: '2025-07-02T01:50:00.000Z' } });
    const steps = (await eventsOf(store.db, 'patch', ids[0])).slice(3);
    expect(steps.map(({ action, actor }) => [action, actor])).toEqual([['verify', 'li']]);
    expect(JSON.parse(steps[0].payloadJson)).toMatchObject({
      ...{ evidence: [photo.id], stopped: false },
      findings: { seen: ['under-construction', 'hardened'], use: 'industry', occupier: '某砂石厂' },
    });
    await page.goto(`${line.url}/console/field`);
    await expect.poll(() => page.locator('.task').count(), { timeout: 20_000 }).toBe(1);
  });

  it('asks who one is again when the session has run out, and nothing of the queue is lost', async () => {
    await store.db.updateTable('sessions').set({ expiresAt: '2025-01-01T00:00:00.000Z' }).execute();
    await openTask(ids[1]);
    await photograph(await largePhoto(2));
    await keep();
    await queue();
    await page.getByText('登录已过期').waitFor();
    await stands('等您重新登录');
    // Somebody else's log-in does not send it under their name.
    await logIn('wang');
    await stands('由 li 拍摄');
    expect(await photosHere(ids[1])).toEqual([]);
    await page.goto(`${line.url}/console/field#me`);
    await page.getByRole('button', { name: '退出登录' }).click();
    await page.locator('.login').waitFor();
    await logIn();
    await queue();
    await stands('已收到', 3);
    expect(await photosHere(ids[1])).toHaveLength(1);
  });

  it('tells what the server refuses, and keeps it until a person deletes it', async () => {
    await context.setOffline(true);
    await openTask(ids[1]);
    await photograph(await largePhoto(3));
    await keep();
    // In the meantime li was moved to another county.
    await updateUser(store.db, 'li', { district: '430422' });
    await queue();
    await context.setOffline(false);
    await stands('被拒收：服务器上没有这个图斑，或不在您的区划');
    expect(await page.locator('.server-line').innerText()).toMatch(/There is no patch/);
    await page.getByRole('button', { name: '删除' }).click();
    await stands('被拒收');
    await page.getByRole('button', { name: '真的删除' }).click();
    await stands('被拒收', 0);
    expect(await photosHere(ids[1])).toHaveLength(1);
    await page.goto(`${line.url}/console/field`);
    await expect.poll(() => page.locator('.task', { hasText: '衡南县' }).count(), { timeout: 20_000 }).toBe(1);
    expect(await page.locator('.task').count()).toBe(1);
  });

  it('sends what waits when the network is back, with the page closed', async () => {
    await openTask(ids[2]);
    await context.setOffline(true);
    await photograph(await largePhoto(4));
    await keep();
    await queue();
    await stands('等网络');
    const other = await context.newPage();
    await page.close();
    page = other;
    const devtools = await context.newCDPSession(other);
    const registered = new Promise<string>((resolve) => {
      devtools.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
        const found = registrations.find(({ scopeURL }) => scopeURL === `${line.url}/console/field`);
        if (found) resolve(found.registrationId);
      });
    });
    await other.goto(`${line.url}/console/shell/icon.svg`).catch(() => {});
    await devtools.send('ServiceWorker.enable');
    await context.setOffline(false);
    const sync = { origin: line.url, registrationId: await registered, tag: 'send', lastChance: false };
    await devtools.send('ServiceWorker.dispatchSyncEvent', sync);
    await expect.poll(() => photosHere(ids[2]), { timeout: 20_000 }).toHaveLength(1);
    await queue();
    await stands('已收到', 4);
  });

  it('keeps no answer of the server, and wipes what is the server’s when one logs out', async () => {
    const kept = () =>
      page.evaluate(async () => {
        const caches = await Promise.all(
          (await self.caches.keys()).map(async (name) => (await self.caches.open(name)).keys()),
        );
        const box = await new Promise<IDBDatabase>((resolve) => {
          const opening = indexedDB.open('tuban-field');
          opening.onsuccess = () => resolve(opening.result);
        });
        const names = ['tasks', 'pictures', 'account', 'items'];
        const reading = box.transaction(names);
        const counts = names.map(
          (name) =>
            new Promise<number>((resolve) => {
              const counting = reading.objectStore(name).count();
              counting.onsuccess = () => resolve(counting.result);
            }),
        );
        return { addresses: caches.flat().map(({ url }) => new URL(url).pathname), counts: await Promise.all(counts) };
      });
    await page.goto(`${line.url}/console/field#me`);
    await page.getByText('已存影像 1 / 1').waitFor();
    const before = await kept();
    expect(before.counts).toEqual([1, 1, 1, 4]);
    expect(before.addresses).toContain('/console/field');
    expect(before.addresses.filter((address) => !address.startsWith('/console/'))).toEqual([]);
    await page.getByRole('button', { name: '退出登录' }).click();
    await page.locator('.login').waitFor();
    // The page is loaded anew in the middle of it.
    const counts = () =>
      kept().then(
        ({ counts }) => counts,
        () => null,
      );
    await expect.poll(counts, { timeout: 10_000 }).toEqual([0, 0, 0, 4]);
    await logIn();
    await page.locator('.task').first().waitFor();
  });

  it('is plain to those who cannot see it well: nothing serious is found, nothing to touch is small', async () => {
    const small = () =>
      page.evaluate(() =>
        [...document.querySelectorAll<HTMLElement>('a, button, .big, select, textarea, input:not([type=file])')]
          .filter((one) => one.offsetParent !== null && !one.closest('label.check'))
          .map((one) => [one.outerHTML.slice(0, 80), one.getBoundingClientRect()] as const)
          .filter(([, { width, height }]) => width < 44 || height < 44)
          .map(([html]) => html),
      );
    const look = async () => {
      await page.addScriptTag({ path: require.resolve('axe-core/axe.min.js') }).catch(() => {});
      await page.evaluate(await readFile(require.resolve('axe-core/axe.min.js'), 'utf8'));
      const { violations } = (await page.evaluate('axe.run()')) as {
        violations: { id: string; impact: string; nodes: { html: string }[] }[];
      };
      const grave = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
      return [...grave.map(({ id, nodes }) => `${id}: ${nodes[0].html}`), ...(await small())];
    };
    expect(await look()).toEqual([]);
    await openTask(ids[2]);
    expect(await look()).toEqual([]);
    await photograph(await largePhoto(5));
    expect(await look()).toEqual([]);
    await keep();
    for (const room of [`form/${ids[2]}`, 'queue', 'me']) {
      await page.goto(`${line.url}/console/field#${room}`);
      await page.locator('main h1').first().waitFor();
      expect(await look()).toEqual([]);
    }
    expect(complaints).toEqual([]);
  });
});
