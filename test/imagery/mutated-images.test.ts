import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ImageryError } from '../../imagery/error.ts';
import { pixelGrid } from '../../imagery/grid.ts';
import { pictureLibrary } from '../../imagery/picture-library.ts';
import { writeTiff } from '../../imagery/tiff/writer.ts';
import { temporaryFolder } from '../support/gdal.ts';
import { seededRandom } from '../support/random.ts';
import { readRaster } from '../support/read-raster.ts';

const folder = temporaryFolder();
afterAll(folder.remove);
const ground = Uint8Array.from({ length: 40 * 30 * 3 }, (_, i) => (i * 7 + (i >> 4)) & 255);

/** Good files, of which the named one is changed at random. */
const kinds: Record<
  string,
  { changed: string; opened: string; files: () => Promise<Record<string, Buffer | string>> }
> = {
  ENVI: {
    changed: 'a.hdr',
    opened: 'a.dat',
    files: async () => ({
      'a.dat': Buffer.from(ground),
      'a.hdr':
        'ENVI\nsamples = 40\nlines = 30\nbands = 3\nheader offset = 0\ndata type = 1\ninterleave = bil\nbyte order = 0\n' +
        'map info = {UTM, 1, 1, 500000, 3000000, 30, 30, 51, North, WGS-84, units=Meters}\nband names = {a, b,\n c}\ndata ignore value = 0\n',
    }),
  },
  BMP: {
    changed: 'a.bmp',
    opened: 'a.bmp',
    files: async () => {
      const head = Buffer.alloc(54);
      head.write('BM', 0, 'latin1');
      for (const [at, value] of [
        [10, 54],
        [14, 40],
        [18, 40],
        [22, 30],
      ])
        head.writeUInt32LE(value, at);
      head.writeUInt16LE(1, 26);
      head.writeUInt16LE(24, 28);
      return { 'a.bmp': Buffer.concat([head, Buffer.from(ground)]) };
    },
  },
  PNG: { changed: 'a.png', opened: 'a.png', files: async () => ({ 'a.png': await picture('png') }) },
  JPEG: { changed: 'a.jpg', opened: 'a.jpg', files: async () => ({ 'a.jpg': await picture('jpeg') }) },
  WebP: { changed: 'a.webp', opened: 'a.webp', files: async () => ({ 'a.webp': await picture('webp') }) },
  '.aux.xml': {
    changed: 'b.tif.aux.xml',
    opened: 'b.tif',
    files: async () => ({
      'b.tif': await tiff(),
      'b.tif.aux.xml':
        '<PAMDataset>\n<SRS dataAxisToSRSAxisMapping="2,1">PROJCS["GK",GEOGCS["C",DATUM["China_2000",SPHEROID["CGCS2000",6378137,298.257222101]],' +
        'PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],PARAMETER["central_meridian",114],' +
        'PARAMETER["false_easting",500000],UNIT["metre",1]]</SRS>\n<GeoTransform> 5.0e+05, 2.0, 0.0, 3.0e+06, 0.0, -2.0</GeoTransform>\n' +
        '<PAMRasterBand band="1"><NoDataValue>0</NoDataValue><Scale>0.5</Scale></PAMRasterBand>\n</PAMDataset>\n',
    }),
  },
  'world file': {
    changed: 'c.tfw',
    opened: 'c.tif',
    files: async () => ({ 'c.tif': await tiff(), 'c.tfw': '2\n0\n0\n-2\n500001\n2999999\n' }),
  },
};

async function picture(format: 'png' | 'jpeg' | 'webp'): Promise<Buffer> {
  const sharp = await pictureLibrary();
  return sharp(ground, { raw: { width: 40, height: 30, channels: 3 } })
    .toFormat(format)
    .toBuffer();
}

async function tiff(): Promise<Buffer> {
  await writeTiff(folder.path('source.tif'), pixelGrid(40, 30), [ground.slice(0, 1200)]);
  return readFileSync(folder.path('source.tif'));
}

describe('images changed at random end in pixels or in one line, within seconds', () => {
  beforeAll(async () => {
    for (const { files } of Object.values(kinds))
      for (const [name, content] of Object.entries(await files())) writeFileSync(folder.path(name), content);
  });

  test.each(Object.entries(kinds))('%s', async (_, { changed, opened }) => {
    const good = readFileSync(folder.path(changed));
    expect((await readRaster(folder.path(opened))).raster.mask.length).toBe(1200);
    const random = seededRandom(20_261_121);
    const below = (n: number) => Math.floor(random() * n);
    let refused = 0;
    for (let round = 0; round < 150; round++) {
      let bytes = Buffer.from(good);
      // Heads decide most; every third change falls anywhere, every tenth file is cut off.
      for (let hit = 0; hit <= below(4); hit++)
        bytes[below(round % 3 === 0 ? bytes.length : Math.min(bytes.length, 200))] = below(2) ? below(256) : 0xff;
      if (round % 10 === 0) bytes = bytes.subarray(0, below(bytes.length));
      writeFileSync(folder.path(changed), bytes);
      const result = await readRaster(folder.path(opened)).catch((error) => error);
      if (result instanceof ImageryError) {
        refused++;
        expect(result.message).toMatch(/^[^\n]+$/);
      } else if (result instanceof Error) throw new Error(`round ${round}`, { cause: result });
    }
    writeFileSync(folder.path(changed), good);
    // WebP and JPEG have no checksums: most of what is changed there is a picture still.
    expect(refused).toBeGreaterThan(5);
  });

  test('a header of a million blanks is no trap', async () => {
    writeFileSync(folder.path('blanks.dat'), 'x');
    writeFileSync(folder.path('blanks.hdr'), `ENVI\n${' '.repeat(1e6)}\nsamples${' '.repeat(1e6)}\n`);
    await expect(readRaster(folder.path('blanks.dat'))).rejects.toThrow("wanted 'samples'");
  });
});
