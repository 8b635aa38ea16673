import { copyFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseEnviHeader } from '../../../imagery/envi/header.ts';
import type { ImageryError } from '../../../imagery/error.ts';
import { openRaster } from '../../../imagery/open-raster.ts';
import type { Raster, SampleType } from '../../../imagery/raster.ts';
import { describeScene } from '../../../imagery/scene-file.ts';
import { temporaryFolder } from '../../support/gdal.ts';
import { differing, osgeo, osgeoMissing, samplesOf } from '../../support/gdal-python.ts';
import { readRaster } from '../../support/read-raster.ts';
import { sharedData } from '../../support/shared-data.ts';

const folder = temporaryFolder();
afterAll(folder.remove);

const script = `
os.chdir(sys.argv[1])
width, height, count = 53, 31, 3
types = {'uint8': 'Byte', 'int16': 'Int16', 'int32': 'Int32', 'float32': 'Float32', 'float64': 'Float64', 'uint16': 'UInt16', 'uint32': 'UInt32'}
out, expected, at = [], [], 0
rng = np.random.default_rng(3)
for name, gdal_type in types.items():
    span = np.iinfo(name).max if 'int' in name else 1e6
    low = np.iinfo(name).min if name.startswith('int') else 0 if 'int' in name else -1e6
    cube = rng.uniform(low, span, (count, height, width)).astype(name)
    for interleave in ('BSQ', 'BIL', 'BIP'):
        path = '%s-%s.img' % (name, interleave)
        ds = gdal.GetDriverByName('ENVI').Create(path, width, height, count, getattr(gdal, 'GDT_' + gdal_type), ['INTERLEAVE=' + interleave])
        ds.WriteArray(cube); ds = None
        # Most significant byte first, behind 100 bytes of something else: GDAL reads such files but does not write them.
        raw = np.fromfile(path, dtype=name)
        big = path.replace('.img', '-big.img')
        open(big, 'wb').write(b'x' * 100 + raw.byteswap().tobytes())
        header = open(path.replace('.img', '.hdr')).read()
        open(big.replace('.img', '.hdr'), 'w').write(header.replace('byte order = 0', 'byte order = 1').replace('header offset = 0', 'header offset = 100'))
        for one in (path, big):
            back = gdal.Open(one).ReadAsArray()
            assert (back == cube).all()
        expected.append(back.tobytes())
        out.append({'type': name, 'paths': [path, big], 'at': at}); at += len(expected[-1])
open('expected.raw', 'wb').write(b''.join(expected))
print(json.dumps(out))
`;

describe.skipIf(osgeoMissing)('raw samples as GDAL reads them', () => {
  let files: { type: SampleType; paths: string[]; at: number }[];
  let expected: Buffer;
  beforeAll(() => {
    files = JSON.parse(osgeo(script, folder.path('.')));
    expected = readFileSync(folder.path('expected.raw'));
  });

  const bandsOf = (type: SampleType, at: number) => {
    const bytes = samplesOf(Buffer.alloc(8), type).BYTES_PER_ELEMENT * 53 * 31;
    return [0, 1, 2].map((b) => samplesOf(expected.subarray(at + b * bytes, at + (b + 1) * bytes), type));
  };

  test('in seven types, three interleaves, both byte orders, behind an offset', async () => {
    expect(files.length).toBe(21);
    for (const { type, paths, at } of files) {
      for (const path of paths) {
        const { raster } = await readRaster(folder.path(path));
        expect(
          raster.bands.map((band, b) => differing(band, bandsOf(type, at)[b])),
          path,
        ).toEqual([0, 0, 0]);
        expect(raster.mask.every((observed) => observed === 1)).toBe(true);
      }
    }
  });

  test.each([
    ['inside', 7, 5, 11, 9],
    ['narrow', 40, 0, 3, 31],
    ['one pixel', 52, 30, 1, 1],
    ['over the left and upper edge', -4, -3, 20, 10],
    ['over the right and lower edge', 45, 25, 20, 20],
    ['outside', 60, 0, 5, 5],
  ])('a window %s', async (_, column, row, width, height) => {
    for (const { type, paths, at } of files) {
      const whole = bandsOf(type, at);
      const { raster } = await readRaster(folder.path(paths[1]), { column, row, width, height });
      let faults = 0;
      for (let i = 0; i < width * height; i++) {
        const [x, y] = [column + (i % width), row + Math.floor(i / width)];
        const isInside = x >= 0 && y >= 0 && x < 53 && y < 31;
        if (raster.mask[i] !== (isInside ? 1 : 0)) faults++;
        if (isInside) faults += raster.bands.filter((band, b) => !Object.is(band[i], whole[b][y * 53 + x])).length;
      }
      expect(faults, paths[1]).toBe(0);
    }
  });
});

/** A 2 x 2 image of one byte a pixel with the given lines in its header. */
function envi(name: string, lines: string, data: Buffer = Buffer.from([1, 2, 3, 4])): string {
  writeFileSync(folder.path(name), data);
  const header = `ENVI\nsamples = 2\nlines = 2\nbands = 1\ndata type = 1\ninterleave = bsq\nbyte order = 0\n${lines}\n`;
  writeFileSync(folder.path(`${name}.hdr`), header);
  return folder.path(name);
}

const china =
  'GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",DATUM["D_China_2000",SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]';
const gaussKruger = (meridian: number, easting: number) =>
  `PROJCS["GK",${china},PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",${easting}.0],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",${meridian}.0],PARAMETER["Scale_Factor",1.0],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]`;

describe('where it lies', () => {
  const place = 'map info = {UTM, 1.000, 1.000, 500000.0, 3000000.0, 30.0, 20.0, 51, North, WGS-84, units=Meters}';
  const grid = { originX: 500_000, originY: 3_000_000, pixelWidth: 30, pixelHeight: -20, width: 2, height: 2 };

  test.each([
    ['UTM', place, { ...grid, crs: 'EPSG:32651' }],
    ['UTM south', place.replace('North', 'South'), { ...grid, crs: 'EPSG:32751' }],
    [
      'a tie to the centre of the second pixel',
      place.replace('1.000, 1.000', '2.5, 1.5'),
      { ...grid, originX: 499_955, originY: 3_000_010, crs: 'EPSG:32651' },
    ],
    [
      'degrees',
      'map info = {Geographic Lat/Lon, 1, 1, 112.5, 27.25, 0.0001, 0.0002, WGS-84, units=Degrees}',
      { originX: 112.5, originY: 27.25, pixelWidth: 0.0001, pixelHeight: -0.0002, crs: 'EPSG:4326' },
    ],
    [
      'degrees of CGCS2000',
      `map info = {Geographic Lat/Lon, 1, 1, 112.5, 27.25, 0.0001, 0.0002, D_China_2000}\ncoordinate system string = {${china}}`,
      { originX: 112.5, crs: 'EPSG:4490' },
    ],
    [
      'a Gauss-Krüger zone',
      `map info = {CGCS2000_3_Degree_GK_CM_111E, 1, 1, 500000, 3000000, 30, 20, D_China_2000, units=Meters}\ncoordinate system string = {${gaussKruger(111, 500_000)}}`,
      { ...grid, crs: 'EPSG:4546' },
    ],
    [
      'a zone with its number in front',
      `map info = {GK_37, 1, 1, 37500000, 3000000, 30, 20, units=Meters}\ncoordinate system string = {${gaussKruger(111, 37_500_000)}}`,
      { ...grid, originX: 37_500_000, crs: 'EPSG:4525' },
    ],
    [
      'a transverse Mercator in numbers',
      'map info = {GK, 1, 1, 500000, 3000000, 30, 20, units=Meters}\nprojection info = {3, 6378137.0, 6356752.3, 0.0, 111.0, 500000.0, 0.0, 1.0, D_China_2000, GK, units=Meters}',
      { ...grid, crs: 'EPSG:4546' },
    ],
    ['no CRS', 'map info = {Arbitrary, 1, 1, 500000, 3000000, 30, 20, 0, North}', { ...grid, crs: null }],
    [
      'nowhere, as ENVI writes it',
      'map info = {Arbitrary, 1, 1, 0, 0, 1, 1, 0, North}',
      { originX: 0, originY: 0, pixelWidth: 1, pixelHeight: 1, crs: null },
    ],
    ['nowhere', '', { originX: 0, originY: 0, pixelWidth: 1, pixelHeight: 1, crs: null }],
  ])('%s', async (name, lines, expected) => {
    const { info } = await readRaster(envi(`place-${name.replace(/\W+/g, '-')}`, lines));
    expect(info.grid).toMatchObject(expected);
  });

  test.each([
    ['rotated', place.replace('units', 'rotation=12.5, units'), 'an image rotated by 12.5°'],
    ['feet', 'map info = {State Plane, 1, 1, 0, 0, 1, 2, WGS-84, units=Feet}', "'map info' in feet"],
    ['another datum', place.replace('WGS-84', 'North America 1983'), 'UTM'],
    [
      'another datum in words',
      place.replace('UTM', 'GK') +
        `\ncoordinate system string = {${gaussKruger(111, 500_000).replaceAll(/D_China_2000|GCS_China\w+/g, 'D_Xian_1980')}}`,
      'datum "D_Xian_1980"',
    ],
    ['ground control points', 'geo points = {1, 1, 27.0, 112.0}', 'ground control points'],
    ['RPCs alone', 'rpc info = {1, 2, 3}', 'a raw one with RPCs only'],
    ['too short', 'map info = {UTM, 1, 1, 0}', "its 'map info' is {UTM, 1, 1, 0}"],
  ])('refused: %s', async (name, lines, words) => {
    await expect(readRaster(envi(`refused-${name.replace(/\W+/g, '-')}`, lines))).rejects.toThrow(words);
  });
});

describe('what else the header says', () => {
  test('data ignore value is not observed', async () => {
    const { info, raster } = await readRaster(envi('ignore', 'data ignore value = 3'));
    expect(info.nodata).toBe(3);
    expect(raster.mask).toEqual(Uint8Array.of(1, 1, 0, 1));
  });

  test('band names and what the numbers stand for; reading leaves them as they are', async () => {
    const path = envi('said', 'band names = {\n near infrared}\nreflectance scale factor = 10000');
    const { info, raster } = await readRaster(path);
    expect(info.bandNames).toEqual(['near infrared']);
    expect(info.scale).toEqual([{ scale: 1e-4, offset: 0 }]);
    expect(raster.bands[0]).toEqual(Uint8Array.of(1, 2, 3, 4));
    const gains = await readRaster(envi('gains', 'data gain values = {0.5}\ndata offset values = {-1}'));
    expect(gains.info.scale).toEqual([{ scale: 0.5, offset: -1 }]);
  });

  test('keys in capitals, no blanks, Windows line ends, comments', () => {
    const header = parseEnviHeader(
      'x.hdr',
      'ENVI\r\n; made by hand\r\nSamples=3\r\nLINES =  4\r\nData  Type=4\r\nbyte order=1\r\n',
    );
    expect(header).toMatchObject({ width: 3, height: 4, bandCount: 1, sampleType: 'float32', littleEndian: false });
  });

  test.each([
    ['no width', 'lines = 2\ndata type = 1', "wanted 'samples' of 1 or more, got none"],
    [
      'a width that is no number',
      'samples = many\nlines = 2\ndata type = 1',
      'wanted \'samples\' of 1 or more, got "many"',
    ],
    ['complex numbers', 'samples = 2\nlines = 2\ndata type = 6', 'got 6 (complex numbers)'],
    ['an interleave nobody knows', 'samples = 2\nlines = 2\ndata type = 1\ninterleave = xyz', 'got "xyz"'],
  ])('refused: %s', (_, lines, words) => {
    expect(() => parseEnviHeader('x.hdr', `ENVI\n${lines}\n`)).toThrow(words);
  });
});

test('lent arrays are filled and given back', async () => {
  const source = await openRaster(envi('lent', 'data ignore value = 3'));
  const into = { grid: source.info.grid, bands: [new Uint8Array(4)], mask: new Uint8Array(4) };
  const raster = await source.read({ column: 0, row: 0, width: 2, height: 2 }, into);
  await source.close();
  expect(raster.bands[0]).toBe(into.bands[0]);
  expect(into).toMatchObject({ bands: [Uint8Array.of(1, 2, 3, 4)], mask: Uint8Array.of(1, 1, 0, 1) });
});

describe('the two files', () => {
  test.each([
    ['x.img', 'x.hdr'],
    ['y.img', 'y.img.hdr'],
    ['z', 'z.hdr'],
    ['A', 'A.HDR'],
    ['b.DAT', 'b.hdr'],
  ])('%s and %s find each other', async (data, header) => {
    copyFileSync(envi('source', ''), folder.path(data));
    copyFileSync(folder.path('source.hdr'), folder.path(header));
    for (const named of [data, header]) {
      const { info, raster } = await readRaster(folder.path(named));
      expect(info.path).toBe(folder.path(data));
      expect(raster.bands).toEqual([Uint8Array.of(1, 2, 3, 4)]);
    }
  });

  const refusal = (path: string): Promise<ImageryError> =>
    openRaster(path).then(
      () => Promise.reject(new Error('opened')),
      (error) => error,
    );

  test('a header without data', async () => {
    writeFileSync(folder.path('alone.hdr'), 'ENVI\nsamples = 2\nlines = 2\ndata type = 1\n');
    expect(await refusal(folder.path('alone.hdr'))).toMatchObject({
      code: 'file-missing',
      message: expect.stringMatching(/alone\.hdr: is an ENVI header: wanted its data file beside it/),
    });
  });

  test('data that end too early', async () => {
    const path = envi('short', '');
    truncateSync(path, 3);
    expect(await refusal(path)).toMatchObject({
      code: 'image-damaged',
      message: `${path}: is truncated: wanted at least 4 bytes by its header, got 3.`,
    });
  });

  test('a scene named by its header is the scene of its data', async () => {
    const path = envi('scene', '');
    const [byData, byHeader] = [await describeScene(path), await describeScene(`${path}.hdr`)];
    expect(byHeader).toEqual(byData);
    expect(byHeader.path).toBe(path);
  });
});

const taizhou = sharedData('landsat_taizhou');

describe.skipIf(taizhou === null)('a real pair of Landsat', () => {
  test('opens by either file, where its header says it lies', async () => {
    const byHeader = await readRaster(`${taizhou}2000TM.HDR`);
    const { info, raster }: { info: typeof byHeader.info; raster: Raster } = await readRaster(`${taizhou}2000TM`);
    expect(info.grid).toEqual({
      width: 400,
      height: 400,
      crs: 'EPSG:32651',
      originX: 203_325,
      originY: 3_604_935,
      pixelWidth: 30,
      pixelHeight: -30,
    });
    expect(info.bandNames![3]).toBe('Resize (ETM+ Meta (Band 4):L71119038_03820000317_MTL.txt)');
    const bytes = readFileSync(`${taizhou}2000TM`);
    expect(
      raster.bands.map((band, b) => differing(band, new Uint8Array(bytes.subarray(b * 160_000, (b + 1) * 160_000)))),
    ).toEqual([0, 0, 0, 0, 0, 0]);
    expect(byHeader.raster.bands[5][159_999]).toBe(raster.bands[5][159_999]);
  });
});
