import { readFileSync, writeFileSync } from 'node:fs';
import { traceOutlines } from '../../../detectors/outline.ts';
import { labelRuns, type PixelRuns, pixelCount, runsWhere } from '../../../detectors/runs.ts';
import { fromLonLat, toLonLat } from '../../../imagery/crs.ts';
import type { Grid } from '../../../imagery/grid.ts';
import { chanceAt, normalAt } from './chance.ts';
import type { Lattice, Path } from './lattice.ts';
import { approvalPlace } from './layers.ts';
import { PROJECTED } from './parcels.ts';

export interface MadePatch {
  id: number;
  runs: PixelRuns;
}

const MEDIAN_M2 = 800;
const SPREAD = 1.1;
/** Built where there is building: this share of the patches lies round an approval. */
const NEAR_APPROVALS = 0.5;
/** Straight in the projection and straight in lon/lat part by 5 µm over this length. */
const EDGE_M = 20;

/** The image grid the patches were found on: all of the prefecture. */
export function patchGrid(pixelM: number): Grid {
  const [left, top] = [38_149_000, 3_045_000];
  const size = { width: Math.ceil(283_000 / pixelM), height: Math.ceil(154_000 / pixelM) };
  return { ...size, crs: PROJECTED, originX: left, originY: top, pixelWidth: pixelM, pixelHeight: -pixelM };
}

/** Ragged blobs with holes, areas log-normal, all inside the prefecture. */
export function patchesOn(lattice: Lattice, grid: Grid, count: number, approvals: number): MadePatch[] {
  return Array.from({ length: count }, (_, id) => {
    const areaM2 = Math.min(2e5, MEDIAN_M2 * Math.exp(SPREAD * normalAt(41, id, 0)));
    return { id, runs: blobAt(grid, patchPlace(lattice, id, approvals), areaM2, id) };
  });
}

function patchPlace(lattice: Lattice, id: number, approvals: number): [number, number] {
  if (chanceAt(41, id, 3) < NEAR_APPROVALS) {
    const [lon, lat] = approvalPlace(lattice, 1 + Math.floor(approvals * chanceAt(41, id, 4)));
    return [lon + 8e-4 * (chanceAt(41, id, 5) - 0.5), lat + 8e-4 * (chanceAt(41, id, 6) - 0.5)];
  }
  return lattice.place(0.01 + 0.98 * chanceAt(41, id, 1), 0.03 + 0.94 * chanceAt(41, id, 2));
}

/** Its largest piece alone: what a detector hands on is one piece of ground. */
function blobAt(grid: Grid, [lon, lat]: [number, number], areaM2: number, id: number): PixelRuns {
  const [x, y] = fromLonLat(PROJECTED)(lon, lat);
  const radius = Math.max(2, Math.sqrt(areaM2 / Math.PI) / grid.pixelWidth);
  const half = Math.ceil(2 * radius) + 1;
  const column = Math.floor((x - grid.originX) / grid.pixelWidth) - half;
  const row = Math.floor((y - grid.originY) / grid.pixelHeight) - half;
  const side = 2 * half + 1;
  const block = { stride: side, left: 0, top: 0, width: side, height: side, column, row };
  const waves = Array.from({ length: 8 }, (_, k) => ({
    x: (2 * (chanceAt(42, id, k, 0) - 0.5) * 6) / radius,
    y: (2 * (chanceAt(42, id, k, 1) - 0.5) * 6) / radius,
    phase: 2 * Math.PI * chanceAt(42, id, k, 2),
  }));
  const runs = runsWhere(block, (index) => {
    const [dx, dy] = [(index % side) - half, Math.floor(index / side) - half];
    const relief = waves.reduce((sum, wave) => sum + Math.sin(wave.x * dx + wave.y * dy + wave.phase), 0) / 8;
    const noise = chanceAt(43, id, index) - 0.5;
    return 1.05 - Math.hypot(dx, dy) / radius + 0.9 * relief + 0.25 * noise > 0;
  });
  return largestPiece(runs);
}

function largestPiece(runs: PixelRuns): PixelRuns {
  const { labels, count } = labelRuns(runs, 8);
  const sizes = new Float64Array(count);
  for (let i = 0; i < labels.length; i++) sizes[labels[i]] += runs.end[i] - runs.start[i];
  const largest = sizes.indexOf(Math.max(...sizes));
  const kept = (values: Int32Array) => values.filter((_, i) => labels[i] === largest);
  return { row: kept(runs.row), start: kept(runs.start), end: kept(runs.end) };
}

/** The patch as polygons along its pixels' edges, lon/lat: what PostGIS is given. */
export function patchPolygons({ runs }: MadePatch, grid: Grid): Path[][] {
  const lonLat = toLonLat(PROJECTED);
  const longest = EDGE_M / grid.pixelWidth;
  return traceOutlines(runs).map((rings) =>
    rings.map((ring) => {
      const points: Path = [];
      for (let k = 0; k < ring.length; k++) {
        const [c, r] = ring[k];
        const [c0, r0] = ring[Math.max(0, k - 1)];
        const pieces = Math.max(1, Math.ceil(Math.max(Math.abs(c - c0), Math.abs(r - r0)) / longest));
        for (let n = 1; n <= pieces; n++) {
          const [column, row] = [c0 + (n / pieces) * (c - c0), r0 + (n / pieces) * (r - r0)];
          points.push(...lonLat(grid.originX + column * grid.pixelWidth, grid.originY + row * grid.pixelHeight));
        }
      }
      return points;
    }),
  );
}

/** As JSON, for a process that starts with nothing. */
export function writePatches(path: string, patches: readonly MadePatch[]): void {
  const plain = patches.map(({ id, runs }) => ({ id, ...mapped(runs, (values) => [...values]) }));
  writeFileSync(path, JSON.stringify(plain));
}

export function readPatches(path: string): MadePatch[] {
  const plain = JSON.parse(readFileSync(path, 'utf8')) as ({ id: number } & Record<keyof PixelRuns, number[]>)[];
  return plain.map(({ id, ...runs }) => ({ id, runs: mapped(runs, (values) => Int32Array.from(values)) }));
}

function mapped<A, B>({ row, start, end }: Record<keyof PixelRuns, A>, change: (values: A) => B) {
  return { row: change(row), start: change(start), end: change(end) };
}

/** What the patches are like, in one line. */
export function patchStatistics(patches: readonly MadePatch[], grid: Grid): string {
  const pixels = patches.map(({ runs }) => pixelCount(runs)).sort((a, b) => a - b);
  const outlines = patches.map(({ runs }) => traceOutlines(runs).flat());
  const vertices = outlines.map((rings) => rings.reduce((sum, ring) => sum + ring.length, 0)).sort((a, b) => a - b);
  const runs = patches.reduce((sum, patch) => sum + patch.runs.row.length, 0);
  const middle = Math.floor(patches.length / 2);
  const pixelM2 = grid.pixelWidth ** 2;
  const multiple = outlines.filter((rings) => rings.length > 1).length;
  return (
    `${patches.length} patches on ${grid.pixelWidth} m: median ${pixels[middle] * pixelM2} m², largest ` +
    `${pixels[pixels.length - 1] * pixelM2} m², ${(runs / patches.length).toFixed(0)} runs each, median ` +
    `${vertices[middle]} vertices, ${((100 * multiple) / patches.length).toFixed(0)} % with holes or corners that touch`
  );
}
