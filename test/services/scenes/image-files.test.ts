import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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

describe('images among files', () => {
  it('are what is one by itself, has its place beside it, or its header', () => {
    const names = ['z.tif', 'a.TIFF', 'p.png', 'p.pgw', 'alone.png', 'e.dat', 'e.hdr', 'other.dat', 'f', 'f.hdr', 'g'];
    expect(imagesAmong(names)).toEqual(['a.TIFF', 'e.dat', 'f', 'p.png', 'z.tif']);
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
