import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openCase } from '../../../services/lifecycle/case-opening.ts';
import { replaceCoverage } from '../../../services/store/coverage.ts';
import { now, plantQueue, startService, type TestService } from './service.ts';

interface Page {
  features: {
    id: string;
    geometry: { type: string; coordinates: number[][] } | null;
    properties: Record<string, unknown>;
  }[];
  links: { rel: string; href: string }[];
  numberReturned: number;
  numberMatched: number;
}

describe('The collections beside patches', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await startService();
    const { store } = service;
    const ids = await plantQueue(store);
    // Both districts in the one version that holds, as a file of a whole city brings them.
    await store.db
      .updateTable('zones')
      .set({ layerId: 'layer-districts-430422' })
      .where('externalId', '=', '430421')
      .execute();
    const opening = { actor: 'desk', district: '430421' };
    await openCase(store, { ...opening, title: 'One', patchIds: ids.slice(0, 2), at: now });
    await openCase(store, { ...opening, title: 'Two', district: '430422', patchIds: ids.slice(2), at: now });
    const seen = { totalM2: 100, observedM2: 80, cloudM2: 15, noImageM2: 5 };
    const rows = ['430421', '430422', '430499'].map((district) => ({ runId: 'run-2025-06', district, ...seen }));
    await replaceCoverage(store.db, 'run-2025-06', rows);
    await store.db.updateTable('runs').set({ state: 'done' }).execute();
  });
  afterAll(() => service.store.close());
  const page = async (path: string, headers = {}) =>
    (await (await service.ask(`/collections/${path}`, { headers })).json()) as Page;

  it('gives cases as a point for each patch, and those of a box', async () => {
    const { features } = await page('cases/items');
    expect(features.map(({ properties }) => properties['title'])).toEqual(expect.arrayContaining(['One', 'Two']));
    const one = features.find(({ properties }) => properties['title'] === 'One');
    const places = one?.geometry?.coordinates.map((place) => place.map((degrees) => Number(degrees.toFixed(4))));
    expect(places).toEqual([
      [112.5005, 26.9005],
      [112.6005, 26.8005],
    ]);
    const boxed = await page('cases/items?bbox=112.55,26.75,112.65,26.85');
    expect(boxed.features.map(({ properties }) => properties['title'])).toEqual(['One']);
  });

  it('gives zones by layer and districts with their outlines', async () => {
    const farmland = await page('zones-farmland/items');
    expect(farmland.features.map(({ properties }) => properties['externalId'])).toEqual(['F1']);
    expect(farmland.features[0].geometry?.type).toMatch(/Polygon$/);
    const districts = await page('districts/items');
    expect(districts.features.map(({ properties }) => properties['name'])).toEqual(['衡阳县', '衡南县']);
    expect((await page('districts/items?bbox=0,0,1,1')).features).toEqual([]);
  });

  it('gives what was seen by district and month, without a place where the district has none', async () => {
    const { features } = await page('coverage/items');
    expect(features.map(({ id, geometry }) => [id, geometry === null])).toEqual([
      ['2025-06-430421', false],
      ['2025-06-430422', false],
      ['2025-06-430499', true],
    ]);
    expect(features[0].properties).toMatchObject({ month: '2025-06', name: '衡阳县', observedM2: 80, cloudM2: 15 });
  });

  it.each(['cases', 'districts', 'coverage'])('is read page by page: %s', async (name) => {
    const all = (await page(`${name}/items`)).features.map(({ id }) => id);
    const seen: string[] = [];
    for (let path: string | undefined = `${name}/items?limit=1`; path !== undefined; ) {
      const { features, links }: Page = await page(path);
      expect(features).toHaveLength(1);
      seen.push(...features.map(({ id }) => id));
      path = links.find(({ rel }) => rel === 'next')?.href.split('/collections/')[1];
    }
    expect(seen).toEqual(all);
  });

  it('keeps a key to its own district', async () => {
    const headers = await service.bearer({ district: '430422' });
    expect((await page('cases/items', headers)).features.map(({ properties }) => properties['title'])).toEqual(['Two']);
    expect((await page('coverage/items', headers)).features.map(({ id }) => id)).toEqual(['2025-06-430422']);
    expect((await page('districts/items', headers)).features).toHaveLength(1);
    expect((await page('zones-farmland/items', headers)).features).toEqual([]);
  });

  it.each<[string, string, string[]]>([
    ['cases', "title = 'One'", ['One']],
    ['cases', "patches > 1 AND NOT (district LIKE '430422%')", ['One']],
    ['cases', 'S_INTERSECTS(geometry, BBOX(112.69, 26.69, 112.71, 26.71))', ['Two']],
    ['cases', 'S_INTERSECTS(geometry, POINT(10 10))', []],
    ['cases', "createdAt > TIMESTAMP('2030-01-01T00:00:00Z')", []],
    ['districts', "name = '衡南县' AND areaM2 > 0", ['衡南县']],
    ['districts', 'district IS NULL OR landClass IS NULL', []],
    ['districts', "landClass LIKE '01_1'", ['衡阳县', '衡南县']],
    ['districts', 'S_INTERSECTS(geometry, POINT(10 10))', []],
    ['coverage', "month = '2025-06' AND name IN ('衡阳县','衡南县')", ['衡阳县', '衡南县']],
    ['coverage', 'observedM2 BETWEEN 0 AND 10', []],
  ])('filters %s by %s', async (name, filter, expected) => {
    const body = await page(`${name}/items?filter=${encodeURIComponent(filter)}`);
    const names = body.features.map(({ properties }) => properties['title'] ?? properties['name']);
    expect([...names].sort()).toEqual([...expected].sort());
    expect(body.numberMatched).toBe(expected.length);
  });

  it('filters by when: cases between opening and latest step, coverage by month, zones by the day they hold', async () => {
    const counts = async (name: string, datetime: string) =>
      (await page(`${name}/items?datetime=${datetime}`)).numberMatched;
    expect(await counts('cases', '2025-07-02')).toBe(2);
    expect(await counts('cases', '../2025-07-01')).toBe(0);
    expect(await counts('coverage', '2025-06-30/..')).toBe(3);
    expect(await counts('coverage', '2025-07-01/..')).toBe(0);
    expect(await counts('districts', '2025-07-01')).toBe(2);
    expect(await counts('districts', '1990-01-01')).toBe(0);
  });

  it.each(['cases', 'coverage', 'districts', 'zones-farmland'])('gives one feature of %s by its id', async (name) => {
    const [first] = (await page(`${name}/items`)).features;
    const response = await service.ask(`/collections/${name}/items/${first.id}`);
    expect(response.headers.get('content-crs')).toBe('<http://www.opengis.net/def/crs/OGC/1.3/CRS84>');
    const feature = (await response.json()) as typeof first & Pick<Page, 'links'>;
    expect(feature).toMatchObject({ type: 'Feature', ...first });
    expect(feature.links.map(({ rel }) => rel)).toEqual(expect.arrayContaining(['self', 'alternate', 'collection']));
    expect((await service.ask(`/collections/${name}/items/none`)).status).toBe(404);
    const headers = await service.bearer({ district: '430499' });
    const another = await service.ask(`/collections/${name}/items/${first.id}`, { headers });
    expect(another.status).toBe(404);
  });

  it('names what each may be filtered by, and can be filtered by all of it', async () => {
    for (const name of ['cases', 'coverage', 'districts']) {
      const response = await service.ask(`/collections/${name}/queryables`);
      expect(response.headers.get('content-type')).toContain('application/schema+json');
      const { properties } = (await response.json()) as { properties: Record<string, object> };
      const names = Object.keys(properties).filter((one) => one !== 'geometry');
      expect(names.length).toBeGreaterThan(4);
      for (const one of names) expect((await page(`${name}/items?filter=${one} IS NULL`)).features).toBeDefined();
    }
  });

  it('is a page for people who ask for one, made of the same answer, with no script', async () => {
    await service.store.db
      .updateTable('cases')
      .set({ title: '<script>alert(1)</script>' })
      .where('title', '=', 'Two')
      .execute();
    const accept = { Accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
    for (const [path, headers] of [
      ['cases/items', accept],
      ['cases/items?f=html', {}],
    ] as const) {
      const response = await service.ask(`/collections/${path}`, { headers });
      expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
      const html = await response.text();
      expect(html).toContain('模拟数据 SIMULATED');
      expect(html).toContain('共 2 个');
      expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
      expect(html).not.toContain('<script');
    }
    expect(
      (await service.ask('/collections/cases/items?f=json', { headers: accept })).headers.get('content-type'),
    ).toBe('application/geo+json');
    for (const path of [
      '/conformance',
      '/collections',
      '/collections/patches',
      '/collections/patches/items',
      '/collections/patches/queryables',
    ]) {
      const response = await service.ask(`${path}?f=html`);
      expect([path, response.status, response.headers.get('content-type')]).toEqual([
        path,
        200,
        'text/html; charset=utf-8',
      ]);
    }
    const refused = await service.ask('/collections/nothing?f=html');
    expect(refused.headers.get('content-type')).toBe('application/problem+json');
  });

  it('answers in other systems, and says that there is no such collection', async () => {
    const crs = 'http://www.opengis.net/def/crs/EPSG/0/4490';
    const { features } = await page(`cases/items?limit=1&crs=${crs}`);
    expect(features[0].geometry?.coordinates[0][0]).toBeLessThan(30);
    expect((await service.ask('/collections/nothing/items')).status).toBe(404);
    expect((await service.ask('/collections/cases/items?cursor=x')).status).toBe(400);
  });
});
