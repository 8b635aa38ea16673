import { ChangeFinder } from '../../detectors/kernels/change-finder.ts';
import { marginRows } from '../../detectors/kernels/change-tile.ts';
import { kernels } from '../../detectors/kernels/kernels.ts';
import type { PairPlanes } from '../../detectors/kernels/pair-planes.ts';
import { TileMarks } from '../../detectors/kernels/tile-marks.ts';
import type { ChangeModel } from '../../detectors/model.ts';
import type { Region } from '../../detectors/region.ts';
import { RunSums } from '../../detectors/run-sums.ts';
import { allocate, arenaMemory, release } from '../../imagery/kernels/arena.ts';

/** So far from the edge of what is decoded a pixel can be scored; nearer ones wait for the other side of the seam. */
export const seamPx = 8;

/** Both dates of a few rows (or columns) along an edge, in the arena: what lies on either side of a seam meets here. */
export class SeamBuffer {
  readonly planes: PairPlanes;
  readonly #block: number;

  constructor({ sample, bands }: Pick<PairPlanes, 'sample' | 'bands'>, width: number, height: number) {
    const planeBytes = width * height * sampleBytesOf(sample);
    const sideBytes = planeBytes * bands;
    this.#block = allocate(2 * sideBytes + 2 * width * height);
    const maskBefore = this.#block + 2 * sideBytes;
    this.planes = {
      sample,
      bands,
      before: this.#block,
      after: this.#block + sideBytes,
      planeBytes,
      stride: width,
      width,
      height,
      maskBefore,
      maskAfter: maskBefore + width * height,
    };
  }

  release(): void {
    release(this.#block);
  }

  /** All of its bytes, as they travel from thread to thread. */
  get bytes(): Uint8Array {
    const { planeBytes, bands, width, height } = this.planes;
    return new Uint8Array(arenaMemory.buffer, this.#block, 2 * (planeBytes * bands + width * height));
  }

  /** Copies a rectangle of other planes to column x, row y of these. */
  put(from: PairPlanes, fromX: number, fromY: number, width: number, height: number, x: number, y: number): void {
    const to = this.planes;
    const sampleBytes = sampleBytesOf(to.sample);
    const copy = (source: number, target: number, bytes: number) => {
      const at = source + (fromY * from.stride + fromX) * bytes;
      const place = target + (y * to.stride + x) * bytes;
      kernels.copyRows(at, from.stride * bytes, place, to.stride * bytes, width * bytes, height);
    };
    for (let band = 0; band < to.bands; band++) {
      copy(from.before + band * from.planeBytes, to.before + band * to.planeBytes, sampleBytes);
      copy(from.after + band * from.planeBytes, to.after + band * to.planeBytes, sampleBytes);
    }
    copy(from.maskBefore, to.maskBefore, 1);
    copy(from.maskAfter, to.maskAfter, 1);
  }
}

function sampleBytesOf(sample: PairPlanes['sample']): number {
  return sample === 'uint16' ? 2 : 4;
}

/** What a strip leaves over at its upper or lower edge, as it travels to the thread that closes the seam. */
export interface Edge {
  sample: PairPlanes['sample'];
  /** The bytes of a SeamBuffer of 2 · seamPx rows and the strip's width. */
  bytes: Uint8Array;
  /** Marks of the squares at the edge, by column. */
  marks: Uint8Array;
}

/**
 * Regions of the rows on either side of the seam at `row`, which neither strip could score: it takes the rows beyond.
 */
export function closeSeam(
  above: Edge,
  below: Edge,
  model: ChangeModel,
  screenScore: number,
  row: number,
  width: number,
  minPixels: number,
): Region[] {
  if (!above.marks.includes(1) && !below.marks.includes(1)) return [];
  const bands = model.ties.length;
  const rows = 2 * seamPx;
  const halves = [above, below].map((edge) => {
    const half = new SeamBuffer({ sample: edge.sample, bands }, width, rows);
    half.bytes.set(edge.bytes);
    return half;
  });
  const whole = new SeamBuffer({ sample: above.sample, bands }, width, 2 * rows);
  const marks = new TileMarks(width, row - seamPx, row + seamPx);
  const finder = new ChangeFinder(model, screenScore);
  try {
    halves.forEach((half, i) => {
      whole.put(half.planes, 0, 0, width, rows, 0, i * rows);
    });
    for (const edge of [above, below]) marks.add(edge.marks);
    const found = new RunSums(bands);
    const area = { column: 0, row: row - seamPx, width, height: 2 * seamPx };
    finder.find({ planes: whole.planes, column: 0, row: row - rows }, area, marks, found);
    return found.regions(minPixels, row - seamPx, row + seamPx - 1);
  } finally {
    for (const part of [...halves, whole, marks, finder]) part.release();
  }
}

if (seamPx < marginRows) throw new Error('A seam must be wider than what scoring reaches for.');
