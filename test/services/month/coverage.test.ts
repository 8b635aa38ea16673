import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rectangleRuns } from '../../../detectors/runs.ts';
import { geometryAreaM2 } from '../../../imagery/ellipsoid.ts';
import { windowGrid } from '../../../imagery/grid.ts';
import { districtCoverage } from '../../../services/month/coverage.ts';
import type { Gathered } from '../../../services/month/gathered.ts';
import type { MonthPlan } from '../../../services/month/plan.ts';
import { type CoverageRow, coverageOfRun } from '../../../services/store/coverage.ts';
import { boxPolygon, gridBox, PlantedWorkspace, plantedGrid } from '../../support/planted-workspace.ts';

const whole = gridBox(plantedGrid);
const left = { ...whole, width: whole.width / 2 };
const right = { ...left, x: whole.x + left.width };
const beyond = { ...right, x: right.x + right.width };

/** Square metres of so many 10 m pixels, within the 1.1 permille by which the projection's squares are off here. */
function expectPixels(areaM2: number, pixels: number): void {
  expect(Math.abs(areaM2 - 100 * pixels)).toBeLessThanOrEqual(1.5e-3 * 100 * pixels + 1e-6);
}

function expectBalance(rows: CoverageRow[]): void {
  for (const { totalM2, observedM2, cloudM2, noImageM2 } of rows) {
    expect(Math.abs(observedM2 + cloudM2 + noImageM2 - totalM2)).toBeLessThan(1e-6 * totalM2);
    expect(Math.min(observedM2, cloudM2, noImageM2)).toBeGreaterThanOrEqual(0);
  }
}

describe('what a run saw of a district', () => {
  const nothing = rectangleRuns(0, 0, 0, 0);
  const cell = (column: number, width: number) => ({ window: { column, row: 0, width, height: 200 } });

  function coverage(cells: ReturnType<typeof cell>[], hidden: Partial<Pick<Gathered, 'cloud' | 'noImage'>>) {
    const plan = { id: 'r', grid: plantedGrid, cells } as unknown as MonthPlan;
    const gathered = { cloud: nothing, noImage: nothing, ...hidden } as Gathered;
    const districts = Object.entries({ left, right, beyond }).map(([code, box]) => {
      return { code, geometry: boxPolygon(box) };
    });
    const rows = districtCoverage(plan, gathered, districts);
    expectBalance(rows);
    for (const [i, row] of rows.entries()) expect(row.totalM2).toBe(geometryAreaM2(districts[i].geometry));
    return Object.fromEntries(rows.map((row) => [row.district, row]));
  }

  it('is all of it under clear sky, and nothing of one where no scene lies', () => {
    const rows = coverage([cell(0, 240)], {});
    for (const district of [rows['left'], rows['right']]) {
      expectPixels(district.observedM2, 120 * 200);
      expect(district.cloudM2 + district.noImageM2).toBeLessThan(1);
    }
    expect(rows['beyond'].observedM2 + rows['beyond'].cloudM2).toBeLessThan(1);
  });

  it('leaves out what cloud hid and what the images lack, district by district', () => {
    const cloud = rectangleRuns(100, 50, 40, 30);
    const noImage = rectangleRuns(0, 0, 10, 200);
    const { left, right } = coverage([cell(0, 240)], { cloud, noImage });
    expectPixels(left.cloudM2, 20 * 30);
    expectPixels(right.cloudM2, 20 * 30);
    expectPixels(left.noImageM2, 10 * 200);
    expectPixels(left.observedM2, 110 * 200 - 20 * 30);
    expect(right.noImageM2).toBeLessThan(1);
  });

  it('counts a missing tile as no image', () => {
    const { left, right } = coverage([cell(0, 120)], {});
    expectPixels(left.observedM2, 120 * 200);
    expect(right.observedM2).toBeLessThan(1);
    expectPixels(right.noImageM2, 120 * 200);
  });
});

describe('a month with half its images, one of them with a hole', () => {
  let workspace: PlantedWorkspace;
  beforeAll(async () => {
    workspace = await PlantedWorkspace.create();
    await workspace.layer('districts', { '430421': left, '430422': right, '430423': beyond });
  });
  afterAll(() => workspace.remove());

  it('adds up to each district, and calls nothing unchanged that it did not see', async () => {
    const half = windowGrid(plantedGrid, { column: 0, row: 0, width: 120, height: 200 });
    // In the hole lies a building site: not seen, so neither found nor ruled out.
    const hidden = { x: 224_300, y: 2_999_500, width: 200, height: 200 };
    await workspace.scene('2024-05-20', { seed: 1 });
    await workspace.scene('2024-06-20', { seed: 2, built: [hidden], unobserved: [hidden] }, half);
    const { runId, observedFraction, detections } = await workspace.run('2024-06');
    const rows = await coverageOfRun(workspace.store.db, runId);
    expectBalance(rows);
    const [one, two, three] = rows;
    expectPixels(one.noImageM2 + one.cloudM2, 20 * 20);
    expectPixels(two.noImageM2, 120 * 200);
    expect(three.totalM2 - three.noImageM2).toBeLessThan(1);
    expect(detections).toBe(0);
    // Of the compared area: the half that has an image.
    expect(Math.abs(observedFraction - (1 - (20 * 20) / (120 * 200)))).toBeLessThan(0.005);
  });
});
