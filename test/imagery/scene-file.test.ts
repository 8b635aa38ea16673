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

/** Counts of a 10-bit camera, or such numbers as only a product made of them holds. */
const counts = (most: number, bandCount = 4) =>
  groundBands(20, 10, bandCount, 'uint16').map((band) => (band as Uint16Array).map((value) => value % most));

describe('what a sensor’s name says of a file', () => {
  it('is the roles, the largest number, nodata, and that counts are no reflectance', async () => {
    const raw = await image('raw', counts(1000));
    const unsaid = { bands: ['B', 'G', 'R', 'N'], nodata: null, saturation: null, reflectance: { scale: 1e-4 } };
    expect(await describeScene(raw)).toMatchObject({ ...unsaid, sensor: null });
    expect(await describeScene(raw, { sensor: 'GF-2' })).toMatchObject({
      bands: ['B', 'G', 'R', 'N'],
      nodata: 0,
      saturation: 1023,
      reflectance: null,
      sensor: 'GF-2',
    });
  });

  it('holds for counts only: larger numbers are a product made of them', async () => {
    const product = await image('product', counts(9000));
    expect(await describeScene(product, { sensor: 'GF-2' })).toMatchObject({
      saturation: null,
      reflectance: { scale: 1e-4, offset: 0 },
    });
  });

  it('is read from the file’s name, with its day', async () => {
    const named = await image('LC08_L2SP_123041_20240612_20240618_02_T1', counts(30_000, 7));
    expect(await describeScene(named)).toMatchObject({
      bands: ['C', 'B', 'G', 'R', 'N', 'S1', 'S2'],
      reflectance: { scale: 0.0000275, offset: -0.2 },
      date: '2024-06-12',
      sensor: 'Landsat 8-9 L2',
      nodata: 0,
    });
    const withOffset = await image('S2A_MSIL2A_20240612T025551_N0510_R032_T49RGL_20240612T071234', counts(9000));
    expect((await describeScene(withOffset)).reflectance).toEqual({ scale: 1e-4, offset: -0.1 });
    expect((await describeScene(withOffset, { sensor: 'Sentinel-2' })).reflectance?.offset).toBe(-0.1);
  });

  it('gives way to what a person says, field by field', async () => {
    const raw = await image('told', counts(1000));
    const told = { nodata: 7, saturation: 900, reflectance: { scale: 0.001, offset: 0 }, date: '2024-01-01' };
    expect(await describeScene(raw, { sensor: 'GF-2', bands: ['R', 'G', 'B', 'N'], ...told })).toMatchObject({
      bands: ['R', 'G', 'B', 'N'],
      ...told,
    });
    expect(await describeScene(raw, { sensor: 'GF-2', saturation: null })).toMatchObject({ saturation: null });
  });

  it('is nothing for a sensor nobody knows', async () => {
    const { sensor, saturation, nodata } = await describeScene(path, { sensor: 'kite' });
    expect([sensor, saturation, nodata]).toEqual(['kite', null, null]);
  });

  it('refuses a number of bands that no file of it has', async () => {
    const two = await image('two', counts(1000, 2));
    await expect(describeScene(two, { sensor: 'GF-2' })).rejects.toMatchObject({
      code: 'bands-differ',
      message: `${two}: has 2 bands, wanted B,G,R,N or P of GF-2, or their roles by --bands.`,
    });
  });

  it('says that radar is no reflectance, in floats too', async () => {
    const radar = await image('radar', groundBands(20, 10, 2, 'float32'));
    expect(await describeScene(radar, { sensor: 'Sentinel-1' })).toMatchObject({
      bands: ['VV', 'VH'],
      reflectance: null,
    });
    expect((await describeScene(radar, { bands: ['HH', 'HV'] })).reflectance).toBeNull();
  });
});

describe('nodata that the file does not name', () => {
  it('is not observed in windows nor overviews, once the scene has it', async () => {
    const bands = counts(1000).map((band) => band.map((value, i) => (i === 43 ? 0 : value + 1)));
    const scene = await describeScene(await image('unsaid-nodata', bands), { sensor: 'GF-2' });
    const source = await openSceneFile(scene);
    const { mask } = await source.read({ column: 0, row: 0, width: 20, height: 10 });
    await source.close();
    expect([...mask.keys()].filter((i) => mask[i] === 0)).toEqual([43]);
    expect(source.info.nodata).toBe(0);
  });
});
