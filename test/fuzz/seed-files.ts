import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { osgeo } from '../support/gdal-python.ts';

/** Small valid files in most ways of storing pixels, written by GDAL: what hostile files are made from. */
const script = `
folder = sys.argv[1]
rng = np.random.default_rng(11)
numbers = {'uint8': gdal.GDT_Byte, 'int8': gdal.GDT_Byte, 'uint16': gdal.GDT_UInt16, 'int16': gdal.GDT_Int16,
           'int32': gdal.GDT_Int32, 'float32': gdal.GDT_Float32, 'float64': gdal.GDT_Float64}
def ground(name, width, height, count):
    y, x = np.mgrid[0:height, 0:width]
    cube = np.stack([1500 + 900 * np.sin(x / 7 + b) + 500 * np.cos(y / 5) + rng.normal(0, 30, (height, width)) for b in range(count)])
    if name == 'uint8': return np.clip(cube / 12, 1, 255).astype('uint8')
    if name == 'int8': return (cube / 25 - 60).astype('int8')
    if name.startswith('float'): return (cube / 10000).astype(name)
    return cube.astype(name)
def place(ds):
    ds.SetGeoTransform((520000, 10, 0, 3000000, 0, -10))
    reference = osr.SpatialReference(); reference.ImportFromEPSG(32650)
    ds.SetProjection(reference.ExportToWkt())
def plain(name, type_, width, height, count, *options, nodata=None, overviews=(), mask=False, alpha=False, constant=None, empty=False):
    path = os.path.join(folder, name + '.tif')
    gdal.SetConfigOption('GDAL_TIFF_INTERNAL_MASK', 'YES')
    options = list(options) + (['PIXELTYPE=SIGNEDBYTE'] if type_ == 'int8' else []) + (['ALPHA=YES'] if alpha else [])
    ds = gdal.GetDriverByName('GTiff').Create(path, width, height, count, numbers[type_], options)
    place(ds)
    cube = ground(type_, width, height, count)
    if constant is not None: cube[:] = constant
    if empty: cube[:, 32:64, 64:128] = 0
    if alpha: cube[-1] = np.where(np.arange(width) % 9 == 4, 0, 255)
    if nodata is not None:
        cube[:, 5:17, 9:30] = nodata
        for b in range(count): ds.GetRasterBand(b + 1).SetNoDataValue(nodata)
    ds.WriteArray(cube.view('uint8') if type_ == 'int8' else cube)
    if mask:
        ds.CreateMaskBand(gdal.GMF_PER_DATASET)
        hole = np.full((height, width), 255, 'uint8'); hole[20:40, 30:60] = 0
        ds.GetRasterBand(1).GetMaskBand().WriteArray(hole)
    ds = None
    if overviews:
        ds = gdal.Open(path, gdal.GA_Update); ds.BuildOverviews('NEAREST', list(overviews)); ds = None
def cog(name, type_, width, height, count, *options, **rest):
    plain('source', type_, width, height, count, **rest)
    source = os.path.join(folder, 'source.tif')
    ds = gdal.Open(source)
    gdal.GetDriverByName('COG').CreateCopy(os.path.join(folder, name + '.tif'), ds, options=list(options))
    ds = None
    os.remove(source)
tiled = ('TILED=YES', 'BLOCKXSIZE=64', 'BLOCKYSIZE=32')
cog('cog-deflate-uint16', 'uint16', 300, 200, 3, 'COMPRESS=DEFLATE', 'PREDICTOR=YES', 'BLOCKSIZE=128', 'RESAMPLING=NEAREST')
cog('cog-lzw-mask', 'uint8', 260, 180, 3, 'COMPRESS=LZW', 'BLOCKSIZE=128', mask=True)
cog('cog-zstd-float32', 'float32', 200, 150, 2, 'COMPRESS=ZSTD', 'PREDICTOR=YES', 'BLOCKSIZE=128')
cog('cog-big-deflate', 'int16', 200, 150, 2, 'COMPRESS=DEFLATE', 'BLOCKSIZE=128', 'BIGTIFF=YES', nodata=-9999)
plain('tiled-none-planar-be', 'uint16', 100, 70, 3, 'ENDIANNESS=BIG', 'INTERLEAVE=BAND', *tiled)
plain('tiled-deflate-overviews', 'uint16', 220, 130, 3, 'COMPRESS=DEFLATE', 'PREDICTOR=2', *tiled, nodata=0, overviews=(2, 4))
plain('tiled-deflate-mask-overviews', 'uint8', 150, 130, 3, 'COMPRESS=DEFLATE', *tiled, mask=True, overviews=(2,))
plain('tiled-zstd-big-be', 'int32', 90, 80, 2, 'COMPRESS=ZSTD', 'PREDICTOR=2', 'BIGTIFF=YES', 'ENDIANNESS=BIG', *tiled)
plain('tiled-lzw-float64', 'float64', 90, 80, 2, 'COMPRESS=LZW', 'PREDICTOR=3', *tiled)
plain('tiled-none-float32', 'float32', 100, 70, 2, *tiled, nodata=-9999)
plain('tiled-none-int8', 'int8', 70, 70, 1, *tiled)
plain('tiled-sparse', 'uint16', 200, 100, 2, 'COMPRESS=DEFLATE', 'SPARSE_OK=TRUE', *tiled, empty=True)
plain('tiled-alpha', 'uint8', 100, 70, 4, 'COMPRESS=DEFLATE', *tiled, alpha=True)
plain('tiled-jpeg-rgb', 'uint8', 150, 100, 3, 'COMPRESS=JPEG', 'PHOTOMETRIC=YCBCR', *tiled)
plain('tiled-jpeg-four', 'uint8', 100, 70, 4, 'COMPRESS=JPEG', *tiled)
plain('tiled-lerc-float32', 'float32', 100, 70, 1, 'COMPRESS=LERC', *tiled)
plain('tiled-lerc-zstd-uint16', 'uint16', 100, 70, 2, 'COMPRESS=LERC_ZSTD', *tiled)
plain('tiled-constant', 'uint16', 128, 96, 4, 'COMPRESS=DEFLATE', *tiled, constant=777)
plain('strips-none', 'uint8', 100, 80, 3, 'BLOCKYSIZE=80')
plain('strips-none-planar-big', 'int16', 100, 80, 3, 'BLOCKYSIZE=16', 'INTERLEAVE=BAND', 'BIGTIFF=YES')
plain('strips-deflate-be', 'int16', 120, 90, 2, 'COMPRESS=DEFLATE', 'PREDICTOR=2', 'ENDIANNESS=BIG', 'BLOCKYSIZE=16')
plain('strips-lzw-planar', 'uint16', 120, 90, 3, 'COMPRESS=LZW', 'PREDICTOR=2', 'INTERLEAVE=BAND', 'BLOCKYSIZE=16')
plain('strips-packbits', 'uint8', 120, 90, 2, 'COMPRESS=PACKBITS', 'BLOCKYSIZE=32')
plain('strips-jpeg-grey', 'uint8', 128, 96, 1, 'COMPRESS=JPEG', 'BLOCKYSIZE=32')
plain('strips-bits', 'uint8', 100, 60, 1, 'NBITS=1', 'COMPRESS=DEFLATE', 'BLOCKYSIZE=16')
plain('one-pixel', 'uint16', 1, 1, 3)
print(json.dumps(sorted(os.listdir(folder))))
`;

/** A valid file, by the name of how it stores its pixels. */
export interface SeedFile {
  name: string;
  bytes: Buffer;
}

export function writeSeedFiles(folder: string): SeedFile[] {
  const names: string[] = JSON.parse(osgeo(script, folder));
  return names
    .filter((name) => name.endsWith('.tif'))
    .map((name) => ({ name: name.replace(/\.tif$/, ''), bytes: readFileSync(join(folder, name)) }));
}
