import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { setRemoteSettings } from '../../../imagery/remote/settings.ts';
import { lonLatBox } from '../../../services/scenes/scene-record.ts';
import { itemsOf } from '../../../services/stac/walk.ts';
import { addScene } from '../../../services/store/scenes.ts';
import { RangeServer } from '../../support/range-server.ts';
import { sceneRow } from '../../support/rows.ts';
import { expectValidCatalog, expectValidCollection, expectValidItem } from '../../support/stac-rules.ts';
import { problemIn, startService, type TestService } from './service.ts';

const grid = (originX: number) => ({
  ...{ width: 100, height: 80, crs: 'EPSG:32649', originX, originY: 2_980_000, pixelWidth: 10, pixelHeight: -10 },
});

/** From the latest to the earliest: one here, one on a server, one in a bucket with a signed address. */
const scenes = [
  { id: 'c'.repeat(16), date: '2025-06-21', path: '/images/local.tif', x: 619_000 },
  { id: 'a'.repeat(16), date: '2025-06-11', path: 'https://tiles.example/a.tif', x: 600_000 },
  {
    id: 'b'.repeat(16),
    date: '2025-06-11',
    path: 'https://tiles.example/b.tif?X-Amz-Signature=s&x=1',
    x: 609_500,
  },
];
const [local, first, signed] = scenes.map(({ id }) => id);
/** The first scene lies furthest west, the local one furthest east. */
const [west, east] = [lonLatBox(grid(600_000)).minLon, lonLatBox(grid(619_000)).maxLon];
const middle = lonLatBox(grid(600_000)).minLat + 0.003;

describe('the STAC API', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await startService();
    for (const { id, date, path, x } of scenes) {
      const facts = { sensor: 'GF-2', cloudFraction: 0.25, time: '11:05:41', bytes: 1000 };
      const row = {
        id,
        sha256: id.padEnd(64, '0'),
        date,
        path,
        ...facts,
        gridJson: JSON.stringify(grid(x)),
        ...lonLatBox(grid(x)),
      };
      await addScene(service.store.db, sceneRow(row));
    }
  });
  afterAll(() => service.store.close());

  // biome-ignore lint/suspicious/noExplicitAny: documents of the API, read field by field
  const json = async (path: string, init: RequestInit = {}): Promise<any> => {
    const response = await service.ask(path, init);
    expect([path, response.status]).toEqual([path, 200]);
    return response.json();
  };
  const post = (body: object) => ({
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  const ids = ({ features }: { features: { id: string }[] }) => features.map(({ id }) => id);
  const path = (href: string) => href.replace('http://127.0.0.1:8787', '');

  it('lands on a catalogue, every address of which is there', async () => {
    const catalog = await json('/stac');
    expectValidCatalog(catalog);
    expect(catalog.conformsTo).toContain('https://api.stacspec.org/v1.0.0/item-search');
    for (const { href, method, type } of catalog.links) {
      if (type === 'text/html') expect((await service.ask(path(href))).status).toBe(200);
      else await json(path(href), method === 'POST' ? post({}) : {});
    }
    expect((await json('/stac/conformance')).conformsTo).toEqual(catalog.conformsTo);
  });

  it('has one collection, with its extent', async () => {
    const { collections } = await json('/stac/collections');
    expect(collections).toHaveLength(1);
    expectValidCollection(collections[0]);
    expect(collections[0].extent).toEqual({
      spatial: { bbox: [[west, expect.any(Number), east, expect.any(Number)]] },
      temporal: { interval: [['2025-06-10T16:00:00Z', '2025-06-21T15:59:59Z']] },
    });
    expect(await json('/stac/collections/scenes')).toEqual(collections[0]);
  });

  it('gives scenes as valid Items, the latest first, as GeoJSON', async () => {
    const response = await service.ask('/stac/collections/scenes/items');
    expect(response.headers.get('content-type')).toBe('application/geo+json');
    const body = (await response.json()) as { features: { id: string }[] };
    expect(body).toMatchObject({ numberMatched: 3, numberReturned: 3 });
    expect(ids(body)).toEqual([local, first, signed]);
    for (const feature of body.features) expectValidItem(feature);
    expect(await json(`/stac/collections/scenes/items/${first}`)).toEqual(body.features[1]);
  });

  it('tells where files lie on the network, but no signature and no folder of this machine', async () => {
    const text = await (await service.ask('/stac/search')).text();
    expect(text).not.toContain('/images/local.tif');
    expect(text).not.toContain('Signature');
    const { features } = JSON.parse(text);
    expect(features[0].assets).toEqual({});
    expect(features[0].properties['eo:bands']).toHaveLength(4);
    expect(features[1].assets.image).toMatchObject({ href: 'https://tiles.example/a.tif', 'file:size': 1000 });
    expect(features[2].assets.image.href).toBe('https://tiles.example/b.tif');
  });

  const point = { type: 'Point', coordinates: [west + 0.005, middle] };
  const line = {
    type: 'LineString',
    coordinates: [
      [111, middle],
      [112.09, middle],
    ],
  };
  const around = {
    type: 'Polygon',
    coordinates: [
      [
        [112.15, 26],
        [113, 26],
        [113, 28],
        [112.15, 28],
        [112.15, 26],
      ],
    ],
  };

  it.each<[object, string[]]>([
    [{}, [local, first, signed]],
    [{ bbox: [112, 26, 112.05, 27] }, [first]],
    [{ bbox: [112, 26, 0, 112.05, 27, 100] }, [first]],
    [{ bbox: [10, 50, 11, 51] }, []],
    [{ datetime: '2025-06-11' }, [first, signed]],
    [{ datetime: '2025-06-12T00:00:00Z/..' }, [local]],
    // 16:00 UTC is midnight in China: the day after.
    [{ datetime: '../2025-06-20T15:59:59Z' }, [first, signed]],
    [{ ids: [signed, 'x'] }, [signed]],
    [{ collections: ['scenes'] }, [local, first, signed]],
    [{ collections: ['patches'] }, []],
    [{ intersects: point }, [first]],
    [{ intersects: line }, [first]],
    [{ intersects: around }, [local]],
    [{ datetime: '2025-06-11', bbox: [112.05, 26, 113, 27] }, [signed]],
    [{ filter: 'eo:cloud_cover = 25 AND gsd < 11' }, [local, first, signed]],
    [{ filter: '"eo:cloud_cover" > 25' }, []],
    [{ filter: "platform LIKE 'GF%' AND datetime < TIMESTAMP('2025-06-12T00:00:00Z')" }, [first, signed]],
    [{ filter: "datetime = TIMESTAMP('2025-06-11T03:05:41Z')", 'filter-lang': 'cql2-text' }, [first, signed]],
    [{ filter: `id = '${signed}' OR S_INTERSECTS(geometry, POINT(${west + 0.005} ${middle}))` }, [first, signed]],
  ])('searches by %j, posted or not', async (search, expected) => {
    expect(ids(await json('/stac/search', post(search)))).toEqual(expected);
    const query = Object.entries(search).map(([name, value]) => {
      const text = name === 'intersects' ? JSON.stringify(value) : String(value);
      return `${name}=${encodeURIComponent(text)}`;
    });
    const body = await json(`/stac/search?${query.join('&')}`);
    expect(ids(body)).toEqual(expected);
    expect(body.numberMatched).toBe(expected.length);
  });

  it('names the properties it may be searched by', async () => {
    for (const address of ['/stac/queryables', '/stac/collections/scenes/queryables']) {
      const { properties, $id } = await json(address);
      expect($id).toBe(`http://127.0.0.1:8787${address}`);
      expect(Object.keys(properties)).toEqual(expect.arrayContaining(['eo:cloud_cover', 'platform', 'geometry']));
    }
  });

  it('is read page by page over its next links, posted or not', async () => {
    for (const init of [{}, post({ limit: 1 })]) {
      const seen: string[] = [];
      let next: { href: string; body?: object } | undefined = { href: '/stac/search?limit=1' };
      if (init !== undefined && 'method' in init) next = { href: '/stac/search', body: {} };
      while (next !== undefined) {
        const asked: RequestInit = next.body ? post({ limit: 1, ...next.body }) : {};
        const body = await json(path(next.href), asked);
        expect(body).toMatchObject({ numberMatched: 3, numberReturned: 1 });
        seen.push(...ids(body));
        next = body.links.find(({ rel }: { rel: string }) => rel === 'next');
      }
      expect(seen).toEqual([local, first, signed]);
    }
  });

  it.each<[string, RequestInit, number, RegExp]>([
    ['/stac/search?bbox=1,2,3', {}, 400, /'bbox' must be minLon,minLat/],
    ['/stac/search?intersects={}', {}, 400, /'intersects' must be a GeoJSON geometry/],
    ['/stac/search?query=x', {}, 400, /'query' must be one that is known here/],
    ['/stac/search?filter=colour=1', {}, 400, /filter needs .*eo:cloud_cover.* at letter 1; got 'colour'/],
    ['/stac/search?cursor=AAAA', {}, 400, /cursor is the 'next' of an earlier page/],
    ['/stac/search', post({ bbox: ['a'] }), 400, /Body field 'bbox/],
    ['/stac/search', post({ intersects: { type: 'Polygon', coordinates: [1] } }), 400, /Body field 'intersects'/],
    ['/stac/search', post({ filter: {} }), 400, /Body field 'filter' must be a filter in CQL2 text/],
    ['/stac/collections/scenes/items/none', {}, 404, /no scene none/],
  ])('%s %j is refused', async (address, init, status, detail) => {
    const problem = await problemIn(await service.ask(address, init));
    expect(problem).toMatchObject({ status, detail: expect.stringMatching(detail) });
  });

  it('needs a key, on this machine too unless the workspace is simulated; a search may be posted by a reader', async () => {
    const real = await startService({ simulated: false });
    expect((await real.ask('/stac')).status).toBe(401);
    expect((await real.ask('/stac/search', post({}))).status).toBe(401);
    expect((await service.ask('/stac/search', post({}), { address: '10.0.0.7' })).status).toBe(401);
    const headers = { ...(await real.bearer({ role: 'viewer' })), 'Content-Type': 'application/json' };
    expect((await real.ask('/stac/search', { ...post({}), headers })).status).toBe(200);
    await real.store.close();
  });

  it('shows scenes of other districts to nobody who may not see them', async () => {
    const mine = await startService({ simulated: false });
    for (const [i, district] of [null, '430421', '500101'].entries()) {
      const row = { id: `s${i}`, district, gridJson: JSON.stringify(grid(600_000)) };
      await addScene(mine.store.db, sceneRow(row));
    }
    const headers = await mine.bearer({ district: '4304' });
    const body = (await (await mine.ask('/stac/search', { headers })).json()) as { features: { id: string }[] };
    expect(ids(body)).toEqual(['s0', 's1']);
    expect((await mine.ask('/stac/collections/scenes/items/s2', { headers })).status).toBe(404);
    await mine.store.close();
  });

  it('is read by the import of another workspace', async () => {
    setRemoteSettings({ allow: { privateHosts: 'any' } });
    const front = await RangeServer.start();
    front.misbehave((request, response) => {
      const { body } = front.requests.at(-1)!;
      const init = body === '' ? {} : post(JSON.parse(body));
      void service.ask(request.url!, init, { host: new URL(front.url).host }).then(async (answer) => {
        response.writeHead(answer.status).end(await answer.text());
      });
      return true;
    });
    const found: string[] = [];
    const filter = {
      collections: ['scenes'],
      limit: 10,
      bbox: lonLatBox(grid(600_000)),
      from: '2025-06-11',
      to: '2025-06-11',
    };
    for await (const { item } of itemsOf(`${front.url}/stac`, filter)) found.push(item.id);
    expect(found).toEqual([first]);
    expect(front.requests.map(({ method }) => method)).toEqual(['GET', 'POST']);
    await front.stop();
  });
});
