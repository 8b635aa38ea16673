import type { Browser, BrowserContext, Page } from 'playwright-core';
import { type RunningServer, startServer } from '../../../api/server/start.ts';
import { writeMeta } from '../../../services/store/meta.ts';
import { openStore, type Store } from '../../../services/store/open.ts';
import { complaintsOf, launchBrowser } from '../../support/browser.ts';
import { plantPatch, plantZone } from '../../support/patches.ts';
import { greyChips, now, silent } from '../server/service.ts';

/** The month's page over planted patches, in a real browser. */
export interface PlantedDesk {
  store: Store;
  server: RunningServer;
  browser: Browser;
  context: BrowserContext;
  /** With the key of a reviewer. */
  link: string;
  /** Opens the page with this query; what the page complains of is added to `complaints`. */
  open(query?: string): Promise<Page>;
  complaints: string[];
  close(): Promise<void>;
}

/** What a run notes of the two images of a finding: without it a patch has no pictures of its own. */
const pair = {
  before: { id: 'before', sha256: 'b'.repeat(64), date: '2025-05-20', sensor: 'planted' },
  after: { id: 'after', sha256: 'a'.repeat(64), date: '2025-06-18', sensor: 'planted' },
  pixels: 900,
  shiftPx: null,
  threshold: 1,
};

const types = ['TD', '20', 'DT', 'DL1'];

/** `count` found patches of June 2025, two in three in 430421 衡阳县 and the others in 430422 衡南县, on a grid of places. */
export async function plantDesk(count: number): Promise<PlantedDesk> {
  const store = await openStore({ sqlite: ':memory:' });
  await writeMeta(store.db, 'simulated', '1');
  await writeMeta(store.db, 'name', '试验县');
  await plantZone(store, 'districts', '430421', '衡阳县');
  await plantZone(store, 'districts', '430422', '衡南县');
  const evidenceJson = JSON.stringify({ pairs: [pair] });
  const farmland = await plantZone(store, 'farmland', 'F1', '水田');
  for (let i = 0; i < count; i++) {
    const district = i % 3 === 2 ? '430422' : '430421';
    const [lon, lat] = [112.3 + (i % 10) * 0.04, 26.3 + Math.floor(i / 10) * 0.04];
    const overlaps = i % 2 === 0 ? [{ zoneId: farmland, layer: 'farmland', areaM2: 100 }] : [];
    const geometryJson = JSON.stringify({ type: 'Polygon', coordinates: [square(lon, lat)] });
    await plantPatch(store, {
      district,
      type: types[i % 4],
      areaM2: 400 + 50 * i,
      lon,
      lat,
      overlaps,
      geometryJson,
      evidenceJson,
    });
  }
  let link = '';
  const onConsoleLink = (url: string) => {
    link = url;
  };
  const configuration = { host: '127.0.0.1', port: 0 };
  const server = await startServer({
    store,
    configuration,
    log: silent,
    chips: greyChips,
    now: () => now,
    onConsoleLink,
  });
  const browser = await launchBrowser();
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 } });
  const complaints: string[] = [];
  return {
    ...{ store, server, browser, context, link, complaints },
    async open(query = '') {
      const page = await context.newPage();
      const own = complaintsOf(page, server.url);
      page.on('close', () => complaints.push(...own));
      await page.goto(link.replace('/#', `/console/${query === '' ? '' : `?${query}`}#`));
      await page.locator('.queue .row, .list .empty').first().waitFor();
      return page;
    },
    async close() {
      await browser.close();
      await server.close();
      await store.close();
    },
  };
}

function square(lon: number, lat: number): [number, number][] {
  const [east, north] = [lon + 0.001, lat + 0.001];
  return [
    [lon, lat],
    [east, lat],
    [east, north],
    [lon, north],
    [lon, lat],
  ];
}

/** How many patches are in each state, as the database has them. */
export async function statesOf({ db }: Store): Promise<Record<string, number>> {
  const rows = await db
    .selectFrom('patches')
    .select(['state', db.fn.countAll().as('n')])
    .groupBy('state')
    .execute();
  return Object.fromEntries(rows.map(({ state, n }) => [state, Number(n)]));
}
