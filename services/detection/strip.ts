import { ChangeFinder } from '../../detectors/kernels/change-finder.ts';
import type { PairPlanes } from '../../detectors/kernels/pair-planes.ts';
import { TileMarks } from '../../detectors/kernels/tile-marks.ts';
import type { Region } from '../../detectors/region.ts';
import { RunSums } from '../../detectors/run-sums.ts';
import { CellSummer, type CellSums } from '../../imagery/cloud/cell-sums.ts';
import type { Grid, Window } from '../../imagery/grid.ts';
import { arenaMemory } from '../../imagery/kernels/arena.ts';
import type { PixelShift } from '../../imagery/resampling/resample.ts';
import type { BandRole, Scene } from '../../imagery/scene.ts';
import { cloudBands } from './cloud-scan.ts';
import { type Judgement, ModelGate } from './model-gate.ts';
import { PairBuffer, type Side } from './pair-buffer.ts';
import { bandIndices } from './scene-pair.ts';
import { type Edge, SeamBuffer, seamPx } from './seam.ts';
import type { SourceCache } from './source-cache.ts';

/** A strip of a pair's grid over its whole width, to be searched for change. */
export interface StripInput {
  before: Scene;
  after: Scene;
  grid: Grid;
  roles: BandRole[];
  shift: PixelShift | null;
  /** The shared memory of a ModelGate. */
  gate: SharedArrayBuffer;
  row: number;
  height: number;
  /** Columns read and scored at a time, whole tiles of the files where that can be. */
  segments: { column: number; width: number }[];
  minPixels: number;
  /** Side of the cells on which clouds will be looked for; null: nobody will. */
  cloudCellPx: number | null;
}

export interface StripResult {
  regions: Region[];
  /** Pixels that not both dates observed. */
  unobserved: number;
  /** What clouds are told by, see CloudScan. */
  cells: CellSums | null;
  /** Left over for the seams; null at the grid's own edges. */
  top: Edge | null;
  bottom: Edge | null;
  /** What could not be read, and so counts as unobserved. */
  warnings: string[];
}

/** Pixels read ahead while the model is on its way. */
const mostAhead = 1 * 2048 * 512;

/**
 * Reads a strip segment by segment and finds what changed, but for the rows nearest to the strips above and below.
 * Null: nobody wants to know any more.
 */
export async function searchStrip(input: StripInput, sources: SourceCache): Promise<StripResult | null> {
  const { row, height, segments } = input;
  const reader = new StripReader(input, await sidesOf(input, sources));
  let strip: Strip | null = null;
  try {
    const gate = new ModelGate(input.gate);
    for (const { column, width } of segments) {
      if (gate.isOpen || !reader.hasRoomFor(width * height)) break;
      await reader.read({ column, row, width, height });
    }
    const judgement = gate.wait();
    if (judgement === null) return null;
    strip = new Strip(input, judgement, reader.sample);
    for (const { column, width } of segments) {
      const window: Window = { column, row, width, height };
      const { planes, isWhole } = await reader.next(window);
      strip.take(planes, window, isWhole);
    }
    return { ...strip.result(), warnings: sources.takeDamage() };
  } finally {
    reader.release();
    strip?.release();
  }
}

async function sidesOf({ before, after, roles }: StripInput, sources: SourceCache): Promise<[Side, Side]> {
  const side = async (scene: Scene) => ({ source: await sources.open(scene), bands: bandIndices(scene, roles) });
  return [await side(before), await side(after)];
}

interface ReadSegment {
  planes: PairPlanes;
  isWhole: boolean;
}

/** Reads segments into buffers of their own while there is room, and hands them out in the same order. */
class StripReader {
  readonly #newBuffer: () => PairBuffer;
  /** All buffers; those of read segments first, oldest first. */
  readonly #buffers: PairBuffer[];
  readonly #read: ReadSegment[] = [];
  #pixelsAhead = 0;

  constructor({ grid, segments, height, shift }: StripInput, [before, after]: [Side, Side]) {
    const widest = Math.max(...segments.map(({ width }) => width));
    this.#newBuffer = () => new PairBuffer(grid, before, after, shift, widest * height);
    this.#buffers = [this.#newBuffer()];
  }

  get sample(): PairPlanes['sample'] {
    return this.#buffers[0].sample;
  }

  hasRoomFor(pixels: number): boolean {
    return this.#pixelsAhead + pixels <= mostAhead;
  }

  async read(window: Window): Promise<void> {
    if (this.#read.length === this.#buffers.length) this.#buffers.push(this.#newBuffer());
    const buffer = this.#buffers[this.#read.length];
    this.#read.push({ planes: await buffer.read(window), isWhole: buffer.isWhole });
    this.#pixelsAhead += window.width * window.height;
  }

  /** The segment read first of those not handed out, which is `window`; its buffer will be used again. */
  async next(window: Window): Promise<ReadSegment> {
    if (this.#read.length === 0) await this.read(window);
    this.#buffers.push(this.#buffers.shift()!);
    return this.#read.shift()!;
  }

  release(): void {
    for (const buffer of this.#buffers) buffer.release();
  }
}

class Strip {
  readonly #input: StripInput;
  readonly #seed: number;
  readonly #finder: ChangeFinder;
  readonly #marks: TileMarks;
  readonly #found: RunSums;
  /** Columns on either side of the seam between two segments. */
  readonly #seam: SeamBuffer;
  readonly #top: SeamBuffer;
  readonly #bottom: SeamBuffer;
  readonly #summer: CellSummer | null;
  /** Where the bands that tell clouds lie among the planes. */
  readonly #cloudBands: number[];
  #unobserved = 0;

  constructor(input: StripInput, { model, screenScore, seed }: Judgement, sample: PairPlanes['sample']) {
    const { grid, row, height } = input;
    const kind = { sample, bands: model.ties.length };
    this.#input = input;
    this.#seed = seed;
    this.#finder = new ChangeFinder(model, screenScore);
    this.#marks = new TileMarks(grid.width, row, row + height);
    this.#found = new RunSums(kind.bands);
    this.#seam = new SeamBuffer(kind, 4 * seamPx, height);
    this.#top = new SeamBuffer(kind, grid.width, 2 * seamPx);
    this.#bottom = new SeamBuffer(kind, grid.width, 2 * seamPx);
    this.#cloudBands = cloudBands.map((role) => input.roles.indexOf(role));
    const planes = 2 * this.#cloudBands.length + 2;
    this.#summer =
      input.cloudCellPx === null ? null : new CellSummer(grid.width, row, row + height, input.cloudCellPx, planes);
  }

  release(): void {
    for (const part of [this.#finder, this.#marks, this.#seam, this.#top, this.#bottom]) part.release();
    this.#summer?.release();
  }

  take(planes: PairPlanes, { column, row, width, height }: Window, isWhole: boolean): void {
    if (!isWhole) this.#unobserved += unobservedIn(planes);
    const at = { planes, column, row };
    this.#finder.screen(at, isWhole, this.#marks);
    this.#sum(planes, column, row, isWhole);
    const isFirst = column === 0;
    const isLast = column + width === this.#input.grid.width;
    const from = isFirst ? 0 : column + seamPx;
    const to = isLast ? column + width : column + width - seamPx;
    if (!isFirst) {
      const columns = Math.min(2 * seamPx, width);
      this.#seam.put(planes, 0, 0, columns, height, 2 * seamPx, 0);
      const left = column - 2 * seamPx;
      this.#finder.find(
        { planes: this.#seam.planes, column: left, row },
        this.#rowsOf(column - seamPx, from),
        this.#marks,
        this.#found,
      );
    }
    this.#finder.find(at, this.#rowsOf(from, to), this.#marks, this.#found);
    if (!isLast) this.#seam.put(planes, width - 2 * seamPx, 0, 2 * seamPx, height, 0, 0);
    const place = this.#place();
    if (!place.isFirst) this.#top.put(planes, 0, 0, width, 2 * seamPx, column, 0);
    if (!place.isLast) this.#bottom.put(planes, 0, height - 2 * seamPx, width, 2 * seamPx, column, 0);
  }

  /** Adds the segment to the cells' sums. */
  #sum(planes: PairPlanes, column: number, row: number, isWhole: boolean): void {
    if (this.#summer === null) return;
    const { sample, stride, width, height, planeBytes } = planes;
    const place = { stride, width, height, column, row };
    const count = this.#cloudBands.length;
    for (const [date, mask] of [planes.maskBefore, planes.maskAfter].entries()) {
      const first = date === 0 ? planes.before : planes.after;
      for (const [k, band] of this.#cloudBands.entries()) {
        const at = first + band * planeBytes;
        this.#summer.add(date * count + k, { ...place, sample, at, mask: isWhole ? 0 : mask });
      }
      if (isWhole) this.#summer.addWhole(2 * count + date, place);
      else this.#summer.addMask(2 * count + date, { ...place, mask });
    }
  }

  result(): Omit<StripResult, 'warnings'> {
    const { row, height, minPixels } = this.#input;
    const inner = this.#rowsOf(0, 1);
    const { isFirst, isLast } = this.#place();
    const openTop = isFirst ? -1 : inner.row;
    const openBottom = isLast ? -1 : inner.row + inner.height - 1;
    return {
      regions: this.#found.regions(minPixels, openTop, openBottom, this.#seed),
      unobserved: this.#unobserved,
      cells: this.#summer?.take() ?? null,
      top: isFirst ? null : this.#edge(this.#top, row),
      bottom: isLast ? null : this.#edge(this.#bottom, row + height - seamPx),
    };
  }

  #edge(buffer: SeamBuffer, row: number): Edge {
    const marks = this.#marks.between(row, row + seamPx);
    return { sample: buffer.planes.sample, bytes: buffer.bytes.slice(), marks };
  }

  /** The rows that can be scored without the neighbouring strips, between two columns. */
  #rowsOf(from: number, to: number) {
    const { row, height } = this.#input;
    const { isFirst, isLast } = this.#place();
    const first = isFirst ? row : row + seamPx;
    const end = isLast ? row + height : row + height - seamPx;
    return { column: from, row: first, width: to - from, height: end - first };
  }

  #place() {
    const { grid, row, height } = this.#input;
    return { isFirst: row === 0, isLast: row + height === grid.height };
  }
}

function unobservedIn({ maskBefore, maskAfter, width, height }: PairPlanes): number {
  const before = new Uint8Array(arenaMemory.buffer, maskBefore, width * height);
  const after = new Uint8Array(arenaMemory.buffer, maskAfter, width * height);
  let count = 0;
  for (let i = 0; i < before.length; i++) if ((before[i] & after[i]) === 0) count++;
  return count;
}
