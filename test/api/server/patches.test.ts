import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PatchDetail, PatchPage } from '../../../api/server/schemas.ts';
import { takeSteps } from '../../support/steps.ts';
import { plantQueue, startService, type TestService } from './service.ts';

describe('GET /patches', () => {
  let service: TestService;
  let ids: string[];
  beforeAll(async () => {
    service = await startService();
    ids = await plantQueue(service.store);
    // Due five working days after 1 July; acknowledged in June it was due long ago.
    await takeSteps(service.store, ids[1], 'warn', { at: new Date('2025-06-01T01:00:00Z') });
  });
  afterAll(() => service.store.close());

  const page = async (query: string) => (await (await service.ask(`/patches${query}`)).json()) as PatchPage;
  const found = async (query: string) => (await page(query)).patches.map((patch) => patch.id);

  it('lists the queue in order of number, with areas in m² and 亩, layers, state and due date', async () => {
    const { patches, total, next } = await page('');
    expect(patches.map((patch) => patch.id)).toEqual(ids);
    expect({ total, next }).toEqual({ total: 3, next: null });
    expect(patches[0]).toMatchObject({
      number: '4304212025060001',
      month: '2025-06',
      districtName: '衡阳县',
      areaM2: 800,
      areaMu: 1.2,
      layers: ['farmland'],
      state: 'found',
      dueAt: '2025-07-08T15:59:59.999Z',
      version: 1,
      beforeDate: '2025-05-20',
      afterDate: '2025-06-18',
      bbox: [112.5, 26.9, 112.501, 26.901],
    });
  });

  it.each([
    ['?month=2025-06', [0, 1, 2]],
    ['?month=2025-07', []],
    ['?district=430421', [0, 1]],
    ['?district=4304', [0, 1, 2]],
    ['?layer=farmland', [0]],
    ['?layer=red-line,farmland', [0]],
    ['?state=warned', [1]],
    ['?state=found,warned', [0, 1, 2]],
    ['?stage=find', [0, 2]],
    ['?type=TD,DT', [0, 2]],
    ['?minArea=800', [0, 1]],
    ['?bbox=112.65,26.6,112.8,26.8', [2]],
    ['?overdue=true', [1]],
    ['?overdue=false', [0, 2]],
    ['?district=430421&minArea=1000&month=2025-06', [1]],
  ])('filters by %s', async (query, expected) => {
    expect(await found(query)).toEqual(expected.map((place) => ids[place]));
  });

  it('is read whole by following the Link header', async () => {
    const seen: string[] = [];
    for (let path: string | undefined = '/patches?limit=2&district=4304'; path !== undefined; ) {
      const response = await service.ask(path);
      seen.push(...((await response.json()) as PatchPage).patches.map((patch) => patch.id));
      path = /^<(.+)>; rel="next"$/.exec(response.headers.get('link') ?? '')?.[1];
      if (path) expect(path).toContain('district=4304');
    }
    expect(seen).toEqual(ids);
  });

  it('answers the same with a slash at the end', async () => {
    expect(await found('/')).toEqual(ids);
  });
});

describe('GET /patches/{id}', () => {
  let service: TestService;
  let ids: string[];
  beforeAll(async () => {
    service = await startService();
    ids = await plantQueue(service.store);
    await takeSteps(service.store, ids[0], 'warn');
  });
  afterAll(() => service.store.close());

  it('tells overlaps in m² and 亩, evidence, history and the steps possible now', async () => {
    const patch = (await (await service.ask(`/patches/${ids[0]}`)).json()) as PatchDetail;
    expect(patch.overlaps).toEqual([
      expect.objectContaining({ layer: 'farmland', name: '水田', areaM2: 600, areaMu: 0.9, shareOfPatch: 0.75 }),
    ]);
    expect(patch.detection.evidence).toEqual({ scenes: ['before', 'after'], detector: 'planted' });
    expect(patch.geometry.type).toBe('Polygon');
    expect(patch.history.map((event) => [event.action, event.actor])).toEqual([
      ['find', 'run'],
      ['warn', 'li'],
    ]);
    expect(patch.actions.map((action) => action.action)).toEqual(expect.arrayContaining(['refuse', 'acknowledge']));
    const refuse = patch.actions.find((action) => action.action === 'refuse');
    expect(refuse?.reasons?.map((reason) => reason.code)).toContain('wrong-district');
  });

  it('is found by its number too', async () => {
    const patch = (await (await service.ask('/patches/4304212025060001')).json()) as PatchDetail;
    expect(patch.id).toBe(ids[0]);
  });

  it('carries its version as ETag, and is not sent again to who has it', async () => {
    const first = await service.ask(`/patches/${ids[0]}`);
    expect(first.headers.get('etag')).toBe('"2"');
    const again = await service.ask(`/patches/${ids[0]}`, { headers: { 'If-None-Match': 'W/"2"' } });
    expect(again.status).toBe(304);
    expect(await again.text()).toBe('');
    const older = await service.ask(`/patches/${ids[0]}`, { headers: { 'If-None-Match': '"1"' } });
    expect(older.status).toBe(200);
  });
});
