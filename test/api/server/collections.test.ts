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

  it('answers in other systems, and says that there is no such collection', async () => {
    const crs = 'http://www.opengis.net/def/crs/EPSG/0/4490';
    const { features } = await page(`cases/items?limit=1&crs=${crs}`);
    expect(features[0].geometry?.coordinates[0][0]).toBeLessThan(30);
    expect((await service.ask('/collections/nothing/items')).status).toBe(404);
    expect((await service.ask('/collections/cases/items?cursor=x')).status).toBe(400);
  });
});
