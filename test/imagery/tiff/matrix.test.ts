import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Raster, SampleType } from '../../../imagery/raster.ts';
import { openTiff } from '../../../imagery/tiff/reader.ts';
import { temporaryFolder } from '../../support/gdal.ts';
import { differing, osgeo, osgeoMissing, samplesOf } from '../../support/gdal-python.ts';

/**
 * Every way of storing pixels against every other: GDAL writes each file and reads it back, and our reader must give
 * the same samples. 37 x 29 pixels leave partial tiles and a short last strip.
 */
const script = `
width, height, count = 37, 29, 3
types = {'uint8': gdal.GDT_Byte, 'int8': gdal.GDT_Byte, 'uint16': gdal.GDT_UInt16, 'int16': gdal.GDT_Int16,
         'uint32': gdal.GDT_UInt32, 'int32': gdal.GDT_Int32, 'float32': gdal.GDT_Float32, 'float64': gdal.GDT_Float64}
folder = sys.argv[1]
rng = np.random.default_rng(7)
def ground(name):
    y, x = np.mgrid[0:height, 0:width]
    bands = [1500 + 900 * np.sin(x / 7 + b) + 500 * np.cos(y / 5) + rng.normal(0, 30, (height, width)) for b in range(count)]
    cube = np.stack(bands)
    if name == 'uint8': return np.clip(cube / 12, 0, 255).astype('uint8')
    if name == 'int8': return (cube / 25 - 60).astype('int8')
    if name.startswith('uint'): return (cube * (1 if name == 'uint16' else 60000)).astype(name)
    if name.startswith('int'): return ((cube - 1500) * (10 if name == 'int16' else 60000)).astype(name)
    return (cube / 10000 - 0.1).astype(name)
grounds = {name: ground(name) for name in types}
def predictors(codec, name):
    if codec in ('DEFLATE', 'LZW', 'ZSTD'): return [1, 2, 3] if name.startswith('float') else [1, 2]
    return [1]
entries, expected = [], []
at = 0
for codec in ['NONE', 'PACKBITS', 'DEFLATE', 'LZW', 'ZSTD', 'LERC', 'LERC_DEFLATE', 'LERC_ZSTD']:
    for name in types:
        for predictor in predictors(codec, name):
            for tiled in (False, True):
                for interleave in ('PIXEL', 'BAND'):
                    for big, endian in ((False, 'LITTLE'), (True, 'LITTLE'), (False, 'BIG')):
                        options = ['COMPRESS=' + codec, 'INTERLEAVE=' + interleave, 'ENDIANNESS=' + endian,
                                   'BIGTIFF=' + ('YES' if big else 'NO')]
                        options += ['TILED=YES', 'BLOCKXSIZE=32', 'BLOCKYSIZE=16'] if tiled else ['BLOCKYSIZE=8']
                        if predictor > 1: options += ['PREDICTOR=%d' % predictor]
                        if name == 'int8': options += ['PIXELTYPE=SIGNEDBYTE']
                        path = os.path.join(folder, '%d.tif' % len(entries))
                        try:
                            ds = gdal.GetDriverByName('GTiff').Create(path, width, height, count, types[name], options)
                            ds.WriteArray(grounds[name].view('uint8') if name == 'int8' else grounds[name])
                            ds = None
                            back = gdal.Open(path).ReadAsArray()
                        except RuntimeError as error:
                            continue
                        if name != 'int8': assert back.dtype == grounds[name].dtype
                        expected.append(back.tobytes())
                        entries.append({'path': path, 'type': name, 'codec': codec, 'options': ' '.join(options), 'at': at,
                                        'lossless': back.tobytes() == grounds[name].tobytes()})
                        at += len(expected[-1])
# Images of one pixel, one row, one column; and tiles never written.
small = []
for codec in ('NONE', 'DEFLATE', 'LZW', 'ZSTD', 'LERC', 'PACKBITS'):
    for w, h in ((1, 1), (37, 1), (1, 29), (64, 64)):
        for tiled in (False, True):
            path = os.path.join(folder, 'small-%d.tif' % len(small))
            options = ['COMPRESS=' + codec] + (['TILED=YES', 'BLOCKXSIZE=32', 'BLOCKYSIZE=32', 'SPARSE_OK=TRUE'] if tiled else [])
            ds = gdal.GetDriverByName('GTiff').Create(path, w, h, 1, gdal.GDT_UInt16, options)
            # Of four tiles the first and the last are written.
            for at_ in ((0, 0), (32, 32)) if (w, h) == (64, 64) else ((0, 0),):
                ds.GetRasterBand(1).WriteArray((1 + np.arange(min(w, 32) * min(h, 32)) % 999).reshape(min(h, 32), min(w, 32)).astype('uint16'), *at_)
            ds = None
            small.append({'path': path, 'width': w, 'height': h, 'codec': codec, 'tiled': tiled})
json.dump(small, open(os.path.join(folder, 'small.json'), 'w'))
open(os.path.join(folder, 'expected.raw'), 'wb').write(b''.join(expected))
print(json.dumps(entries))
`;

interface Entry {
  path: string;
  type: SampleType;
  codec: string;
  options: string;
  at: number;
  lossless: boolean;
}

/** Refused by name: the LERC decoder at hand does not get them right. */
function beyondLerc(type: SampleType, options: string): boolean {
  return type === 'uint32' || (type.startsWith('float') && options.includes('ENDIANNESS=BIG'));
}

interface Small {
  path: string;
  width: number;
  height: number;
  codec: string;
  tiled: boolean;
}

async function readAll(path: string): Promise<Raster> {
  const source = await openTiff(path);
  try {
    return await source.read({ column: 0, row: 0, width: 37, height: 29 });
  } finally {
    await source.close();
  }
}

describe.skipIf(osgeoMissing)('sample for sample as GDAL, in every combination', () => {
  const folder = temporaryFolder();
  afterAll(folder.remove);
  let entries: Entry[];
  let expected: Buffer;
  beforeAll(() => {
    entries = JSON.parse(osgeo(script, folder.path('.')));
    expected = readFileSync(folder.path('expected.raw'));
  });

  test.each(['NONE', 'PACKBITS', 'DEFLATE', 'LZW', 'ZSTD', 'LERC', 'LERC_DEFLATE', 'LERC_ZSTD'])(
    '%s',
    async (codec) => {
      const files = entries.filter((entry) => entry.codec === codec);
      // 8 sample types, strips and tiles, pixels and bands interleaved, classic and BigTIFF, both byte orders, predictors.
      expect(files.length).toBeGreaterThanOrEqual(['DEFLATE', 'LZW', 'ZSTD'].includes(codec) ? 216 : 96);
      const wrong: string[] = [];
      for (const { path, type, options, at, lossless } of files) {
        const read = await readAll(path).catch((error: Error) => error);
        if (read instanceof Error) {
          if (codec.startsWith('LERC') && beyondLerc(type, options) && read.message.includes('another type in LERC'))
            continue;
          wrong.push(`${type} ${options}: ${read.message}`);
          continue;
        }
        const { bands, mask } = read;
        // GDAL 3.6 writes big-endian floats with predictor 3 so that nobody gets them back, NaN among them.
        if (lossless && !mask.every((observed) => observed === 1)) wrong.push(`${type} ${options}: masked`);
        for (const [b, band] of bands.entries()) {
          const from = at + b * band.byteLength;
          const wanted = samplesOf(expected.subarray(from, from + band.byteLength), type);
          const count = differing(band, wanted);
          if (count !== 0) wrong.push(`${type} ${options}: band ${b}, ${count} differ`);
        }
      }
      expect(wrong).toEqual([]);
    },
  );

  test('one pixel, one row, one column, tiles never written', async () => {
    const small: Small[] = JSON.parse(readFileSync(folder.path('small.json'), 'utf8'));
    expect(small.length).toBe(48);
    for (const { path, width, height, codec, tiled } of small) {
      const source = await openTiff(path);
      const { bands, mask } = await source.read({ column: 0, row: 0, width, height });
      await source.close();
      let faults = 0;
      for (let i = 0; i < width * height; i++) {
        const [x, y] = [i % width, Math.floor(i / width)];
        const isWritten = x >> 5 === y >> 5;
        const value = 1 + (((y % 32) * Math.min(width, 32) + (x % 32)) % 999);
        if (mask[i] !== (isWritten || !tiled ? 1 : 0)) faults++;
        if (bands[0][i] !== (isWritten ? value : 0)) faults++;
      }
      expect(faults, `${codec} ${width} x ${height} ${tiled}`).toBe(0);
    }
  });
});
