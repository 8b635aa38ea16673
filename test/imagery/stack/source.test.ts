import { readFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import type { Grid } from '../../../imagery/grid.ts';
import { setRemoteSettings } from '../../../imagery/remote/settings.ts';
import { checkStackParts, composeStack, isStack, stackText, writeStack } from '../../../imagery/stack/manifest.ts';
import { openStack } from '../../../imagery/stack/source.ts';
import { openTiff } from '../../../imagery/tiff/reader.ts';
import { writeTiff } from '../../../imagery/tiff/writer.ts';
import { gdal, gdalBands, gdalMissing, groundBands, temporaryFolder } from '../../support/gdal.ts';
import { RangeServer } from '../../support/range-server.ts';

const fine: Grid = {
  ...{ width: 121, height: 90, crs: 'EPSG:32650' },
  ...{ originX: 500_000, originY: 3_300_000, pixelWidth: 10, pixelHeight: -10 },
};
const coarser = (ratio: number): Grid => ({
  ...fine,
  ...{ width: Math.ceil(fine.width / ratio), height: Math.ceil(fine.height / ratio) },
  ...{ pixelWidth: 10 * ratio, pixelHeight: -10 * ratio },
});
const whole = { column: 0, row: 0, width: fine.width, height: fine.height };

let folder: ReturnType<typeof temporaryFolder>;
let blue: string;
let pair: string;
let swir: string;

async function draw(name: string, grid: Grid, bandCount: number, nodata: number | null): Promise<string> {
  const bands = groundBands(grid.width, grid.height, bandCount, 'uint16');
  if (nodata !== null) bands[0][5] = nodata;
  await writeTiff(folder.path(name), grid, bands, { tileSize: 64, nodata });
  return folder.path(name);
}

async function stackOf(name: string, bands: { href: string; band: number }[]): Promise<string> {
  await writeStack(folder.path(name), await composeStack(bands));
  return folder.path(name);
}

async function readAll(path: string, open: typeof openTiff = openStack, window = whole) {
  const source = await open(path);
  try {
    return await source.read(window);
  } finally {
    await source.close();
  }
}

beforeAll(async () => {
  folder = temporaryFolder();
  blue = await draw('blue.tif', fine, 1, 0);
  pair = await draw('pair.tif', fine, 2, null);
  swir = await draw('swir.tif', coarser(2), 1, 0);
});
afterAll(() => folder.remove());

describe('a stack of bands', () => {
  test('has the bands in its order, wherever they lie', async () => {
    const path = await stackOf('order.stack.json', [
      { href: pair, band: 1 },
      { href: blue, band: 0 },
      { href: pair, band: 0 },
    ]);
    const [one, two] = [await readAll(pair, openTiff), await readAll(blue, openTiff)];
    const { bands, mask, grid } = await readAll(path);
    expect(bands).toEqual([one.bands[1], two.bands[0], one.bands[0]]);
    expect(grid).toEqual(fine);
    // Observed is what all bands show.
    expect(mask).toEqual(two.mask);
    expect(mask[5]).toBe(0);
  });

  test.skipIf(gdalMissing).each([2, 3, 6])('with bands %i times as coarse is what GDAL stacks', async (ratio) => {
    const coarse = await draw(`coarse-${ratio}.tif`, coarser(ratio), 1, null);
    const path = await stackOf(`mixed-${ratio}.stack.json`, [
      { href: pair, band: 0 },
      { href: coarse, band: 0 },
    ]);
    const vrt = folder.path(`mixed-${ratio}.vrt`);
    const extent = [fine.originX, fine.originY - 900, fine.originX + 1210, fine.originY].map(String);
    gdal('gdalbuildvrt', '-q', '-separate', '-resolution', 'highest', '-te', ...extent, vrt, pair, coarse);
    const expected = gdalBands(vrt);
    const { bands } = await readAll(path);
    expect(bands[0]).toEqual(Uint16Array.from(expected[0]));
    expect(bands[1]).toEqual(Uint16Array.from(expected[1]));
  });

  test('gives the same samples in any window, also beyond its edges', async () => {
    const path = await stackOf('windows.stack.json', [
      { href: blue, band: 0 },
      { href: swir, band: 0 },
    ]);
    const all = await readAll(path);
    for (const [column, row] of [
      [-7, -5],
      [11, 13],
      [90, 63],
    ]) {
      const window = { column, row, width: 43, height: 37 };
      const part = await readAll(path, openStack, window);
      for (let i = 0; i < part.mask.length; i++) {
        const [x, y] = [column + (i % 43), row + Math.floor(i / 43)];
        const isInside = x >= 0 && y >= 0 && x < fine.width && y < fine.height;
        const at = y * fine.width + x;
        expect(part.mask[i]).toBe(isInside ? all.mask[at] : 0);
        if (part.mask[i]) expect([part.bands[0][i], part.bands[1][i]]).toEqual([all.bands[0][at], all.bands[1][at]]);
      }
    }
  });

  test('hides where the coarse band was not observed', async () => {
    const path = await stackOf('masked.stack.json', [
      { href: pair, band: 0 },
      { href: swir, band: 0 },
    ]);
    const { mask } = await readAll(path);
    const hidden = [...mask.entries()].filter(([, observed]) => observed === 0).map(([i]) => i);
    expect(hidden).toEqual([10, 11, fine.width + 10, fine.width + 11]);
  });

  test('is the same file for the same parts, and is told by its beginning', async () => {
    const bands = [{ href: blue, band: 0 }];
    const [once, again] = [stackText(await composeStack(bands)), stackText(await composeStack(bands))];
    expect(again).toBe(once);
    expect(isStack(Buffer.from(once))).toBe(true);
    expect(isStack(Buffer.from('{"type":"Feature"}'))).toBe(false);
  });

  test('finds parts that lie beside it', async () => {
    const path = await stackOf('beside.stack.json', [{ href: blue, band: 0 }]);
    await writeFile(path, (await readFile(path, 'utf8')).replaceAll(blue, basename(blue)));
    expect((await readAll(path)).bands).toEqual((await readAll(blue, openTiff)).bands);
  });
});

describe('a stack that makes no image is refused', () => {
  const moved = { ...fine, originX: fine.originX + 5 };
  test.each<[string, Grid, RegExp]>([
    [
      'half a pixel off',
      moved,
      /its bands do not lie on one grid: wanted whole multiples of 121 x 90 pixels of 10 from/,
    ],
    ['in another CRS', { ...fine, crs: 'EPSG:32649' }, /got 121 x 90 pixels of 10 from 500000, 3300000 in EPSG:32649/],
    ['of another size', { ...fine, width: 100 }, /got 100 x 90 pixels/],
    ['1.5 times as coarse', { ...coarser(1), pixelWidth: 15, pixelHeight: -15 }, /pixels of 15/],
  ])('with a band %s', async (name, grid, message) => {
    const other = await draw(`${name.replaceAll(' ', '-')}.tif`, grid, 1, null);
    const path = await stackOf('refused.stack.json', [
      { href: blue, band: 0 },
      { href: other, band: 0 },
    ]);
    await expect(openStack(path)).rejects.toMatchObject({
      code: 'bands-differ',
      message: expect.stringMatching(message),
    });
  });

  test('with a band that its file lacks', async () => {
    const path = await stackOf('third.stack.json', [{ href: pair, band: 2 }]);
    await expect(openStack(path)).rejects.toThrow(`wanted band 3 of ${pair}, which has 2`);
  });

  test('with bands of two sample types', async () => {
    const bytes = folder.path('bytes.tif');
    await writeTiff(bytes, fine, groundBands(fine.width, fine.height, 1, 'uint8'));
    const path = await stackOf('types.stack.json', [
      { href: blue, band: 0 },
      { href: bytes, band: 0 },
    ]);
    await expect(openStack(path)).rejects.toThrow(/got uint16 in .*blue\.tif and uint8 in .*bytes\.tif/);
  });

  test.each([
    '{"type":"tuban-stack"',
    '{"type":"tuban-stack","version":2,"bands":[]}',
    '{"type":"tuban-stack","bands":[null]}',
  ])('that is damaged: %s', async (text) => {
    const path = folder.path('damaged.stack.json');
    await writeFile(path, text);
    await expect(openStack(path)).rejects.toMatchObject({ code: 'image-damaged' });
  });
});

describe('the parts of a stack', () => {
  it('are held to their bytes when it is checked', async () => {
    const part = await draw('part.tif', fine, 1, null);
    const path = await stackOf('checked.stack.json', [{ href: part, band: 0 }]);
    await checkStackParts(path);
    await draw('part.tif', { ...fine, width: 120 }, 1, null);
    await expect(checkStackParts(path)).rejects.toThrow(/part\.tif: was changed after .*: wanted [0-9a-f]{16}…, got/);
  });

  it('behind HTTP are held to their ETag whenever it is opened', async () => {
    const server = await RangeServer.start();
    try {
      setRemoteSettings({ allow: { privateHosts: 'any' } });
      const href = server.put('/blue.tif', readFileSync(blue));
      const path = await stackOf('remote.stack.json', [{ href, band: 0 }]);
      expect((await readAll(path)).bands).toEqual((await readAll(blue, openTiff)).bands);
      server.put('/blue.tif', readFileSync(pair));
      await expect(openStack(path)).rejects.toMatchObject({ code: 'remote-changed' });
    } finally {
      await server.stop();
    }
  });
});
