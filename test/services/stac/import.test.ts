import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Grid } from '../../../imagery/grid.ts';
import { setRemoteSettings } from '../../../imagery/remote/settings.ts';
import { openSceneFile } from '../../../imagery/scene-file.ts';
import { writeTiff } from '../../../imagery/tiff/writer.ts';
import { addSceneFile, sceneOfRow } from '../../../services/scenes/scene-record.ts';
import { exportCatalogue, exportItemCollection } from '../../../services/stac/export.ts';
import { importStac, type StacImport } from '../../../services/stac/import.ts';
import { stacVersions } from '../../../services/stac/item-of-scene.ts';
import { openStore, type Store } from '../../../services/store/open.ts';
import { listScenes, removeScene } from '../../../services/store/scenes.ts';
import { gdal, gdalBands, gdalMissing, groundBands, temporaryFolder } from '../../support/gdal.ts';
import { RangeServer } from '../../support/range-server.ts';
import { expectValidCatalog, expectValidCollection, expectValidItem } from '../../support/stac-rules.ts';
import { earthSearchItem, item } from './items.ts';

const now = new Date('2025-07-01T00:00:00Z');
const grid: Grid = {
  ...{ width: 60, height: 48, crs: 'EPSG:32649' },
  ...{ originX: 600_000, originY: 2_980_000, pixelWidth: 10, pixelHeight: -10 },
};
const coarse = { ...grid, width: 30, height: 24, pixelWidth: 20, pixelHeight: -20 };

let folder: ReturnType<typeof temporaryFolder>;
let store: Store;
let stores: Store[];

beforeEach(async () => {
  setRemoteSettings({ allow: { privateHosts: 'any' }, firstWaitMs: 1 });
  folder = temporaryFolder();
  stores = [];
  store = await freshStore();
});
afterEach(async () => {
  await Promise.all(stores.map((one) => one.close()));
  folder.remove();
});

async function freshStore(): Promise<Store> {
  const opened = await openStore({ sqlite: ':memory:' });
  stores.push(opened);
  return opened;
}

/** Every file differs from every other by its first sample. */
let drawn = 0;
async function draw(name: string, bandCount: number, on = grid): Promise<string> {
  const bands = groundBands(on.width, on.height, bandCount, 'uint16');
  bands[0][0] = 1 + drawn++;
  await mkdir(join(folder.path(name), '..'), { recursive: true });
  await writeTiff(folder.path(name), on, bands, { tileSize: 32, nodata: 0 });
  return folder.path(name);
}

async function put(name: string, content: object): Promise<string> {
  await writeFile(folder.path(name), JSON.stringify(content));
  return folder.path(name);
}

function run(source: string, given: Partial<StacImport> = {}, into = store) {
  const wanted = { source, filter: { collections: [], limit: 1000 }, wish: {}, isDryRun: false, ...given };
  return importStac(into, { ...wanted, stackFolder: folder.path('stacks') }, now);
}

const gf2 = { platform: 'GF-2' };
const imageItem = (id: string, href: string, properties: object = {}) =>
  item(id, { properties: { ...gf2, ...properties }, assets: { image: { href, type: 'image/tiff' } } });

describe('what is exported', () => {
  const files = ['plain.tif', 'full.tif', 'radar & co.tif'];
  beforeEach(async () => {
    for (const [i, name] of files.entries()) await draw(name, i === 2 ? 2 : 4);
    await draw('full_SCL.tif', 1, coarse);
    await addSceneFile(store, folder.path(files[0]), { date: '2025-06-01', sensor: 'GF-2' }, now);
    const said = { date: '2025-06-11', time: '00:07:09', sensor: 'Sentinel-2 L2A', cloudFraction: 0.1234, nodata: 7 };
    const numbers = { reflectance: { scale: 0.0001, offset: -0.1 }, saturation: 60_000, licence: 'free, if named' };
    await addSceneFile(store, folder.path(files[1]), { ...said, ...numbers, bands: ['RE1', 'N', 'N2', 'X'] }, now);
    await addSceneFile(
      store,
      folder.path(files[2]),
      { date: '2025-06-21', sensor: 'own radar', bands: ['VV', 'VH'] },
      now,
    );
  });

  it.each(stacVersions)('as a catalogue of version %s is valid', async (version) => {
    expect(await exportCatalogue(store, folder.path('stac'), version)).toBe(3);
    const read = async (name: string) => JSON.parse(await readFile(join(folder.path('stac'), name), 'utf8'));
    expectValidCatalog(await read('catalog.json'));
    expectValidCollection(await read('scenes/collection.json'));
    const scenes = await listScenes(store.db);
    for (const { id } of scenes) expectValidItem(await read(`scenes/${id}.json`));
    const one = await read(`scenes/${scenes[1].id}.json`);
    expect(one.properties).toMatchObject({ datetime: '2025-06-10T16:07:09Z', platform: 'Sentinel-2 L2A' });
    expect(one.properties.gsd).toBeCloseTo(10, 1);
    expect(one.assets.image['file:checksum']).toBe(`1220${scenes[1].sha256}`);
    expect((await readdir(folder.path('stac/scenes'))).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  it('names what kind of picture a scene is', async () => {
    const background = { r: 90, g: 120, b: 60 };
    for (const [i, format] of (['webp', 'png', 'jpeg'] as const).entries()) {
      const picture = sharp({ create: { width: 64, height: 48, channels: 3, background } }).toFormat(format);
      await picture.toFile(folder.path(`p.${format}`));
      await writeFile(folder.path('p.wld'), '10\n0\n0\n-10\n600005\n2979995\n');
      const said = { date: `2025-07-0${i + 1}`, sensor: 'kite', crs: 'EPSG:32649' };
      await addSceneFile(store, folder.path(`p.${format}`), said, now);
    }
    await exportItemCollection(store, folder.path('items.json'), '1.1.0');
    const { features } = JSON.parse(await readFile(folder.path('items.json'), 'utf8'));
    const types = features.map((one: { assets: { image: { type?: string } } }) => one.assets.image.type);
    const tiff = 'image/tiff; application=geotiff';
    expect(types.sort()).toEqual(['image/jpeg', 'image/png', tiff, tiff, tiff, 'image/webp']);
  });

  it.each([...stacVersions, 'collection'] as const)(
    'and imported again (%s) is the same, scene for scene',
    async (form) => {
      const place = form === 'collection' ? folder.path('items.json') : folder.path('stac');
      if (form === 'collection') await exportItemCollection(store, place, '1.0.0');
      else await exportCatalogue(store, place, form);
      const other = await freshStore();
      const items = await run(place, {}, other);
      expect(items.map(({ outcome, reason }) => [outcome, reason])).toEqual(files.map(() => ['added', null]));
      const facts = (rows: Awaited<ReturnType<typeof listScenes>>) =>
        // A scene that is of a day only has no time; all the rest must come back.
        rows.map(({ bytes: _, addedAt: __, ...row }) => row);
      expect(facts(await listScenes(other.db))).toEqual(facts(await listScenes(store.db)));
      // And into the workspace it came from: nothing happens.
      expect((await run(place)).map(({ outcome }) => outcome)).toEqual(files.map(() => 'known'));
      expect(await listScenes(store.db)).toHaveLength(3);
    },
  );
});

describe.skipIf(gdalMissing)('what is exported as one collection', () => {
  it('is a mosaic to GDAL, sample for sample', async () => {
    const [west, east] = [await draw('west.tif', 4), await draw('east.tif', 4, { ...grid, originX: 600_600 })];
    for (const path of [west, east]) await addSceneFile(store, path, { date: '2025-06-01', sensor: 'GF-2' }, now);
    await exportItemCollection(store, folder.path('items.json'), '1.0.0');
    const copy = folder.path('mosaic.tif');
    gdal('gdal_translate', '-q', `STACIT:"${folder.path('items.json')}":asset=image`, copy);
    const [both, left, right] = [copy, west, east].map(gdalBands);
    for (let band = 0; band < 4; band++) {
      for (let row = 0; row < grid.height; row++) {
        const from = row * grid.width;
        const line = both[band].subarray(2 * from, 2 * from + 2 * grid.width);
        const expected = [...left[band].subarray(from, from + 60), ...right[band].subarray(from, from + 60)];
        expect([...line]).toEqual(expected);
      }
    }
  });
});

describe('an import', () => {
  it('takes what the filter means, and no more than the limit', async () => {
    const days = ['2025-05-31T15:59:59Z', '2025-05-31T16:00:00Z', '2025-06-30T15:59:59Z', '2025-06-30T16:00:00Z'];
    for (const [i] of days.entries()) await draw(`${i}.tif`, 4);
    const items = days.map((datetime, i) => imageItem(`i${i}`, `./${i}.tif`, { datetime }));
    const source = await put('items.json', { type: 'FeatureCollection', features: items });
    const filter = { collections: [], limit: 1000, from: '2025-06-01', to: '2025-06-30' };
    expect((await run(source, { filter, isDryRun: true })).map(({ itemId }) => itemId)).toEqual(['i1', 'i2']);
    expect(await listScenes(store.db)).toEqual([]);
    const elsewhere = { minLon: 0, minLat: 0, maxLon: 1, maxLat: 1 };
    expect(await run(source, { filter: { ...filter, bbox: elsewhere } })).toEqual([]);
    expect(await run(source, { filter: { ...filter, collections: ['other'] } })).toEqual([]);
    await run(source, { filter: { ...filter, limit: 1 } });
    expect((await listScenes(store.db)).map(({ date, time }) => [date, time])).toEqual([['2025-06-01', '00:00:00']]);
  });

  it('goes on past an item that is refused, and says why', async () => {
    await draw('good.tif', 4);
    const items = [
      imageItem('gone', './gone.tif'),
      item('pictures', { assets: { a: { href: 'a.jp2', type: 'image/jp2' } } }),
      imageItem('good', './good.tif'),
    ];
    const found = await run(await put('items.json', { type: 'FeatureCollection', features: items }));
    expect(found.map(({ itemId, outcome }) => [itemId, outcome])).toEqual([
      ['gone', 'refused'],
      ['pictures', 'refused'],
      ['good', 'added'],
    ]);
    expect(found[0].reason).toMatch(/gone\.tif: .*there is no such file/);
    expect(found[1].reason).toBe('Item pictures: wanted a GeoTIFF with data, got a (image/jp2).');
  });

  describe('of an item that tells checksums', () => {
    const sha256 = async (name: string) =>
      createHash('sha256')
        .update(await readFile(folder.path(name)))
        .digest('hex');
    const told = (checksum: unknown, more: object = {}) => {
      const image = { href: './a.tif', type: 'image/tiff', 'file:checksum': checksum };
      return put('a.json', item('a', { properties: gf2, assets: { image, ...more } }));
    };
    beforeEach(async () => {
      await draw('a.tif', 4);
      await draw('b.tif', 4);
    });

    it('takes the file they are of, in small and capital digits', async () => {
      const right = `1220${await sha256('a.tif')}`;
      expect((await run(await told(right)))[0].outcome).toBe('added');
      expect((await run(await told(right.toUpperCase())))[0].outcome).toBe('known');
    });

    it('refuses another file in a line that names the asset, what was wanted and what it got', async () => {
      const [wanted, got] = [await sha256('b.tif'), await sha256('a.tif')];
      const source = await told(`1220${wanted}`);
      expect(await run(source)).toMatchObject([{ outcome: 'refused', sceneId: null }]);
      const reason = `Item a, asset image (${folder.path('a.tif')}): wanted bytes with sha256 ${wanted.slice(0, 16)}… as file:checksum says, got ${got.slice(0, 16)}….`;
      expect((await run(source))[0].reason).toBe(reason);
      expect(await listScenes(store.db)).toEqual([]);
      // What is only looked through is not read.
      expect((await run(source, { isDryRun: true }))[0].outcome).toBe('found');
    });

    it.each([
      ['1220abcd', 'wanted 1220 and 64 hex digits as file:checksum, got "1220abcd".'],
      ['sha256:00', 'wanted a multihash in hex digits as file:checksum, got "sha256:00".'],
      [12, 'wanted a multihash in hex digits as file:checksum, got 12.'],
    ])('refuses what is no checksum: %s', async (checksum, what) => {
      const [one] = await run(await told(checksum));
      expect(one.reason).toBe(`Item a, asset image (${folder.path('a.tif')}): ${what}`);
    });

    it('does not look at hashes of other kinds, nor at assets that it does not take', async () => {
      const preview = {
        href: './b.tif',
        type: 'image/tiff',
        roles: ['overview'],
        'file:checksum': `1220${'0'.repeat(64)}`,
      };
      const [one] = await run(await told(`1114${'0'.repeat(40)}`, { preview }));
      expect(one).toMatchObject({ outcome: 'added', reason: null });
    });

    it('checks each band that lies in a file of its own, and the mask', async () => {
      for (const [name, bands] of [
        ['B02', 1],
        ['B03', 1],
        ['SCL', 1],
      ] as const)
        await draw(`${name}.tif`, bands);
      const zeros = `1220${'0'.repeat(64)}`;
      const band = async (name: string, commonName: string, wrong: string) => ({
        ...{ href: `./${name}.tif`, type: 'image/tiff', 'eo:bands': [{ common_name: commonName }] },
        'file:checksum': wrong === name ? zeros : `1220${await sha256(`${name}.tif`)}`,
      });
      for (const wrong of ['B03', 'SCL', '']) {
        const assets = {
          blue: await band('B02', 'blue', wrong),
          green: await band('B03', 'green', wrong),
          scl: await band('SCL', 'scl', wrong),
        };
        const [one] = await run(await put('bands.json', item('bands', { properties: gf2, assets })));
        if (wrong === '') expect(one).toMatchObject({ outcome: 'added', reason: null });
        else expect(one.reason).toMatch(new RegExp(`^Item bands, asset [a-z]+ \\(.*${wrong}\\.tif\\): wanted bytes`));
      }
      expect(await readdir(folder.path('stacks'))).toHaveLength(1);
    });
  });

  it('refuses a file that was changed since it was imported', async () => {
    await draw('a.tif', 4);
    const source = await put('a.json', imageItem('a', './a.tif'));
    const [{ sceneId }] = await run(source);
    await draw('a.tif', 4);
    const [again] = await run(source);
    expect(again.outcome).toBe('refused');
    expect(again.reason).toContain(`was changed at its source after it was added as scene ${sceneId}`);
    await removeScene(store.db, sceneId!, now);
    expect((await run(source))[0].outcome).toBe('added');
  });
});

describe('an item whose bands lie in several files on a server', () => {
  let server: RangeServer;
  const names = ['B02', 'B03', 'B04', 'B08', 'B11', 'B12'];
  beforeEach(async () => {
    server = await RangeServer.start();
    for (const name of [...names, 'SCL']) {
      await draw(`${name}.tif`, 1, /B1|SCL/.test(name) ? coarse : grid);
      server.put(`/s2/${name}.tif`, readFileSync(folder.path(`${name}.tif`)));
    }
    server.put('/s2/item.json', earthSearchItem());
  });
  afterEach(() => server.stop());

  it('becomes one scene, read by range from where the bands lie', async () => {
    const [one] = await run(`${server.url}/s2/item.json`);
    expect(one).toMatchObject({ outcome: 'added', date: '2025-06-01', sensor: 'Sentinel-2 L2A', reason: null });
    const [row] = await listScenes(store.db);
    const scene = sceneOfRow(row);
    expect(scene).toMatchObject({
      grid,
      bands: ['B', 'G', 'R', 'N', 'S1', 'S2'],
      reflectance: { scale: 1e-4, offset: 0 },
    });
    expect(scene.mask).toMatchObject({ kind: 'scl', path: `${server.url}/s2/SCL.tif` });
    const source = await openSceneFile(scene);
    const { bands } = await source.read({ column: 10, row: 10, width: 2, height: 2 });
    const swir = groundBands(coarse.width, coarse.height, 1, 'uint16')[0][5 * coarse.width + 5];
    expect([...bands[4]]).toEqual([swir, swir, swir, swir]);
    await source.close();
  });

  it('is known when it comes again, and exported with every band', async () => {
    await run(`${server.url}/s2/item.json`);
    expect((await run(`${server.url}/s2/item.json`)).map(({ outcome }) => outcome)).toEqual(['known']);
    await exportItemCollection(store, folder.path('items.json'), '1.1.0');
    const { features } = JSON.parse(await readFile(folder.path('items.json'), 'utf8'));
    expectValidItem(features[0]);
    expect(Object.keys(features[0].assets)).toEqual(['B', 'G', 'R', 'N', 'S1', 'S2', 'scl']);
    const other = await freshStore();
    expect((await run(folder.path('items.json'), {}, other)).map(({ outcome }) => outcome)).toEqual(['added']);
    const [[before], [after]] = [await listScenes(store.db), await listScenes(other.db)];
    expect(after.id).toBe(before.id);
  });

  it('is refused once a band was changed, and leaves what was added', async () => {
    const [{ sceneId }] = await run(`${server.url}/s2/item.json`);
    server.put('/s2/B04.tif', readFileSync(folder.path('B03.tif')));
    const [again] = await run(`${server.url}/s2/item.json`);
    expect(again).toMatchObject({ outcome: 'refused', reason: expect.stringContaining(`as scene ${sceneId}`) });
    expect(await listScenes(store.db)).toHaveLength(1);
  });

  it('leaves no stack behind where it makes no image', async () => {
    await draw('small.tif', 1, { ...grid, width: 50 });
    server.put('/s2/B03.tif', readFileSync(folder.path('small.tif')));
    const [one] = await run(`${server.url}/s2/item.json`);
    expect(one).toMatchObject({ outcome: 'refused', reason: expect.stringContaining('do not lie on one grid') });
    expect(await readdir(folder.path('stacks'))).toEqual([]);
    await rm(folder.path('stacks'), { recursive: true });
  });

  it('is asked for nothing but its beginnings in an import', async () => {
    server.forget();
    await run(`${server.url}/s2/item.json`);
    const ranges = server.requests.filter(({ path }) => path.endsWith('.tif')).map(({ headers }) => headers.range);
    expect(new Set(ranges)).toEqual(new Set(['bytes=0-65535']));
  });
});

describe('a catalogue that may not lead here', () => {
  it('has none of its files asked for, though they could be reached', async () => {
    const server = await RangeServer.start();
    try {
      await draw('a.tif', 4);
      const address = server.put('/a.tif', readFileSync(folder.path('a.tif')));
      // The catalogue's own host may be private; the one of its image is another name of this machine.
      setRemoteSettings({ allow: { privateHosts: [new URL(server.url).host] } });
      const inside = address.replace('127.0.0.1', 'localhost');
      server.put('/item.json', imageItem('a', inside));
      const [one] = await run(`${server.url}/item.json`);
      expect(one).toMatchObject({ outcome: 'refused', reason: expect.stringContaining('localhost') });
      expect(server.requests.map(({ path }) => path)).toEqual(['/item.json']);
    } finally {
      await server.stop();
    }
  });
});
