import { copyFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pixelGrid } from '../../../imagery/grid.ts';
import { describeScene } from '../../../imagery/scene-file.ts';
import { encodeDirectory, type TiffTag } from '../../../imagery/tiff/directory.ts';
import { writeTiff } from '../../../imagery/tiff/writer.ts';
import { temporaryFolder } from '../../support/gdal.ts';
import { osgeo, osgeoMissing } from '../../support/gdal-python.ts';
import { readRaster } from '../../support/read-raster.ts';

const folder = temporaryFolder();
afterAll(folder.remove);

/** Files of 8 x 4 pixels, each with something said of it by GDAL. */
const script = `
os.chdir(sys.argv[1])
values = np.arange(32).reshape(4, 8)
def make(name, kind='UInt16', count=2, options=()):
    ds = gdal.GetDriverByName('GTiff').Create(name + '.tif', 8, 4, count, getattr(gdal, 'GDT_' + kind), list(options))
    for b in range(count): ds.GetRasterBand(b + 1).WriteArray(values + 100 * b)
    return ds
ds = make('scale')
for b, (scale, offset) in enumerate([(2.75e-5, -0.2), (2.75e-5, -0.2)]): ds.GetRasterBand(b + 1).SetScale(scale); ds.GetRasterBand(b + 1).SetOffset(offset)
ds.GetRasterBand(1).SetDescription('red & <edge>')
ds.GetRasterBand(1).SetStatistics(0, 31, 15, 9)
ds = make('scales')
for b in (0, 1): ds.GetRasterBand(b + 1).SetScale(0.5 + b)
ds = make('scale-second-band')
ds.GetRasterBand(2).SetOffset(7)
ds = make('scale-beside'); ds = None
ds = gdal.Open('scale-beside.tif')
for b in (0, 1): ds.GetRasterBand(b + 1).SetScale(0.001); ds.GetRasterBand(b + 1).SetOffset(-1)
ds.GetRasterBand(1).ComputeStatistics(False)
ds = make('statistics'); ds.GetRasterBand(1).ComputeStatistics(False)
ds = make('nodata-beside'); ds = None
ds = gdal.Open('nodata-beside.tif')
for b in (0, 1): ds.GetRasterBand(b + 1).SetNoDataValue(5)
ds = make('nodata-differs-beside'); ds = None
ds = gdal.Open('nodata-differs-beside.tif')
for b in (0, 1): ds.GetRasterBand(b + 1).SetNoDataValue(5 + b)
ds = make('rpc')
rpc = {'LINE_OFF': '2', 'SAMP_OFF': '4', 'LAT_OFF': '27', 'LONG_OFF': '112', 'HEIGHT_OFF': '100', 'LINE_SCALE': '2', 'SAMP_SCALE': '4', 'LAT_SCALE': '1', 'LONG_SCALE': '1', 'HEIGHT_SCALE': '500'}
for part in ('LINE_NUM', 'LINE_DEN', 'SAMP_NUM', 'SAMP_DEN'): rpc[part + '_COEFF'] = ' '.join(['1'] + ['0'] * 19)
ds.SetMetadata(rpc, 'RPC')
ds = make('rpc-and-place'); ds.SetMetadata(rpc, 'RPC'); ds.SetGeoTransform([500000, 2, 0, 3000000, 0, -2])
ds = make('rpc-beside'); ds = None
ds = gdal.Open('rpc-beside.tif'); ds.SetMetadata(rpc, 'RPC')
ds = None
# What is stored is what colour times alpha leaves.
ds = gdal.GetDriverByName('GTiff').Create('premultiplied.tif', 4, 1, 4, gdal.GDT_Byte, ['ALPHA=PREMULTIPLIED', 'PHOTOMETRIC=RGB'])
alpha = np.array([[255, 128, 51, 0]], 'uint8')
for b in range(3): ds.GetRasterBand(b + 1).WriteArray(np.round(200 * (alpha / 255.0)).astype('uint8'))
ds.GetRasterBand(4).WriteArray(alpha)
# Nodata, alpha and mask each hide other pixels.
gdal.SetConfigOption('GDAL_TIFF_INTERNAL_MASK', 'YES')
ds = gdal.GetDriverByName('GTiff').Create('all-three.tif', 8, 4, 4, gdal.GDT_Byte, ['ALPHA=YES', 'PHOTOMETRIC=RGB'])
for b in range(3): ds.GetRasterBand(b + 1).WriteArray(np.where(values == 3, 9, 50 + values).astype('uint8'))
ds.GetRasterBand(4).WriteArray(np.where(values == 10, 0, 255).astype('uint8'))
ds.GetRasterBand(1).SetNoDataValue(9)
ds.CreateMaskBand(gdal.GMF_PER_DATASET)
ds.GetRasterBand(1).GetMaskBand().WriteArray(np.where(values == 20, 0, 255).astype('uint8'))
ds = None
# Floats whose nodata is written with fewer or more digits than a float has, and one beyond it.
for name, value, stored in (('tenth', '0.1', 0.1), ('many-digits', '-9999.123456789', -9999.123456789), ('lowest', '-1.7976931348623157e+308', -3.4028234663852886e38)):
    ds = make(name, 'Float32', 1); band = ds.GetRasterBand(1)
    array = values.astype('float32'); array[0, 2] = stored; band.WriteArray(array); band.SetNoDataValue(float(value)); ds = None
# LERC leaves NaN out by a mask of its own.
for codec in ('LERC', 'LERC_DEFLATE', 'LERC_ZSTD'):
    ds = gdal.GetDriverByName('GTiff').Create(codec + '.tif', 8, 4, 1, gdal.GDT_Float32, ['COMPRESS=' + codec])
    array = (values + 0.25).astype('float32'); array[1, 3] = np.nan; array[3, 4:] = np.nan; ds.GetRasterBand(1).WriteArray(array); ds = None
    back = gdal.Open(codec + '.tif').ReadAsArray()
    assert np.isnan(back).sum() == 5
`;

describe.skipIf(osgeoMissing)('what GDAL says of an image', () => {
  beforeAll(() => {
    osgeo(script, folder.path('.'));
  });
  const info = async (name: string) => (await readRaster(folder.path(`${name}.tif`))).info;
  const hidden = async (name: string) => {
    const { mask } = (await readRaster(folder.path(`${name}.tif`))).raster;
    return [...mask.keys()].filter((i) => mask[i] === 0);
  };

  test('scale and offset, in its tags or beside it; numbers are read as stored', async () => {
    const landsat = { scale: 2.75e-5, offset: -0.2 };
    expect((await info('scale')).scale).toEqual([landsat, landsat]);
    expect((await info('scales')).scale).toEqual([
      { scale: 0.5, offset: 0 },
      { scale: 1.5, offset: 0 },
    ]);
    expect((await info('scale-second-band')).scale).toEqual([
      { scale: 1, offset: 0 },
      { scale: 1, offset: 7 },
    ]);
    expect((await info('scale-beside')).scale).toEqual([
      { scale: 0.001, offset: -1 },
      { scale: 0.001, offset: -1 },
    ]);
    const { raster } = await readRaster(folder.path('scale.tif'));
    expect(raster.bands[1].subarray(0, 3)).toEqual(Uint16Array.of(100, 101, 102));
  });

  test('is the reflectance of the scene where all bands share it', async () => {
    expect((await describeScene(folder.path('scale.tif'))).reflectance).toEqual({ scale: 2.75e-5, offset: -0.2 });
  });

  test('is no reflectance where bands differ in it', async () => {
    expect((await describeScene(folder.path('scales.tif'))).reflectance).toBeNull();
    expect((await describeScene(folder.path('statistics.tif'))).reflectance).toEqual({ scale: 1e-4, offset: 0 });
  });

  test('names of bands; statistics are none of our business', async () => {
    expect((await info('scale')).bandNames).toEqual(['red & <edge>', '']);
    expect(await info('statistics')).toMatchObject({ scale: null, bandNames: null, nodata: null });
  });

  test('nodata beside it', async () => {
    expect((await info('nodata-beside')).nodata).toBe(5);
    expect(await hidden('nodata-beside')).toEqual([5]);
    await expect(info('nodata-differs-beside')).rejects.toThrow('wanted one nodata value, got 5, 6');
  });

  test.each(['tenth', 'many-digits', 'lowest'])('nodata in another precision than its samples: %s', async (name) => {
    expect(await hidden(name)).toEqual([2]);
  });

  test('nodata, alpha and mask each hide their pixels', async () => {
    expect(await hidden('all-three')).toEqual([3, 10, 20]);
  });

  test.each(['LERC', 'LERC_DEFLATE', 'LERC_ZSTD'])('what %s leaves out is not observed', async (name) => {
    expect(await hidden(name)).toEqual([11, 28, 29, 30, 31]);
    expect((await readRaster(folder.path(`${name}.tif`))).raster.bands[0][12]).toBe(12.25);
  });

  test('a premultiplied alpha is taken out of the colours', async () => {
    const { raster } = await readRaster(folder.path('premultiplied.tif'));
    expect(raster.mask).toEqual(Uint8Array.of(1, 1, 1, 0));
    for (const band of raster.bands) {
      // 8 bits times a fifth leave 51 levels: what comes back is right to half of one.
      for (const [i, tolerance] of [
        [0, 0],
        [1, 1],
        [2, 2.5],
      ])
        expect(Math.abs(band[i] - 200)).toBeLessThanOrEqual(tolerance);
    }
  });

  test.each(['rpc', 'rpc-beside'])('RPCs and nothing else refuse it: %s', async (name) => {
    await expect(info(name)).rejects.toMatchObject({
      code: 'image-unsupported',
      message: `${folder.path(`${name}.tif`)}: cannot be read: wanted an orthorectified image, got a raw one with RPCs only (in itself); orthorectify it first, e.g. with gdalwarp -rpc and a height model.`,
    });
  });

  test('RPCs of an image that knows its place do not', async () => {
    expect((await info('rpc-and-place')).grid).toMatchObject({ originX: 500_000, pixelHeight: -2 });
  });
});

describe('files beside a TIFF', () => {
  const plain = async (name: string) => {
    await writeTiff(folder.path(name), pixelGrid(8, 4), [new Uint8Array(32)]);
    return folder.path(name);
  };

  test.each(['_rpc.txt', '_RPC.TXT', '.rpb'])('RPCs in %s', async (ending) => {
    const path = await plain(`level-1${ending}.tif`);
    writeFileSync(path.replace(/\.tif$/, ending), 'LINE_OFF: 100\n');
    await expect(readRaster(path)).rejects.toThrow(`a raw one with RPCs only (in ${path.replace(/\.tif$/, ending)})`);
  });

  test.each(['.tfw', '.TFW', '.tifw', '.wld'])('a world file %s, with its CRS in .prj', async (ending) => {
    const path = await plain(`world${ending}.tif`);
    writeFileSync(path.replace(/\.tif$/, ending), '2.0\n0.0\n0.0\n-2.5\n500001.0\n2999998.75\n');
    const wkt =
      'PROJCS["CGCS2000_3_Degree_GK_CM_111E",GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",DATUM["D_China_2000",' +
      'SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],' +
      'PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",500000.0],PARAMETER["False_Northing",0.0],' +
      'PARAMETER["Central_Meridian",111.0],PARAMETER["Scale_Factor",1.0],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]';
    writeFileSync(path.replace(/\.tif$/, '.prj'), wkt);
    const { grid } = (await readRaster(path)).info;
    expect(grid).toEqual({
      width: 8,
      height: 4,
      crs: 'EPSG:4546',
      originX: 500_000,
      originY: 3_000_000,
      pixelWidth: 2,
      pixelHeight: -2.5,
    });
  });

  test('a world file that turns the image, or is none', async () => {
    const turned = await plain('turned.tif');
    writeFileSync(folder.path('turned.tfw'), '1.9\n0.6\n0.6\n-1.9\n0\n0\n');
    await expect(readRaster(turned)).rejects.toThrow('an image rotated by 17.5');
    const broken = await plain('broken.tif');
    writeFileSync(folder.path('broken.tfw'), 'not a number\n');
    await expect(readRaster(broken)).rejects.toThrow('broken.tfw: wanted six numbers, one a line, got "not"');
  });

  test('a damaged mask beside an image is not passed over', async () => {
    const path = await plain('masked.tif');
    copyFileSync(path, `${path}.msk`);
    writeFileSync(`${path}.msk`, 'nothing');
    await expect(readRaster(path)).rejects.toThrow('masked.tif.msk: wanted a TIFF, got text');
  });
});

describe('an image that lies on its side', () => {
  const oriented = (orientation: number): string => {
    const short = (id: number, ...values: number[]): TiffTag => ({ id, type: 'short', values });
    const tags = [
      short(256, 2),
      short(257, 2),
      short(258, 8),
      short(259, 1),
      short(262, 1),
      short(274, orientation),
      short(277, 1),
      short(278, 2),
    ];
    const at = (offset: number) =>
      encodeDirectory(
        [...tags, { id: 273, type: 'long', values: [offset] }, { id: 279, type: 'long', values: [4] }],
        false,
      );
    const path = folder.path(`orientation-${orientation}.tif`);
    writeFileSync(path, Buffer.concat([at(at(0).length), Buffer.from([1, 2, 3, 4])]));
    return path;
  };

  test('is read with orientation 1', async () => {
    expect((await readRaster(oriented(1))).raster.bands).toEqual([Uint8Array.of(1, 2, 3, 4)]);
  });

  test.each([2, 3, 4, 5, 6, 7, 8])('is refused with orientation %i', async (orientation) => {
    await expect(readRaster(oriented(orientation))).rejects.toThrow(`got orientation ${orientation}`);
  });
});
