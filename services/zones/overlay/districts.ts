import type { MultiPolygon, Polygon } from 'geojson';
import type { PixelRuns } from '../../../detectors/runs.ts';
import type { Grid } from '../../../imagery/grid.ts';
import { overlayRuns, runsAreaM2 } from './overlay.ts';

export interface DistrictShape {
  /** Administrative code, 6, 9 or 12 digits (XZQDM). */
  code: string;
  geometry: Polygon | MultiPolygon;
}

export interface DistrictShare {
  code: string;
  areaM2: number;
  /** Of the patch's area, 0–1. */
  share: number;
}

/** The districts a patch lies in, largest share first, ties by code. @throws ServiceError bad-input without CRS */
export function districtShares(runs: PixelRuns, grid: Grid, districts: readonly DistrictShape[]): DistrictShare[] {
  const zones = districts.map(({ code, geometry }) => ({ id: code, geometry }));
  const overlaps = overlayRuns(runs, grid, zones);
  const total = runsAreaM2(runs, grid)!;
  return overlaps.map(({ zoneId, areaM2 }) => ({ code: zoneId, areaM2, share: areaM2 / total })).sort(bySizeThenCode);
}

/** The code of the district that holds the largest share of a patch, or null when none holds any. */
export function districtOfRuns(runs: PixelRuns, grid: Grid, districts: readonly DistrictShape[]): string | null {
  return districtShares(runs, grid, districts)[0]?.code ?? null;
}

/** Halves that differ only by rounding are a tie, so that the answer does not depend on it. */
export function bySizeThenCode(a: { code: string; share: number }, b: { code: string; share: number }): number {
  const step = ({ share }: { share: number }) => Math.round(share * 1e6);
  return step(b) - step(a) || (a.code < b.code ? -1 : 1);
}
