import { mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ImageryError } from '../../../imagery/error.ts';
import { pixelGrid } from '../../../imagery/grid.ts';
import { openTiff } from '../../../imagery/tiff/reader.ts';
import { writeTiff } from '../../../imagery/tiff/writer.ts';
import { groundBands, temporaryFolder } from '../../support/gdal.ts';

const folder = temporaryFolder();
afterAll(folder.remove);

const width = 100;
const height = 60;
const whole = { column: 0, row: 0, width, height };
let good: Buffer;

beforeAll(async () => {
  const path = folder.path('good.tif');
  await writeTiff(path, pixelGrid(width, height), groundBands(width, height, 2, 'uint16'), { tileSize: 32 });
  good = readFileSync(path);
});

/** Where the 12-byte directory entry of a tag lies in our own files: directory at 8, entries from 10. */
function entryOf(file: Buffer, tag: number): number {
  for (let entry = 0; entry < file.readUInt16LE(8); entry++) {
    const at = 10 + 12 * entry;
    if (file.readUInt16LE(at) === tag) return at;
  }
  throw new Error(`no tag ${tag}`);
}

/** A copy of the good file in which a tag has another value. */
function withTag(tag: number, value: number): Buffer {
  const file = Buffer.from(good);
  const at = entryOf(file, tag);
  const isShort = file.readUInt16LE(at + 2) === 3;
  if (isShort) file.writeUInt16LE(value, at + 8);
  else file.writeUInt32LE(value, at + 8);
  return file;
}

const file = (name: string, content: Buffer | string) => {
  writeFileSync(folder.path(name), content);
  return folder.path(name);
};

async function refusal(path: string): Promise<ImageryError> {
  const source = await openTiff(path).catch((error) => error);
  if (!(source instanceof ImageryError)) throw new Error(`${path} was opened`, { cause: source });
  expect(source.message.startsWith(path)).toBe(true);
  expect(source.message).toMatch(/^[^\n]+\.$/);
  return source;
}

describe('what is no TIFF is named', () => {
  test('a missing file', async () => {
    expect(await refusal(folder.path('missing.tif'))).toMatchObject({
      code: 'file-missing',
      message: `${folder.path('missing.tif')}: wanted a TIFF, but there is no such file.`,
    });
  });

  test('a folder', async () => {
    mkdirSync(folder.path('folder.tif'));
    const expected = { code: 'not-a-file', message: expect.stringMatching('wanted a TIFF, got a folder.') };
    expect(await refusal(folder.path('folder.tif'))).toMatchObject(expected);
  });

  test.each([
    ['zero-bytes.tif', '', 'an empty file (0 bytes)'],
    ['html-error-page.tif', '<!DOCTYPE html>\n<html><body>404</body></html>', 'an HTML page'],
    ['xml.tif', '<?xml version="1.0"?><ServiceException/>', 'an XML document'],
    ['json-error.tif', '{"error": "not found"}', 'JSON text'],
    ['picture.tif', Buffer.from('\x89PNG\r\n\x1a\n\0\0\0\rIHDR', 'latin1'), 'a PNG picture'],
    ['photo.tif', Buffer.from('\xff\xd8\xff\xe0\0\x10JFIF', 'latin1'), 'a JPEG picture'],
    ['archive.tif', 'PK\x03\x04....', 'a ZIP archive'],
    ['lfs-pointer.tif', 'version https://git-lfs.github.com/spec/v1\n', 'a Git LFS pointer, not the file itself'],
    ['note.tif', '影像见网盘 see the share\nmore', 'text beginning "'],
    ['zeros.tif', Buffer.alloc(4096), 'nothing but zero bytes'],
    ['noise.tif', Buffer.from([1, 2, 3, 250, 0, 9]), 'unknown binary data'],
    ['four-bytes.tif', Buffer.from('II*\0', 'latin1'), '4 bytes of a TIFF'],
  ])('%s', async (name, content, words) => {
    const error = await refusal(file(name, content));
    expect(error.code).toBe('not-a-tiff');
    expect(error.message).toContain(`wanted a TIFF, got ${words}`);
  });
});

describe('a damaged TIFF is refused at the door', () => {
  test('truncated in its pixels: wanted and got bytes', async () => {
    const path = file('truncated.tif', good);
    truncateSync(path, good.length - 100);
    const error = await refusal(path);
    expect(error.code).toBe('tiff-damaged');
    expect(error.message).toMatch(new RegExp(`is truncated: wanted at least \\d+ bytes, got ${good.length - 100}`));
  });

  test('truncated in its directory', async () => {
    const path = file('truncated-directory.tif', good.subarray(0, 60));
    expect((await refusal(path)).code).toBe('tiff-damaged');
  });

  test('a header alone', async () => {
    expect((await refusal(file('header-only.tif', good.subarray(0, 8)))).message).toContain('is truncated');
  });

  test('directories that lead back to themselves', async () => {
    const looped = Buffer.from(good);
    looped.writeUInt32LE(8, 10 + 12 * good.readUInt16LE(8));
    const error = await refusal(file('cyclic-directories.tif', looped));
    expect(error).toMatchObject({ code: 'tiff-damaged', message: expect.stringContaining('lead back to themselves') });
  });

  test.each([
    ['width-zero.tif', 256, 0, 'wanted 1 to 2147483647 pixels a side, got 0 x 60'],
    ['width-absurd.tif', 256, 0xffff_ffff, 'got 4294967295 x 60'],
    ['height-too-large.tif', 257, 1_000_000, 'pixels make 125000 tiles, got 8'],
    ['tile-size-zero.tif', 322, 0, 'its tiles are 0 x 32 pixels'],
    ['tile-smaller-than-claimed.tif', 323, 16, 'make 16 tiles, got 8'],
    ['no-samples.tif', 277, 0, 'wanted at least one sample per pixel, got 0'],
  ])('%s', async (name, tag, value, words) => {
    const error = await refusal(file(name, withTag(tag, value)));
    expect(error).toMatchObject({ code: 'tiff-damaged', message: expect.stringContaining(words) });
  });

  test.each([
    [
      'compression-webp.tif',
      259,
      50_001,
      'wanted compression none, lzw, deflate, packbits, zstd, jpeg, lerc, got webp',
    ],
    ['compression-unheard-of.tif', 259, 4711, 'got compression 4711'],
    ['predictor-unheard-of.tif', 317, 9, 'got 9 on uint16'],
    ['tile-of-gigabytes.tif', 322, 65_520, null],
  ])('%s is beyond us', async (name, tag, value, words) => {
    const bytes = withTag(tag, value);
    if (words === null) bytes.writeUInt16LE(65_520, entryOf(bytes, 323) + 8);
    const error = await refusal(file(name, bytes));
    expect(error).toMatchObject({
      code: 'tiff-unsupported',
      message: expect.stringContaining(words ?? 'at most 96 MiB'),
    });
  });
});

describe('a tile that cannot be decoded', () => {
  /** The good file with the tile at column 2, row 1 (the seventh of eight) overwritten. */
  function oneTileDamaged(): Buffer {
    const bytes = Buffer.from(good);
    const offsets = bytes.readUInt32LE(entryOf(bytes, 324) + 8);
    bytes.fill(0xa5, bytes.readUInt32LE(offsets + 4 * 6), bytes.readUInt32LE(offsets + 4 * 6) + 60);
    return bytes;
  }

  test('read() names file and tile', async () => {
    const path = file('one-tile-damaged.tif', oneTileDamaged());
    const source = await openTiff(path);
    await expect(source.read(whole)).rejects.toThrow(`${path}: tile at column 2, row 1 cannot be decoded: `);
    await expect(source.read(whole)).rejects.toMatchObject({ code: 'tiff-damaged' });
    await source.close();
  });

  test('the rest can still be read', async () => {
    const source = await openTiff(file('rest-is-good.tif', oneTileDamaged()));
    const { mask } = await source.read({ column: 0, row: 0, width: 64, height: 60 });
    expect(mask.every((observed) => observed === 1)).toBe(true);
    await source.close();
  });

  test('counts as unobserved, and is reported, where the caller asks for that', async () => {
    const reports: string[] = [];
    const path = file('unobserved-tile.tif', oneTileDamaged());
    const source = await openTiff(path, { onDamage: (error) => reports.push(error.message) });
    const { mask } = await source.read(whole);
    expect(mask.filter((observed) => observed === 0).length).toBe(32 * (60 - 32));
    expect(reports).toEqual([expect.stringContaining('tile at column 2, row 1')]);
    await source.close();
  });
});

test('hundreds of damaged copies end in an ImageryError or pixels, never in anything else', async () => {
  let seed = 42;
  const random = (below: number) => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((seed / 2 ** 32) * below);
  };
  const headBytes = good.readUInt32LE(good.readUInt32LE(entryOf(good, 324) + 8));
  const outcomes = { pixels: 0, refused: 0 };
  for (let round = 0; round < 300; round++) {
    const bytes = Buffer.from(good);
    for (let hit = 0; hit <= random(3); hit++) bytes[random(headBytes)] = random(2) ? random(256) : 0xff;
    const path = file('fuzzed.tif', bytes);
    try {
      const source = await openTiff(path);
      try {
        await source.read({ column: 0, row: 0, width: 40, height: 40 });
        outcomes.pixels++;
      } finally {
        await source.close();
      }
    } catch (error) {
      if (!(error instanceof ImageryError)) throw new Error(`round ${round}`, { cause: error });
      outcomes.refused++;
    }
  }
  expect(outcomes.pixels + outcomes.refused).toBe(300);
  expect(outcomes.refused).toBeGreaterThan(100);
});
