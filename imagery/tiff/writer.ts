import { randomBytes } from 'node:crypto';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { deflate as deflateCallback } from 'node:zlib';
import { ImageryError } from '../error.ts';
import type { Grid, Window } from '../grid.ts';
import type { Samples, SampleType } from '../raster.ts';
import { encodeDirectory, type TiffTag } from './directory.ts';
import { geoTags } from './geotags.ts';
import { difference, differenceFloats } from './predictor.ts';
import { SAMPLE_TYPES, sampleTypeOf } from './samples.ts';

const deflate = promisify(deflateCallback);

export interface TiffOptions {
  /** Raw value that means "not observed"; NaN for floats. Default: none. */
  nodata?: number | null;
  /** Default 'deflate'. */
  compress?: 'deflate' | 'none';
  /** zlib level, default 1: on imagery higher levels cost several times the time for a few percent. */
  level?: number;
  /** Side of the square tiles, a multiple of 16. Default 512. */
  tileSize?: number;
}

export interface TiffLayout extends TiffOptions {
  bandCount: number;
  sampleType: SampleType;
}

/**
 * Writes whole bands as a tiled GeoTIFF.
 * @param bands one typed array per band, all of one type, grid.width * grid.height samples each
 * @throws ImageryError bands-differ, sample-type-differs, tiff-unsupported
 */
export async function writeTiff(path: string, grid: Grid, bands: Samples[], options: TiffOptions = {}): Promise<void> {
  const writer = await createTiff(path, grid, {
    ...options,
    bandCount: bands.length,
    sampleType: bands.length > 0 ? sampleTypeOf(bands[0]) : 'uint8',
  });
  try {
    for (let tileRow = 0; tileRow < writer.tileRows; tileRow++) {
      const pending: Promise<void>[] = [];
      for (let tileColumn = 0; tileColumn < writer.tileColumns; tileColumn++) {
        const window = writer.tileWindow(tileColumn, tileRow);
        const cut = bands.map((band) => cutOut(band, grid.width, window));
        pending.push(writer.writeTile(tileColumn, tileRow, cut));
      }
      await Promise.all(pending);
    }
    await writer.close();
  } catch (error) {
    await writer.abort();
    throw error;
  }
}

/**
 * Opens a tiled GeoTIFF for writing tile by tile. Nothing appears at `path` before close(). Pixel-interleaved,
 * little-endian, directory first; BigTIFF where the raw samples would not fit 4 GB. Tiles never written stay sparse,
 * which readers take as nodata. The same calls in the same order give the same bytes.
 * @throws ImageryError tiff-unsupported, crs-unknown
 */
export async function createTiff(path: string, grid: Grid, layout: TiffLayout): Promise<TiffWriter> {
  const tileSize = layout.tileSize ?? 512;
  const refuse = (what: string) => {
    throw new ImageryError('tiff-unsupported', `${path}: cannot be written as TIFF: ${what}.`);
  };
  if (!(Number.isInteger(grid.width) && Number.isInteger(grid.height) && grid.width > 0 && grid.height > 0))
    refuse(`wanted at least 1 x 1 pixels, got ${grid.width} x ${grid.height}`);
  if (!(tileSize > 0 && tileSize % 16 === 0)) refuse(`tile size must be a multiple of 16, got ${tileSize}`);
  if (!(layout.bandCount >= 1 && layout.bandCount <= 65535)) refuse(`wanted 1 to 65535 bands, got ${layout.bandCount}`);
  const temporaryPath = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.part`);
  const plan = { path, temporaryPath, grid, ...layout, tileSize };
  const head = encodeDirectory(tagsOf(plan, emptyTiles(plan)), needsBigTiff(plan));
  const file = await open(temporaryPath, 'wx').catch((error: Error) => {
    throw new ImageryError('not-a-file', `${path}: cannot be written: ${error.message}.`, error);
  });
  return new TiffWriter(plan, file, head.length);
}

interface WritePlan extends TiffLayout {
  path: string;
  temporaryPath: string;
  grid: Grid;
  tileSize: number;
}

interface TileIndex {
  offsets: number[];
  byteCounts: number[];
}

/** A GeoTIFF being written; see createTiff. */
class TiffWriter {
  readonly tileSize: number;
  readonly tileColumns: number;
  readonly tileRows: number;
  private readonly plan: WritePlan;
  private readonly file: FileHandle;
  private readonly tiles: TileIndex;
  private position: number;
  private tail: Promise<void> = Promise.resolve();
  private finished = false;

  constructor(plan: WritePlan, file: FileHandle, headBytes: number) {
    this.plan = plan;
    this.file = file;
    this.position = headBytes;
    this.tiles = emptyTiles(plan);
    this.tileSize = plan.tileSize;
    this.tileColumns = Math.ceil(plan.grid.width / plan.tileSize);
    this.tileRows = Math.ceil(plan.grid.height / plan.tileSize);
  }

  /** The pixels a tile holds; tiles at the right and bottom edge are cut off at the grid's end. */
  tileWindow(tileColumn: number, tileRow: number): Window {
    const { grid, tileSize } = this.plan;
    const column = tileColumn * tileSize;
    const row = tileRow * tileSize;
    return {
      column,
      row,
      width: Math.min(tileSize, grid.width - column),
      height: Math.min(tileSize, grid.height - row),
    };
  }

  /**
   * Writes one tile. The bands are copied before the call returns, compressed off the main thread, and put into the
   * file in the order of the calls; await the promise (or a handful) to keep memory bounded.
   * @param bands one array per band, as large as tileWindow(tileColumn, tileRow)
   * @throws ImageryError bands-differ, sample-type-differs
   */
  async writeTile(tileColumn: number, tileRow: number, bands: Samples[]): Promise<void> {
    if (this.finished) throw new Error(`${this.plan.path}: a tile was written after close() or abort().`);
    const raw = encodeTile(this.plan, this.tileWindow(tileColumn, tileRow), bands);
    const compressed = this.plan.compress === 'none' ? raw : deflate(raw, { level: this.plan.level ?? 1 });
    const written = Promise.all([compressed, this.tail]).then(([bytes]) =>
      this.append(tileRow * this.tileColumns + tileColumn, bytes),
    );
    this.tail = written;
    // A failed write is reported by writeTile and again by close(); it must not also count as unhandled.
    written.catch(() => {});
    await written;
  }

  /** Completes the file and gives it its name, replacing what was there. */
  async close(): Promise<void> {
    if (this.finished) return;
    try {
      await this.tail;
      const head = encodeDirectory(tagsOf(this.plan, this.tiles), needsBigTiff(this.plan));
      await this.file.write(head, 0, head.length, 0);
      await this.file.close();
      await rename(this.plan.temporaryPath, this.plan.path);
      this.finished = true;
    } catch (error) {
      await this.abort();
      throw error;
    }
  }

  /** Gives up: the temporary file goes, whatever stood at the path stays. Harmless after close(). */
  async abort(): Promise<void> {
    if (this.finished) return;
    this.finished = true;
    await this.tail.catch(() => {});
    await this.file.close().catch(() => {});
    await rm(this.plan.temporaryPath, { force: true });
  }

  private async append(index: number, bytes: Uint8Array): Promise<void> {
    await this.file.write(bytes, 0, bytes.length, this.position);
    this.tiles.offsets[index] = this.position;
    this.tiles.byteCounts[index] = bytes.length;
    this.position += bytes.length + (bytes.length % 2);
  }
}

function tagsOf(plan: WritePlan, tiles: TileIndex): TiffTag[] {
  const { grid, bandCount, tileSize } = plan;
  const { bits, format } = SAMPLE_TYPES[plan.sampleType];
  const short = (id: number, ...values: number[]): TiffTag => ({ id, type: 'short', values });
  const perBand = (value: number) => new Array<number>(bandCount).fill(value);
  const tags: TiffTag[] = [
    { id: 256, type: 'long', values: [grid.width] },
    { id: 257, type: 'long', values: [grid.height] },
    short(258, ...perBand(bits)),
    short(259, plan.compress === 'none' ? 1 : 8), // Compression: none or Adobe deflate
    short(262, 1), // PhotometricInterpretation: black is zero
    short(277, bandCount),
    short(284, 1), // PlanarConfiguration: pixel-interleaved
    short(322, tileSize),
    short(323, tileSize),
    { id: 324, type: needsBigTiff(plan) ? 'long8' : 'long', values: tiles.offsets },
    { id: 325, type: 'long', values: tiles.byteCounts },
    short(339, ...perBand(format)),
    ...geoTags(grid),
  ];
  if (plan.compress !== 'none') tags.push(short(317, format === 3 ? 3 : 2)); // Predictor
  if (bandCount > 1) tags.push(short(338, ...perBand(0).slice(1))); // ExtraSamples: plain bands, no alpha
  if (plan.nodata !== undefined && plan.nodata !== null) {
    tags.push({ id: 42113, type: 'ascii', values: Number.isNaN(plan.nodata) ? 'nan' : String(plan.nodata) });
  }
  return tags;
}

/** Interleaves the bands into one full tile (zeros beyond the grid's edge) and applies the predictor. */
function encodeTile(plan: WritePlan, window: Window, bands: Samples[]): Uint8Array {
  const { tileSize, bandCount, sampleType, path } = plan;
  if (bands.length !== bandCount)
    throw new ImageryError('bands-differ', `${path}: wanted ${bandCount} bands per tile, got ${bands.length}.`);
  const tile = new SAMPLE_TYPES[sampleType].array(tileSize * tileSize * bandCount);
  const rowLength = tileSize * bandCount;
  for (const [b, band] of bands.entries()) {
    if (sampleTypeOf(band) !== sampleType)
      throw new ImageryError(
        'sample-type-differs',
        `${path}: wanted ${sampleType} samples, got ${sampleTypeOf(band)}.`,
      );
    if (band.length !== window.width * window.height)
      throw new ImageryError(
        'bands-differ',
        `${path}: wanted ${window.width} x ${window.height} samples in each band of the tile, got ${band.length}.`,
      );
    for (let row = 0, i = 0; row < window.height; row++) {
      let at = row * rowLength + b;
      for (let column = 0; column < window.width; column++, i++, at += bandCount) tile[at] = band[i];
    }
  }
  const bytes = new Uint8Array(tile.buffer);
  if (plan.compress === 'none') return bytes;
  if (tile instanceof Float32Array || tile instanceof Float64Array)
    differenceFloats(bytes, tile.BYTES_PER_ELEMENT, rowLength, tileSize, bandCount);
  else difference(tile, rowLength, tileSize, bandCount);
  return bytes;
}

function cutOut(band: Samples, width: number, window: Window): Samples {
  const cut = new SAMPLE_TYPES[sampleTypeOf(band)].array(window.width * window.height);
  for (let row = 0; row < window.height; row++) {
    const start = (window.row + row) * width + window.column;
    cut.set(band.subarray(start, start + window.width), row * window.width);
  }
  return cut;
}

function emptyTiles({ grid, tileSize }: WritePlan): TileIndex {
  const count = Math.ceil(grid.width / tileSize) * Math.ceil(grid.height / tileSize);
  return { offsets: new Array<number>(count).fill(0), byteCounts: new Array<number>(count).fill(0) };
}

/** Decided before the first tile, so on the worst case: raw samples, 1/64 more for deflate's overhead and the head. */
function needsBigTiff({ grid, bandCount, sampleType, tileSize }: WritePlan): boolean {
  const tiles = Math.ceil(grid.width / tileSize) * Math.ceil(grid.height / tileSize);
  const tileBytes = tileSize * tileSize * bandCount * (SAMPLE_TYPES[sampleType].bits / 8);
  return tiles * (tileBytes + tileBytes / 64 + 1024) > 2 ** 32 - 2 ** 20;
}
