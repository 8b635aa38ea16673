import { type PixelRuns, rectangleRuns } from '../../detectors/runs.ts';
import { fromLonLat } from '../../imagery/crs.ts';
import type { Grid, LonLatBox, Window } from '../../imagery/grid.ts';
import type { CellResult } from '../detection/cell.ts';
import { cellSizePx } from '../detection/cells.ts';
import { intersection } from '../detection/estimate.ts';
import type { ZoneGeometry } from '../zones/geometry/zone-geometry.ts';
import { prepareRuns } from '../zones/overlay/runs-patch.ts';

/** What a run compared, as far as its record says (services/month/run.ts). */
export interface RunRecord {
  id: string;
  month: string;
  grid: Grid;
  /** Days of the scenes, by id. */
  afters: ReadonlyMap<string, string>;
  befores: ReadonlyMap<string, string>;
}

/** Two days between which a part of a zone was compared, and how much of it, m². */
export interface Compared {
  since: string;
  until: string;
  areaM2: number;
}

/** Slack round a zone in pixels, and of its size: edges bow between CRSs. */
const SLACK_PX = 2;
const SLACK_SHARE = 0.02;

/** Where a zone's box lies on a grid, with a little room; null where it does not lie on it. */
export function windowOfBox({ minLon, minLat, maxLon, maxLat }: LonLatBox, grid: Grid): Window | null {
  if (grid.crs === null) return null;
  const project = fromLonLat(grid.crs);
  const corners = [project(minLon, minLat), project(maxLon, minLat), project(minLon, maxLat), project(maxLon, maxLat)];
  const [left, width] = span(corners.map(([x]) => (x - grid.originX) / grid.pixelWidth));
  const [top, height] = span(corners.map(([, y]) => (y - grid.originY) / grid.pixelHeight));
  return intersection({ column: left, row: top, width, height }, wholeOf(grid));
}

/** The window of a cell by its key (services/month/plan.ts), on its grid; null where the key is no cell's. */
export function windowOfKey(key: string, grid: Grid): Window | null {
  const found = /^cell:(\d+):(\d+)$/.exec(key);
  if (found === null) return null;
  const [row, column] = [Number(found[1]), Number(found[2])];
  return intersection({ column, row, width: cellSizePx, height: cellSizePx }, wholeOf(grid));
}

/** Between which days how much of a zone was compared in one cell of a run. `window`: the part of both. */
export function comparedInCell(
  geometry: ZoneGeometry,
  run: RunRecord,
  { cloud, noImage, judgedOn }: Pick<CellResult, 'cloud' | 'noImage' | 'judgedOn'>,
  window: Window,
): Compared[] {
  const areaOf = (runs: PixelRuns) => (runs.row.length === 0 ? 0 : prepareRuns(runs, run.grid).areaInside(geometry));
  const within = (runs: PixelRuns) => areaOf(clipped(runs, window));
  const seenM2 =
    areaOf(rectangleRuns(window.column, window.row, window.width, window.height)) - within(cloud) - within(noImage);
  if (judgedOn === undefined) return [{ ...leastStretch(run), areaM2: Math.max(0, seenM2) }];
  const [first, ...others] = judgedOn.map(({ pair, runs }) => {
    return { ...stretchOf(run, pair), areaM2: runs === null ? 0 : within(runs) };
  });
  if (first === undefined) return [];
  const rest = seenM2 - others.reduce((sum, { areaM2 }) => sum + areaM2, 0);
  return [{ ...first, areaM2: Math.max(0, rest) }, ...others];
}

function stretchOf(run: RunRecord, pair: string): Omit<Compared, 'areaM2'> {
  const [before, after] = pair.split('-');
  const [since, until] = [run.befores.get(before), run.afters.get(after)];
  return since === undefined || until === undefined ? leastStretch(run) : { since, until };
}

/** What is true of every pair of a run: none looked back less far than its latest, nor was later than its earliest. */
function leastStretch({ befores, afters }: RunRecord): Omit<Compared, 'areaM2'> {
  return { since: [...befores.values()].sort().at(-1) ?? '', until: [...afters.values()].sort()[0] ?? '' };
}

function wholeOf({ width, height }: Grid): Window {
  return { column: 0, row: 0, width, height };
}

/** First whole position and how many to the last, with slack. */
function span(positions: number[]): [first: number, length: number] {
  const [least, most] = [Math.min(...positions), Math.max(...positions)];
  const slack = SLACK_PX + SLACK_SHARE * (most - least);
  const first = Math.floor(least - slack);
  return [first, Math.ceil(most + slack) - first];
}

function clipped(runs: PixelRuns, { column, row, width, height }: Window): PixelRuns {
  const kept: number[] = [];
  for (let i = 0; i < runs.row.length; i++) {
    const inRow = runs.row[i] >= row && runs.row[i] < row + height;
    if (inRow && runs.start[i] < column + width && runs.end[i] > column) kept.push(i);
  }
  return {
    row: Int32Array.from(kept, (i) => runs.row[i]),
    start: Int32Array.from(kept, (i) => Math.max(column, runs.start[i])),
    end: Int32Array.from(kept, (i) => Math.min(column + width, runs.end[i])),
  };
}
