import { RunPieces } from './run-pieces.ts';
import { type Block, labelRuns, type PixelRuns, pixelCount, runsWhere, splitByLabel } from './runs.ts';

/**
 * A connected changed region with sums over its pixels, which add up when regions of neighbouring
 * windows are joined. Band sums are in the before image's radiometry.
 */
export interface Region {
  runs: PixelRuns;
  pixels: number;
  score: number;
  /** Highest score of any pixel. */
  peak: number;
  before: number[];
  after: number[];
  /** Pixels by the pair of scenes that they were judged on, under the key the window gave it. */
  pairs: Record<string, number>;
}

/** What a window knows of its pixels when regions are cut from it. */
export interface ScoredWindow {
  block: Block;
  score: Float32Array;
  /** True where the pixel counts as changed. Called, as all below, with the array index. */
  changed: (index: number) => boolean;
  /** Value of a band at a pixel, on either date, both in the before image's radiometry. */
  before: (band: number, index: number) => number;
  after: (band: number, index: number) => number;
  bands: number;
  pair: (index: number) => string;
}

/**
 * The window's changed regions, 8-connected. Those under `minPixels` are dropped unless they touch the
 * block's edge, where a neighbour may complete them.
 */
export function regionsOf(window: ScoredWindow, minPixels: number): Region[] {
  const { block } = window;
  const runs = runsWhere(block, window.changed);
  const { labels, count } = labelRuns(runs, 8);
  return splitByLabel(runs, labels, count)
    .filter((part) => pixelCount(part) >= minPixels || touchesEdge(part, block))
    .map((part) => summed(part, window));
}

function touchesEdge({ row, start, end }: PixelRuns, block: Block): boolean {
  if (row[0] === block.row || row[row.length - 1] === block.row + block.height - 1) return true;
  return start.some((s) => s === block.column) || end.some((e) => e === block.column + block.width);
}

function summed(runs: PixelRuns, window: ScoredWindow): Region {
  const { block, bands } = window;
  const region: Region = {
    runs,
    pixels: 0,
    score: 0,
    peak: 0,
    before: new Array<number>(bands).fill(0),
    after: new Array<number>(bands).fill(0),
    pairs: {},
  };
  for (let r = 0; r < runs.row.length; r++) {
    const line = (runs.row[r] - block.row + block.top) * block.stride + block.left - block.column;
    for (let i = line + runs.start[r]; i < line + runs.end[r]; i++) {
      region.pixels++;
      region.score += window.score[i];
      region.peak = Math.max(region.peak, window.score[i]);
      const pair = window.pair(i);
      region.pairs[pair] = (region.pairs[pair] ?? 0) + 1;
      for (let band = 0; band < bands; band++) {
        region.before[band] += window.before(band, i);
        region.after[band] += window.after(band, i);
      }
    }
  }
  return region;
}

/**
 * Joins regions that touch across window edges (8-connected) and drops what stays under `minPixels`.
 * The result is the same to the last bit, ordered by first row, then column, whatever order the windows came in.
 */
export function mergeRegions(parts: Region[], minPixels: number): Region[] {
  const pieces = new RunPieces(parts.reduce((sum, part) => sum + part.runs.row.length, 0));
  for (const [i, { runs }] of parts.entries()) {
    for (let k = 0; k < runs.row.length; k++) pieces.add(runs.row[k], runs.start[k], runs.end[k], i);
  }
  const { runs, memberOf, order } = pieces.joined();
  const { labels, count } = labelRuns(runs, 8);
  const byLabel = splitByLabel(runs, labels, count);
  // Members in reading order, not in order of arrival: the order of a floating-point sum is part of its result.
  const members: Region[][] = Array.from({ length: count }, () => []);
  const lastLabel = new Int32Array(parts.length).fill(-1);
  for (let i = 0; i < order.length; i++) {
    const part = pieces.owner[order[i]];
    const label = labels[memberOf[i]];
    // All of a part's runs are connected, so it belongs to one label.
    if (lastLabel[part] === label) continue;
    lastLabel[part] = label;
    members[label].push(parts[part]);
  }
  return byLabel
    .map((whole, label) => (members[label].length === 1 ? members[label][0] : added(whole, members[label])))
    .filter((region) => region.pixels >= minPixels);
}

function added(runs: PixelRuns, parts: Region[]): Region {
  const total: Region = { ...parts[0], runs, pairs: {}, pixels: 0, score: 0, peak: 0 };
  total.before = parts[0].before.map((_, band) => parts.reduce((sum, part) => sum + part.before[band], 0));
  total.after = parts[0].after.map((_, band) => parts.reduce((sum, part) => sum + part.after[band], 0));
  for (const part of parts) {
    total.pixels += part.pixels;
    total.score += part.score;
    total.peak = Math.max(total.peak, part.peak);
    for (const [pair, pixels] of Object.entries(part.pairs)) total.pairs[pair] = (total.pairs[pair] ?? 0) + pixels;
  }
  return total;
}
