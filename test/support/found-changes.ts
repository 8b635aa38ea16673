import { readFileSync } from 'node:fs';
import type { FeatureCollection, MultiPolygon, Polygon, Position } from 'geojson';
import type { Raster } from '../../imagery/raster.ts';
import { openTiff } from '../../imagery/tiff/reader.ts';
import { tubanJson } from './command-line.ts';

export type Patches = FeatureCollection<Polygon | MultiPolygon>;

/** What `tuban detect` prints with --json, as far as the tests read it. */
export interface DetectReport {
  method: string;
  observedFraction: number;
  cloudFraction: number;
  shiftPx: { dx: number; dy: number; residual: number } | null;
  normalisation: { band: string; gain: number; offset: number }[];
  threshold: number;
  patchCount: number;
  changedAreaM2: number;
  seconds: Record<string, number>;
  warnings: string[];
}

export interface FoundChanges {
  report: DetectReport;
  patches: Patches;
  patchesPath: string;
  scorePath: string;
}

/** Runs `tuban detect` with --out and --score beside `stem`. */
export async function detectChanges(
  before: string,
  after: string,
  stem: string,
  ...options: string[]
): Promise<FoundChanges> {
  const [patchesPath, scorePath] = [`${stem}.geojson`, `${stem}.score.tif`];
  const report = await tubanJson('detect', before, after, '--out', patchesPath, '--score', scorePath, ...options);
  return { report, patches: JSON.parse(readFileSync(patchesPath, 'utf8')), patchesPath, scorePath };
}

export async function readWhole(path: string): Promise<Raster> {
  const source = await openTiff(path);
  try {
    const { width, height } = source.info.grid;
    return await source.read({ column: 0, row: 0, width, height });
  } finally {
    await source.close();
  }
}

/** Shells and holes, whichever of the two geometries it is. */
export function polygonsOf(geometry: Polygon | MultiPolygon): Position[][][] {
  return geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates;
}
