import type { MultiPolygon, Polygon } from 'geojson';
import { joinRuns, rectangleRuns } from '../../detectors/runs.ts';
import { geometryAreaM2 } from '../../imagery/ellipsoid.ts';
import type { CoverageRow } from '../store/coverage.ts';
import { overlayRuns } from '../zones/overlay/overlay.ts';
import type { Gathered } from './gathered.ts';
import type { MonthPlan } from './plan.ts';

export interface DistrictGeometry {
  code: string;
  geometry: Polygon | MultiPolygon;
}

/**
 * How much of each district the run saw: observed, under cloud, or in no image. What no scene of the month
 * covers is no image, so the three always add up to the district.
 */
export function districtCoverage(plan: MonthPlan, gathered: Gathered, districts: DistrictGeometry[]): CoverageRow[] {
  const { grid } = plan;
  const zones = districts.map(({ code, geometry }) => ({ id: code, geometry }));
  const within = (runs: Parameters<typeof overlayRuns>[0]) =>
    runs.row.length === 0
      ? new Map<string, number>()
      : new Map(overlayRuns(runs, grid, zones).map(({ zoneId, areaM2 }) => [zoneId, areaM2]));
  const compared = within(
    joinRuns(plan.cells.map(({ window }) => rectangleRuns(window.column, window.row, window.width, window.height))),
  );
  const cloud = within(gathered.cloud);
  const noImage = within(gathered.noImage);
  return districts.map(({ code, geometry }) => {
    const totalM2 = geometryAreaM2(geometry);
    const cloudM2 = cloud.get(code) ?? 0;
    const observedM2 = Math.max(0, (compared.get(code) ?? 0) - cloudM2 - (noImage.get(code) ?? 0));
    const noImageM2 = Math.max(0, totalM2 - observedM2 - cloudM2);
    return { runId: plan.id, district: code, totalM2, observedM2, cloudM2, noImageM2 };
  });
}
