import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fromLonLat, toLonLat } from '../../../imagery/crs.ts';
import { type Grid, pixelGrid } from '../../../imagery/grid.ts';
import { writeTiff } from '../../../imagery/tiff/writer.ts';
import { tuban, tubanJson } from '../../support/command-line.ts';
import { detectChanges, type FoundChanges, type Patches, readWhole } from '../../support/found-changes.ts';
import { temporaryFolder } from '../../support/gdal.ts';
import { rfc7946Faults } from '../../support/geojson-rules.ts';
import { largestAreaError } from '../../support/patch-areas.ts';
import { PlantedGround } from '../../support/planted-ground.ts';
import { rasterised } from '../../support/rasterised.ts';

const temporary = temporaryFolder();
afterAll(temporary.remove);

/** 10 m pixels near 117°E 27°N. */
const grid: Grid = {
  width: 500,
  height: 400,
  crs: 'EPSG:32650',
  originX: 520_000,
  originY: 3_000_000,
  pixelWidth: 10,
  pixelHeight: -10,
};
/** The same bounds in 8 m pixels. */
const finer: Grid = { ...grid, width: 625, height: 500, pixelWidth: 8, pixelHeight: -8 };

const ground = new PlantedGround('EPSG:32650', 11, 10);
const planted = [
  { x: 520_500, y: 2_999_000, width: 300, height: 240 },
  { x: 523_000, y: 2_997_500, width: 400, height: 200 },
  { x: 521_500, y: 2_996_600, width: 180, height: 180 },
  { x: 524_200, y: 2_998_900, width: 160, height: 420 },
];
const later = { seed: 2, built: planted };

/** A grid of another CRS, of the same pixel size on the ground, that covers the area. */
function covering(crs: string, pixelWidth: number): Grid {
  const project = fromLonLat(crs);
  const back = toLonLat('EPSG:32650');
  const corners = [0, 1].flatMap((right) =>
    [0, 1].map((down) => project(...back(520_000 + right * 5000, 3_000_000 - down * 4000))),
  );
  const [xs, ys] = [corners.map(([x]) => x), corners.map(([, y]) => y)];
  const margin = 3 * pixelWidth;
  const originX = Math.min(...xs) - margin;
  const originY = Math.max(...ys) + margin;
  return {
    crs,
    originX,
    originY,
    pixelWidth,
    pixelHeight: -pixelWidth,
    width: Math.ceil((Math.max(...xs) + margin - originX) / pixelWidth),
    height: Math.ceil((originY - Math.min(...ys) + margin) / pixelWidth),
  };
}

/** Pixels in both over pixels in either: specks count by their size, as they do for people. */
function overlapShare(a: Patches, b: Patches): number {
  const [one, two] = [rasterised(grid, a), rasterised(grid, b)];
  const count = (test: (i: number) => boolean) => one.filter((_, i) => test(i)).length;
  return count((i) => one[i] === 1 && two[i] === 1) / count((i) => one[i] === 1 || two[i] === 1);
}

/** How many of the planted places a patch covers. */
function plantedFound(patches: Patches): number {
  const inside = rasterised(grid, patches);
  return planted.filter(({ x, y, width, height }) => {
    const column = Math.floor((x + width / 2 - grid.originX) / grid.pixelWidth);
    const row = Math.floor((y + height / 2 - grid.originY) / grid.pixelHeight);
    return inside[row * grid.width + column] === 1;
  }).length;
}

describe('a pair whose grids differ', () => {
  let before: string;
  let same: FoundChanges;

  beforeAll(async () => {
    before = await ground.draw(temporary.path('before.tif'), grid, { seed: 1 });
    const after = await ground.draw(temporary.path('after.tif'), grid, later);
    same = await detectChanges(before, after, temporary.path('same'));
  });

  it('finds what was planted where they do not differ', () => {
    expect(same.patches.features).toHaveLength(planted.length);
  });

  it.each([
    ['in size over the same bounds', finer],
    ['in CRS: a zone of CGCS2000 whose meridian is 3° away', covering('EPSG:4549', 10)],
    ['in CRS: degrees of CGCS2000', covering('EPSG:4490', 0.0001)],
  ])('%s, finds about the same patches', async (name, other) => {
    const after = await ground.draw(temporary.path('other.tif'), other, later);
    const { patches, report } = await detectChanges(before, after, temporary.path(name));
    expect(plantedFound(patches)).toBe(planted.length);
    expect(overlapShare(patches, same.patches)).toBeGreaterThan(0.85);
    expect(Math.abs(report.changedAreaM2 / same.report.changedAreaM2 - 1)).toBeLessThan(0.15);
    expect(report.observedFraction).toBeGreaterThan(0.99);
    expect(Math.hypot(report.shiftPx!.dx, report.shiftPx!.dy)).toBeLessThan(0.1);
  });

  it('is compared on the grid of the before image, whichever that is', async () => {
    const degrees = covering('EPSG:4490', 0.0001);
    const swapped = await ground.draw(temporary.path('before-in-degrees.tif'), degrees, { seed: 1 });
    const { patches, scorePath } = await detectChanges(swapped, temporary.path('after.tif'), temporary.path('swapped'));
    expect(plantedFound(patches)).toBe(planted.length);
    expect(overlapShare(patches, same.patches)).toBeGreaterThan(0.85);
    expect((await readWhole(scorePath)).grid).toMatchObject({ width: degrees.width, crs: 'EPSG:4490' });
  });

  it('counts what the later image does not show as unobserved', async () => {
    const half = { ...grid, width: 250 };
    const after = await ground.draw(temporary.path('half.tif'), half, later);
    const { report, scorePath } = await detectChanges(before, after, temporary.path('half'));
    expect(report.observedFraction).toBeCloseTo(0.5, 2);
    const score = (await readWhole(scorePath)).bands[0];
    expect(Number.isNaN(score[400])).toBe(true);
    expect(Number.isNaN(score[100])).toBe(false);
  });
});

describe('a pair in which neither image names a CRS', () => {
  const plain = pixelGrid(grid.width, grid.height);
  const [before, after] = [temporary.path('plain-before.tif'), temporary.path('plain-after.tif')];

  beforeAll(async () => {
    await writeTiff(before, plain, ground.bands(grid, { seed: 1 }));
    await writeTiff(after, plain, ground.bands(grid, later));
  });

  it('is scored, in pixel coordinates', async () => {
    const score = temporary.path('plain-score.tif');
    const report = await tubanJson('detect', before, after, '--score', score);
    expect(report.patchCount).toBe(planted.length);
    expect((await readWhole(score)).grid).toEqual(plain);
  });

  it('asks for --crs where patches are to be placed on the Earth', async () => {
    const out = temporary.path('nowhere.geojson');
    const { exitCode, stderr } = await tuban(['detect', before, after, '--out', out]);
    expect(exitCode).toBe(2);
    expect(stderr).toBe(
      `tuban: ${before}: names no CRS, so patches cannot be placed in lon/lat; name it with --crs EPSG:n.\n`,
    );
    expect(existsSync(out)).toBe(false);
  });

  it('asks for --crs where a smallest area is wanted', async () => {
    const { exitCode, stderr } = await tuban(['detect', before, after, '--min-area', '400']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('names no CRS, so the smallest area cannot be told in m²; name it with --crs EPSG:n.');
  });

  it('is placed by --crs', async () => {
    const { patches, scorePath } = await detectChanges(before, after, temporary.path('placed'), '--crs', 'EPSG:32650');
    expect(patches.features).toHaveLength(planted.length);
    expect(rfc7946Faults(patches)).toEqual([]);
    expect(largestAreaError(patches)).toBeLessThan(1e-4);
    expect((await readWhole(scorePath)).grid).toMatchObject({ crs: 'EPSG:32650', pixelWidth: 1, pixelHeight: -1 });
  });
});
