import type { Region } from '../../detectors/region.ts';
import { RunSums } from '../../detectors/run-sums.ts';
import { liesInEdges } from './cloud-edge.ts';
import type { HiddenGround } from './cloud-scan.ts';

/**
 * Takes hidden ground out of regions, and of those that reach into it the thin edge of the cloud or shadow too, which
 * they are joined to it by. What is left of a run keeps the run's mean score and spectra; a region may fall
 * to pieces.
 */
export function withoutHidden(regions: Region[], hidden: HiddenGround): Region[] {
  if (hidden.pixels === 0) return regions;
  return regions.flatMap((region) => {
    if (!touches(region, hidden)) return [region];
    // What joined hidden ground and lies mostly in its thin edge is more of the same cloud or shadow.
    const seen = without(hidden.cells, region, hidden).filter((part) => !liesInEdges(part, hidden));
    return seen.flatMap((part) => without(hidden.edges, part, hidden));
  });
}

function touches({ runs }: Region, hidden: HiddenGround): boolean {
  for (let i = 0; i < runs.row.length; i++) {
    for (const _ of piecesIn(hidden.cells, runs.row[i], runs.start[i], runs.end[i], hidden)) return true;
  }
  return false;
}

/** What of a region lies outside set cells. */
function without(set: Uint8Array, region: Region, hidden: HiddenGround): Region[] {
  const { runs, pixels, peak, score, before, after } = region;
  const parts = new RunSums(before.length);
  const means = [score, ...before, ...after].map((sum) => sum / pixels);
  const keep = (row: number, start: number, end: number) => {
    if (end <= start) return;
    const at = parts.add(row, start, end);
    parts.sums[at] = means[0] * (end - start);
    parts.sums[at + 1] = peak;
    for (let k = 1; k < means.length; k++) parts.sums[at + k + 1] = means[k] * (end - start);
  };
  for (let i = 0; i < runs.row.length; i++) {
    let seenFrom = runs.start[i];
    for (const [start, end] of piecesIn(set, runs.row[i], runs.start[i], runs.end[i], hidden)) {
      keep(runs.row[i], seenFrom, start);
      seenFrom = end;
    }
    keep(runs.row[i], seenFrom, runs.end[i]);
  }
  return parts.regions(1, -1, -1);
}

/** The parts of a run that lie in set cells, from left to right. */
function* piecesIn(set: Uint8Array, row: number, start: number, end: number, { cellPx, columns }: HiddenGround) {
  const line = Math.floor(row / cellPx) * columns;
  for (let cell = Math.floor(start / cellPx); cell * cellPx < end; cell++) {
    if (set[line + cell] !== 1) continue;
    yield [Math.max(start, cell * cellPx), Math.min(end, (cell + 1) * cellPx)] as const;
  }
}
