import { traceOutlines } from '../../detectors/outline.ts';
import type { PixelRuns } from '../../detectors/runs.ts';
import { toLonLat } from '../../imagery/crs.ts';
import { type Grid, type Window, windowGrid } from '../../imagery/grid.ts';
import { type Evidence, runsOfEvidence } from '../month/evidence.ts';

/** Where a patch lies in the pictures of its place. */
export interface PlaceFrame {
  width: number;
  height: number;
  /** Rings of the patch in picture pixels, from the left and the top. */
  outline: [number, number][][];
  /** Longitude and latitude of the picture's corners, from the top left, clockwise. */
  corners: [lon: number, lat: number][];
}

/** The same with the dates of the images shown. */
export interface ChipFrame extends PlaceFrame {
  /** Dates of the images shown, YYYY-MM-DD. */
  beforeDate: string;
  afterDate: string;
}

/** Ground shown round a patch on each side, as a share of its longer side, and at least this many pixels. */
const usualContext = 0.6;
const leastContextPx = 24;

/** The grid of a patch's pictures: a square round it, moved inwards at the edge of what was compared, resampled. */
export function chipGrid(
  { grid, runs }: Pick<Evidence, 'grid' | 'runs'>,
  sizePx: number,
  context = usualContext,
): Grid {
  const { column, row, width, height } = boundingWindow(runsOfEvidence(runs));
  const longer = Math.max(width, height);
  const side = longer + 2 * Math.max(leastContextPx, Math.ceil(context * longer));
  const square = windowGrid(grid, {
    column: inwards(column + Math.floor((width - side) / 2), side, grid.width),
    row: inwards(row + Math.floor((height - side) / 2), side, grid.height),
    width: side,
    height: side,
  });
  const step = side / sizePx;
  return {
    ...square,
    width: sizePx,
    height: sizePx,
    pixelWidth: grid.pixelWidth * step,
    pixelHeight: grid.pixelHeight * step,
  };
}

/** The patch's outline in the pixels of its pictures, and their dates. */
export function chipFrame(
  evidence: Pick<Evidence, 'grid' | 'runs' | 'pairs'>,
  sizePx: number,
  context = usualContext,
): ChipFrame {
  const [main] = evidence.pairs;
  return {
    ...placeFrame(evidence, sizePx, context),
    beforeDate: main.before.date,
    afterDate: main.after.date,
  };
}

/** The patch's outline in the pixels of any picture of its place. */
export function placeFrame(
  evidence: Pick<Evidence, 'grid' | 'runs'>,
  sizePx: number,
  context = usualContext,
): PlaceFrame {
  const { grid, runs } = evidence;
  const target = chipGrid(evidence, sizePx, context);
  const scale = grid.pixelWidth / target.pixelWidth;
  const left = (target.originX - grid.originX) / grid.pixelWidth;
  const top = (target.originY - grid.originY) / grid.pixelHeight;
  const place = ([column, row]: [number, number]): [number, number] => [(column - left) * scale, (row - top) * scale];
  return {
    width: target.width,
    height: target.height,
    outline: traceOutlines(runsOfEvidence(runs)).flatMap((rings) => rings.map((ring) => ring.map(place))),
    corners: cornersOf(target),
  };
}

function cornersOf({ crs, originX, originY, width, height, pixelWidth, pixelHeight }: Grid): PlaceFrame['corners'] {
  const project = toLonLat(crs ?? 'EPSG:4326');
  const [right, bottom] = [originX + width * pixelWidth, originY + height * pixelHeight];
  const at = (x: number, y: number): [number, number] => {
    const [lon, lat] = project(x, y);
    return [lon, lat];
  };
  return [at(originX, originY), at(right, originY), at(right, bottom), at(originX, bottom)];
}

/** A first pixel from which `side` pixels stay within 0–`length`, where there is room for them. */
function inwards(first: number, side: number, length: number): number {
  return side > length ? first : Math.max(0, Math.min(first, length - side));
}

function boundingWindow({ row, start, end }: PixelRuns): Window {
  const column = start.reduce((least, s) => Math.min(least, s), Infinity);
  const right = end.reduce((most, e) => Math.max(most, e), 0);
  return { column, row: row[0], width: right - column, height: row[row.length - 1] - row[0] + 1 };
}
