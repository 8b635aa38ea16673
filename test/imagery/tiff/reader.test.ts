import { afterAll, describe, expect, test } from 'vitest';
import { type Grid, pixelGrid } from '../../../imagery/grid.ts';
import type { Raster, Samples, SampleType } from '../../../imagery/raster.ts';
import { openTiff } from '../../../imagery/tiff/reader.ts';
import { createTiff, writeTiff } from '../../../imagery/tiff/writer.ts';
import { gdalBands, gdalMissing, gdalTiff, groundBands, temporaryFolder } from '../../support/gdal.ts';

const folder = temporaryFolder();
afterAll(folder.remove);

const width = 150;
const height = 70;
const zone38: Grid = {
  width,
  height,
  crs: 'EPSG:4526',
  originX: 38_500_000,
  originY: 3_100_000,
  pixelWidth: 2,
  pixelHeight: -2,
};

async function readAll(path: string): Promise<Raster> {
  const source = await openTiff(path);
  const { width, height } = source.info.grid;
  const raster = await source.read({ column: 0, row: 0, width, height });
  await source.close();
  return raster;
}

/** Without the diff that takes minutes on large arrays. */
function differences(got: Samples[], wanted: Samples[]): number {
  if (got.length !== wanted.length || got.some((band, b) => band.constructor !== wanted[b].constructor)) return -1;
  return got.reduce((sum, band, b) => sum + band.filter((sample, i) => !Object.is(sample, wanted[b][i])).length, 0);
}

describe.skipIf(gdalMissing)('reads what GDAL writes, sample for sample', () => {
  const layouts: [name: string, options: string][] = [
    ['striped, uncompressed', 'COMPRESS=NONE'],
    ['striped, deflate', 'COMPRESS=DEFLATE'],
    ['tiled, deflate', 'COMPRESS=DEFLATE TILED=YES BLOCKXSIZE=64 BLOCKYSIZE=32'],
    ['tiled, deflate, predictor 2', 'COMPRESS=DEFLATE PREDICTOR=2 TILED=YES BLOCKXSIZE=64 BLOCKYSIZE=64'],
    ['band-interleaved tiles, deflate, predictor 2', 'COMPRESS=DEFLATE PREDICTOR=2 TILED=YES INTERLEAVE=BAND'],
    ['band-interleaved strips, uncompressed', 'INTERLEAVE=BAND BLOCKYSIZE=9'],
    ['tiled, LZW, predictor 2', 'COMPRESS=LZW PREDICTOR=2 TILED=YES BLOCKXSIZE=128 BLOCKYSIZE=128'],
    ['striped, LZW', 'COMPRESS=LZW'],
    ['tiled, ZSTD, predictor 2', 'COMPRESS=ZSTD PREDICTOR=2 TILED=YES BLOCKXSIZE=64 BLOCKYSIZE=64'],
    ['striped, PackBits', 'COMPRESS=PACKBITS'],
    ['big-endian, deflate, predictor 2', 'COMPRESS=DEFLATE PREDICTOR=2 ENDIANNESS=BIG'],
    ['big-endian, uncompressed tiles', 'ENDIANNESS=BIG TILED=YES BLOCKXSIZE=16 BLOCKYSIZE=16'],
    ['BigTIFF', 'BIGTIFF=YES COMPRESS=DEFLATE TILED=YES BLOCKXSIZE=64 BLOCKYSIZE=64'],
  ];
  const types: SampleType[] = ['uint8', 'uint16', 'int16', 'float32'];
  for (const [name, options] of layouts) {
    test(name, async () => {
      for (const sampleType of types) {
        const bands = groundBands(width, height, 3, sampleType);
        const path = folder.path(`${name.replace(/\W+/g, '-')}-${sampleType}.tif`);
        gdalTiff(path, width, height, bands, ...options.split(' ').flatMap((option) => ['-co', option]));
        const raster = await readAll(path);
        expect(differences(raster.bands, bands), sampleType).toBe(0);
        expect(raster.mask.every((observed) => observed === 1)).toBe(true);
      }
    });
  }

  for (const sampleType of ['uint32', 'int32', 'float64'] as const) {
    test(sampleType, async () => {
      const bands = groundBands(width, height, 2, sampleType);
      const path = gdalTiff(folder.path(`${sampleType}.tif`), width, height, bands, '-co', 'COMPRESS=DEFLATE');
      expect(differences((await readAll(path)).bands, bands)).toBe(0);
    });
  }

  for (const options of [
    'PREDICTOR=2',
    'PREDICTOR=3',
    'PREDICTOR=3 INTERLEAVE=BAND',
    'PREDICTOR=3 ENDIANNESS=BIG TILED=YES',
  ]) {
    test(`floats, ${options}`, async () => {
      for (const sampleType of ['float32', 'float64'] as const) {
        const bands = groundBands(width, height, 3, sampleType);
        const path = folder.path(`${options.replace(/\W+/g, '-')}-${sampleType}.tif`);
        const flags = `COMPRESS=DEFLATE ${options}`.split(' ').flatMap((option) => ['-co', option]);
        gdalTiff(path, width, height, bands, ...flags);
        // GDAL 3.6 itself does not get big-endian floats with predictor 3 back; what it reads is the standard.
        expect(differences((await readAll(path)).bands, gdalBands(path))).toBe(0);
      }
    });
  }

  for (const sampleType of ['uint8', 'uint16', 'float32'] as const) {
    test(`LERC, ${sampleType}`, async () => {
      const bands = groundBands(width, height, 3, sampleType);
      const path = folder.path(`lerc-${sampleType}.tif`);
      for (const options of ['COMPRESS=LERC', 'COMPRESS=LERC INTERLEAVE=BAND', 'COMPRESS=LERC_DEFLATE TILED=YES']) {
        gdalTiff(path, width, height, bands, ...options.split(' ').flatMap((option) => ['-co', option]));
        expect(differences((await readAll(path)).bands, bands), options).toBe(0);
      }
    });
  }

  test.each<[name: string, count: number, ...options: string[]]>([
    ['one band', 1, 'PHOTOMETRIC=MINISBLACK'],
    ['three bands', 3, 'PHOTOMETRIC=MINISBLACK'],
    ['colours', 3, 'PHOTOMETRIC=RGB'],
    ['colour differences', 3, 'PHOTOMETRIC=YCBCR'],
    ['colour differences in strips', 3, 'PHOTOMETRIC=YCBCR', 'TILED=NO'],
    ['bands apart', 4, 'INTERLEAVE=BAND'],
  ])('JPEG, %s', async (name, count, ...options) => {
    const path = folder.path(`jpeg-${name.replace(/\W+/g, '-')}.tif`);
    const flags = ['COMPRESS=JPEG', 'TILED=YES', 'ALPHA=NO', ...options].flatMap((option) => ['-co', option]);
    gdalTiff(path, width, height, groundBands(width, height, count, 'uint8'), ...flags);
    expect(differences((await readAll(path)).bands, gdalBands(path))).toBe(0);
  });

  test('JPEG, four bands together: within what two JPEG decoders differ', async () => {
    const path = folder.path('jpeg-four.tif');
    const options = ['-co', 'COMPRESS=JPEG', '-co', 'TILED=YES', '-co', 'ALPHA=NO'];
    gdalTiff(path, width, height, groundBands(width, height, 4, 'uint8'), ...options);
    const expected = gdalBands(path);
    const { bands: got } = await readAll(path);
    const errors = got.flatMap((band, b) => Array.from(band, (sample, i) => Math.abs(sample - expected[b][i])));
    expect(errors.length).toBe(4 * width * height);
    expect(Math.max(...errors)).toBeLessThanOrEqual(1);
  });

  test('a bilevel image unpacks to 0 and 1', async () => {
    const bands = [Uint8Array.from({ length: width * height }, (_, i) => (i * 7 + (i >> 5)) % 2)];
    const path = gdalTiff(folder.path('bilevel.tif'), width, height, bands, '-co', 'NBITS=1', '-co', 'COMPRESS=LZW');
    expect(differences((await readAll(path)).bands, bands)).toBe(0);
  });

  test('noise, which fills the LZW dictionary many times over', async () => {
    let seed = 7;
    const noise = Uint8Array.from({ length: 300 * 300 }, () => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
      return seed >>> 24;
    });
    const path = gdalTiff(folder.path('noise.tif'), 300, 300, [noise], '-co', 'COMPRESS=LZW', '-co', 'BLOCKYSIZE=300');
    expect(differences((await readAll(path)).bands, [noise])).toBe(0);
  });

  test('one uncompressed strip of many megabytes', async () => {
    const bands = groundBands(1500, 1200, 2, 'uint16');
    for (const interleave of ['PIXEL', 'BAND']) {
      const path = folder.path(`one-strip-${interleave}.tif`);
      gdalTiff(path, 1500, 1200, bands, '-co', 'BLOCKYSIZE=1200', '-co', `INTERLEAVE=${interleave}`);
      expect(differences((await readAll(path)).bands, bands)).toBe(0);
    }
  });
});

describe.skipIf(gdalMissing)('unobserved pixels', () => {
  const observed = (mask: Uint8Array) => Array.from(mask);
  const tiff = (name: string, bands: Parameters<typeof gdalTiff>[3], ...options: string[]) =>
    gdalTiff(folder.path(`${name}.tif`), 2, 2, bands, ...options);

  test('nodata in any band masks the pixel', async () => {
    const path = tiff('nodata', [Uint16Array.of(5, 0, 7, 8), Uint16Array.of(1, 2, 0, 4)], '-a_nodata', '0');
    const source = await openTiff(path);
    expect(source.info.nodata).toBe(0);
    expect(observed((await source.read({ column: 0, row: 0, width: 2, height: 2 })).mask)).toEqual([1, 0, 0, 1]);
    await source.close();
  });

  test('NaN and infinity mask a float, with or without a nodata value', async () => {
    const band = Float32Array.of(1, Number.NaN, Number.POSITIVE_INFINITY, -9999);
    expect(observed((await readAll(tiff('nan', [band]))).mask)).toEqual([1, 0, 0, 1]);
    expect(observed((await readAll(tiff('nan-nodata', [band], '-a_nodata', 'nan'))).mask)).toEqual([1, 0, 0, 1]);
    expect(observed((await readAll(tiff('nan-9999', [band], '-a_nodata', '-9999'))).mask)).toEqual([1, 0, 0, 0]);
  });

  test('the largest float, as software rounds it into text', async () => {
    const band = Float32Array.of(1, -3.4028234663852886e38, 0, 2);
    const path = tiff('largest', [band], '-a_nodata', '-3.40282347e+38');
    expect(observed((await readAll(path)).mask)).toEqual([1, 0, 1, 1]);
  });

  test('a nodata value the type cannot hold masks nothing', async () => {
    const path = folder.path('impossible.tif');
    await writeTiff(path, pixelGrid(2, 2), [Uint8Array.of(0, 241, 255, 1)], { nodata: -9999 });
    expect(observed((await readAll(path)).mask)).toEqual([1, 1, 1, 1]);
  });

  test('alpha 0 masks, and alpha is no band', async () => {
    const bands = [9, 8, 7].map((value) => new Uint8Array(4).fill(value)).concat([Uint8Array.of(255, 0, 1, 255)]);
    const path = tiff('alpha', bands, '-co', 'ALPHA=YES', '-co', 'PHOTOMETRIC=RGB');
    const raster = await readAll(path);
    expect(raster.bands).toEqual(bands.slice(0, 3));
    expect(observed(raster.mask)).toEqual([1, 0, 1, 1]);
  });

  test('an alpha band that is really near infrared can be read as one', async () => {
    const bands = [9, 8, 7].map((value) => new Uint8Array(4).fill(value)).concat([Uint8Array.of(255, 0, 1, 255)]);
    const path = tiff('infrared', bands, '-co', 'ALPHA=YES', '-co', 'PHOTOMETRIC=RGB');
    const source = await openTiff(path, { alphaIsBand: true });
    const raster = await source.read({ column: 0, row: 0, width: 2, height: 2 });
    expect(source.info.bandCount).toBe(4);
    expect(raster.bands).toEqual(bands);
    expect(observed(raster.mask)).toEqual([1, 1, 1, 1]);
    await source.close();
  });

  test('an internal mask', async () => {
    const [ground] = groundBands(width, height, 1, 'uint8');
    const valid = Uint8Array.from(ground, (_, i) => (i % 11 === 0 ? 0 : 255));
    const path = gdalTiff(
      folder.path('mask.tif'),
      width,
      height,
      [ground, valid],
      ...['-b', '1', '-mask', '2', '--config', 'GDAL_TIFF_INTERNAL_MASK', 'YES', '-co', 'COMPRESS=DEFLATE'],
    );
    const raster = await readAll(path);
    expect(raster.bands).toEqual([ground]);
    expect(raster.mask).toEqual(valid.map((value) => value / 255));
  });

  test('sparse tiles, with or without a nodata value', async () => {
    const bands = [new Uint8Array(64 * 64)];
    bands[0].fill(5, 0, 16);
    const options = ['-co', 'SPARSE_OK=TRUE', '-co', 'TILED=YES', '-co', 'BLOCKXSIZE=16', '-co', 'BLOCKYSIZE=16'];
    const path = gdalTiff(folder.path('sparse.tif'), 64, 64, bands, ...options);
    const { mask } = await readAll(path);
    expect(mask.reduce((sum, value) => sum + value)).toBe(16 * 16);
    expect(mask[0]).toBe(1);
  });
});

describe.skipIf(gdalMissing)('where the pixels lie', () => {
  const place = async (name: string, ...options: string[]) => {
    const path = gdalTiff(folder.path(`${name}.tif`), width, height, [new Uint8Array(width * height)], ...options);
    const source = await openTiff(path);
    await source.close();
    return source.info.grid;
  };
  const corners = ['-a_ullr', '38500000', '3100000', '38500300', '3099860'];

  test('a projected grid', async () => {
    expect(await place('projected', '-a_srs', 'EPSG:4526', ...corners)).toEqual(zone38);
  });

  test('a file that counts pixels as points lies in the same place', async () => {
    const options = ['-a_srs', 'EPSG:4526', ...corners, '-mo', 'AREA_OR_POINT=Point'];
    expect(await place('point', ...options)).toEqual(zone38);
  });

  test('no georeference', async () => {
    expect(await place('nowhere')).toEqual(pixelGrid(width, height));
  });

  test('a geotransform without a CRS', async () => {
    expect(await place('no-crs', ...corners)).toEqual({ ...zone38, crs: null });
  });

  test('rows that run north', async () => {
    const upsideDown = ['-a_ullr', '38500000', '3099860', '38500300', '3100000'];
    const grid = { ...zone38, originY: 3_099_860, pixelHeight: 2 };
    expect(await place('south-up', '-a_srs', 'EPSG:4526', ...upsideDown)).toEqual(grid);
  });

  const crsOf = async (name: string, srs: string, ...options: string[]) =>
    (await place(name, '-a_srs', srs, ...corners, ...options)).crs;
  const custom = '+proj=tmerc +lat_0=0 +lon_0=112.5 +k=1 +x_0=300000 +y_0=-2000000 +ellps=GRS80 +units=m +no_defs';

  test.each(['EPSG:4326', 'EPSG:4490', 'EPSG:4547', 'EPSG:4497', 'EPSG:32650', 'EPSG:32733', 'EPSG:3857'])(
    '%s',
    async (code) => expect(await crsOf(code.replace(':', ''), code)).toBe(code),
  );

  test('a user-defined transverse Mercator', async () => {
    expect(await crsOf('custom', custom)).toMatch(
      /^\+proj=tmerc \+lat_0=0 \+lon_0=112.5 \+k=1 \+x_0=300000 \+y_0=-2000000 /,
    );
  });

  test('a code spelled out as a user-defined projection is recognised', async () => {
    const spelled = '+proj=tmerc +lat_0=0 +lon_0=114 +k=1 +x_0=38500000 +y_0=0 +ellps=GRS80 +units=m +no_defs';
    expect(await crsOf('spelled', spelled)).toBe('EPSG:4526');
  });

  test('as ArcGIS names it, with the name only in a citation', async () => {
    const esri =
      'PROJCS["CGCS2000_3_Degree_GK_Zone_38",GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",' +
      'DATUM["D_China_2000",SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],' +
      'UNIT["Degree",0.0174532925199433]],PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",38500000.0],' +
      'PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",114.0],PARAMETER["Scale_Factor",1.0],' +
      'PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]';
    expect(await crsOf('esri', esri)).toBe('EPSG:4526');
    expect(await crsOf('esri-pe', esri, '-co', 'GEOTIFF_KEYS_FLAVOR=ESRI_PE')).toBe('EPSG:4526');
  });

  test.each([
    ['EPSG:2362', /EPSG:2362.*Xian 1980/],
    ['EPSG:4214', /EPSG:4214/],
    ['+proj=tmerc +lon_0=114 +x_0=500000 +ellps=krass +units=m', /cannot|not known/],
    ['+proj=lcc +lat_1=30 +lat_2=60 +lon_0=105 +ellps=GRS80 +units=m', /projection method 8/],
  ])('%s is refused, saying what was found', async (srs, found) => {
    const expected = { code: 'crs-unknown', message: expect.stringMatching(found) };
    await expect(crsOf(`refused-${srs.replace(/\W+/g, '')}`, srs)).rejects.toThrow(expect.objectContaining(expected));
  });
});

describe('windows', () => {
  const bands = groundBands(width, height, 3, 'uint16');

  test('every window holds the pixels of its place; what lies outside is unobserved', async () => {
    const path = folder.path('windows.tif');
    await writeTiff(path, zone38, bands, { tileSize: 32 });
    const source = await openTiff(path, { cacheBytes: 1 });
    for (const [column, row, w, h] of [
      [0, 0, 150, 70],
      [31, 31, 2, 2],
      [-5, -7, 40, 40],
      [140, 60, 30, 30],
      [149, 69, 1, 1],
    ]) {
      const raster = await source.read({ column, row, width: w, height: h });
      for (let y = 0; y < h; y++) {
        for (let x = 0; x < w; x++) {
          const inside = column + x >= 0 && column + x < width && row + y >= 0 && row + y < height;
          expect(raster.mask[y * w + x]).toBe(inside ? 1 : 0);
          if (!inside) continue;
          const at = (row + y) * width + column + x;
          expect(raster.bands.map((band) => band[y * w + x])).toEqual(bands.map((band) => band[at]));
        }
      }
      expect(raster.grid).toMatchObject({ originX: 38_500_000 + 2 * column, originY: 3_100_000 - 2 * row });
    }
    await source.close();
  });

  test('a window wholly outside is unobserved', async () => {
    const path = folder.path('outside.tif');
    await writeTiff(path, zone38, bands);
    const source = await openTiff(path);
    const raster = await source.read({ column: 1000, row: -1000, width: 8, height: 8 });
    expect(raster.mask.some((observed) => observed === 1)).toBe(false);
    await source.close();
  });

  test('windows read at the same time do not disturb each other', async () => {
    const path = folder.path('together.tif');
    await writeTiff(path, zone38, bands, { tileSize: 16 });
    const source = await openTiff(path);
    const window = (row: number) => ({ column: 0, row, width, height: 1 });
    const rows = await Promise.all(Array.from({ length: height }, (_, row) => source.read(window(row))));
    for (const [row, raster] of rows.entries())
      expect(raster.bands[1]).toEqual(bands[1].subarray(row * width, (row + 1) * width));
    await source.close();
  });

  test('what we write sparse, we read as unobserved', async () => {
    const path = folder.path('ours-sparse.tif');
    const writer = await createTiff(path, pixelGrid(64, 32), { bandCount: 1, sampleType: 'uint8', tileSize: 32 });
    await writer.writeTile(1, 0, [new Uint8Array(32 * 32).fill(3)]);
    await writer.close();
    const { mask, bands } = await readAll(path);
    expect([mask[31], mask[32], bands[0][32]]).toEqual([0, 1, 3]);
  });
});
