import { closeSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { allocate, arenaMemory, release } from '../../imagery/kernels/arena.ts';
import { decodeChunk } from '../../imagery/tiff/chunk.ts';
import { readImage, rowsInChunk, type TiffImage } from '../../imagery/tiff/image.ts';
import { openTiff } from '../../imagery/tiff/reader.ts';
import { SAMPLE_TYPES } from '../../imagery/tiff/samples.ts';
import { compressions, sceneFolder } from './scene.ts';

/** Rows of tiles of each file that are read. */
const tileRows = 4;

/**
 * Megapixels per second of CPU from file to planes, whole rows of tiles at a time: the kernels, and by turns with them
 * node:zlib (LZW: the plain decoder) with planes separated in plain code, on the same tiles.
 * @param folder of a scene
 * @returns a table for people
 */
export async function benchDecode(folder: string, rounds = 5): Promise<string> {
  const lines = ['Decoding, megapixels per CPU second  kernels  plain  ratio'];
  for (const compression of compressions) {
    const path = join(folder, `a_${compression}.tif`);
    const image = await readImage(path, tagsOf(path), true);
    const pixels = image.width * image.chunkHeight * tileRows;
    const best = { kernels: 0, plain: 0 };
    for (let round = 0; round < rounds; round++) {
      best.kernels = Math.max(best.kernels, pixels / (await cpuMicroseconds(() => readByKernels(path, image))));
      best.plain = Math.max(best.plain, pixels / (await cpuMicroseconds(() => readPlainly(path, image))));
    }
    const figures = [best.kernels.toFixed(1), best.plain.toFixed(1), (best.kernels / best.plain).toFixed(2)];
    lines.push(`${compression.padEnd(35)} ${figures.map((figure) => figure.padStart(8)).join('')}`);
  }
  return lines.join('\n');
}

async function cpuMicroseconds(run: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await run();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

async function readByKernels(path: string, image: TiffImage): Promise<void> {
  const source = await openTiff(path);
  const { width, chunkHeight: height, sampleType } = image;
  const { bandCount, grid } = source.info;
  const Type = SAMPLE_TYPES[sampleType].array;
  const planeBytes = width * height * Type.BYTES_PER_ELEMENT;
  const block = allocate(bandCount * planeBytes + width * height);
  const { buffer } = arenaMemory;
  const bands = Array.from({ length: bandCount }, (_, b) => new Type(buffer, block + b * planeBytes, width * height));
  const into = { grid, bands, mask: new Uint8Array(buffer, block + bandCount * planeBytes, width * height) };
  for (let tileRow = 0; tileRow < tileRows; tileRow++)
    await source.read({ column: 0, row: tileRow * height, width, height }, into);
  release(block);
  await source.close();
}

async function readPlainly(path: string, image: TiffImage): Promise<void> {
  const file = openSync(path, 'r');
  for (let tile = 0; tile < tileRows * image.chunkColumns; tile++) {
    const bytes = Buffer.allocUnsafe(image.byteCounts[tile]);
    readSync(file, bytes, 0, bytes.length, image.offsets[tile]);
    await decodeChunk(image, bytes, rowsInChunk(image, Math.floor(tile / image.chunkColumns)), null);
  }
  closeSync(file);
}

/** The numbers of a little-endian TIFF's first directory. */
function tagsOf(path: string) {
  const file = openSync(path, 'r');
  const read = (offset: number, length: number) => {
    const bytes = Buffer.alloc(length);
    readSync(file, bytes, 0, length, offset);
    return bytes;
  };
  const start = read(4, 4).readUInt32LE(0);
  const entries = read(start + 2, 12 * read(start, 2).readUInt16LE(0));
  const tags = new Map<number, number[]>();
  for (let at = 0; at < entries.length; at += 12) {
    const size = { 1: 1, 2: 1, 3: 2, 4: 4 }[entries.readUInt16LE(at + 2)] ?? 0;
    const count = entries.readUInt32LE(at + 4);
    if (size === 0) continue;
    const values = size * count <= 4 ? entries.subarray(at + 8) : read(entries.readUInt32LE(at + 8), size * count);
    tags.set(
      entries.readUInt16LE(at),
      Array.from({ length: count }, (_, i) => values.readUIntLE(i * size, size)),
    );
  }
  closeSync(file);
  return async (tag: number) => tags.get(tag);
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  console.log(await benchDecode(sceneFolder(Number(process.argv[2] ?? 8192))));
}
