import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Grid, pixelGrid } from '../../imagery/grid.ts';
import type { Samples } from '../../imagery/raster.ts';
import { describeScene, openSceneFile, parseBandRoles } from '../../imagery/scene-file.ts';
import { writeTiff } from '../../imagery/tiff/writer.ts';
import { gdalMissing, gdalTiff, groundBands, temporaryFolder } from '../support/gdal.ts';

const temporary = temporaryFolder();
afterAll(temporary.remove);

const placed: Grid = {
  width: 20,
  height: 10,
  crs: 'EPSG:4547',
  originX: 450_000,
  originY: 2_990_000,
  pixelWidth: 2,
  pixelHeight: -2,
};

async function image(name: string, bands: Samples[], grid = placed): Promise<string> {
  const path = temporary.path(`${name}.tif`);
  await writeTiff(path, grid, bands);
  return path;
}

const fourBands = groundBands(20, 10, 4, 'uint16');
let path: string;
let plain: string;

beforeAll(async () => {
  path = await image('placed', fourBands);
  plain = await image('plain', fourBands, pixelGrid(20, 10));
});

describe('a scene', () => {
  it('is named by the bytes of its file', async () => {
    const { id, sha256 } = await describeScene(path);
    expect(sha256).toBe(createHash('sha256').update(readFileSync(path)).digest('hex'));
    expect(id).toBe(sha256.slice(0, 16));
  });

  it('takes the file at its word on grid and samples, and the caller on date and sensor', async () => {
    const scene = await describeScene(path, { date: '2026-03-09', sensor: 'GF-2' });
    expect(scene).toMatchObject({
      grid: placed,
      bandCount: 4,
      sampleType: 'uint16',
      date: '2026-03-09',
      sensor: 'GF-2',
    });
  });

  it.each<[number, string]>([
    [1, 'P'],
    [2, 'X,X'],
    [3, 'R,G,B'],
    [4, 'B,G,R,N'],
    [6, 'B,G,R,N,S1,S2'],
    [7, 'X,X,X,X,X,X,X'],
  ])('of %i bands that nobody names has %s', async (count, bands) => {
    const scene = await describeScene(await image(`${count}-bands`, groundBands(20, 10, count, 'uint16')));
    expect(scene.bands.join()).toBe(bands);
  });

  it('has the bands it is said to have, if the number is right', async () => {
    expect((await describeScene(path, { bands: ['N', 'R', 'G', 'B'] })).bands).toEqual(['N', 'R', 'G', 'B']);
    await expect(describeScene(path, { bands: ['R', 'G', 'B'] })).rejects.toMatchObject({
      code: 'bands-differ',
      message: `${path}: has 4 bands, but 3 roles were given (R,G,B).`,
    });
  });

  it('is reflectance × 10,000 in 16 bits, reflectance in floats, and neither in 8 bits', async () => {
    expect((await describeScene(path)).reflectance).toEqual({ scale: 1e-4, offset: 0 });
    const floats = await image('floats', groundBands(20, 10, 4, 'float32'));
    expect((await describeScene(floats)).reflectance).toEqual({ scale: 1, offset: 0 });
    const bytes = await image('bytes', groundBands(20, 10, 4, 'uint8'));
    expect((await describeScene(bytes)).reflectance).toBeNull();
  });
});

describe('where a scene lies', () => {
  it('is what the caller says only where the file says nothing; rows then run southwards', async () => {
    expect((await describeScene(path, { crs: 'EPSG:32650' })).grid.crs).toBe('EPSG:4547');
    expect((await describeScene(plain)).grid.crs).toBeNull();
    expect((await describeScene(plain, { crs: 'EPSG:32650' })).grid).toMatchObject({
      crs: 'EPSG:32650',
      pixelHeight: -1,
    });
  });

  it('holds for every window read of it', async () => {
    const scene = await describeScene(plain, { crs: 'EPSG:32650' });
    const source = await openSceneFile(scene);
    const { grid, bands } = await source.read({ column: 3, row: 2, width: 5, height: 4 });
    await source.close();
    expect(grid).toEqual({ ...scene.grid, width: 5, height: 4, originX: 3, originY: -2 });
    expect(bands[1][0]).toBe(fourBands[1][2 * 20 + 3]);
  });

  it.each<[string, Partial<Grid>]>([
    ['eastings with the number of their zone, in a CRS without', { crs: 'EPSG:4547', originX: 38_450_000 }],
    ['metres taken for degrees', { crs: 'EPSG:4490' }],
  ])('is refused where it is nowhere on the Earth: %s', async (name, wrong) => {
    const nowhere = await image(name.replaceAll(' ', '-'), fourBands, { ...placed, ...wrong });
    await expect(describeScene(nowhere)).rejects.toMatchObject({
      code: 'crs-unknown',
      message: expect.stringMatching(/: does not lie on the Earth in EPSG:\d+: wanted the CRS of its coordinates, got/),
    });
  });
});

describe.skipIf(gdalMissing)('a fourth band of 8 bits, which GDAL declares as alpha', () => {
  it('is the near infrared when four bands are named, and a mask otherwise', async () => {
    const bands = groundBands(20, 10, 4, 'uint8');
    const alpha = gdalTiff(temporary.path('alpha.tif'), 20, 10, bands, '-co', 'ALPHA=YES', '-co', 'PHOTOMETRIC=RGB');
    expect((await describeScene(alpha)).bands).toEqual(['R', 'G', 'B']);
    const scene = await describeScene(alpha, { bands: ['B', 'G', 'R', 'N'] });
    const source = await openSceneFile(scene);
    const read = await source.read({ column: 0, row: 0, width: 20, height: 10 });
    await source.close();
    expect(read.bands[3]).toEqual(bands[3]);
  });
});

describe('band roles', () => {
  it('are read from a list, in small letters and with blanks too', () => {
    expect(parseBandRoles('b, g,R ,N')).toEqual(['B', 'G', 'R', 'N']);
  });

  it.each(['B,G,Q', 'B,,R', ''])('are refused in "%s"', (text) => {
    expect(() => parseBandRoles(text)).toThrow(/^Band role '.*': wanted one of B, G, R, N, S1/);
  });
});
