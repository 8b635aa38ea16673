import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tileAt } from '../../../imagery/tiles/web-mercator.ts';
import { featuresIn } from '../../services/tiles/tile-patches.ts';
import { addDrawn, plantRun, tileOver } from '../../services/tiles/tile-scenes.ts';
import { temporaryFolder } from '../../support/gdal.ts';
import { plantQueue, problemIn, startService, type TestService } from './service.ts';

const folder = temporaryFolder();
const reads: unknown[] = [];
let service: TestService;
let headers: { Authorization: string };
let scene: string;

beforeAll(async () => {
  service = await startService({ simulated: false, reads: { record: (read) => reads.push(read) } });
  headers = await service.bearer();
  await plantQueue(service.store);
  const drawn = { bands: ['B', 'G', 'R', 'N'] as ['B', 'G', 'R', 'N'], date: '2025-06-10' };
  const value = (band: number, column: number) => 500 + 100 * band + 3 * column;
  scene = await addDrawn(service.store, { path: folder.path('a.tif'), ...drawn, value });
  await plantRun(service.store, '2025-06', [scene], []);
}, 60_000);

afterAll(async () => {
  await service.store.close();
  folder.remove();
});

const ask = (path: string, more: Record<string, string> = {}) =>
  service.ask(path, { headers: { ...headers, ...more } });
const at = ({ z, x, y }: { z: number; x: number; y: number }) => `${z}/${x}/${y}`;
const patchesAt = at(tileAt(7, 112.6, 26.8));

describe('map tiles over HTTP', () => {
  it('are PNG and MVT with a tag, given once: the second time the caller has them', async () => {
    for (const [path, type] of [
      [`/tiles/months/2025-06/after/${at(tileOver(15))}.png`, 'image/png'],
      [`/tiles/scenes/${scene}/${at(tileOver(15))}.png?bands=N,R,G&scale=2`, 'image/png'],
      [`/tiles/patches/${patchesAt}.mvt?month=2025-06`, 'application/vnd.mapbox-vector-tile'],
      ['/tiles/zones/farmland/3/6/3.mvt', 'application/vnd.mapbox-vector-tile'],
    ]) {
      const first = await ask(path);
      expect([path, first.status, first.headers.get('content-type')]).toEqual([path, 200, type]);
      expect(first.headers.get('cache-control')).toMatch(/^private/);
      expect((await first.arrayBuffer()).byteLength).toBeGreaterThan(50);
      const tag = first.headers.get('etag')!;
      const again = await ask(path, { 'If-None-Match': tag });
      expect([again.status, (await again.arrayBuffer()).byteLength]).toEqual([304, 0]);
    }
  });

  it('are packed where that is worth it, and the tag of what was packed is known', async () => {
    const path = `/tiles/patches/${patchesAt}.mvt`;
    const packed = await ask(path, { 'Accept-Encoding': 'gzip' });
    expect(packed.headers.get('content-encoding')).toBe('gzip');
    await packed.arrayBuffer();
    expect((await ask(path, { 'If-None-Match': packed.headers.get('etag')! })).status).toBe(304);
    const png = await ask(`/tiles/scenes/${scene}/${at(tileOver(15))}.png`, { 'Accept-Encoding': 'gzip' });
    expect(png.headers.get('content-encoding')).toBeNull();
  });

  it('show the patches that GET /patches counts under the same filter', async () => {
    for (const question of [
      '',
      '?month=2025-06',
      '?district=430421',
      '?minArea=700',
      '?type=TD,DT',
      '?filter=areaM2>700',
    ]) {
      const { total } = (await (await ask(`/patches${question}`)).json()) as { total: number };
      const tile = new Uint8Array(await (await ask(`/tiles/patches/${patchesAt}.mvt${question}`)).arrayBuffer());
      expect([question, featuresIn(tile, 'patches').length]).toEqual([question, total]);
    }
  });

  it('show to a county its own patches', async () => {
    const own = await service.bearer({ district: '430422' });
    const bytes = await (await service.ask(`/tiles/patches/${patchesAt}.mvt`, { headers: own })).arrayBuffer();
    const numbers = featuresIn(new Uint8Array(bytes), 'patches').map(({ properties }) => properties['number']);
    expect(numbers).toEqual(['4304222025060001']);
    expect((await service.ask(`/tiles/patches/${patchesAt}.mvt`)).status).toBe(401);
  });

  it('are one shared empty picture where there is nothing', async () => {
    const sizes = new Set<number>();
    for (const y of [1, 2]) {
      const tile = await ask(`/tiles/months/2025-06/after/3/1/${y}.png`);
      expect(tile.status).toBe(200);
      sizes.add((await tile.arrayBuffer()).byteLength);
    }
    expect(Math.max(...sizes)).toBeLessThan(600);
    expect((await ask('/tiles/patches/12/0/0.mvt')).status).toBe(200);
  });

  it('are refused in one line where the address or the question is none', async () => {
    for (const [path, status, said] of [
      ['/tiles/patches/25/0/0.mvt', 400, "Path segment 'z' must be a level from 0 to 24; got '25'."],
      ['/tiles/patches/3/8/0.mvt', 400, "Path segment 'x' must be less than 2^z = 8; got '8'."],
      ['/tiles/patches/3/0/9.mvt', 400, "Path segment 'y' must be less than 2^z = 8; got '9'."],
      [
        '/tiles/patches/3/-1/0.mvt',
        400,
        "Path segment 'x' must be a whole number, 0 or more and less than 2^z; got '-1'.",
      ],
      ['/tiles/patches/3/1/1.5.mvt', 400, "Path segment 'y' must be a whole number"],
      ['/tiles/patches/3/1/1.mvt?colour=red', 400, "Query parameter 'colour' must be one that is known here"],
      ['/tiles/patches/3/1/1.mvt?month=June', 400, "Query parameter 'month'"],
      ['/tiles/patches/3/1/1.mvt?filter=(', 400, ''],
      ['/tiles/patches/3/1/1.png', 404, 'There is nothing at'],
      ['/tiles/zones/nothing/3/1/1.mvt', 404, 'There is no layer nothing.'],
      ['/tiles/zones/%2e%2e/3/1/1.mvt', 404, ''],
      ['/tiles/zones/farmland/3/1/1.mvt?date=2025-02-30', 400, "Query parameter 'date'"],
      ['/tiles/months/2025-13/after/3/1/1.png', 400, "Path segment 'month'"],
      ['/tiles/months/2025-06/later/3/1/1.png', 400, "Path segment 'side' must be before or after; got 'later'."],
      ['/tiles/months/2020-01/after/3/1/1.png', 404, 'Of month 2020-01 there is no finished run'],
      ['/tiles/months/2025-06/after/3/1/1.png?bands=x,y', 400, "Query parameter 'bands' must be natural, false-color"],
      ['/tiles/months/2025-06/after/3/1/1.png?scale=3', 400, "Query parameter 'scale' must be 1 or 2; got '3'."],
      ['/tiles/scenes/0000/3/1/1.png', 404, 'There is no scene 0000.'],
      [`/tiles/scenes/${scene}/3/1/1.png?bands=9`, 400, `Scene ${scene} has no band '9'`],
      ['/tiles/scenes/..%2f..%2fetc/3/1/1.png', 400, "Path segment 'id'"],
      ['/tiles/months/2020-01/after.json', 404, 'Of month 2020-01'],
      ['/tiles/scenes/0000.json', 404, 'There is no scene 0000.'],
      ['/collections/cases/tiles', 404, 'The collection cases has no tiles.'],
      ['/collections/patches/tiles/Mars', 400, "Path segment 'tileMatrixSet' must be WebMercatorQuad; got 'Mars'."],
    ] as const) {
      const problem = await problemIn(await ask(path));
      expect([path, problem.status]).toEqual([path, status]);
      expect(problem.detail).toContain(said);
      expect(problem.detail).not.toContain('\n');
    }
  });

  it('are noted as reads where they tell of patches, with how many', async () => {
    reads.length = 0;
    await ask(`/tiles/patches/${patchesAt}.mvt`);
    await ask(`/tiles/scenes/${scene}/${at(tileOver(15))}.png`);
    await ask('/tiles/patches.json');
    expect(reads).toMatchObject([{ what: 'tiles', rows: 3 }]);
  });
});

describe('what tiles there are', () => {
  it('is told by TileJSON, whose addresses are those of the tiles, with the filter asked', async () => {
    for (const path of [
      '/tiles/patches.json?month=2025-06',
      '/tiles/zones/farmland.json',
      '/tiles/months/2025-06/after.json?bands=false-color',
      `/tiles/scenes/${scene}.json`,
    ]) {
      const json = (await (await ask(path)).json()) as { tilejson: string; tiles: string[]; minzoom: number };
      expect(json.tilejson).toBe('3.0.0');
      const address = json.tiles[0].replace('{z}', '3').replace('{x}', '6').replace('{y}', '3');
      expect(new URL(address).search).toBe(new URL(path, address).search);
      expect((await ask(address.replace(/^http:\/\/[^/]+/, ''))).status).toBe(200);
    }
    const month = await (await ask('/tiles/months/2025-06/after.json')).json();
    expect(month).toMatchObject({ dates: ['2025-06-10'], bands: ['natural', 'false-color'], minzoom: 0, maxzoom: 18 });
    expect(month.bounds[0]).toBeCloseTo(114.2, 1);
  });

  it('is told as OGC API - Tiles has it: conformance, tilesets, the matrix set, a template that leads to tiles', async () => {
    const { conformsTo } = (await (await ask('/conformance')).json()) as { conformsTo: string[] };
    expect(conformsTo).toContain('http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/core');
    const { collections } = (await (await ask('/collections')).json()) as {
      collections: { id: string; links: Link[] }[];
    };
    const tiled = collections.filter(({ links }) => links.some(({ rel }) => rel.endsWith('/tilesets-vector')));
    expect(tiled.map(({ id }) => id).sort()).toEqual(['districts', 'patches', 'zones-farmland']);
    for (const { links } of tiled) {
      const list = links.find(({ rel }) => rel.endsWith('/tilesets-vector'))!.href;
      const { tilesets } = (await (await ask(pathOf(list))).json()) as { tilesets: { links: Link[] }[] };
      const self = tilesets[0].links.find(({ rel }) => rel === 'self')!.href;
      expect((await ask(pathOf(self))).status).toBe(200);
      const { href, templated } = tilesets[0].links.find(({ rel }) => rel === 'item')!;
      expect(templated).toBe(true);
      const place = { '{tileMatrix}': '3', '{tileRow}': '3', '{tileCol}': '6' };
      const filled = Object.entries(place).reduce((text, [name, value]) => text.replace(name, value), pathOf(href));
      const tile = await ask(filled);
      expect([filled, tile.status, (await tile.arrayBuffer()).byteLength > 0]).toEqual([filled, 200, true]);
    }
  });

  it('is cut as WebMercatorQuad', async () => {
    const set = await (await ask('/tileMatrixSets/WebMercatorQuad')).json();
    expect(set.tileMatrices[0]).toMatchObject({ id: '0', matrixWidth: 1, tileWidth: 256 });
    expect(set.tileMatrices[0].scaleDenominator).toBeCloseTo(559_082_264.0287178, 4);
    expect(set.tileMatrices[12].matrixHeight).toBe(4096);
  });
});

interface Link {
  rel: string;
  href: string;
  templated?: boolean;
}

function pathOf(address: string): string {
  return address.replace(/^http:\/\/[^/]+/, '');
}
