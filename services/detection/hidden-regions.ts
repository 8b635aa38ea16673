import type { Region } from '../../detectors/region.ts';
import { RunSums } from '../../detectors/run-sums.ts';
import { liesInEdges } from './cloud-edge.ts';
import type { HiddenGround } from './cloud-scan.ts';

/**
 * Takes hidden ground out of regions. What is left of a run keeps the run's mean score and spectra; a region may fall
 * to pieces.
 */
export function withoutHidden(regions: Region[], hidden: HiddenGround): Region[] {
  if (hidden.pixels === 0) return regions;
  return regions.flatMap((region) => (touches(region, hidden) ? seenParts(region, hidden) : [region]));
}

function touches({ runs }: Region, hidden: HiddenGround): boolean {
  for (let i = 0; i < runs.row.length; i++) {
    for (const _ of hiddenPieces(runs.row[i], runs.start[i], runs.end[i], hidden)) return true;
  }
  return false;
}

function seenParts(region: Region, hidden: HiddenGround): Region[] {
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
    for (const [start, end] of hiddenPieces(runs.row[i], runs.start[i], runs.end[i], hidden)) {
      keep(runs.row[i], seenFrom, start);
      seenFrom = end;
    }
    keep(runs.row[i], seenFrom, runs.end[i]);
  }
  // What joined hidden ground and lies in its thin edge is more of the same cloud or shadow.
  return parts.regions(1, -1, -1).filter((part) => !liesInEdges(part, hidden));
}

/** The parts of a run that lie in hidden cells, from left to right. */
function* hiddenPieces(row: number, start: number, end: number, { cellPx, columns, cells }: HiddenGround) {
  const line = Math.floor(row / cellPx) * columns;
  for (let cell = Math.floor(start / cellPx); cell * cellPx < end; cell++) {
    if (cells[line + cell] !== 1) continue;
    yield [Math.max(start, cell * cellPx), Math.min(end, (cell + 1) * cellPx)] as const;
  }
}
