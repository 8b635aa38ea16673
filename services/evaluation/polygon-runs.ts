import type { MultiPolygon, Polygon, Position } from 'geojson';
import { type PixelRuns, RunCollector } from '../../detectors/runs.ts';
import { transformer } from '../../imagery/crs.ts';
import type { Grid } from '../../imagery/grid.ts';
import { nearGrid } from './clip-ring.ts';

/** A closed ring in pixels, from the outer corner of the first. */
type PixelRing = [x: number, y: number][];

/** Longest edge, in degrees, that is taken as straight in another CRS too: 1 km, which bows by 2 cm there. */
const pieceDegrees = 0.01;

/**
 * The pixels of a grid whose centres lie inside a polygon: even-odd in each of its parts, so that holes stay out.
 * @param crs what the coordinates are in; lon/lat unless said
 * @throws ImageryError crs-unknown
 */
export function pixelsInside(geometry: Polygon | MultiPolygon, grid: Grid, crs = 'EPSG:4326'): PixelRuns {
  const project = transformer(crs, grid.crs ?? crs);
  const toPixels = (ring: Position[]) =>
    (crs === 'EPSG:4326' ? inPieces(nearGrid(ring, grid)) : ring).map(([a, b]): [number, number] => {
      const [x, y] = project(a, b);
      return [(x - grid.originX) / grid.pixelWidth, (y - grid.originY) / grid.pixelHeight];
    });
  const polygons = geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates;
  const spans = new Map<number, [start: number, end: number][]>();
  for (const polygon of polygons) addSpans(polygon.map(toPixels), grid, spans);
  const runs = new RunCollector();
  for (const row of [...spans.keys()].sort((a, b) => a - b)) {
    for (const [start, end] of united(spans.get(row)!)) runs.add(row, start, end);
  }
  return runs.finish();
}

/** Edges of lon/lat are straight in lon/lat. */
function inPieces(ring: Position[]): Position[] {
  return ring.flatMap((point, i) => {
    if (i === 0) return [point];
    const [x0, y0] = ring[i - 1];
    const [dx, dy] = [point[0] - x0, point[1] - y0];
    const pieces = Math.max(1, Math.ceil(Math.hypot(dx, dy) / pieceDegrees));
    return Array.from({ length: pieces }, (_, k) => [x0 + (dx * (k + 1)) / pieces, y0 + (dy * (k + 1)) / pieces]);
  });
}

/** Adds the columns [start, end) of each row that lie inside the rings. */
function addSpans(rings: PixelRing[], grid: Grid, spans: Map<number, [number, number][]>): void {
  const crossings = new Map<number, number[]>();
  for (const ring of rings) {
    for (let i = 1; i < ring.length; i++) {
      const [[x0, y0], [x1, y1]] = ring[i - 1][1] < ring[i][1] ? [ring[i - 1], ring[i]] : [ring[i], ring[i - 1]];
      const end = Math.min(grid.height, Math.ceil(y1 - 0.5));
      for (let row = Math.max(0, Math.ceil(y0 - 0.5)); row < end; row++) {
        const x = x0 + ((x1 - x0) * (row + 0.5 - y0)) / (y1 - y0);
        const ofRow = crossings.get(row);
        if (ofRow) ofRow.push(x);
        else crossings.set(row, [x]);
      }
    }
  }
  const column = (x: number) => Math.min(grid.width, Math.max(0, Math.ceil(x - 0.5)));
  for (const [row, ofRow] of crossings) {
    ofRow.sort((a, b) => a - b);
    const found = spans.get(row) ?? [];
    for (let i = 0; i + 1 < ofRow.length; i += 2) {
      const [start, end] = [column(ofRow[i]), column(ofRow[i + 1])];
      if (start < end) found.push([start, end]);
    }
    if (found.length > 0) spans.set(row, found);
  }
}

/** The same columns as spans that are apart, in order. */
function united(spans: [number, number][]): [number, number][] {
  spans.sort((a, b) => a[0] - b[0]);
  const apart: [number, number][] = [];
  for (const [start, end] of spans) {
    const last = apart.at(-1);
    if (last !== undefined && start <= last[1]) last[1] = Math.max(last[1], end);
    else apart.push([start, end]);
  }
  return apart;
}
