import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { mergeRegions } from '../../../detectors/region.ts';
import { pixelCount, rectangleRuns } from '../../../detectors/runs.ts';
import type { Grid, Window } from '../../../imagery/grid.ts';
import type { Scene } from '../../../imagery/scene.ts';
import { describeScene } from '../../../imagery/scene-file.ts';
import { writeTiff } from '../../../imagery/tiff/writer.ts';
import { scoreCell } from '../../../services/detection/cell.ts';
import type { CellInput } from '../../../services/detection/cell-input.ts';
import { pairKey } from '../../../services/detection/scene-pair.ts';
import { SourceCache } from '../../../services/detection/source-cache.ts';
import { temporaryFolder } from '../../support/gdal.ts';
import { type Acquisition, type PlantedBox, PlantedGround } from '../../support/planted-ground.ts';

const temporary = temporaryFolder();
afterAll(temporary.remove);

const grid: Grid = {
  width: 300,
  height: 240,
  crs: 'EPSG:32650',
  originX: 520_000,
  originY: 3_000_000,
  pixelWidth: 10,
  pixelHeight: -10,
};
const whole: Window = { column: 0, row: 0, width: grid.width, height: grid.height };
const ground = new PlantedGround('EPSG:32650', 11, 10);
/** In the western half and in the eastern half. */
const west = { x: 520_500, y: 2_998_600, width: 300, height: 300 };
const east = { x: 522_200, y: 2_998_600, width: 300, height: 300 };

/** An image that shows only the pixels `shown`; the others are nodata. */
async function image(
  name: string,
  acquisition: Acquisition,
  shown: (column: number) => boolean = () => true,
): Promise<Scene> {
  const bands = ground.bands(grid, acquisition);
  for (const band of bands) for (let i = 0; i < band.length; i++) if (!shown(i % grid.width)) band[i] = 0;
  const path = temporary.path(`${name}.tif`);
  await writeTiff(path, grid, bands, { nodata: 0 });
  return describeScene(path);
}

const scenes: Record<'old' | 'before' | 'first' | 'last', Scene> = {} as never;
const isWest = (column: number) => column < 150;

beforeAll(async () => {
  // The month's first image shows a site in the west, and so does its last, which shows the west only.
  scenes.old = await image('old', { seed: 1 });
  scenes.before = await image('before', { seed: 2 }, isWest);
  scenes.first = await image('first', { seed: 3, built: [west, east] });
  scenes.last = await image('last', { seed: 4, built: [west] }, isWest);
});

const sources = new SourceCache();
afterEach(() => sources.close());

function input(afters: Scene[], befores: Scene[], window = whole): CellInput {
  const roles = afters[0].bands;
  const common = { key: 'cell', grid, roles, method: 'cva' as const, minPixels: 20, models: [], looks: [] };
  return { ...common, window, afters, befores, lookForClouds: true, withScore: true };
}

function covers(box: PlantedBox, runs: { row: Int32Array; start: Int32Array; end: Int32Array }): boolean {
  const column = Math.floor((box.x + box.width / 2 - grid.originX) / 10);
  const row = Math.floor((grid.originY - box.y - box.height / 2) / 10);
  return runs.row.some((r, i) => r === row && runs.start[i] <= column && column < runs.end[i]);
}

describe('a cell', () => {
  it('is judged pixel by pixel on the latest look of the month against the latest look before it', async () => {
    const { last, first, before, old } = scenes;
    const { regions, noImage, cloud } = await scoreCell(input([last, first], [before, old]), sources);
    expect(pixelCount(noImage) + pixelCount(cloud)).toBe(0);
    const [inWest, inEast] = [west, east].map((box) => regions.find(({ runs }) => covers(box, runs))!);
    expect(Object.keys(inWest.pairs)).toEqual([pairKey(before, last)]);
    expect(Object.keys(inEast.pairs)).toEqual([pairKey(old, first)]);
    // Specks at the cell's edge are left for the merging to drop.
    expect(mergeRegions(regions, 20)).toHaveLength(2);
  });

  it('tells which pair judged which pixels: the runs of the most common one are left to the rest', async () => {
    const { last, first, before, old } = scenes;
    const { judgedOn } = await scoreCell(input([last, first], [before, old]), sources);
    expect(judgedOn).toEqual([
      { pair: pairKey(before, last), runs: null },
      { pair: pairKey(old, first), runs: rectangleRuns(150, 0, 150, grid.height) },
    ]);
  });

  it('is unobserved where no image shows it, and scored nowhere there', async () => {
    const { last, old } = scenes;
    const { noImage, cloud, score, regions } = await scoreCell(input([last], [old]), sources);
    expect(pixelCount(noImage)).toBe(150 * grid.height);
    expect(pixelCount(cloud)).toBe(0);
    expect(score!.filter(Number.isNaN)).toHaveLength(150 * grid.height);
    expect(regions.filter(({ runs }) => covers(west, runs))).toHaveLength(1);
  });

  it('estimates the pairs it needs, and no others', async () => {
    const { last, first, before, old } = scenes;
    const { estimated } = await scoreCell(input([last, first], [before, old]), sources);
    expect(estimated.map(({ key }) => key)).toEqual([
      pairKey(before, last),
      pairKey(before, first),
      pairKey(old, first),
    ]);
    const again = await scoreCell({ ...input([last, first], [before, old]), models: estimated }, sources);
    expect(again.estimated).toEqual([]);
  });

  it('gives the same scores whether it is one cell or two, but for rounding', async () => {
    const { first, old } = scenes;
    const one = await scoreCell(input([first], [old]), sources);
    const halves = [0, 150].map((column) => ({ column, row: 0, width: 150, height: grid.height }));
    for (const window of halves) {
      const half = await scoreCell({ ...input([first], [old], window), models: one.estimated }, sources);
      half.score!.forEach((score, i) => {
        const same = one.score![Math.floor(i / 150) * grid.width + window.column + (i % 150)];
        if (!(Math.abs(score - same) <= 1e-4)) expect(score).toBe(same);
      });
    }
  });

  it('of images that share no ground is unobserved, not an error', async () => {
    const { last } = scenes;
    const elsewhere = await image('elsewhere', { seed: 5 }, (column) => column >= 150);
    const { noImage, regions } = await scoreCell(input([last], [elsewhere]), sources);
    expect(pixelCount(noImage)).toBe(grid.width * grid.height);
    expect(regions).toEqual([]);
  });
});
