import { mkdirSync, writeFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import type { ImageryError } from '../../imagery/error.ts';
import { pixelGrid } from '../../imagery/grid.ts';
import { openRaster } from '../../imagery/open-raster.ts';
import { pictureLibrary } from '../../imagery/picture-library.ts';
import { writeTiff } from '../../imagery/tiff/writer.ts';
import { temporaryFolder } from '../support/gdal.ts';

const folder = temporaryFolder();
afterAll(folder.remove);

const ground = Uint8Array.of(10, 200, 30, 40, 50, 60);

async function picture(format: 'png' | 'webp' | 'jpeg'): Promise<Buffer> {
  const sharp = await pictureLibrary();
  const image = sharp(ground, { raw: { width: 3, height: 2, channels: 1 } });
  return format === 'jpeg' ? image.jpeg().toBuffer() : image.toFormat(format, { lossless: true }).toBuffer();
}

function bmp(): Buffer {
  const head = Buffer.alloc(54);
  head.write('BM', 0, 'latin1');
  head.writeUInt32LE(54, 10);
  head.writeUInt32LE(40, 14);
  head.writeInt32LE(3, 18);
  head.writeInt32LE(2, 22);
  head.writeUInt16LE(1, 26);
  head.writeUInt16LE(24, 28);
  return Buffer.concat([head, Buffer.alloc(24, 7)]);
}

async function opened(name: string) {
  const source = await openRaster(folder.path(name));
  const { bands } = await source.read({ column: 0, row: 0, width: 3, height: 2 });
  await source.close();
  return { info: source.info, bands };
}

describe('an image is what its bytes say, whatever it is called', () => {
  test('TIFF called .png', async () => {
    await writeTiff(folder.path('a.png'), pixelGrid(3, 2), [ground]);
    expect((await opened('a.png')).bands).toEqual([ground]);
  });

  test.each(['png', 'webp', 'jpeg'] as const)('%s called .tif', async (format) => {
    writeFileSync(folder.path(`${format}.tif`), await picture(format));
    const { info } = await opened(`${format}.tif`);
    expect(info).toMatchObject({ compression: format, sampleType: 'uint8', grid: { width: 3, height: 2, crs: null } });
  });

  test('BMP called .jpg', async () => {
    writeFileSync(folder.path('b.jpg'), bmp());
    expect((await opened('b.jpg')).bands).toEqual([1, 2, 3].map(() => new Uint8Array(6).fill(7)));
  });

  test('raw numbers beginning like a BMP, with an ENVI header beside them', async () => {
    writeFileSync(folder.path('raw'), Buffer.from('BMxxxx'));
    writeFileSync(folder.path('raw.hdr'), 'ENVI\nsamples = 3\nlines = 2\nbands = 1\ndata type = 1\n');
    expect((await opened('raw')).bands).toEqual([new Uint8Array(Buffer.from('BMxxxx'))]);
  });
});

describe('anything else is named in one line, with what can be read', () => {
  const refusal = (name: string): Promise<ImageryError> =>
    openRaster(folder.path(name)).then(
      () => Promise.reject(new Error('opened')),
      (error) => error,
    );

  test.each([
    ['note.tif', 'see the share\nmore', 'text beginning "see the share"'],
    ['error.tif', '<!DOCTYPE html>\n<html>', 'an HTML page'],
    ['empty.tif', '', 'an empty file (0 bytes)'],
    ['scene.jp2', Buffer.from('\0\0\0\x0cjP  \r\n\x87\n', 'latin1'), 'a JPEG 2000 picture'],
    ['scene.img', 'EHFA_HEADER_TAG', 'an ERDAS Imagine file'],
    ['scene.zip', 'PK\x03\x04', 'a ZIP archive'],
    ['numbers', Buffer.from([1, 2, 3, 250, 0, 9]), 'unknown binary data'],
  ])('%s', async (name, content, words) => {
    writeFileSync(folder.path(name), content);
    const path = folder.path(name);
    expect(await refusal(name)).toMatchObject({
      code: 'not-an-image',
      message: `${path}: wanted an image (GeoTIFF, ENVI, PNG, JPEG, WebP or BMP), got ${words}.`,
    });
  });

  test('a header beside them that is not ENVI’s makes numbers no image', async () => {
    writeFileSync(folder.path('other.img'), Buffer.from([1, 2, 3, 250, 0, 9]));
    writeFileSync(folder.path('other.hdr'), 'NROWS 2\nNCOLS 3\n');
    expect((await refusal('other.img')).code).toBe('not-an-image');
  });

  test('a folder, and nothing at all', async () => {
    mkdirSync(folder.path('folder'));
    expect(await refusal('folder')).toMatchObject({
      code: 'not-a-file',
      message: expect.stringContaining('got a folder'),
    });
    expect(await refusal('missing.tif')).toMatchObject({
      code: 'file-missing',
      message: `${folder.path('missing.tif')}: wanted an image, but there is no such file.`,
    });
  });
});
