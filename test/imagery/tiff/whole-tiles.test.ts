import { readFileSync, writeFileSync } from 'node:fs';
import { deflateSync, inflateSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import type { ImageryError } from '../../../imagery/error.ts';
import { pixelGrid, type Window } from '../../../imagery/grid.ts';
import { allocate, arenaMemory, release } from '../../../imagery/kernels/arena.ts';
import type { Raster, RasterInfo, Samples } from '../../../imagery/raster.ts';
import { openTiff } from '../../../imagery/tiff/reader.ts';
import { SAMPLE_TYPES } from '../../../imagery/tiff/samples.ts';
import { writeTiff } from '../../../imagery/tiff/writer.ts';
import { gdalMissing, gdalTiff, groundBands, temporaryFolder } from '../../support/gdal.ts';

const folder = temporaryFolder();
afterAll(folder.remove);

const width = 150;
const height = 100;
const windows: [name: string, window: Window][] = [
  ['the image', { column: 0, row: 0, width, height }],
  ['beyond the image', { column: -10, row: -20, width: 200, height: 150 }],
  ['whole tiles and parts', { column: 20, row: 5, width: 120, height: 90 }],
  ['within a tile', { column: 3, row: 3, width: 9, height: 7 }],
  ['outside', { column: 1000, row: 0, width: 5, height: 5 }],
];

/** Arrays to read into, full of what was there before. */
function lent(info: RasterInfo, { width, height }: Window, buffer: ArrayBuffer, at: number): Raster {
  const count = width * height;
  const Type = SAMPLE_TYPES[info.sampleType].array;
  const pitch = Math.ceil((count * Type.BYTES_PER_ELEMENT) / 64) * 64 + 64;
  new Uint8Array(buffer, at, (info.bandCount + 1) * pitch).fill(0x5a);
  const bands = Array.from({ length: info.bandCount }, (_, band) => new Type(buffer, at + band * pitch, count));
  return { grid: info.grid, bands, mask: new Uint8Array(buffer, at + info.bandCount * pitch, count) };
}

/** Samples where observed, 0 elsewhere: a masked sample's value means nothing. */
const seen = ({ bands, mask }: Raster) => bands.map((band) => Array.from(band, (sample, i) => mask[i] * sample || 0));

describe.skipIf(gdalMissing)('read(window, into) gives what read(window) gives', () => {
  const deflate = ['-co', 'COMPRESS=DEFLATE', '-co', 'PREDICTOR=2'];
  const tiles = ['-co', 'TILED=YES', '-co', 'BLOCKXSIZE=32', '-co', 'BLOCKYSIZE=16'];
  const layouts: [name: string, bands: Samples[], options: string[]][] = [
    ['tiles of four bands', groundBands(width, height, 4, 'uint16'), [...deflate, ...tiles]],
    ['uncompressed tiles', groundBands(width, height, 3, 'uint16'), tiles],
    ['strips', groundBands(width, height, 2, 'int16'), [...deflate, '-co', 'BLOCKYSIZE=7']],
    ['band by band', groundBands(width, height, 3, 'uint8'), [...deflate, ...tiles, '-co', 'INTERLEAVE=BAND']],
    ['LZW floats', groundBands(width, height, 1, 'float32'), ['-co', 'COMPRESS=LZW', '-co', 'PREDICTOR=3', ...tiles]],
    ['big-endian', groundBands(width, height, 4, 'uint32'), [...deflate, ...tiles, '-co', 'ENDIANNESS=BIG']],
    ['ZSTD', groundBands(width, height, 5, 'uint8'), ['-co', 'COMPRESS=ZSTD', '-co', 'PREDICTOR=2', ...tiles]],
    ['LERC', groundBands(width, height, 2, 'float64'), ['-co', 'COMPRESS=LERC', ...tiles]],
    ['alpha', groundBands(width, height, 4, 'uint8'), [...deflate, ...tiles, '-co', 'ALPHA=YES']],
    ['bits', [groundBands(width, height, 1, 'uint8')[0].map((v) => v & 1)], ['-co', 'NBITS=1', '-co', 'COMPRESS=LZW']],
    [
      'nodata',
      [groundBands(width, height, 1, 'uint16')[0].map((v, i) => (i % 7 ? v : 9))],
      ['-a_nodata', '9', ...tiles],
    ],
  ];
  for (const [name, bands, options] of layouts) {
    test(name, async () => {
      const path = gdalTiff(folder.path(`${name}.tif`), width, height, bands, ...options);
      for (const [where, window] of windows) {
        const source = await openTiff(path);
        const plain = await source.read(window);
        const again = await openTiff(path);
        const bytes = (source.info.bandCount + 1) * (window.width * window.height * 8 + 128);
        const block = allocate(bytes);
        const own = new ArrayBuffer(bytes);
        for (const [buffer, at] of [[arenaMemory.buffer, block] as const, [own, 0] as const]) {
          const into = lent(source.info, window, buffer, at);
          const read = await again.read(window, into);
          expect(read.bands.map((band) => band.byteOffset)).toEqual(into.bands.map((band) => band.byteOffset));
          expect(read.bands.every((band) => band.buffer === buffer) && read.mask === into.mask, where).toBe(true);
          expect(read.mask, where).toEqual(plain.mask);
          expect(seen(read), where).toEqual(seen(plain));
          expect(read.grid).toEqual(plain.grid);
          // What lies behind each array is as it was.
          for (const array of [...into.bands, into.mask])
            expect([...new Uint8Array(buffer, array.byteOffset + array.byteLength, 32)]).toEqual(Array(32).fill(0x5a));
        }
        release(block);
        await source.close();
        await again.close();
      }
    });
  }
});

test('arrays of another size, type or number are refused', async () => {
  const path = folder.path('lent.tif');
  await writeTiff(path, pixelGrid(20, 10), groundBands(20, 10, 2, 'uint16'));
  const source = await openTiff(path);
  const window = { column: 0, row: 0, width: 20, height: 10 };
  const good = await source.read(window);
  const short = { ...good, bands: good.bands.slice(1) };
  const typed = { ...good, bands: [new Int16Array(200), new Int16Array(200)] };
  for (const into of [short, typed, { ...good, mask: new Uint8Array(199) }])
    await expect(source.read(window, into)).rejects.toThrow('wanted 2 bands of 200 uint16 to read into');
  await expect(source.read({ ...window, height: 9 }, good)).rejects.toThrow(RangeError);
  await source.close();
});

describe('tiles that the kernels leave to zlib', () => {
  test('one that holds more than it should', async () => {
    const bands = groundBands(64, 32, 2, 'uint16');
    const path = folder.path('padded.tif');
    await writeTiff(path, pixelGrid(64, 32), bands, { tileSize: 32 });
    writeFileSync(
      path,
      withTile(readFileSync(path), (tile) => deflateSync(Buffer.concat([inflateSync(tile), Buffer.alloc(500)]))),
    );
    const source = await openTiff(path);
    const { bands: got, mask } = await source.read({ column: 0, row: 0, width: 64, height: 32 });
    expect([mask.includes(0), got]).toEqual([false, bands]);
    await source.close();
  });

  test('one that unpacks without end is refused', async () => {
    const path = folder.path('bomb.tif');
    await writeTiff(path, pixelGrid(64, 32), groundBands(64, 32, 2, 'uint16'), { tileSize: 32 });
    writeFileSync(
      path,
      withTile(readFileSync(path), () => deflateSync(Buffer.alloc(2_000_000))),
    );
    const reports: ImageryError[] = [];
    const source = await openTiff(path, { onDamage: (error) => reports.push(error) });
    const { mask } = await source.read({ column: 0, row: 0, width: 64, height: 32 });
    expect(reports.map(({ message }) => message)).toEqual([expect.stringContaining('tile at column 1, row 0')]);
    expect(mask.filter((observed) => observed === 0).length).toBe(32 * 32);
    await source.close();
  });

  test('one too large for the kernels’ memory', async () => {
    const side = 6016;
    const band = Uint16Array.from({ length: side * side }, (_, i) => (i % side) * 5 + ((i / side) | 0));
    const path = folder.path('large.tif');
    await writeTiff(path, pixelGrid(side, side), [band], { tileSize: side });
    const source = await openTiff(path);
    const { bands, mask } = await source.read({ column: 0, row: 0, width: side, height: side });
    expect(Buffer.compare(Buffer.from(bands[0].buffer), Buffer.from(band.buffer))).toBe(0);
    expect(mask.includes(0)).toBe(false);
    const part = await source.read({ column: 5000, row: 4000, width: 2, height: 1 });
    expect([...part.bands[0]]).toEqual([29_000, 29_005]);
    await source.close();
  });
});

/** A file of ours whose second tile is another one, put behind the end. */
function withTile(file: Buffer, change: (tile: Buffer) => Buffer): Buffer {
  const tables = { offsets: 0, counts: 0 };
  for (let at = 10; at < 10 + 12 * file.readUInt16LE(8); at += 12) {
    if (file.readUInt16LE(at) === 324) tables.offsets = file.readUInt32LE(at + 8);
    if (file.readUInt16LE(at) === 325) tables.counts = file.readUInt32LE(at + 8);
  }
  const offset = file.readUInt32LE(tables.offsets + 4);
  const tile = change(file.subarray(offset, offset + file.readUInt32LE(tables.counts + 4)));
  const changed = Buffer.concat([file, tile]);
  changed.writeUInt32LE(file.length, tables.offsets + 4);
  changed.writeUInt32LE(tile.length, tables.counts + 4);
  return changed;
}
