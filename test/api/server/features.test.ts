import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import type { collections, Link, landingBody, patchFeature, patchFeatures } from '../../../api/server/schemas.ts';
import { plantQueue, startService, type TestService } from './service.ts';

type Features = z.infer<typeof patchFeatures>;

describe('OGC API - Features', () => {
  let service: TestService;
  let ids: string[];
  beforeAll(async () => {
    service = await startService();
    ids = await plantQueue(service.store);
  });
  afterAll(() => service.store.close());

  const json = async <Body>(path: string, headers: Record<string, string> = {}) =>
    (await (await service.ask(path, { headers })).json()) as Body;
  const href = (links: Link[], rel: string, type?: string) =>
    links.find((link) => link.rel === rel && (type === undefined || link.type === type))?.href;

  it.each(['application/json', '*/*', 'application/json, */*'])(
    'lands programs that accept %s on JSON',
    async (accept) => {
      const landing = await json<z.infer<typeof landingBody>>('/', { Accept: accept });
      expect(landing.title).toBe('Test county (simulated)');
      expect(href(landing.links, 'data')).toBe('http://127.0.0.1:8787/collections');
      expect(href(landing.links, 'conformance')).toBe('http://127.0.0.1:8787/conformance');
      expect(href(landing.links, 'service-desc', 'application/vnd.oai.openapi+json;version=3.0')).toBe(
        'http://127.0.0.1:8787/openapi-3.0.json',
      );
    },
  );

  it('lands a browser on the console, unless it asks for JSON', async () => {
    const headers = { Accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
    const response = await service.ask('/', { headers });
    expect([response.status, response.headers.get('location')]).toEqual([302, 'console/']);
    expect((await service.ask('/?f=json', { headers })).status).toBe(200);
  });

  it('has every address that the landing page names', async () => {
    const { links } = await json<z.infer<typeof landingBody>>('/');
    for (const link of links)
      expect([link.rel, (await service.ask(new URL(link.href).pathname)).status]).toEqual([link.rel, 200]);
  });

  it('promises core, GeoJSON, OpenAPI 3.0, coordinate systems and filters', async () => {
    const { conformsTo } = await json<{ conformsTo: string[] }>('/conformance/');
    expect(conformsTo.map((uri) => uri.split('/').at(-1))).toEqual(
      expect.arrayContaining(['core', 'oas30', 'geojson', 'crs', 'queryables', 'features-filter', 'cql2-text']),
    );
  });

  it('has collections, that of patches with its extent in space and time', async () => {
    const body = await json<z.infer<typeof collections>>('/collections');
    expect(body.collections.map(({ id }) => id)).toEqual([
      'patches',
      'cases',
      'coverage',
      'districts',
      'zones-farmland',
    ]);
    for (const { id } of body.collections) expect((await service.ask(`/collections/${id}`)).status).toBe(200);
    expect(body.collections[0]).toMatchObject({
      id: 'patches',
      itemType: 'feature',
      extent: {
        spatial: { bbox: [[112.5, 26.7, 112.7 + 0.001, 26.901]] },
        temporal: { interval: [['2025-05-20T00:00:00+08:00', '2025-06-18T23:59:59+08:00']] },
      },
    });
    expect(await json('/collections/patches')).toEqual(body.collections[0]);
  });

  it('gives patches as GeoJSON', async () => {
    const response = await service.ask('/collections/patches/items');
    expect(response.headers.get('content-type')).toBe('application/geo+json');
    const body = (await response.json()) as Features;
    expect(body).toMatchObject({ type: 'FeatureCollection', numberMatched: 3, numberReturned: 3 });
    expect(body.features.map((feature) => feature.id)).toEqual(ids);
    expect(body.features[0]).toMatchObject({
      type: 'Feature',
      geometry: { type: 'Polygon' },
      bbox: [112.5, 26.9, 112.501, 26.901],
      properties: { number: '4304212025060001', areaM2: 800, type: 'TD', state: 'found' },
    });
  });

  it('is read page by page over its next links', async () => {
    const seen: (string | number)[] = [];
    let path: string | undefined = '/collections/patches/items?limit=1';
    while (path !== undefined) {
      const body: Features = await json<Features>(path);
      expect(body).toMatchObject({ numberMatched: 3, numberReturned: 1 });
      seen.push(...body.features.map((feature) => feature.id));
      const next = href(body.links, 'next', 'application/geo+json');
      path = next?.replace('http://127.0.0.1:8787', '');
    }
    expect(seen).toEqual(ids);
  });

  it('gives as much as it can where more is asked for than a page holds', async () => {
    expect(await json<Features>('/collections/patches/items?limit=1000000')).toMatchObject({ numberReturned: 3 });
  });

  it.each([
    ['bbox=112.55,26.75,112.65,26.85', [1]],
    ['bbox=112.55,26.75,0,112.65,26.85,100', [1]],
    ['datetime=2025-06-18', [0, 1, 2]],
    ['datetime=2025-06-19/..', []],
    ['datetime=../2025-05-19', []],
    ['datetime=2025-05-01T00:00:00Z/2025-05-20T00:00:00Z', [0, 1, 2]],
    ['district=430422', [2]],
    ['updatedSince=2025-07-01T02:00:00Z', [0, 1, 2]],
    ['updatedSince=2025-07-01T10:00:01%2B08:00', []],
    ["filter=areaM2 > 400 AND type IN ('20','TD')", [0, 1]],
    ["filter-lang=cql2-text&filter=NOT (district LIKE '430421%25')&limit=5", [2]],
    ['filter=S_INTERSECTS(geometry, POLYGON((112.5 26.9,112.5002 26.9,112.5 26.9002,112.5 26.9)))', [0]],
    ['bbox=26.75,112.55,26.85,112.65&bbox-crs=http://www.opengis.net/def/crs/EPSG/0/4326', [1]],
    ['type=20&bbox=112,26,113,27', [1]],
  ])('filters by %s', async (query, expected) => {
    const body = await json<Features>(`/collections/patches/items?${query}`);
    expect(body.features.map((feature) => feature.id)).toEqual(expected.map((place) => ids[place]));
    expect(body.numberMatched).toBe(expected.length);
  });

  it('gives coordinates in the axes of the system that is asked for, and names it', async () => {
    const at = async (code: string) => {
      const crs =
        code === '84'
          ? 'http://www.opengis.net/def/crs/OGC/1.3/CRS84'
          : `http://www.opengis.net/def/crs/EPSG/0/${code}`;
      const response = await service.ask(`/collections/patches/items?limit=1&crs=${crs}`);
      expect(response.headers.get('content-crs')).toBe(`<${crs}>`);
      const geometry = ((await response.json()) as Features).features[0].geometry;
      return (geometry.coordinates as number[][][])[0][0];
    };
    expect(await at('84')).toEqual([112.5, 26.9]);
    expect(await at('4326')).toEqual([26.9, 112.5]);
    expect(await at('4490')).toEqual([26.9, 112.5]);
    // PROJ: cs2cs EPSG:4326 EPSG:3857 and EPSG:4526, with their own axes.
    const [x, y] = await at('3857');
    expect([Math.abs(x - 12523442.7142) < 0.01, Math.abs(y - 3110983.6162) < 0.01]).toEqual([true, true]);
    const [north, east] = await at('4526');
    expect([Math.abs(north - 2977432.7261) < 0.01, Math.abs(east - 38350976.0703) < 0.01]).toEqual([true, true]);
  });

  it.each([
    'crs=EPSG:4326',
    'filter=areaM2',
    'filter=colour = 3',
    'filter=areaM2 = 3)',
    'filter-lang=cql2-json&filter=x',
    'bbox=1,2,3',
    'bbox=3,2,1,4',
    'updatedSince=yesterday',
  ])('refuses %s', async (query) => {
    expect((await service.ask(`/collections/patches/items?${query}`)).status).toBe(400);
  });

  it('names the properties it may be filtered by', async () => {
    const { properties } = await json<{ properties: object }>('/collections/patches/queryables');
    expect(Object.keys(properties)).toEqual(expect.arrayContaining(['areaM2', 'dueAt', 'afterDate', 'geometry']));
  });

  it('gives one patch with links to its collection and to all that is known of it', async () => {
    const feature = await json<z.infer<typeof patchFeature>>(`/collections/patches/items/${ids[1]}`);
    expect(feature).toMatchObject({ type: 'Feature', id: ids[1], properties: { areaM2: 2000 } });
    expect(href(feature.links ?? [], 'collection')).toBe('http://127.0.0.1:8787/collections/patches');
  });
});

describe('the description of the API', () => {
  interface Operation {
    operationId?: string;
    parameters?: { name: string }[];
    responses: Record<string, object>;
  }

  interface Description {
    openapi: string;
    paths: Record<string, Record<string, Operation>>;
    components: { schemas: object; securitySchemes: object };
  }

  it.each([
    ['/openapi.json', /^3\.1\./],
    ['/openapi-3.0.json', /^3\.0\./],
  ])('at %s lists every route, and refers to nothing it does not hold', async (path, version) => {
    const service = await startService();
    const text = await (await service.ask(path)).text();
    const body = JSON.parse(text) as Description;
    expect(body.openapi).toMatch(version);
    expect(Object.keys(body.paths)).toEqual(
      expect.arrayContaining([
        '/patches',
        '/patches/{id}/transitions',
        '/collections/patches/items',
        '/healthz',
        '/runs',
      ]),
    );
    const referred = [...text.matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map((match) => match[1]);
    expect(referred.length).toBeGreaterThan(5);
    expect(Object.keys(body.components.schemas)).toEqual(expect.arrayContaining(referred));
    for (const operation of Object.values(body.paths).flatMap((methods) => Object.values(methods))) {
      expect(operation.responses['default']).toEqual({ $ref: '#/components/responses/Problem' });
    }
    expect(body.components.securitySchemes).toMatchObject({ key: { type: 'http', scheme: 'bearer' } });
    const names = body.paths['/collections/patches/items'].get.parameters?.map((parameter) => parameter.name);
    expect(names).toEqual(expect.arrayContaining(['bbox', 'datetime', 'limit']));
    await service.store.close();
  });

  it('gives every operation of the standard its name', async () => {
    const service = await startService();
    const body = (await (await service.ask('/openapi.json')).json()) as Description;
    const ids = Object.values(body.paths).flatMap((path) =>
      Object.values(path).map((operation) => operation.operationId),
    );
    expect(ids).toEqual(
      expect.arrayContaining([
        'getLandingPage',
        'getConformanceDeclaration',
        'getCollections',
        'getFeatures',
        'getFeature',
      ]),
    );
    await service.store.close();
  });
});
