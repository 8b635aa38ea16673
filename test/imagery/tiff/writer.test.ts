import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { type Grid, pixelGrid } from '../../../imagery/grid.ts';
import type { SampleType } from '../../../imagery/raster.ts';
import { createTiff, writeTiff } from '../../../imagery/tiff/writer.ts';
import { gdal, gdalBands, gdalInfo, gdalMissing, groundBands, temporaryFolder } from '../../support/gdal.ts';

const folder = temporaryFolder();
afterAll(folder.remove);

const zone38: Grid = {
  width: 150,
  height: 70,
  crs: 'EPSG:4526',
  originX: 38_500_000,
  originY: 3_100_000,
  pixelWidth: 2,
  pixelHeight: -2,
};

describe.skipIf(gdalMissing)('GDAL reads what we write', () => {
  const types: SampleType[] = ['uint8', 'uint16', 'int16', 'uint32', 'int32', 'float32', 'float64'];
  for (const sampleType of types) {
    for (const compress of ['deflate', 'none'] as const) {
      test(`${sampleType}, ${compress}: every sample of every band`, async () => {
        const path = folder.path(`${sampleType}-${compress}.tif`);
        const bands = groundBands(zone38.width, zone38.height, 3, sampleType);
        await writeTiff(path, zone38, bands, { compress, tileSize: 64 });
        expect(gdalBands(path)).toEqual(bands);
      });
    }
  }

  test('a single band', async () => {
    const path = folder.path('single.tif');
    const bands = groundBands(zone38.width, zone38.height, 1, 'float32');
    await writeTiff(path, zone38, bands);
    expect(gdalBands(path)).toEqual(bands);
  });

  test('the grid, a projected CRS and the nodata value', async () => {
    const path = folder.path('grid.tif');
    await writeTiff(path, zone38, groundBands(150, 70, 1, 'uint16'), { nodata: 65535 });
    const info = gdalInfo(path);
    expect(info.geoTransform).toEqual([38_500_000, 2, 0, 3_100_000, 0, -2]);
    expect(info.stac['proj:epsg']).toBe(4526);
    expect(info.bands[0].noDataValue).toBe(65535);
  });

  test('NaN as the nodata value of floats', async () => {
    const path = folder.path('nan.tif');
    await writeTiff(path, zone38, groundBands(150, 70, 1, 'float32'), { nodata: Number.NaN });
    expect(gdalInfo(path).bands[0].noDataValue).toBe('NaN');
  });

  test('a geographic CRS', async () => {
    const path = folder.path('lonlat.tif');
    const grid = { ...zone38, crs: 'EPSG:4490', originX: 113, originY: 28, pixelWidth: 1e-5, pixelHeight: -1e-5 };
    await writeTiff(path, grid, groundBands(150, 70, 1, 'uint8'));
    expect(gdalInfo(path).stac['proj:epsg']).toBe(4490);
  });

  test('a transverse Mercator that has no code', async () => {
    const path = folder.path('user-defined.tif');
    const crs = '+proj=tmerc +lat_0=0 +lon_0=112.5 +k=1 +x_0=300000 +y_0=-2000000 +ellps=GRS80 +towgs84=0,0,0 +units=m';
    await writeTiff(path, { ...zone38, crs }, groundBands(150, 70, 1, 'uint8'));
    const { wkt } = gdalInfo(path).coordinateSystem;
    expect(wkt).toContain('Transverse Mercator');
    expect(wkt).toContain('"Longitude of natural origin",112.5');
    expect(wkt).toContain('"False northing",-2000000');
    expect(wkt).toContain('China Geodetic Coordinate System 2000');
  });

  test('an image without georeference has none', async () => {
    const path = folder.path('pixels.tif');
    await writeTiff(path, pixelGrid(150, 70), groundBands(150, 70, 1, 'uint8'));
    const info = gdalInfo(path);
    expect(info.coordinateSystem).toBeUndefined();
    expect(info.geoTransform).toBeUndefined();
  });

  test('rows that run north', async () => {
    const path = folder.path('south-up.tif');
    await writeTiff(path, { ...zone38, pixelHeight: 2 }, groundBands(150, 70, 1, 'uint8'));
    expect(gdalInfo(path).geoTransform).toEqual([38_500_000, 2, 0, 3_100_000, 0, 2]);
  });

  test('a BigTIFF with tiles never written: they are nodata', async () => {
    const path = folder.path('big.tif');
    const grid = { ...zone38, width: 40_000, height: 40_000 };
    const writer = await createTiff(path, grid, { bandCount: 1, sampleType: 'float32', nodata: -1, tileSize: 1024 });
    const tile = groundBands(1024, 1024, 1, 'float32');
    await writer.writeTile(3, 2, tile);
    await writer.close();
    expect(readFileSync(path).readUInt16LE(2)).toBe(43);
    const corner = folder.path('big-corner.tif');
    gdal('gdal_translate', '-q', '-srcwin', '3071', '2048', '2', '1', path, corner);
    expect(gdalBands(corner)[0]).toEqual(Float32Array.of(-1, tile[0][0]));
  });
});

test('the same pixels give the same bytes', async () => {
  const bands = groundBands(150, 70, 4, 'uint16');
  await writeTiff(folder.path('first.tif'), zone38, bands, { tileSize: 32 });
  await writeTiff(folder.path('second.tif'), zone38, bands, { tileSize: 32 });
  expect(readFileSync(folder.path('first.tif')).equals(readFileSync(folder.path('second.tif')))).toBe(true);
});

describe('nothing half-written', () => {
  const parts = (path: string) => readdirSync(dirname(path)).filter((name) => name.endsWith('.part'));

  test('the file appears on close', async () => {
    const path = folder.path('appears.tif');
    const writer = await createTiff(path, pixelGrid(16, 16), { bandCount: 1, sampleType: 'uint8' });
    await writer.writeTile(0, 0, [new Uint8Array(256)]);
    expect(existsSync(path)).toBe(false);
    await writer.close();
    expect(existsSync(path)).toBe(true);
    expect(parts(path)).toEqual([]);
  });

  test('abort leaves what stood there before', async () => {
    const path = folder.path('kept.tif');
    writeFileSync(path, 'old');
    const writer = await createTiff(path, pixelGrid(16, 16), { bandCount: 1, sampleType: 'uint8' });
    await writer.writeTile(0, 0, [new Uint8Array(256)]);
    await writer.abort();
    expect(readFileSync(path, 'utf8')).toBe('old');
    expect(parts(path)).toEqual([]);
  });

  test.each([
    ['too few samples', [new Uint8Array(255)], 'wanted 16 x 16 samples in each band of the tile, got 255.'],
    ['another type', [new Uint16Array(256)], 'wanted uint8 samples, got uint16.'],
    ['another band count', [], 'wanted 1 bands per tile, got 0.'],
  ])('%s in a tile is refused and nothing is left', async (_, bands, message) => {
    const path = folder.path('refused.tif');
    const writer = await createTiff(path, pixelGrid(16, 16), { bandCount: 1, sampleType: 'uint8' });
    await expect(writer.writeTile(0, 0, bands)).rejects.toThrow(message);
    await writer.abort();
    expect(existsSync(path)).toBe(false);
    expect(parts(path)).toEqual([]);
  });

  test('a folder that does not exist is one clear sentence', async () => {
    const path = folder.path('nowhere/out.tif');
    await expect(writeTiff(path, pixelGrid(1, 1), [new Uint8Array(1)])).rejects.toThrow(/out\.tif: cannot be written/);
  });
});
