import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ChangeTypes, Lifecycle, MonthTable, Workspace, ZoneCollection } from '../../../api/server/schemas.ts';
import { replaceCoverage } from '../../../services/store/coverage.ts';
import { finishRun } from '../../../services/store/runs.ts';
import { takeSteps } from '../../support/steps.ts';
import { now, plantQueue, startService, type TestService } from './service.ts';

describe('what the desk needs beside the queue', () => {
  let service: TestService;
  let ids: string[];
  beforeAll(async () => {
    service = await startService();
    ids = await plantQueue(service.store);
    await takeSteps(service.store, ids[1], 'warn');
    const run = { runId: 'run-2025-06', cloudM2: 100, noImageM2: 0 };
    await replaceCoverage(service.store.db, run.runId, [
      { ...run, district: '430421', totalM2: 1000, observedM2: 900 },
      { ...run, district: '430422', totalM2: 1000, observedM2: 900 },
    ]);
    await finishRun(service.store.db, run.runId, '{"patches":3}', now);
  });
  afterAll(() => service.store.close());

  const json = async <Body>(path: string, headers: Record<string, string> = {}) =>
    (await (await service.ask(path, { headers })).json()) as Body;

  it('lists the months that have been run', async () => {
    expect(await json('/months')).toEqual({ months: ['2025-06'] });
  });

  it("has the month's table by district, with what could be seen", async () => {
    const { rows, total } = await json<MonthTable>('/months/2025-06');
    expect(rows.map(({ name, found, warned, observedFraction }) => [name, found, warned, observedFraction])).toEqual([
      ['衡阳县', 2, 1, 0.9],
      ['衡南县', 1, 0, 0.9],
    ]);
    expect(total).toMatchObject({ found: 3, warned: 1, overdue: 0, resolved: 0, dismissed: 0 });
  });

  it('lists the runs, and one of them with its plan', async () => {
    const run = { id: 'run-2025-06', month: '2025-06', state: 'done', summary: { patches: 3 } };
    expect(await json('/runs')).toMatchObject({ runs: [run] });
    expect(await json('/runs?month=2025-05')).toEqual({ runs: [] });
    expect(await json('/runs/run-2025-06')).toMatchObject({ ...run, plan: {} });
  });

  it('keeps the figures of a run over all districts from a key for one', async () => {
    const headers = await service.bearer({ district: '430421' });
    expect(await json('/runs', headers)).toMatchObject({ runs: [{ id: 'run-2025-06', state: 'done', summary: null }] });
    expect(await json('/runs/run-2025-06', headers)).toMatchObject({ plan: null });
  });

  it('tells the whole lifecycle in both languages', async () => {
    const lifecycle = await json<Lifecycle>('/lifecycle');
    expect(lifecycle.states.patch).toContainEqual(
      expect.objectContaining({ name: 'warned', label: { zh: '已预警', en: 'Warned' }, stage: 'warn' }),
    );
    const dismiss = lifecycle.transitions.patch.find((row) => row.action === 'dismiss');
    expect(dismiss).toMatchObject({ to: 'dismissed', needs: ['reason'], reasons: 'dismissal' });
    expect(lifecycle.reasons['dismissal'].map((reason) => reason.code)).toContain('season');
  });

  it('names the types of change, with their exchange codes', async () => {
    const { types } = await json<ChangeTypes>('/change-types');
    expect(types).toContainEqual({ code: 'built', tblx: '20', label: { zh: '建(构)筑物', en: 'built' } });
    expect(new Set(types.map((type) => type.tblx)).size).toBe(types.length);
  });

  it('gives the zones of a layer around a place as GeoJSON', async () => {
    const zones = await json<ZoneCollection>('/zones?layer=farmland&bbox=112.5,26.8,112.6,26.9');
    expect(zones.features).toHaveLength(1);
    expect(zones.features[0]).toMatchObject({
      geometry: { type: 'Polygon' },
      properties: { layer: 'farmland', externalId: 'F1', name: '水田' },
    });
    expect(await json('/zones?layer=farmland&bbox=110,26.8,110.1,26.9')).toMatchObject({ features: [] });
  });

  it('says what the workspace is and what the caller may do', async () => {
    expect(await json<Workspace>('/workspace')).toEqual({
      name: 'Test county',
      simulated: true,
      basemap: null,
      timeZone: 'Asia/Shanghai',
      now: now.toISOString(),
      access: { actor: 'local', role: 'viewer', district: '', office: null },
    });
    const headers = await service.bearer({ name: 'city desk', district: '4304' });
    expect(await json<Workspace>('/workspace', headers)).toMatchObject({
      access: { actor: 'city desk', role: 'reviewer', district: '4304' },
    });
  });

  it.each(['before', 'after'])('has the picture %s as PNG of the size asked for', async (which) => {
    const response = await service.ask(`/patches/${ids[0]}/${which}.png?size=100`);
    expect(response.headers.get('content-type')).toBe('image/png');
    const png = Buffer.from(await response.arrayBuffer());
    expect(png.subarray(0, 8).toString('latin1')).toBe('\x89PNG\r\n\x1a\n');
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([100, 100]);
  });

  it('has the outline in the pixels of the pictures', async () => {
    expect(await json(`/patches/${ids[0]}/chip.json?size=100`)).toMatchObject({
      width: 100,
      height: 100,
      outline: [
        [
          [25, 25],
          [75, 25],
          [75, 75],
          [25, 25],
        ],
      ],
      beforeDate: '2025-05-20',
      afterDate: '2025-06-18',
    });
  });
});

describe('every answer', () => {
  it('may not be framed, sniffed, or draw on any other site', async () => {
    const service = await startService();
    const page = await service.ask('/console/');
    const policy = page.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toMatch(/script-src 'self'( 'sha256-[\w+/=]+')+(;|$)/);
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
    for (const path of ['/console/', '/patches', '/nothing']) {
      const { headers } = await service.ask(path);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('access-control-allow-origin')).toBeNull();
    }
    await service.store.close();
  });

  it('is compressed for who can read that', async () => {
    const service = await startService();
    const response = await service.ask('/lifecycle', { headers: { 'Accept-Encoding': 'gzip' } });
    expect(response.headers.get('content-encoding')).toBe('gzip');
    await service.store.close();
  });
});

describe('the console', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await startService();
  });
  afterAll(() => service.store.close());

  it('is served as plain scripts, each import of which is there too', async () => {
    const seen = new Set<string>();
    const queue = ['/console/main.ts'];
    const vendor: Record<string, string> = {
      preact: '/console/vendor/preact.mjs',
      'preact/hooks': '/console/vendor/preact-hooks.mjs',
      htm: '/console/vendor/htm.mjs',
      'htm/preact': '/console/vendor/htm-preact.mjs',
      'ol/dist/ol.js': '/console/vendor/ol.mjs',
      idb: '/console/vendor/idb.mjs',
    };
    for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
      if (seen.has(path)) continue;
      seen.add(path);
      const response = await service.ask(path);
      expect([path, response.status, response.headers.get('content-type')]).toEqual([
        path,
        200,
        'text/javascript; charset=utf-8',
      ]);
      const script = await response.text();
      expect(script).not.toMatch(/^(interface|import type|export interface) /m);
      for (const [, name] of script.matchAll(/(?:(?<!["'])from ?|import\()["']([^"'\s]+)["']/g)) {
        queue.push(vendor[name] ?? new URL(name, `http://x${path}`).pathname);
      }
    }
    expect(seen.size).toBeGreaterThan(10);
  });

  it('is not sent again to a browser that has it', async () => {
    const etag = (await service.ask('/console/shell/base.css')).headers.get('etag') ?? '';
    expect((await service.ask('/console/shell/base.css', { headers: { 'If-None-Match': etag } })).status).toBe(304);
  });

  it('stands at /console/, where its own addresses lead', async () => {
    const response = await service.ask('/console');
    expect([response.status, response.headers.get('location')]).toEqual([302, 'console/']);
  });
});
