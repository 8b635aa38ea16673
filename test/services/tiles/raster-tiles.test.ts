import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { emptyTile } from '../../../imagery/tiles/png.ts';
import { openStore, type Store } from '../../../services/store/open.ts';
import { RasterTiles } from '../../../services/tiles/raster-tiles.ts';
import { temporaryFolder } from '../../support/gdal.ts';
import { addDrawn, decoded, plantRun, tileOver } from './tile-scenes.ts';

const folder = temporaryFolder();
let store: Store;
let tiles: RasterTiles;
const damage: string[] = [];
const ids: Record<string, string> = {};
const asked = { bands: 'natural', scale: 1 as const, within: '' };

/** Darker in the west, brighter in the east, each band by itself: what a sensor sees of one ground. */
const slope = (gain: number) => (band: number, column: number) => 500 + gain * (4 * column + 100 * band);
const optical = ['B', 'G', 'R', 'N'] as const;

beforeAll(async () => {
  store = await openStore({ sqlite: ':memory:' });
  tiles = new RasterTiles(store, { threads: 1, onDamage: (message) => damage.push(message) });
  const add = async (name: string, scene: Partial<Parameters<typeof addDrawn>[1]> & { date: string }) => {
    const whole = { path: folder.path(`${name}.tif`), bands: [...optical], value: slope(1), ...scene };
    ids[name] = await addDrawn(store, whole);
  };
  await add('before', { date: '2024-05-10' });
  await add('after', { date: '2024-06-20', value: slope(0.5) });
  // North of row 100 the later image shows 3000, and nothing below it.
  const half = { value: (_: number, __: number, row: number) => (row < 100 ? 3000 : 0), nodata: 0 };
  await add('half', { date: '2024-06-25', ...half });
  await add('radar', {
    ...{ date: '2024-06-01', bands: ['VV'], type: Float32Array },
    value: (_, column) => 0.01 * 2 ** Math.floor(column / 30),
  });
  await add('plain', { date: '2024-06-02', bands: ['R', 'G', 'B'] });
  await add('lost', { date: '2024-07-02', value: slope(0.7) });
  await plantRun(store, '2024-06', [ids.half, ids.after], [ids.before]);
  await plantRun(store, '2024-07', [ids.lost, ids.after], [ids.before]);
  await rm(folder.path('lost.tif'));
}, 60_000);

afterAll(async () => {
  await tiles.close();
  await store.close();
  folder.remove();
});

async function month(side: 'before' | 'after', z = 15, request: object = {}, name = '2024-06', pixel = [150, 130]) {
  const tile = tileOver(z, ...pixel);
  return decoded(await (await tiles.ofMonth(name, side, { ...tile, ...asked, ...request })).picture(), tile);
}

async function scene(name: string, request: object = {}, z = 15) {
  const tile = tileOver(z);
  return decoded(await (await tiles.ofScene(ids[name], { ...tile, ...asked, ...request })).picture(), tile);
}

describe('tiles of a month', () => {
  it('show both dates under one stretch: the same value has the same grey, before and after', async () => {
    const [before, after] = [await month('before'), await month('after')];
    // Red is 700 + 4 · column before, and 600 + 2 · column after.
    for (const [columnBefore, columnAfter] of [
      [25, 100],
      [50, 150],
      [90, 230],
    ]) {
      const [a, b] = [before.at(columnBefore, 180)[0], after.at(columnAfter, 180)[0]];
      expect(Math.abs(a - b)).toBeLessThanOrEqual(3);
      expect(a).toBeGreaterThan(0);
    }
    expect(before.at(230, 180)[0]).toBeGreaterThan(after.at(230, 180)[0] + 20);
  });

  it('meet without a seam: the same value has the same colour on every tile of every level', async () => {
    const levels = new Set<number>();
    for (const z of [16, 17, 18]) levels.add((await month('before', z, {}, '2024-06', [150, 200])).at(150, 200)[1]);
    for (const row of [20, 120, 240]) {
      levels.add((await month('before', 18, {}, '2024-06', [150, row])).at(150, row)[1]);
    }
    expect(Math.max(...levels) - Math.min(...levels)).toBeLessThanOrEqual(2);
  });

  it('have the latest image in front, and the earlier one where that shows nothing', async () => {
    const after = await month('after');
    const [north, south] = [after.at(150, 60), after.at(150, 180)];
    expect(after.at(60, 60)).toEqual(after.at(240, 60)); // 3000 everywhere
    expect(north).not.toEqual(south);
    expect(after.at(60, 180)[0]).toBeLessThan(after.at(240, 180)[0]);
    expect([north[3], south[3]]).toEqual([255, 255]);
  });

  it('are transparent where no image shows the ground', async () => {
    const before = await month('before', 15);
    expect(before.at(150, 130)[3]).toBe(255);
    expect(before.at(-20, 130)).toEqual([0, 0, 0, 0]);
    expect(before.at(330, 130)[3]).toBe(0);
    const far = await tiles.ofMonth('2024-06', 'before', { z: 16, x: 100, y: 100, ...asked });
    expect(await far.picture()).toBe(await emptyTile(256));
  });

  it('come again as the very same bytes from another server', async () => {
    const other = new RasterTiles(store, { threads: 2 });
    const request = { ...tileOver(17), ...asked };
    const [a, b] = [await tiles.ofMonth('2024-06', 'after', request), await other.ofMonth('2024-06', 'after', request)];
    expect(a.tag).toBe(b.tag);
    expect(Buffer.from((await a.picture())!).equals(Buffer.from((await b.picture())!))).toBe(true);
    await other.close();
  });

  it('leave out an image whose file is gone, and tell it', async () => {
    damage.length = 0;
    const after = await month('after', 15, {}, '2024-07');
    expect(after.at(150, 180)[3]).toBe(255);
    expect(damage.join()).toContain('lost.tif');
  });

  it('do not exist before a run of the month is finished', async () => {
    const request = { ...tileOver(16), ...asked };
    await expect(tiles.ofMonth('2024-08', 'after', request)).rejects.toMatchObject({
      code: 'not-found',
      message: 'Of month 2024-08 there is no finished run to show images of.',
    });
  });

  it('show to a county the scenes that it may see, under the stretch of all', async () => {
    const whole = await month('after');
    await store.db.updateTable('scenes').set({ district: '430421' }).where('id', '=', ids.half).execute();
    const [own, others] = [
      await month('after', 15, { within: '4304' }),
      await month('after', 15, { within: '430422' }),
    ];
    await store.db.updateTable('scenes').set({ district: null }).where('id', '=', ids.half).execute();
    expect(own.rgba.equals(whole.rgba)).toBe(true);
    expect(others.at(150, 60)).not.toEqual(whole.at(150, 60));
    expect(others.at(150, 180)).toEqual(whole.at(150, 180));
  });
});

describe('tiles of a scene', () => {
  it('are 512 pixels wide for sharp screens', async () => {
    expect((await scene('before')).size).toBe(256);
    expect((await scene('before', { scale: 2 })).size).toBe(512);
  });

  it('show the bands asked for, by name or number', async () => {
    const byName = await scene('before', { bands: 'N,R,G' });
    expect((await scene('before', { bands: '4,3,2' })).rgba.equals(byName.rgba)).toBe(true);
    expect((await scene('before', { bands: 'false-color' })).rgba.equals(byName.rgba)).toBe(true);
    const grey = (await scene('before', { bands: 'N' })).at(150, 130);
    expect(grey[0]).toBe(grey[1]);
  });

  it('are grey where a scene lacks the bands of a combination by name, not blank', async () => {
    const [red, green, blue, alpha] = (await scene('plain', { bands: 'false-color' })).at(150, 130);
    expect([red === green, green === blue, alpha]).toEqual([true, true, 255]);
  });

  it('show radar in decibels: each doubling is the same step on the way from black to white', async () => {
    const picture = await scene('radar');
    // Undo the lift of middle tones.
    const shares = [3, 4, 5, 6].map((step) => (picture.at(30 * step + 15, 130)[0] / 255) ** (1 / 0.6));
    const rises = shares.slice(1).map((share, k) => share - shares[k]);
    expect(Math.min(...rises)).toBeGreaterThan(0.05);
    expect(Math.max(...rises) - Math.min(...rises)).toBeLessThan(0.02);
  });

  it('refuse a band that there is not, and a scene that there is not, in a line', async () => {
    const request = { ...tileOver(16), ...asked };
    await expect(tiles.ofScene(ids.before, { ...request, bands: 'S1' })).rejects.toMatchObject({
      code: 'bad-input',
      message: `Scene ${ids.before} has no band 'S1': it has 4 bands (B,G,R,N), by name or by number from 1.`,
    });
    await expect(tiles.ofScene(ids.before, { ...request, bands: '1,2,5' })).rejects.toMatchObject({
      code: 'bad-input',
    });
    await expect(tiles.ofScene('nothing', request)).rejects.toMatchObject({ code: 'not-found' });
    await store.db.updateTable('scenes').set({ district: '430421' }).where('id', '=', ids.plain).execute();
    await expect(tiles.ofScene(ids.plain, { ...request, within: '430422' })).rejects.toMatchObject({
      code: 'not-found',
    });
  });

  it('are told apart by their tags: place, bands, sharpness and scene', async () => {
    const base = { ...tileOver(16), ...asked };
    const requests = [base, { ...base, bands: 'N' }, { ...base, scale: 2 as const }, { ...base, ...tileOver(17) }];
    const tags = await Promise.all(requests.map(async (request) => (await tiles.ofScene(ids.before, request)).tag));
    tags.push((await tiles.ofScene(ids.after, base)).tag);
    expect(new Set(tags).size).toBe(5);
  });

  it('are said to reach from far away to twice the sharpness of the pixels', async () => {
    const { range, dates } = await tiles.aboutScene(ids.before, '');
    expect(dates).toEqual(['2024-05-10']);
    expect(range).toMatchObject({ minzoom: 0, maxzoom: 18 });
    expect(range!.bounds[0]).toBeCloseTo(114.2, 0);
  });
});
