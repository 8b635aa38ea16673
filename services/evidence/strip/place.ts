import { groundPixelSizeM } from '../../../imagery/ellipsoid.ts';
import type { Grid, LonLatBox, Window } from '../../../imagery/grid.ts';
import { windowGrid } from '../../../imagery/grid.ts';
import { cloudMarginPx } from '../../detection/cloud-mask.ts';
import { type Evidence, runsOfEvidence } from '../../month/evidence.ts';

/** Where a patch lies, as its dates are looked at: the same pixels on every date. */
export interface StripPlace {
  evidence: Evidence;
  box: LonLatBox;
  /** The patch and the ground round it. */
  inner: Grid;
  /** The same with the context in which clouds are told, `margin` pixels more on each side. */
  outer: Grid;
  margin: number;
  /** Over inner: 1 in the patch; 1 round it, a pixel's edge left out. */
  place: Uint8Array;
  around: Uint8Array;
}

/** Ground round a patch that is compared with it, as when it is watched: a share of its longer side, and in pixels. */
const surroundings = { share: 0.75, leastPx: 24, mostPx: 96 };
/** Larger places are looked at on coarser pixels: a mean over so many says the same. */
const mostPixels = 250_000;

export function stripPlace(evidence: Evidence, box: LonLatBox): StripPlace {
  const window = surroundingWindow(evidence);
  const step = Math.max(1, Math.ceil(Math.sqrt((window.width * window.height) / mostPixels)));
  const inner = coarser(windowGrid(evidence.grid, window), step);
  const size = groundPixelSizeM(inner);
  const margin = size === null ? 0 : cloudMarginPx(Math.sqrt(size.x * size.y));
  const wide = { column: -margin, row: -margin, width: inner.width + 2 * margin, height: inner.height + 2 * margin };
  const place = placeIn(evidence, window, inner, step);
  return { evidence, box, inner, outer: windowGrid(inner, wide), margin, place, around: aroundOf(place, inner) };
}

function coarser(grid: Grid, step: number): Grid {
  const [width, height] = [Math.ceil(grid.width / step), Math.ceil(grid.height / step)];
  return { ...grid, width, height, pixelWidth: grid.pixelWidth * step, pixelHeight: grid.pixelHeight * step };
}

function surroundingWindow({ runs }: Evidence): Window {
  const { row, start, end } = runsOfEvidence(runs);
  const [left, right] = [start.reduce((a, b) => Math.min(a, b)), end.reduce((a, b) => Math.max(a, b))];
  const [top, bottom] = [row[0], row[row.length - 1] + 1];
  const { share, leastPx, mostPx } = surroundings;
  const longer = Math.max(right - left, bottom - top);
  const margin = Math.min(mostPx, Math.max(leastPx, Math.ceil(share * longer)));
  const [width, height] = [right - left + 2 * margin, bottom - top + 2 * margin];
  return { column: left - margin, row: top - margin, width, height };
}

/** 1 where the middle of a pixel of `inner` lies in the patch. */
function placeIn({ runs }: Evidence, window: Window, { width, height }: Grid, step: number): Uint8Array {
  const place = new Uint8Array(width * height);
  const middle = Math.floor(step / 2);
  for (let k = 0; k < runs.row.length; k++) {
    const row = runs.row[k] - window.row - middle;
    if (row % step !== 0) continue;
    const first = Math.ceil((runs.start[k] - window.column - middle) / step);
    const end = Math.ceil((runs.end[k] - window.column - middle) / step);
    place.fill(1, (row / step) * width + first, (row / step) * width + end);
  }
  return place;
}

/** 1 where neither the pixel nor one beside it is the patch's: what lies on its edge is of both. */
function aroundOf(place: Uint8Array, { width, height }: Grid): Uint8Array {
  return place.map((_, i) => {
    const [x, y] = [i % width, Math.floor(i / width)];
    for (let row = Math.max(0, y - 1); row <= Math.min(height - 1, y + 1); row++) {
      for (let column = Math.max(0, x - 1); column <= Math.min(width - 1, x + 1); column++) {
        if (place[row * width + column] === 1) return 0;
      }
    }
    return 1;
  });
}
