import { labelRuns, type PixelRuns } from './runs.ts';

/**
 * Objects as labelled pixels: run i belongs to object labels[i], 0 ≤ label < count. Sorted by row, then start. Runs of
 * one object are apart; those of different ones may overlap, as other people's polygons do.
 */
export interface Objects {
  runs: PixelRuns;
  labels: Int32Array;
  count: number;
}

/** A true and a found object that were matched; both by label. */
export interface Match {
  truth: number;
  found: number;
  /** Intersection over union, in pixels. */
  iou: number;
}

export interface Matching {
  /** One to one, by falling IoU. */
  matches: Match[];
  /** Pixels per object. */
  truthPixels: Float64Array;
  foundPixels: Float64Array;
  /** Per found object: 1 where it shares a pixel with any true one. */
  touching: Uint8Array;
}

/** What became of each object at one least IoU. */
export interface Judgement {
  truth: Uint8Array;
  found: Uint8Array;
}

/** In a Judgement: the object does not count, has no partner, has one. */
export const fates = { leftOut: 0, alone: 1, matched: 2 } as const;

export interface ObjectFigures {
  truth: number;
  found: number;
  /** True objects that were found; found objects that are true. They differ only where sizes are told apart. */
  truthMatched: number;
  foundMatched: number;
  /** NaN where nothing was found. */
  precision: number;
  /** NaN where nothing is true. */
  recall: number;
  /** Share of all objects, true and found, that have a partner: F1 where every match counts on both sides. */
  f1: number;
}

/** Connected pixels (8 neighbours) as objects. */
export function connectedObjects(runs: PixelRuns): Objects {
  return { runs, ...labelRuns(runs, 8) };
}

/** Objects each of which is given by its runs, in label order. */
export function objectsOf(parts: readonly PixelRuns[]): Objects {
  const pieces = new Pieces();
  for (const [label, { row, start, end }] of parts.entries())
    for (let i = 0; i < row.length; i++) pieces.add(label, row[i], start[i], end[i]);
  return pieces.asObjects(parts.length);
}

/** Pixels of each object that lie on `ground`, whose runs are apart. */
export function pixelsOn(objects: Objects, ground: PixelRuns): Float64Array {
  const pixels = new Float64Array(objects.count);
  eachOverlap(objects.runs, ground, (i, _, start, end) => {
    pixels[objects.labels[i]] += end - start;
  });
  return pixels;
}

/** What lies of the objects on `ground`, under the same labels. */
export function cutTo(objects: Objects, ground: PixelRuns): Objects {
  const { runs, labels, count } = objects;
  const pieces = new Pieces();
  eachOverlap(runs, ground, (i, _, start, end) => pieces.add(labels[i], runs.row[i], start, end));
  return pieces.asObjects(count);
}

/**
 * Matches true and found objects one to one, greedily by falling IoU (METHODS §9); of equal ones the first true, then
 * the first found object takes it. So the matches at a higher IoU are those of a lower one that reach it.
 */
export function matchObjects(truth: Objects, found: Objects): Matching {
  const truthPixels = pixelsPerObject(truth);
  const foundPixels = pixelsPerObject(found);
  const shared = new Map<number, number>();
  eachOverlap(truth.runs, found.runs, (i, j, start, end) => {
    const pair = truth.labels[i] * found.count + found.labels[j];
    shared.set(pair, (shared.get(pair) ?? 0) + end - start);
  });
  const candidates: Match[] = [];
  const touching = new Uint8Array(found.count);
  for (const [pair, pixels] of shared) {
    const [t, f] = [Math.floor(pair / found.count), pair % found.count];
    touching[f] = 1;
    candidates.push({ truth: t, found: f, iou: pixels / (truthPixels[t] + foundPixels[f] - pixels) });
  }
  candidates.sort((a, b) => b.iou - a.iou || a.truth - b.truth || a.found - b.found);
  const taken = { truth: new Uint8Array(truth.count), found: new Uint8Array(found.count) };
  const matches = candidates.filter(({ truth: t, found: f }) => {
    if (taken.truth[t] || taken.found[f]) return false;
    taken.truth[t] = taken.found[f] = 1;
    return true;
  });
  return { matches, truthPixels, foundPixels, touching };
}

/**
 * Which objects count and which have a partner at `leastIoU`. An object of fewer than `minPixels` is left out, but for
 * a found one whose partner is large enough; so is a found one whose partner is too small: it is not wrong either.
 */
export function judgeObjects(matching: Matching, leastIoU: number, minPixels: number): Judgement {
  const fatesOf = (pixels: Float64Array) => {
    const all = new Uint8Array(pixels.length);
    for (let label = 0; label < all.length; label++) if (pixels[label] >= minPixels) all[label] = fates.alone;
    return all;
  };
  const truth = fatesOf(matching.truthPixels);
  const found = fatesOf(matching.foundPixels);
  for (const match of matching.matches) {
    if (match.iou < leastIoU) break;
    const counts = truth[match.truth] !== fates.leftOut;
    found[match.found] = counts ? fates.matched : fates.leftOut;
    if (counts) truth[match.truth] = fates.matched;
  }
  return { truth, found };
}

/** Figures of the objects for which the two tests (called with the label) hold. */
export function objectFigures(
  judgement: Judgement,
  truthIn: (label: number) => boolean = () => true,
  foundIn: (label: number) => boolean = () => true,
): ObjectFigures {
  const truth = tally(judgement.truth, truthIn);
  const found = tally(judgement.found, foundIn);
  return {
    truth: truth.counted,
    found: found.counted,
    truthMatched: truth.matched,
    foundMatched: found.matched,
    precision: found.matched / found.counted,
    recall: truth.matched / truth.counted,
    f1: (truth.matched + found.matched) / (truth.counted + found.counted),
  };
}

function tally(objects: Uint8Array, isIn: (label: number) => boolean): { counted: number; matched: number } {
  let counted = 0;
  let matched = 0;
  for (let label = 0; label < objects.length; label++) {
    if (objects[label] === fates.leftOut || !isIn(label)) continue;
    counted++;
    if (objects[label] === fates.matched) matched++;
  }
  return { counted, matched };
}

function pixelsPerObject({ runs, labels, count }: Objects): Float64Array {
  const pixels = new Float64Array(count);
  for (let i = 0; i < labels.length; i++) pixels[labels[i]] += runs.end[i] - runs.start[i];
  return pixels;
}

/** Calls `take` for every pair of runs, i of `a` and j of `b`, that share the columns [start, end) of a row. */
function eachOverlap(
  a: PixelRuns,
  b: PixelRuns,
  take: (i: number, j: number, start: number, end: number) => void,
): void {
  let first = 0;
  for (let i = 0; i < a.row.length; i++) {
    // Runs of `a` only move on, so what ends before this one meets none of those to come.
    while (
      first < b.row.length &&
      (b.row[first] < a.row[i] || (b.row[first] === a.row[i] && b.end[first] <= a.start[i]))
    )
      first++;
    for (let j = first; j < b.row.length && b.row[j] === a.row[i] && b.start[j] < a.end[i]; j++) {
      const start = Math.max(a.start[i], b.start[j]);
      const end = Math.min(a.end[i], b.end[j]);
      if (start < end) take(i, j, start, end);
    }
  }
}

/** Runs of objects in any order. */
class Pieces {
  private readonly labels: number[] = [];
  private readonly rows: number[] = [];
  private readonly starts: number[] = [];
  private readonly ends: number[] = [];

  add(label: number, row: number, start: number, end: number): void {
    this.labels.push(label);
    this.rows.push(row);
    this.starts.push(start);
    this.ends.push(end);
  }

  asObjects(count: number): Objects {
    const { labels, rows, starts, ends } = this;
    const order = Uint32Array.from(labels, (_, i) => i);
    order.sort((a, b) => rows[a] - rows[b] || starts[a] - starts[b] || labels[a] - labels[b]);
    const sorted = (values: number[]) => Int32Array.from(order, (i) => values[i]);
    return { runs: { row: sorted(rows), start: sorted(starts), end: sorted(ends) }, labels: sorted(labels), count };
  }
}
