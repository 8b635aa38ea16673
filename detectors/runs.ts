/**
 * A set of pixels as horizontal runs: run i covers columns [start[i], end[i]) of row[i].
 * Sorted by row, then start; runs of one row neither touch nor overlap.
 */
export interface PixelRuns {
  row: Int32Array;
  start: Int32Array;
  end: Int32Array;
}

export function pixelCount(runs: PixelRuns): number {
  let count = 0;
  for (let i = 0; i < runs.row.length; i++) count += runs.end[i] - runs.start[i];
  return count;
}

/** Collects runs one by one, in order, and joins those of a row that touch. */
export class RunCollector {
  private readonly rows: number[] = [];
  private readonly starts: number[] = [];
  private readonly ends: number[] = [];

  add(row: number, start: number, end: number): void {
    const last = this.rows.length - 1;
    if (last >= 0 && this.rows[last] === row && this.ends[last] === start) this.ends[last] = end;
    else {
      this.rows.push(row);
      this.starts.push(start);
      this.ends.push(end);
    }
  }

  finish(): PixelRuns {
    return { row: Int32Array.from(this.rows), start: Int32Array.from(this.starts), end: Int32Array.from(this.ends) };
  }
}

/** A block of an array of pixels, and where its first pixel lies on the whole grid. */
export interface Block {
  /** Width of the array that is indexed. */
  stride: number;
  /** First column and row of the block inside the array. */
  left: number;
  top: number;
  width: number;
  height: number;
  /** Column and row of the block's first pixel on the whole grid. */
  column: number;
  row: number;
}

/** Runs, on the whole grid, of the block's pixels that pass the test (called with the array index). */
export function runsWhere(block: Block, test: (index: number) => boolean): PixelRuns {
  const found = new RunCollector();
  for (let y = 0; y < block.height; y++) {
    const line = (block.top + y) * block.stride + block.left;
    for (let x = 0; x < block.width; x++) {
      if (!test(line + x)) continue;
      const from = x;
      while (x < block.width && test(line + x)) x++;
      found.add(block.row + y, block.column + from, block.column + x);
    }
  }
  return found.finish();
}

/**
 * Labels connected components: 8-connected (corners join) or 4-connected (only edges join).
 * Returns a label per run, numbered 0.. in the order of each component's first run.
 */
export function labelRuns(runs: PixelRuns, connectivity: 4 | 8): { labels: Int32Array; count: number } {
  const { row, start, end } = runs;
  const parent = new Int32Array(row.length);
  for (let i = 0; i < parent.length; i++) parent[i] = i;
  const reach = connectivity === 8 ? 1 : 0;
  let above = 0;
  for (let i = 0; i < row.length; i++) {
    while (above < i && (row[above] < row[i] - 1 || (row[above] === row[i] - 1 && end[above] + reach <= start[i])))
      above++;
    for (let j = above; j < i && row[j] === row[i] - 1 && start[j] < end[i] + reach; j++) join(parent, i, j);
  }
  const labels = new Int32Array(row.length);
  const named = new Int32Array(row.length).fill(-1);
  let count = 0;
  for (let i = 0; i < row.length; i++) {
    const root = find(parent, i);
    if (named[root] < 0) named[root] = count++;
    labels[i] = named[root];
  }
  return { labels, count };
}

function find(parent: Int32Array, i: number): number {
  while (parent[i] !== i) {
    parent[i] = parent[parent[i]];
    i = parent[i];
  }
  return i;
}

function join(parent: Int32Array, i: number, j: number): void {
  const a = find(parent, i);
  const b = find(parent, j);
  if (a < b) parent[b] = a;
  else parent[a] = b;
}

/** The runs of each label, in label order. */
export function splitByLabel(runs: PixelRuns, labels: Int32Array, count: number): PixelRuns[] {
  const parts = Array.from({ length: count }, () => new RunCollector());
  for (let i = 0; i < labels.length; i++) parts[labels[i]].add(runs.row[i], runs.start[i], runs.end[i]);
  return parts.map((part) => part.finish());
}

/** One set of runs from parts that share no pixel, in whatever order they come. */
export function joinRuns(parts: readonly PixelRuns[]): PixelRuns {
  const pieces = parts.flatMap((part) => Array.from(part.row, (row, i) => [row, part.start[i], part.end[i]] as const));
  pieces.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const joined = new RunCollector();
  for (const [row, start, end] of pieces) joined.add(row, start, end);
  return joined.finish();
}

/** The runs of a full rectangle of pixels. */
export function rectangleRuns(column: number, row: number, width: number, height: number): PixelRuns {
  return {
    row: Int32Array.from({ length: height }, (_, i) => row + i),
    start: new Int32Array(height).fill(column),
    end: new Int32Array(height).fill(column + width),
  };
}
