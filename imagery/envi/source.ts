import { type BlockReader, blockSource } from '../block-source.ts';
import { ImageryError } from '../error.ts';
import type { Window } from '../grid.ts';
import { type LocalFile, openLocalFile } from '../local-file.ts';
import type { RasterSource, Samples } from '../raster.ts';
import { SAMPLE_TYPES } from '../tiff/samples.ts';
import { dataOfHeader, headerOfData, readHeader } from './files.ts';
import { type EnviHeader, parseEnviHeader } from './header.ts';
import { placeEnvi } from './placement.ts';

/** Read at once; more is read in slabs of rows. */
const SLAB_BYTES = 8 * 2 ** 20;

/**
 * Opens a raw image by its header, the path of either of the two. info.path is the data file.
 * @throws ImageryError file-missing, image-damaged, image-unsupported, crs-unknown
 */
export async function openEnviHeader(headerPath: string): Promise<RasterSource> {
  const dataPath = await dataOfHeader(headerPath);
  if (dataPath === null)
    throw new ImageryError(
      'file-missing',
      `${headerPath}: is an ENVI header: wanted its data file beside it, but there is none of that name.`,
    );
  return openRaw(dataPath, parseEnviHeader(headerPath, await readHeader(headerPath)));
}

/** Opens a raw image by its data file; null where no ENVI header lies beside it. @throws ImageryError as openEnviHeader */
export async function openEnviData(dataPath: string): Promise<RasterSource | null> {
  const header = await headerOfData(dataPath);
  return header && openRaw(dataPath, parseEnviHeader(header.path, header.text));
}

async function openRaw(path: string, header: EnviHeader): Promise<RasterSource> {
  if (Number(header.fields.get('file compression') ?? 0) !== 0)
    throw new ImageryError('image-unsupported', `${path}: cannot be read: wanted plain samples, got compressed ones.`);
  const grid = await placeEnvi(path, header);
  const file = await openLocalFile(path);
  const sampleBytes = SAMPLE_TYPES[header.sampleType].bits / 8;
  const wanted = header.offset + header.width * header.height * header.bandCount * sampleBytes;
  if (file.byteLength < wanted) {
    await file.close();
    throw new ImageryError(
      'image-damaged',
      `${path}: is truncated: wanted at least ${wanted} bytes by its header, got ${file.byteLength}.`,
    );
  }
  const { bandCount, sampleType, nodata, scale, bandNames } = header;
  const info = { path, grid, bandCount, sampleType, nodata, scale, bandNames, compression: 'none', overviews: [] };
  return blockSource(info, new RawReader(file, header));
}

class RawReader implements BlockReader {
  readonly alpha = -1;
  private readonly file: LocalFile;
  private readonly header: EnviHeader;

  constructor(file: LocalFile, header: EnviHeader) {
    this.file = file;
    this.header = header;
  }

  async readBlock(block: Window): Promise<Samples[]> {
    const { bandCount, interleave, width, height, sampleType } = this.header;
    const Type = SAMPLE_TYPES[sampleType].array;
    const bands: Samples[] = Array.from({ length: bandCount }, () => new Type(block.width * block.height));
    if (interleave === 'bsq') {
      for (const [band, samples] of bands.entries())
        await this.readRows(block, band * width * height, width, block.column, block.width, (row, at, slab) =>
          samples.set(slab.subarray(at, at + block.width), row * block.width),
        );
    } else if (interleave === 'bil') {
      const inRow = (bandCount - 1) * width + block.width;
      await this.readRows(block, 0, width * bandCount, block.column, inRow, (row, at, slab) => {
        for (const [band, samples] of bands.entries())
          samples.set(slab.subarray(at + band * width, at + band * width + block.width), row * block.width);
      });
    } else {
      const inRow = block.width * bandCount;
      await this.readRows(block, 0, width * bandCount, block.column * bandCount, inRow, (row, at, slab) => {
        for (const [band, samples] of bands.entries()) {
          const to = row * block.width;
          for (let i = 0; i < block.width; i++) samples[to + i] = slab[at + i * bandCount + band];
        }
      });
    }
    return bands;
  }

  async close(): Promise<void> {
    await this.file.close();
  }

  /**
   * Goes through the rows of a block. All counts are samples: a row of the file is `stride` long, the block's part of
   * it begins at `start` and is `length` long; `take` finds it at `at` of the slab.
   */
  private async readRows(
    block: Window,
    first: number,
    stride: number,
    start: number,
    length: number,
    take: (row: number, at: number, slab: Samples) => void,
  ): Promise<void> {
    const sampleBytes = SAMPLE_TYPES[this.header.sampleType].bits / 8;
    // Narrow blocks are read row by row; wide ones with what lies between, which is faster.
    const isNarrow = length * 4 < stride;
    const rowsAtOnce = isNarrow ? 1 : Math.max(1, Math.floor(SLAB_BYTES / (stride * sampleBytes)));
    for (let row = 0; row < block.height; row += rowsAtOnce) {
      const rows = Math.min(rowsAtOnce, block.height - row);
      const from = first + (block.row + row) * stride + start;
      const slab = await this.readSamples(from, (rows - 1) * stride + length, sampleBytes);
      for (let i = 0; i < rows; i++) take(row + i, i * stride, slab);
    }
  }

  private async readSamples(from: number, count: number, sampleBytes: number): Promise<Samples> {
    const bytes = await this.file.read(this.header.offset + from * sampleBytes, count * sampleBytes);
    if (!this.header.littleEndian) swapBytes(bytes, sampleBytes);
    return new SAMPLE_TYPES[this.header.sampleType].array(bytes.buffer, 0, count);
  }
}

function swapBytes(bytes: Buffer, sampleBytes: number): void {
  if (sampleBytes === 2) bytes.swap16();
  else if (sampleBytes === 4) bytes.swap32();
  else if (sampleBytes === 8) bytes.swap64();
}
