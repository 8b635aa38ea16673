import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sceneHash } from '../../../imagery/file-hash.ts';
import type { Grid } from '../../../imagery/grid.ts';
import { detectChanges, type FoundChanges, readWhole } from '../../support/found-changes.ts';
import { temporaryFolder } from '../../support/gdal.ts';
import { rfc7946Faults } from '../../support/geojson-rules.ts';
import { largestAreaError } from '../../support/patch-areas.ts';
import { PlantedGround } from '../../support/planted-ground.ts';
import { rasterised } from '../../support/rasterised.ts';

const temporary = temporaryFolder();
afterAll(temporary.remove);

/** 2 m pixels; the work is cut into 1024-pixel cells, so this is 3 × 2 of them. */
const grid: Grid = {
  width: 2300,
  height: 1200,
  crs: 'EPSG:32650',
  originX: 500_000,
  originY: 3_000_000,
  pixelWidth: 2,
  pixelHeight: -2,
};

/** Columns, rows and sizes in pixels. Cells meet at columns 1024 and 2048 and at row 1024. */
const planted = {
  'inside a cell': [500, 500, 25, 25],
  'small and square': [100, 100, 14, 14],
  'long and narrow': [1700, 400, 12, 40],
  'near the corner': [2200, 100, 20, 20],
  'in the lower row': [1500, 1120, 30, 20],
  'across the first column of seams': [1000, 200, 48, 30],
  'across the second column of seams': [2030, 700, 40, 24],
  'across the row of seams': [300, 1010, 60, 30],
  'where four cells meet': [1004, 1004, 40, 40],
} as const;

const shiftPx = { dx: 0.6, dy: -0.35 };

function boxOf([column, row, width, height]: readonly number[]) {
  const { originX, originY, pixelWidth: size } = grid;
  return { x: originX + column * size, y: originY - (row + height) * size, width: width * size, height: height * size };
}

describe('a planted scene of several cells', () => {
  const runs = new Map<number, FoundChanges>();
  let found: FoundChanges;
  let before: string;
  let after: string;

  beforeAll(async () => {
    const ground = new PlantedGround('EPSG:32650', 5, grid.pixelWidth);
    const built = Object.values(planted).map(boxOf);
    before = await ground.draw(temporary.path('before.tif'), grid, { seed: 1 });
    after = await ground.draw(temporary.path('after.tif'), grid, { seed: 2, built, shiftPx, gain: 1.1, offset: 80 });
    for (const workers of [1, 2, 8]) {
      const stem = temporary.path(`with-${workers}`);
      runs.set(workers, await detectChanges(before, after, stem, '--workers', String(workers)));
    }
    found = runs.get(1)!;
  }, 60_000);

  it.each([2, 8])('gives the same bytes on %i workers as on one', (workers) => {
    const other = runs.get(workers)!;
    expect(readFileSync(other.patchesPath).equals(readFileSync(found.patchesPath))).toBe(true);
    expect(readFileSync(other.scorePath).equals(readFileSync(found.scorePath))).toBe(true);
  });

  it.each(Object.entries(planted))('is found with its size, as one patch: %s', (_, [column, row, width, height]) => {
    const overlapping = found.patches.features.filter((feature) => {
      const inside = rasterised(grid, { type: 'FeatureCollection', features: [feature] });
      return inside[Math.floor(row + height / 2) * grid.width + Math.floor(column + width / 2)] === 1;
    });
    expect(overlapping).toHaveLength(1);
    const { pixels, type } = overlapping[0].properties!;
    // Smoothing lets a patch grow by up to a pixel and a half on each side.
    expect(pixels).toBeGreaterThan(0.95 * width * height);
    expect(pixels).toBeLessThan((width + 3) * (height + 3));
    expect(type).toBe('bare');
  });

  it('contains nothing else', () => {
    expect(found.patches.features).toHaveLength(Object.keys(planted).length);
    expect(rfc7946Faults(found.patches)).toEqual([]);
    expect(largestAreaError(found.patches)).toBeLessThan(1e-4);
  });

  it('has its shift of 0.6 and -0.35 px recovered to 0.05 px', () => {
    expect(Math.abs(found.report.shiftPx!.dx - shiftPx.dx)).toBeLessThan(0.05);
    expect(Math.abs(found.report.shiftPx!.dy - shiftPx.dy)).toBeLessThan(0.05);
  });

  it('has gain 1.1 and offset 80 undone, band by band', () => {
    const { normalisation } = found.report;
    expect(normalisation.map(({ band }) => band)).toEqual(['B', 'G', 'R', 'N']);
    for (const { gain, offset } of normalisation) {
      // What a pixel of the usual brightness becomes matters, not gain and offset apart.
      const brightness = 1500;
      expect(gain * (1.1 * brightness + 80) + offset).toBeGreaterThan(0.98 * brightness);
      expect(gain * (1.1 * brightness + 80) + offset).toBeLessThan(1.02 * brightness);
    }
  });

  it('is scored everywhere but where the shift leaves the later image', async () => {
    const score = (await readWhole(found.scorePath)).bands[0];
    const unobserved = Array.from(score.keys()).filter((i) => Number.isNaN(score[i]));
    expect(new Set(unobserved.map((i) => i % grid.width))).toEqual(new Set([grid.width - 1]));
    expect(found.report.observedFraction).toBeCloseTo(1 - 1 / grid.width, 9);
    expect(found.report.cloudFraction).toBe(0);
  });

  it('is reported with what was done and how long each stage took', async () => {
    const { report, patches } = found;
    expect(report.method).toBe('cva');
    expect(report.threshold).toBeGreaterThan(0);
    expect(report.patchCount).toBe(patches.features.length);
    expect(Object.keys(report.seconds)).toEqual(['open', 'estimate', 'score', 'raster', 'patches', 'write']);
    expect(Object.values(report.seconds).every((seconds) => seconds >= 0)).toBe(true);
    expect(report.warnings).toEqual([]);
  });

  it('gives patches that say which files and which detector they come from', async () => {
    const [beforeSha256, afterSha256] = [await sceneHash(before), await sceneHash(after)];
    for (const { properties } of found.patches.features) {
      expect(properties).toMatchObject({
        beforeSha256,
        afterSha256,
        beforeScene: beforeSha256.slice(0, 16),
        afterScene: afterSha256.slice(0, 16),
        detectorVersion: expect.stringMatching(/^two-date\/\d+$/),
      });
      expect(properties!.score).toBeGreaterThan(1);
    }
  });
});
