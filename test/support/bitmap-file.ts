import { readFileSync } from 'node:fs';

/** Samples of an uncompressed 8-bit BMP, row-major from the top-left whatever the file's row order. */
export function readBmp(path: string): { width: number; height: number; samples: Uint8Array } {
  const file = readFileSync(path);
  const signature = file.toString('latin1', 0, 2);
  const bitsPerPixel = file.readUInt16LE(28);
  const compression = file.readUInt32LE(30);
  if (signature !== 'BM' || bitsPerPixel !== 8 || compression !== 0) {
    throw new Error(`${path}: wanted an uncompressed 8-bit BMP, got ${signature}, ${bitsPerPixel} bit.`);
  }
  const pixels = file.readUInt32LE(10);
  const width = file.readInt32LE(18);
  const height = Math.abs(file.readInt32LE(22));
  const bottomUp = file.readInt32LE(22) > 0;
  // Rows are padded to whole 32-bit words.
  const stride = Math.ceil(width / 4) * 4;
  const samples = new Uint8Array(width * height);
  for (let row = 0; row < height; row++) {
    const from = pixels + (bottomUp ? height - 1 - row : row) * stride;
    samples.set(file.subarray(from, from + width), row * width);
  }
  return { width, height, samples };
}
