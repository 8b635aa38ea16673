import { afterEach, describe, expect, it, vi } from 'vitest';
import { Metrics } from '../../../api/server/metrics.ts';
import { RateLimits } from '../../../api/server/rate-limits.ts';
import { startServer } from '../../../api/server/start.ts';
import { addWorkspaceMetrics } from '../../../api/server/workspace-metrics.ts';
import { openStore, type Store } from '../../../services/store/open.ts';
import { operationFigures } from '../../../services/store/operation.ts';
import { beginRun, finishRun } from '../../../services/store/runs.ts';
import { plantPatch } from '../../support/patches.ts';
import { type Family, readExposition } from '../../support/prometheus-text.ts';
import { describeOnBothStores } from '../../support/stores.ts';
import { now, plantQueue, problemIn, silent, startService, type TestService } from './service.ts';

type Scraped = Map<string, Family>;
const sampleOf = (scraped: Scraped, family: string, labels: Record<string, string> = {}, name = family) =>
  scraped
    .get(family)
    ?.samples.find(
      (one) => one.name === name && Object.entries(labels).every(([key, value]) => one.labels[key] === value),
    )?.value;

describe('metrics', () => {
  let service: TestService;
  let metrics: Metrics;
  const start = async (services: object = {}, limits?: RateLimits) => {
    metrics = new Metrics();
    service = await startService({ simulated: false, services: { metrics, ...services }, ...(limits && { limits }) });
    addWorkspaceMetrics(metrics.registry, { store: service.store, now: () => now, nextRun: () => new Date(3_600_000) });
    return plantQueue(service.store);
  };
  afterEach(() => service.store.close());
  const admin = () => service.bearer({ role: 'admin', name: 'ops' });
  const scrape = async () => {
    const response = await service.ask('/metrics', { headers: await admin() });
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    return readExposition(await response.text());
  };

  it('are text that a strict reader takes, by template of the address and never by the address itself', async () => {
    const [id] = await start();
    const headers = await service.bearer();
    for (const path of [`/patches/${id}`, '/patches?limit=2', '/patches/no-such-patch', '/wp-admin.php', '/x"y\\z']) {
      await service.ask(path, { headers });
    }
    await service.ask('/patches', { headers, method: 'PURGE' as 'GET' });
    const scraped = await scrape();
    const family = 'tuban_http_request_duration_seconds';
    const count = (route: string, status: string, method = 'GET') =>
      sampleOf(scraped, family, { route, status, method }, `${family}_count`);
    expect(count('/patches/{id}', '200')).toBe(1);
    expect(count('/patches/{id}', '404')).toBe(1);
    expect(count('/patches', '200')).toBe(1);
    expect(count('unknown', '404')).toBe(2);
    expect(count('unknown', '405', 'other')).toBe(1);
    const routes = new Set(scraped.get(family)!.samples.map(({ labels }) => labels['route']));
    expect([...routes].sort()).toEqual(['/patches', '/patches/{id}', 'unknown']);
    expect(sampleOf(scraped, 'tuban_rows_read_total', { route: '/patches' })).toBe(2);
    expect(sampleOf(scraped, 'tuban_http_requests_in_flight')).toBe(1);
    expect(sampleOf(scraped, 'process_resident_memory_bytes')).toBeGreaterThan(1e7);
    expect(sampleOf(scraped, 'tuban_schedule_next_run_timestamp_seconds')).toBe(3600);
    expect(sampleOf(scraped, 'tuban_database_up')).toBe(1);
  });

  it('count log-ins refused and what the rate limit refused', async () => {
    await start({}, new RateLimits({ perSecond: 1, burst: 3 }, () => 0));
    const body = JSON.stringify({ name: 'nobody', password: 'wrong-wrong' });
    for (let n = 0; n < 4; n++) {
      await service.ask(
        '/session',
        { method: 'POST', body, headers: { 'Content-Type': 'application/json' } },
        { address: '192.0.2.1' },
      );
    }
    const headers = await service.bearer();
    for (let n = 0; n < 5; n++) await service.ask('/months', { headers });
    const scraped = await scrape();
    expect(sampleOf(scraped, 'tuban_logins_refused_total', { reason: 'password' })).toBe(3);
    expect(sampleOf(scraped, 'tuban_rate_limit_refusals_total', { by: 'address' })).toBe(1);
    expect(sampleOf(scraped, 'tuban_rate_limit_refusals_total', { by: 'caller' })).toBe(2);
  });

  it('go on without a database, and say so', async () => {
    metrics = new Metrics();
    service = await startService();
    const gone = await openStore({ sqlite: ':memory:' });
    await gone.close();
    addWorkspaceMetrics(metrics.registry, { store: gone, now: () => now, nextRun: () => null });
    const scraped = readExposition(await metrics.text());
    expect(sampleOf(scraped, 'tuban_database_up')).toBe(0);
    expect(scraped.get('tuban_patches')!.samples).toEqual([]);
    expect(scraped.get('tuban_schedule_next_run_timestamp_seconds')!.samples).toEqual([]);
  });

  it('count the store at most every 30 s', async () => {
    await start();
    let ms = 0;
    const own = new Metrics();
    addWorkspaceMetrics(own.registry, { store: service.store, now: () => now, nextRun: () => null, clock: () => ms });
    const found = async () => {
      const scraped = readExposition(await own.text());
      return scraped.get('tuban_patches')!.samples.reduce((sum, { value }) => sum + value, 0);
    };
    expect(await found()).toBe(3);
    await plantPatch(service.store, { district: '430421', type: 'TD', areaM2: 800, lon: 112.9, lat: 26.9 });
    ms = 29_999;
    expect(await found()).toBe(3);
    ms = 30_000;
    expect(await found()).toBe(4);
  });

  describe('are read', () => {
    const ask = async (headers: Record<string, string> = {}, from: object = {}) =>
      (await service.ask('/metrics', { headers }, from)).status;

    it('with an administrator’s key for all districts, by nobody else, also not on this machine', async () => {
      await start();
      expect(await ask(await admin())).toBe(200);
      expect(await ask()).toBe(401);
      expect(await ask({ Authorization: `Bearer ${'A'.repeat(43)}` })).toBe(401);
      expect(await ask(await service.bearer({ role: 'reviewer' }))).toBe(403);
      const county = await service.ask('/metrics', {
        headers: await service.bearer({ role: 'admin', district: '4304' }),
      });
      expect(await problemIn(county)).toMatchObject({ code: 'forbidden' });
    });

    it('from this machine where that is allowed, not through a proxy or by another name', async () => {
      await start({ metricsFor: 'local' });
      expect(await ask()).toBe(200);
      expect(await ask({ 'X-Forwarded-For': '203.0.113.9' })).toBe(401);
      expect(await ask({}, { host: 'evil.example' })).toBe(401);
      expect(await ask({}, { address: '192.0.2.1' })).toBe(401);
    });

    it('by anybody where that is said, by nobody where they are off', async () => {
      await start({ metricsFor: 'public' });
      expect(await ask({}, { address: '192.0.2.1' })).toBe(200);
      await service.store.close();
      await start({ metricsFor: 'off' });
      expect(await ask(await admin())).toBe(404);
    });
  });
});

describe('a server', () => {
  it('counts what it sends, to the last byte, with nothing left in flight', async () => {
    const store = await openStore({ sqlite: ':memory:' });
    const configuration = { host: '127.0.0.1', port: 0, metricsFor: 'public' } as const;
    const server = await startServer({ store, configuration, log: silent });
    const sizes = await Promise.all(
      Array.from({ length: 5 }, async () => (await (await fetch(`${server.url}/console/`)).text()).length),
    );
    const whole = sizes.reduce((sum, size) => sum + size, 0);
    // When all has been sent, which the server knows a moment after us.
    await vi.waitFor(async () => {
      const scraped = readExposition(await (await fetch(`${server.url}/metrics`)).text());
      const sent = sampleOf(scraped, 'tuban_http_response_bytes_total', { route: '/console/{name}' });
      // Compressed on its way, with heads.
      expect(sent).toBeGreaterThan(5 * 500);
      expect(sent).toBeLessThan(whole + 5 * 2000);
      expect(sampleOf(scraped, 'tuban_http_requests_in_flight')).toBe(1);
    });
    await server.close();
    await store.close();
  });
});

describeOnBothStores('what is counted of a workspace', (open) => {
  it('is patches of open months by state and lateness, runs, messages and the size', async () => {
    const store: Store = await open();
    const [late] = await plantQueue(store);
    const dueAt = '2025-07-01T00:00:00.000Z';
    await store.db.updateTable('patches').set({ dueAt }).where('id', '=', late).execute();
    const run = { id: 'r1', month: '2025-06', district: null, planJson: '{}', startedAt: '2025-07-01T03:00:00.000Z' };
    await beginRun(store.db, run);
    await finishRun(store.db, 'r1', '{}', new Date('2025-07-01T03:10:00Z'));
    const told = await operationFigures(store.db, now);
    const counted = told.patches.map((row) => [row.state, Number(row.patches), Number(row.overdue)]);
    expect(counted).toEqual([['found', 3, 1]]);
    expect(told.lastRun).toEqual({ state: 'done', startedAt: run.startedAt, finishedAt: '2025-07-01T03:10:00.000Z' });
    expect(told.messages).toEqual({ waiting: 0, dead: 0, oldestWaitingAt: null });
    expect(told.databaseBytes).toBeGreaterThan(100_000);
    const closed = {
      month: '2025-06',
      closedAt: 'x',
      closedBy: 'x',
      json: '{}',
      sha256: 'x',
      text: '',
      textSha256: 'x',
    };
    await store.db.insertInto('closed_months').values(closed).execute();
    expect((await operationFigures(store.db, now)).patches).toEqual([]);
  });
});
