import { copyFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openPicture } from '../../../imagery/picture-file/picture.ts';
import type { Raster, RasterInfo, SampleType } from '../../../imagery/raster.ts';
import { describeScene, openSceneFile } from '../../../imagery/scene-file.ts';
import { temporaryFolder } from '../../support/gdal.ts';
import { differing, osgeo, osgeoMissing, samplesOf } from '../../support/gdal-python.ts';
import { readRaster } from '../../support/read-raster.ts';
import { sharedData } from '../../support/shared-data.ts';

const folder = temporaryFolder();
afterAll(folder.remove);

/** Pictures GDAL writes, and the bands (palettes expanded) and mask it reads of them. */
const script = `
os.chdir(sys.argv[1])
width, height = 47, 33
y, x = np.mgrid[0:height, 0:width]
def ground(kind, count):
    top = 65535 if kind == 'uint16' else 255
    return np.stack([(np.sin(x / 5 + b) * np.cos(y / (4 + b)) * 0.45 + 0.5) * top for b in range(count)]).astype(kind)
out, expected, at = {}, [], 0
def record(name, bands, mask=None):
    global at
    out[name] = {'type': bands.dtype.name, 'count': len(bands), 'at': at}
    for array in list(bands) + [np.ones((height, width), 'uint8') if mask is None else mask.astype('uint8')]:
        expected.append(np.ascontiguousarray(array).tobytes()); at += len(expected[-1])
def save(name, driver, kind, count, options=(), palette=None, alpha=False, lossy=False):
    cube = ground(kind, count)
    if palette is not None: cube = (cube // 64).astype('uint8')
    if alpha: cube[-1] = np.where((x + y) % 7 == 0, 0, np.where(x > 30, 100, np.iinfo(kind).max))
    memory = gdal.GetDriverByName('MEM').Create('', width, height, count, gdal.GDT_UInt16 if kind == 'uint16' else gdal.GDT_Byte)
    memory.WriteArray(cube)
    if palette is not None:
        table = gdal.ColorTable()
        for i, colour in enumerate(palette): table.SetColorEntry(i, colour)
        memory.GetRasterBand(1).SetColorTable(table)
    gdal.GetDriverByName(driver).CreateCopy(name, memory, options=list(options))
    back = gdal.Open(name).ReadAsArray().reshape(count, height, width)
    if not lossy and palette is None: assert (back == cube).all(), name
    if palette is not None:
        colours = np.array(palette)[:, :3].astype('uint8')
        back = np.moveaxis(colours[back[0]], -1, 0)
    if alpha: record(name, back[:-1], back[-1] != 0)
    else: record(name, back)
colours = [(10, 20, 30, 255), (200, 100, 50, 255), (0, 255, 0, 255), (90, 90, 200, 255)]
greys = [(0, 0, 0, 255), (80, 80, 80, 255), (160, 160, 160, 255), (255, 255, 255, 255)]
for kind in ('uint8', 'uint16'):
    save('grey-%s.png' % kind, 'PNG', kind, 1)
    save('rgb-%s.png' % kind, 'PNG', kind, 3)
    save('rgba-%s.png' % kind, 'PNG', kind, 4, alpha=True)
    save('grey-alpha-%s.png' % kind, 'PNG', kind, 2, alpha=True)
save('palette.png', 'PNG', 'uint8', 1, palette=colours)
save('grey.jpg', 'JPEG', 'uint8', 1, lossy=True)
save('rgb.jpg', 'JPEG', 'uint8', 3, lossy=True)
save('rgb-444.jpg', 'JPEG', 'uint8', 3, ['QUALITY=100'], lossy=True)
save('progressive.jpg', 'JPEG', 'uint8', 3, ['PROGRESSIVE=ON'], lossy=True)
save('grey.bmp', 'BMP', 'uint8', 1)
save('rgb.bmp', 'BMP', 'uint8', 3)
save('palette.bmp', 'BMP', 'uint8', 1, palette=colours)
save('lossless.webp', 'WEBP', 'uint8', 3, ['LOSSLESS=YES'])
open('expected.raw', 'wb').write(b''.join(expected))
print(json.dumps(out))
`;

describe.skipIf(osgeoMissing)('pictures as GDAL reads them', () => {
  let files: Record<string, { type: SampleType; count: number; at: number }>;
  let expected: Buffer;
  beforeAll(() => {
    files = JSON.parse(osgeo(script, folder.path('.')));
    expected = readFileSync(folder.path('expected.raw'));
  });

  function faults({ bands, mask }: Raster, name: string): number[] {
    const { type, at, count } = files[name];
    const bytes = 47 * 33 * (type === 'uint16' ? 2 : 1);
    expect(bands.length).toBe(count);
    const maskAt = at + count * bytes;
    return [
      ...bands.map((band, b) =>
        differing(band, samplesOf(expected.subarray(at + b * bytes, at + (b + 1) * bytes), type)),
      ),
      differing(mask, samplesOf(expected.subarray(maskAt, maskAt + 47 * 33), 'uint8')),
    ];
  }

  test.each([
    'grey-uint8.png',
    'grey-uint16.png',
    'rgb-uint8.png',
    'rgb-uint16.png',
    'rgba-uint8.png',
    'rgba-uint16.png',
    'grey-alpha-uint8.png',
    'grey-alpha-uint16.png',
    'palette.png',
    'grey.bmp',
    'rgb.bmp',
    'palette.bmp',
    'lossless.webp',
  ])('%s, sample for sample', async (name) => {
    const { raster } = await readRaster(folder.path(name));
    expect(
      faults(raster, name).every((count) => count === 0),
      `${faults(raster, name)}`,
    ).toBe(true);
  });

  test.each(['grey.jpg', 'rgb.jpg', 'rgb-444.jpg', 'progressive.jpg'])(
    '%s: within what two JPEG decoders differ',
    async (name) => {
      const { raster } = await readRaster(folder.path(name));
      const { at, count } = files[name];
      expect(raster.bands.length).toBe(count);
      const errors = raster.bands.flatMap((band, b) =>
        Array.from(band, (value, i) => Math.abs(value - expected[at + b * 1551 + i])),
      );
      expect(errors.length).toBe(count * 1551);
      expect(Math.max(...errors)).toBeLessThanOrEqual(2);
    },
  );

  test.each(['rgb-uint16.png', 'rgba-uint8.png', 'rgb.bmp', 'grey.bmp', 'lossless.webp'])(
    'windows of %s hold the pixels of their place',
    async (name) => {
      const whole = (await readRaster(folder.path(name))).raster;
      for (const [column, row, width, height] of [
        [5, 7, 12, 9],
        [-3, -2, 10, 10],
        [40, 30, 20, 20],
        [46, 32, 1, 1],
        [50, 0, 3, 3],
      ]) {
        const { raster } = await readRaster(folder.path(name), { column, row, width, height });
        for (let i = 0; i < width * height; i++) {
          const [x, y] = [column + (i % width), row + Math.floor(i / width)];
          const isInside = x >= 0 && y >= 0 && x < 47 && y < 33;
          expect(raster.mask[i]).toBe(isInside ? whole.mask[y * 47 + x] : 0);
          if (isInside)
            expect(raster.bands.map((band) => band[i])).toEqual(whole.bands.map((band) => band[y * 47 + x]));
        }
      }
    },
  );

  test('alpha is the fourth band where four are named', async () => {
    const path = folder.path('rgba-uint8.png');
    expect((await describeScene(path)).bands).toEqual(['R', 'G', 'B']);
    const scene = await describeScene(path, { bands: ['B', 'G', 'R', 'N'] });
    const source = await openSceneFile(scene);
    const { bands, mask } = await source.read({ column: 0, row: 0, width: 47, height: 33 });
    await source.close();
    expect(bands.length).toBe(4);
    expect(bands[3][40]).toBe(100);
    expect(mask.every((observed) => observed === 1)).toBe(true);
  });

  test('a picture cut short is damaged, and says so at reading', async () => {
    for (const [name, length] of [
      ['rgb-uint8.png', 900],
      ['rgb-444.jpg', 1500],
    ] as const) {
      const path = folder.path(`short-${name}`);
      copyFileSync(folder.path(name), path);
      truncateSync(path, length);
      await expect(readRaster(path)).rejects.toMatchObject({
        code: 'image-damaged',
        message: expect.stringMatching(/^[^\n]*: is damaged: it cannot be decoded \([^\n]+\)\.$/),
      });
    }
  });

  test('a picture larger than fits is refused before it is decoded', async () => {
    const path = folder.path('rgb-uint8.png');
    await expect(openPicture(path, { mostBytes: 1000 })).rejects.toMatchObject({ code: 'image-unsupported' });
  });

  test('a JPEG that is to be turned is refused', async () => {
    const jpeg = readFileSync(folder.path('rgb.jpg'));
    // EXIF with the orientation alone: turned by a quarter.
    const exif = Buffer.from('ffe1002245786966000049492a000800000001001201030001000000060000000000000000', 'hex');
    writeFileSync(
      folder.path('turned.jpg'),
      Buffer.concat([jpeg.subarray(0, 2), exif.subarray(0, 36), jpeg.subarray(2)]),
    );
    await expect(readRaster(folder.path('turned.jpg'))).rejects.toThrow('got EXIF orientation 6');
  });
});

describe('a bitmap', () => {
  /** 3 x 2 pixels with the given header; rows as stored. */
  function bitmap(
    name: string,
    {
      bits,
      height = 2,
      compression = 0,
      masks = [] as number[],
      headerBytes = 40,
    }: { bits: number; height?: number; compression?: number; masks?: number[]; headerBytes?: number },
    rows: number[][],
    palette: number[][] = [],
  ): string {
    const head = Buffer.alloc(14 + headerBytes);
    head.write('BM', 0, 'latin1');
    head.writeUInt32LE(headerBytes, 14);
    head.writeInt32LE(3, 18);
    head.writeInt32LE(height, 22);
    head.writeUInt16LE(1, 26);
    head.writeUInt16LE(bits, 28);
    head.writeUInt32LE(compression, 30);
    for (const [i, mask] of masks.entries()) head.writeUInt32LE(mask, 54 + 4 * i);
    const colours = Buffer.from(palette.flat());
    head.writeUInt32LE(palette.length, 46);
    head.writeUInt32LE(head.length + colours.length, 10);
    writeFileSync(folder.path(name), Buffer.concat([head, colours, Buffer.from(rows.flat())]));
    return folder.path(name);
  }
  const bgr = [
    [1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 0, 0],
    [11, 12, 13, 14, 15, 16, 17, 18, 19, 0, 0, 0],
  ];

  test('stored from the bottom up, or from the top down where its height is negative', async () => {
    expect((await readRaster(bitmap('up.bmp', { bits: 24 }, bgr))).raster.bands[0]).toEqual(
      Uint8Array.of(13, 16, 19, 3, 6, 9),
    );
    const down = await readRaster(bitmap('down.bmp', { bits: 24, height: -2 }, bgr));
    expect(down.raster.bands).toEqual([
      Uint8Array.of(3, 6, 9, 13, 16, 19),
      Uint8Array.of(2, 5, 8, 12, 15, 18),
      Uint8Array.of(1, 4, 7, 11, 14, 17),
    ]);
    expect(down.info).toMatchObject({ bandCount: 3, sampleType: 'uint8', compression: 'none' });
  });

  test('of 32 bits: the fourth byte is alpha only where the header says so', async () => {
    const rows = [
      [1, 2, 3, 0, 4, 5, 6, 255, 7, 8, 9, 7],
      [1, 2, 3, 0, 4, 5, 6, 255, 7, 8, 9, 7],
    ];
    const plain = await readRaster(bitmap('plain32.bmp', { bits: 32 }, rows));
    expect([plain.raster.bands.length, ...plain.raster.mask]).toEqual([3, 1, 1, 1, 1, 1, 1]);
    const masks = [0xff0000, 0xff00, 0xff, 0xff000000];
    const alpha = await readRaster(bitmap('alpha32.bmp', { bits: 32, compression: 3, masks, headerBytes: 108 }, rows));
    expect([alpha.raster.bands.length, ...alpha.raster.mask]).toEqual([3, 0, 1, 1, 0, 1, 1]);
    expect(alpha.raster.bands[0].subarray(0, 3)).toEqual(Uint8Array.of(3, 6, 9));
  });

  test('of greys is one band, of colours three', async () => {
    const rows = [
      [0, 1, 2, 0],
      [2, 1, 0, 0],
    ];
    const grey = await readRaster(
      bitmap('greys.bmp', { bits: 8, height: -2 }, rows, [
        [5, 5, 5, 0],
        [99, 99, 99, 0],
        [255, 255, 255, 0],
      ]),
    );
    expect(grey.raster.bands).toEqual([Uint8Array.of(5, 99, 255, 255, 99, 5)]);
    const colour = await readRaster(
      bitmap('colours.bmp', { bits: 8, height: -2 }, rows, [
        [1, 2, 3, 0],
        [4, 5, 6, 0],
        [7, 8, 9, 0],
      ]),
    );
    expect(colour.raster.bands.map((band) => band[0])).toEqual([3, 2, 1]);
  });

  test.each([
    ['of 16 bits', { bits: 16 }, 'got 16'],
    ['with runs', { bits: 8, compression: 1 }, 'got compression 1'],
    [
      'in another byte order',
      { bits: 32, compression: 3, masks: [0xff, 0xff00, 0xff0000, 0], headerBytes: 108 },
      'other bit fields',
    ],
    ['too short', { bits: 24, height: 200 }, 'is truncated: wanted at least 2454 bytes, got 78'],
  ])('%s is refused', async (name, header, words) => {
    await expect(readRaster(bitmap(`refused-${name.replace(/\W+/g, '-')}.bmp`, header, bgr))).rejects.toThrow(words);
  });
});

const taizhou = sharedData('landsat_taizhou');

describe.skipIf(taizhou === null)('real pictures', () => {
  test('a mask of reference changes', async () => {
    const { raster } = await readRaster(`${taizhou}change.bmp`);
    expect(raster.bands.length).toBe(1);
    expect(raster.bands[0].filter((value) => value > 0).length).toBe(4227);
  });

  test('a JPEG of 400 x 400', async () => {
    const info: RasterInfo = (await readRaster(`${taizhou}taizhou2000.jpg`)).info;
    expect(info).toMatchObject({ bandCount: 3, sampleType: 'uint8', compression: 'jpeg', nodata: null, overviews: [] });
  });
});
