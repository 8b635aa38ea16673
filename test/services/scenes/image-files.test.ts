import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRaster } from '../../../imagery/open-raster.ts';
import { companionsAmong, factsBeside, imagesAmong, namedImages } from '../../../services/scenes/image-files.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tuban-images-'));
  for (const name of ['june', 'june/east', 'june/.hidden', 'empty']) await mkdir(join(folder, name));
  const names = ['b.tif', 'a.TIFF', 'a.json', 'notes.txt', 'june/c.tif', 'june/east/d.tif', 'june/.hidden/e.tif'];
  for (const name of names) await writeFile(join(folder, name), '{"stac_version":"1.0.0"}');
});
afterAll(() => rm(folder, { recursive: true, force: true }));
const under = (...names: string[]) => names.map((name) => join(folder, name));

/** A grey picture of 4 × 4 pixels. */
async function pictureBytes(ending: string): Promise<Buffer> {
  const picture = sharp({ create: { width: 4, height: 4, channels: 3, background: { r: 90, g: 90, b: 90 } } });
  if (ending !== '.bmp') return picture.toFormat(ending === '.jpg' ? 'jpeg' : (ending.slice(1) as 'webp')).toBuffer();
  // 24 bits a pixel, nothing compressed, rows bottom-up.
  const header = Buffer.alloc(54);
  header.write('BM', 'latin1');
  for (const [at, value] of Object.entries({ 2: 102, 10: 54, 14: 40, 18: 4, 22: 4, 34: 48 }))
    header.writeUInt32LE(value, Number(at));
  header.writeUInt16LE(1, 26);
  header.writeUInt16LE(24, 28);
  return Buffer.concat([header, Buffer.alloc(48, 90)]);
}

describe('images among files', () => {
  it('are what is one by itself, has its place beside it, or its header', () => {
    const names = ['z.tif', 'a.TIFF', 'p.png', 'p.pgw', 'alone.png', 'e.dat', 'e.hdr', 'other.dat', 'f', 'f.hdr', 'g'];
    expect(imagesAmong(names)).toEqual(['a.TIFF', 'e.dat', 'f', 'p.png', 'z.tif']);
  });

  describe('are pictures of each format, where a world file of theirs lies', () => {
    const worldFiles = { png: 'pgw pngw', jpg: 'jgw jpgw', jpeg: 'jgw jpegw', webp: 'wpw webpw', bmp: 'bpw bmpw' };
    const pairs = Object.entries(worldFiles).flatMap(([ending, worlds]) =>
      [...worlds.split(' '), 'wld', 'WLD'].map((world) => [`a.${ending}`, `a.${world}`] as const),
    );

    it.each(pairs)('%s with %s', async (picture, world) => {
      const others = ['b.png', 'b.jpg', 'b.webp', 'b.bmp', `c.${extname(world)}`, 'a.gif'];
      expect(imagesAmong([picture, world, ...others])).toEqual([picture]);
      expect(imagesAmong([picture.toUpperCase(), world.toUpperCase()])).toEqual([picture.toUpperCase()]);
      expect(companionsAmong([picture, world, 'a.json', ...others], picture)).toEqual([world, 'a.json', 'a.gif']);
      // And there its reader takes the place from.
      const place = await mkdtemp(join(folder, 'empty', 'picture-'));
      await writeFile(join(place, picture), await pictureBytes(extname(picture)));
      await writeFile(join(place, world), '2\n0\n0\n-2\n500001\n2999999\n');
      const source = await openRaster(join(place, picture));
      expect(source.info.grid).toMatchObject({ originX: 500_000, originY: 3_000_000, pixelWidth: 2, pixelHeight: -2 });
      await source.close();
      await rm(place, { recursive: true });
    });
  });

  it('are no quality bands, nothing hidden, no facts, no half of a download', () => {
    expect(imagesAmong(['a_QA_PIXEL.TIF', 'a_SCL_20m.tif', '.a.tif', 'a.json', 'a.tif.part', 'a.tif.ovr'])).toEqual([]);
  });

  it('are followed by what belongs to them and to no other', () => {
    const names = ['a.tif', 'a.json', 'a.tif.ovr', 'a.tfw', 'a_SCL.tif', 'a_2.tif', 'a_2.json', 'ab.json', 'b.tif'];
    expect(companionsAmong(names, 'a.tif')).toEqual(['a.json', 'a.tif.ovr', 'a.tfw', 'a_SCL.tif']);
    expect(companionsAmong(names, 'a_2.tif')).toEqual(['a_2.json']);
    expect(companionsAmong(['s.tif', 's.png', 's.pgw'], 's.tif')).toEqual(['s.pgw']);
  });
});

describe('images that were named', () => {
  it('are files as they are, folders with all below, what patterns match; each once', async () => {
    expect(await namedImages([folder])).toEqual(under('a.TIFF', 'b.tif', 'june/c.tif', 'june/east/d.tif'));
    expect(await namedImages([`${folder}/*`])).toEqual(under('a.TIFF', 'b.tif'));
    expect(await namedImages([`${folder}/**/*.tif`])).toEqual(under('b.tif', 'june/c.tif', 'june/east/d.tif'));
    expect(await namedImages([...under('b.tif', 'none.tif'), folder])).toEqual(
      under('b.tif', 'none.tif', 'a.TIFF', 'june/c.tif', 'june/east/d.tif'),
    );
    expect(await namedImages(['https://example.org/a.tif'])).toEqual(['https://example.org/a.tif']);
    expect(await namedImages(under('empty'))).toEqual([]);
    await expect(namedImages([`${folder}/*.jp2`])).rejects.toThrow(`${folder}/*.jp2: matches no image file.`);
  });

  it('take nothing from a STAC item beside them', async () => {
    expect(await factsBeside(join(folder, 'a.TIFF'))).toEqual({});
  });
});
