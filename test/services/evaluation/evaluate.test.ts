import { writeFileSync } from 'node:fs';
import type { FeatureCollection } from 'geojson';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { geometryAreaM2 } from '../../../imagery/ellipsoid.ts';
import { type Grid, pixelGrid } from '../../../imagery/grid.ts';
import { writeTiff } from '../../../imagery/tiff/writer.ts';
import { lonLatOutline } from '../../../services/detection/found-patch.ts';
import { evaluate } from '../../../services/evaluation/evaluate.ts';
import { temporaryFolder } from '../../support/gdal.ts';
import { rectangleRuns } from '../../support/runs.ts';

const temporary = temporaryFolder();
afterAll(temporary.remove);

/** Larger than a block in both directions, so that objects lie over the seams. */
const grid: Grid = {
  width: 1400,
  height: 1100,
  crs: 'EPSG:4547',
  originX: 500_000,
  originY: 3_000_000,
  pixelWidth: 2,
  pixelHeight: -2,
};
const pixelCount = grid.width * grid.height;

type Box = [column: number, row: number, width: number, height: number];

/** True: over both seams, found as a whole; half found; not seen; 3 × 3, found shifted by one. */
const trueBoxes: Box[] = [
  [1000, 1000, 60, 60],
  [100, 100, 20, 11],
  [300, 100, 10, 11],
  [500, 100, 3, 3],
];
const foundBoxes: Box[] = [
  [1000, 1000, 60, 60],
  [100, 100, 10, 11],
  [501, 100, 3, 3],
  [700, 300, 8, 5],
];
const unseenBox: Box = [300, 100, 10, 11];

function painted<A extends Uint8Array | Float32Array>(pixels: A, boxes: Box[], value: number): A {
  for (const [column, row, width, height] of boxes)
    for (let y = row; y < row + height; y++)
      pixels.fill(value, y * grid.width + column, y * grid.width + column + width);
  return pixels;
}

async function maskOf(name: string, boxes: Box[]): Promise<string> {
  await writeTiff(temporary.path(name), grid, [painted(new Uint8Array(pixelCount), boxes, 1)]);
  return temporary.path(name);
}

function polygonsOf(name: string, boxes: Box[]): string {
  const features = boxes.map((box) => ({
    type: 'Feature' as const,
    properties: {},
    geometry: lonLatOutline(rectangleRuns(...box), grid),
  }));
  const collection: FeatureCollection = { type: 'FeatureCollection', features };
  writeFileSync(temporary.path(name), JSON.stringify(collection));
  return temporary.path(name);
}

let [truth, score] = ['', ''];
beforeAll(async () => {
  truth = await maskOf('truth.tif', trueBoxes);
  const values = painted(new Float32Array(pixelCount), foundBoxes, 3);
  score = temporary.path('score.tif');
  await writeTiff(score, grid, [painted(values, [unseenBox], Number.NaN)], { nodata: Number.NaN });
});

const minPixels = 1;
const [changed, found, hit] = [3600 + 220 + 110 + 9, 3600 + 110 + 9 + 40, 3600 + 110 + 6];

describe('a score and its threshold against a mask', () => {
  it('gives the planted counts, with the unobserved as not found and without them', async () => {
    const { pixels, unobservedFraction, scoreAgreement } = await evaluate({ score, truth, threshold: 2, minPixels });
    expect(pixels).toEqual({ counted: pixelCount, changed, unobserved: 110 });
    expect(unobservedFraction).toBe(110 / pixelCount);
    const counts = { truePositive: hit, falsePositive: found - hit };
    expect(scoreAgreement!.all).toMatchObject({ ...counts, falseNegative: changed - hit });
    expect(scoreAgreement!.observed).toMatchObject({ ...counts, falseNegative: changed - hit - 110 });
    expect(scoreAgreement!.all.recall).toBeCloseTo(hit / changed, 12);
    expect(scoreAgreement!.observed.precision).toBeCloseTo(hit / found, 12);
  });

  it('ranks two levels and the unobserved below them', async () => {
    const { ranking } = await evaluate({ score, truth, minPixels });
    const unchanged = pixelCount - changed;
    const high = { changed: hit, unchanged: found - hit };
    const low = { changed: changed - hit - 110, unchanged: unchanged - high.unchanged };
    const rightPairs = high.changed * (low.unchanged + high.unchanged / 2) + (low.changed * low.unchanged) / 2;
    expect(ranking!.all.rocAuc).toBeCloseTo(rightPairs / (changed * unchanged), 12);
    expect(ranking!.observed.rocAuc).toBeCloseTo(rightPairs / ((changed - 110) * unchanged), 12);
    expect(ranking!.isExact).toBe(true);
  });

  it('matches objects over the seams of blocks, by IoU 1, 1/2 and 1/2', async () => {
    const { objects } = await evaluate({ score, truth, threshold: 2, minPixels });
    expect(objects!.atIoU.map(({ iou, truth, found, truthMatched }) => [iou, truth, found, truthMatched])).toEqual([
      [0.1, 4, 4, 3],
      [0.25, 4, 4, 3],
      [0.5, 4, 4, 3],
    ]);
    expect(objects).toMatchObject({ unobservedTruth: 1, unjudged: 0, falseAlarms: 1, sizeUnit: 'm2' });
  });

  it('tells sizes apart in m²: 36 m², 440 and 880 m², 14,400 m² are true', async () => {
    const { objects } = await evaluate({ score, truth, threshold: 2, minPixels });
    const bins = objects!.atIoU[1].bySize.map(({ from, truth, truthMatched, found }) => [
      from,
      truth,
      truthMatched,
      found,
    ]);
    expect(bins).toEqual([
      [0, 1, 1, 2],
      [400, 2, 1, 1],
      [2000, 0, 0, 0],
      [10_000, 1, 1, 1],
      [50_000, 0, 0, 0],
    ]);
  });

  it('counts false alarms on the ground that was observed, measured on the ellipsoid', async () => {
    const { observedAreaM2, objects } = await evaluate({ score, truth, threshold: 2, minPixels });
    const area = (box: Box) => geometryAreaM2(lonLatOutline(rectangleRuns(...box), grid));
    const wanted = area([0, 0, grid.width, grid.height]) - area(unseenBox);
    expect(observedAreaM2! / wanted).toBeCloseTo(1, 7);
    expect(objects!.falseAlarmsPer100Km2).toBeCloseTo(1e8 / wanted, 4);
  });

  it('leaves objects under the smallest size out on both sides', async () => {
    const { objects } = await evaluate({ score, truth, threshold: 2, minPixels: 41 });
    expect(objects!.atIoU[0]).toMatchObject({ truth: 3, found: 2, truthMatched: 2, precision: 1 });
    expect(objects!.falseAlarms).toBe(0);
  });

  it('without a threshold takes none: nothing but the ranking', async () => {
    const all = await evaluate({ score, truth, minPixels });
    expect(all).toMatchObject({ threshold: null, scoreAgreement: null, patchAgreement: null, objects: null });
  });
});

describe('with a mask of what stayed unchanged', () => {
  it('counts only what is set in one of the two', async () => {
    // Half of the first true box is said to be unchanged too; of what was found, only the false one is looked at.
    const unchanged = await maskOf('unchanged.tif', [[1000, 1000, 30, 60], [690, 300, 30, 10]]); // biome-ignore format: boxes
    const result = await evaluate({ score, truth, unchanged, threshold: 2, minPixels });
    expect(result.pixels).toEqual({ counted: changed - 1800 + 300, changed: changed - 1800, unobserved: 110 });
    expect(result.scoreAgreement!.all).toMatchObject({ falsePositive: 40, trueNegative: 260 });
    expect(result.warnings).toEqual([`1800 pixels are set in ${truth} and in ${unchanged}: left out`]);
    // What is left of the first is found as a whole; of the one that was shifted, 6 pixels of 9 lie on true ground.
    expect(result.objects!.atIoU[2]).toMatchObject({ truth: 4, found: 4, truthMatched: 3 });
    expect(result.objects!.falseAlarms).toBe(1);
  });

  it('judges no object that lies elsewhere', async () => {
    const unchanged = await maskOf('corner.tif', [[0, 0, 50, 50]]);
    const { objects } = await evaluate({ score, truth, unchanged, threshold: 2, minPixels });
    expect(objects).toMatchObject({ unjudged: 1, falseAlarms: 0 });
    expect(objects!.atIoU[0].precision).toBe(1);
  });
});

describe('patches', () => {
  it('give what their pixels above a threshold give', async () => {
    const patches = polygonsOf('patches.geojson', foundBoxes);
    const drawn = await evaluate({ patches, truth, minPixels });
    const scored = await evaluate({ score, truth, threshold: 2, minPixels });
    expect(drawn.patchAgreement!.all).toEqual(scored.scoreAgreement!.all);
    expect(drawn.objects!.atIoU).toEqual(scored.objects!.atIoU);
    expect(drawn).toMatchObject({ ranking: null, scoreAgreement: null, unobservedFraction: 0 });
  });

  it('and the score they come from: agreement of both, and what was not observed', async () => {
    const patches = polygonsOf('patches.geojson', foundBoxes.slice(0, 2));
    const both = await evaluate({ score, patches, truth, threshold: 2, minPixels });
    expect(both.pixels.unobserved).toBe(110);
    expect(both.scoreAgreement!.all.falsePositive).toBe(found - hit);
    expect(both.patchAgreement!.all.falsePositive).toBe(0);
    expect(both.objects!.atIoU[0]).toMatchObject({ truth: 4, found: 2, truthMatched: 2 });
  });

  it('and a truth of polygons are counted on the pixels of an image', async () => {
    const [patches, polygons] = [polygonsOf('p.geojson', foundBoxes), polygonsOf('t.geojson', trueBoxes)];
    const byImage = await evaluate({ patches, truth: polygons, grid: score, minPixels });
    const byMask = await evaluate({ patches, truth, minPixels });
    expect(byImage.patchAgreement!.all).toEqual(byMask.patchAgreement!.all);
    expect(byImage.objects!.atIoU).toEqual(byMask.objects!.atIoU);
    expect(byImage.pixels.unobserved).toBe(110);
    await expect(evaluate({ patches, truth: polygons, minPixels })).rejects.toThrow(
      `${polygons}: is polygons, and so are the patches; wanted --grid with an image whose pixels are to be counted`,
    );
  });

  it('that are none find nothing', async () => {
    const { patchAgreement, objects } = await evaluate({ patches: polygonsOf('none.geojson', []), truth, minPixels });
    expect(patchAgreement!.all).toMatchObject({ truePositive: 0, falsePositive: 0, kappa: 0, recall: 0 });
    expect(objects!.atIoU[0]).toMatchObject({ truth: 4, found: 0, recall: 0, f1: 0 });
  });
});

describe('what cannot be compared', () => {
  it('is refused: a score of two bands, masks of other ground, polygons without a CRS', async () => {
    const two = temporary.path('two.tif');
    const band = new Float32Array(16);
    await writeTiff(two, pixelGrid(4, 4), [band, band]);
    await expect(evaluate({ score: two, truth, minPixels })).rejects.toThrow(
      `${two}: has 2 bands; wanted a change score, which has one.`,
    );
    const far = temporary.path('far.tif');
    await writeTiff(far, { ...grid, originX: 600_000 }, [new Uint8Array(pixelCount)]);
    await expect(evaluate({ score, truth: far, minPixels })).rejects.toThrow(
      `${far}: says of no pixel of ${score} whether it changed; wanted masks of the same ground.`,
    );
  });

  it('is said: a truth without change has no recall and no ranking', async () => {
    const nothing = await maskOf('nothing.tif', []);
    const { warnings, ranking } = await evaluate({ score, truth: nothing, minPixels });
    expect(warnings).toEqual([`${nothing}: nothing changed there, so there is no recall and no ranking`]);
    expect(ranking!.all.rocAuc).toBeNaN();
  });
});

it('counts in pixels where no CRS says how large they are', async () => {
  const bare = pixelGrid(40, 30);
  const pixels = new Uint8Array(1200).fill(1, 0, 100);
  await writeTiff(temporary.path('bare-truth.tif'), bare, [pixels]);
  await writeTiff(temporary.path('bare-score.tif'), bare, [Float32Array.from(pixels)]);
  const files = { score: temporary.path('bare-score.tif'), truth: temporary.path('bare-truth.tif') };
  const { observedAreaM2, objects } = await evaluate({ ...files, threshold: 0.5, minPixels });
  expect(observedAreaM2).toBeNull();
  expect(objects).toMatchObject({ sizeUnit: 'pixels', falseAlarms: 0, falseAlarmsPer100Km2: null });
  expect(objects!.atIoU[2].bySize.find(({ from }) => from === 100)).toMatchObject({ truth: 1, recall: 1 });
});
