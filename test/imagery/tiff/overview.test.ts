import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Raster, RasterSource, SampleType } from '../../../imagery/raster.ts';
import { openTiff } from '../../../imagery/tiff/reader.ts';
import { temporaryFolder } from '../../support/gdal.ts';
import { differing, osgeo, osgeoMissing, samplesOf } from '../../support/gdal-python.ts';

/** Files with overviews and masks in every place GDAL keeps them, and what GDAL reads of each level. */
const script = `
width, height = 203, 121
folder = sys.argv[1]
os.chdir(folder)
rng = np.random.default_rng(5)
y, x = np.mgrid[0:height, 0:width]
def ground(name, count):
    scale = 0.1 if name == 'Byte' else 1
    cube = np.stack([(1200 + 700 * np.sin(x / 11 + b) + 400 * np.cos(y / 7) + rng.normal(0, 20, x.shape)) * scale for b in range(count)])
    return np.maximum(cube, 1)
gap = (x - 60) ** 2 + (y - 40) ** 2 < 900
out, expected, at = {}, [], 0
def make(name, kind='UInt16', count=3, options=(), nodata=None, mask=None, alpha=None, levels=(2, 4, 8), external=False):
    path = name + '.tif'
    gdal.SetConfigOption('GDAL_TIFF_INTERNAL_MASK', 'NO' if mask == 'sidecar' else 'YES')
    cube = ground(kind, count)
    if nodata is not None: cube[:, gap] = nodata
    if alpha: cube[count - 1] = np.where(gap, 0, 255)
    ds = gdal.GetDriverByName('GTiff').Create(path, width, height, count, getattr(gdal, 'GDT_' + kind), list(options))
    ds.SetGeoTransform([500000, 2, 0, 3000000, 0, -2])
    srs = osr.SpatialReference(); srs.ImportFromEPSG(4547); ds.SetProjection(srs.ExportToWkt())
    ds.WriteArray(cube)
    if nodata is not None: ds.GetRasterBand(1).SetNoDataValue(nodata)
    if mask: ds.CreateMaskBand(gdal.GMF_PER_DATASET); ds.GetRasterBand(1).GetMaskBand().WriteArray(np.where(gap, 0, 255).astype('uint8'))
    ds = None
    if levels:
        ds = gdal.Open(path, gdal.GA_ReadOnly if external else gdal.GA_Update)
        ds.BuildOverviews('NEAREST', list(levels)); ds = None
    record(name, path, alpha, mask)
def record(name, path, alpha=None, mask_in=None):
    global at
    ds = gdal.Open(path)
    bands = [ds.GetRasterBand(b + 1) for b in range(ds.RasterCount)]
    images = []
    for level in range(-1, bands[0].GetOverviewCount()):
        of = [band if level < 0 else band.GetOverview(level) for band in bands]
        arrays = [band.ReadAsArray() for band in of]
        mask = np.ones(arrays[0].shape, 'uint8')
        if alpha: mask[arrays.pop() == 0] = 0
        else:
            # A mask in a file of its own has its overviews there, too, where GDAL's overviews do not look for it.
            masks = [band.GetMaskBand() for band in (bands if mask_in == 'sidecar' else of)]
            if mask_in == 'sidecar' and level >= 0: masks = [one.GetOverview(level) for one in masks if one.GetOverviewCount()]
            for one in masks: mask[one.ReadAsArray() == 0] = 0
        images.append({'width': of[0].XSize, 'height': of[0].YSize, 'at': at})
        for array in arrays + [mask]: expected.append(array.tobytes()); at += len(expected[-1])
    out[name] = {'type': bands[0].ReadAsArray().dtype.name, 'levels': images}
tiled = ['TILED=YES', 'BLOCKXSIZE=64', 'BLOCKYSIZE=64', 'COMPRESS=DEFLATE']
make('plain', options=tiled + ['PREDICTOR=2'])
make('strips', options=['COMPRESS=LZW', 'INTERLEAVE=BAND'])
make('floats', 'Float32', options=tiled + ['PREDICTOR=3'])
make('big', options=tiled + ['BIGTIFF=YES', 'ENDIANNESS=BIG'])
make('beside', options=tiled, external=True)
make('nodata', options=tiled, nodata=0)
make('mask', options=tiled, mask='internal')
make('mask-jpeg', 'Byte', options=['TILED=YES', 'BLOCKXSIZE=64', 'BLOCKYSIZE=64'], mask='internal')
make('mask-beside', options=tiled, mask='sidecar')
make('mask-and-overviews-beside', options=tiled, mask='sidecar', external=True)
make('mask-alone', options=tiled, mask='internal', levels=())
make('alpha', 'Byte', 4, options=tiled + ['ALPHA=YES', 'PHOTOMETRIC=RGB'], alpha=True)
make('one-pixel', options=['COMPRESS=DEFLATE'], levels=(2, 4, 8, 16, 32, 64, 128, 256))
for name in ('plain', 'mask', 'nodata'):
    gdal.Translate('cog-%s.tif' % name, name + '.tif', format='COG', creationOptions=['COMPRESS=ZSTD', 'BLOCKSIZE=128', 'OVERVIEWS=IGNORE_EXISTING'])
    record('cog-' + name, 'cog-%s.tif' % name)
open('expected.raw', 'wb').write(b''.join(expected))
print(json.dumps(out))
`;

interface Expected {
  type: SampleType;
  levels: { width: number; height: number; at: number }[];
}

describe.skipIf(osgeoMissing)('overviews and masks, level by level as GDAL', () => {
  const folder = temporaryFolder();
  afterAll(folder.remove);
  let files: Record<string, Expected>;
  let expected: Buffer;
  beforeAll(() => {
    files = JSON.parse(osgeo(script, folder.path('.')));
    expected = readFileSync(folder.path('expected.raw'));
  });

  function wrong(raster: Raster, type: SampleType, { at, width, height }: Expected['levels'][number]): string[] {
    const faults: string[] = [];
    const bytes = raster.bands[0].byteLength;
    for (const [b, band] of raster.bands.entries()) {
      const wanted = samplesOf(expected.subarray(at + b * bytes, at + (b + 1) * bytes), type);
      const count = differing(band, wanted);
      if (count !== 0) faults.push(`${width} x ${height}: ${count} samples of band ${b}`);
    }
    const maskAt = at + raster.bands.length * bytes;
    const count = differing(raster.mask, samplesOf(expected.subarray(maskAt, maskAt + width * height), 'uint8'));
    return count === 0 ? faults : [...faults, `${width} x ${height}: ${count} of the mask`];
  }

  const readAll = (source: RasterSource) => source.read({ ...source.info.grid, column: 0, row: 0 });

  test.each([
    ['plain', 3],
    ['strips', 3],
    ['floats', 3],
    ['big', 3],
    ['beside', 3],
    ['nodata', 3],
    ['mask', 3],
    ['mask-jpeg', 3],
    ['mask-and-overviews-beside', 3],
    ['mask-alone', 0],
    ['alpha', 3],
    ['one-pixel', 8],
    ['cog-plain', 1],
    ['cog-mask', 1],
    ['cog-nodata', 1],
  ])('%s', async (name, overviews) => {
    const { type, levels } = files[name];
    const source = await openTiff(folder.path(`${name}.tif`));
    expect(source.info.overviews).toEqual(levels.slice(1).map(({ width, height }) => ({ width, height })));
    expect(source.info.overviews.length).toBe(overviews);
    expect(wrong(await readAll(source), type, levels[0])).toEqual([]);
    for (const [index, level] of levels.slice(1).entries()) {
      const reduced = await source.overview(index);
      const { grid } = reduced.info;
      expect([grid.width, grid.height, grid.crs]).toEqual([level.width, level.height, 'EPSG:4547']);
      expect([grid.originX, grid.originY]).toEqual([500_000, 3_000_000]);
      expect(grid.pixelWidth * grid.width).toBeCloseTo(406, 9);
      expect(grid.pixelHeight * grid.height).toBeCloseTo(-242, 9);
      expect(wrong(await readAll(reduced), type, level)).toEqual([]);
      await reduced.close();
    }
    await source.close();
  });

  test('masks hide something at every level, or the comparison would say nothing', () => {
    for (const name of ['nodata', 'mask', 'mask-and-overviews-beside', 'alpha', 'cog-mask']) {
      const { type, levels } = files[name];
      for (const { width, height, at } of levels) {
        const bytes = { uint8: 1, uint16: 2, float32: 4 }[type as string]! * width * height * 3;
        const mask = expected.subarray(at + bytes, at + bytes + width * height);
        const hidden = mask.filter((observed) => observed === 0).length / mask.length;
        expect(hidden, `${name} ${width}`).toBeGreaterThan(0.08);
        expect(hidden, `${name} ${width}`).toBeLessThan(0.16);
      }
    }
  });

  test('overviews of which nobody says what was observed are not offered', async () => {
    const source = await openTiff(folder.path('mask-beside.tif'));
    expect(files['mask-beside'].levels.length).toBe(4);
    expect(source.info.overviews).toEqual([]);
    expect(wrong(await readAll(source), 'uint16', files['mask-beside'].levels[0])).toEqual([]);
    await source.close();
  });

  test('an overview ends with its source, and its own closing leaves the source open', async () => {
    const source = await openTiff(folder.path('plain.tif'));
    const reduced = await source.overview(0);
    await reduced.close();
    expect((await source.read({ column: 0, row: 0, width: 2, height: 2 })).mask).toEqual(Uint8Array.of(1, 1, 1, 1));
    await source.close();
    await expect(source.read({ column: 0, row: 0, width: 2, height: 2 })).rejects.toThrow();
  });

  test('a level that is not there is an error', async () => {
    const source = await openTiff(folder.path('plain.tif'));
    await expect(source.overview(3)).rejects.toThrow('has 3 overviews');
    await source.close();
  });
});
