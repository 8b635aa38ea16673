import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { mergeRegions } from '../../../detectors/region.ts';
import { pixelGrid } from '../../../imagery/grid.ts';
import { describeScene } from '../../../imagery/scene-file.ts';
import { writeTiff } from '../../../imagery/tiff/writer.ts';
import { estimatePair } from '../../../services/detection/estimate.ts';
import type { JudgedPair } from '../../../services/detection/judged-pair.ts';
import { PairSearch } from '../../../services/detection/search-pair.ts';
import { SourceCache } from '../../../services/detection/source-cache.ts';
import { type StripInput, searchStrip } from '../../../services/detection/strip.ts';
import type { ThreadPool } from '../../../services/jobs/threads.ts';
import { temporaryFolder } from '../../support/gdal.ts';
import { seededNormal } from '../../support/random.ts';

const [width, height] = [2200, 620];
const folder = temporaryFolder();
const sources = new SourceCache();
let judged: JudgedPair;

/** Blocks of change: on the crossing of the seams of 64-pixel tiles' strips and segments, along each of them, and away. */
const planted = [
  [2030, 500, 40, 30],
  [300, 505, 60, 14],
  [2044, 100, 9, 70],
  [900, 200, 50, 50],
  [2150, 580, 40, 39],
] as const;
const isPlanted = (x: number, y: number) =>
  planted.some(([column, row, w, h]) => x >= column && x < column + w && y >= row && y < row + h);

/** The pool's thread, here: it would wait for its own model, so it begins when that is there. */
const pool = {
  size: 1,
  run: (_kind: string, input: unknown) =>
    new Promise((resolve) => setImmediate(resolve)).then(() => searchStrip(input as StripInput, sources)),
} as unknown as ThreadPool;

async function search(chunk: { width: number; height: number }, of = judged) {
  const strips: number[] = [];
  const progress = { begin: (steps: number) => strips.push(steps), tick: () => {} };
  const { before, after, grid, roles, minPixels, model } = of;
  const search = new PairSearch({ before, after, grid, roles, shift: model.shift, minPixels, chunk }, pool);
  const found = await search.finish(of, progress);
  return { ...found, strips: strips[0], regions: mergeRegions(found.regions, of.minPixels) };
}

beforeAll(async () => {
  const normal = seededNormal(3);
  const ground = (x: number, y: number, k: number) =>
    900 +
    300 * k +
    250 * Math.sin(x / 37 + k) * Math.cos(y / 23) +
    100 * Math.sin(Math.floor(x / 50) * 7 + Math.floor(y / 40));
  for (const [name, isAfter] of [
    ['before.tif', false],
    ['after.tif', true],
  ] as const) {
    const bands = [0, 1, 2, 3].map((k) => {
      const band = new Uint16Array(width * height);
      for (let i = 0; i < band.length; i++) {
        const [x, y] = [i % width, Math.floor(i / width)];
        const jump = isAfter && isPlanted(x, y) ? 700 - 250 * k : 0;
        band[i] = Math.round(ground(x, y, k) + jump + 20 * normal());
      }
      // A corner nobody saw, and a line.
      for (let y = 0; y < 30; y++) band.fill(0, y * width, y * width + 40);
      band.fill(0, 300 * width, 301 * width);
      return band;
    });
    await writeTiff(folder.path(name), pixelGrid(width, height), bands, { tileSize: 64, nodata: 0 });
  }
  const before = await describeScene(folder.path('before.tif'), { bands: ['B', 'G', 'R', 'N'] });
  const after = await describeScene(folder.path('after.tif'), { bands: ['B', 'G', 'R', 'N'] });
  const pair = { before, after, roles: before.bands, method: 'cva' as const };
  const model = await estimatePair({ pair, grid: before.grid }, sources);
  judged = { ...pair, grid: before.grid, model: { ...model, shift: null }, minPixels: 30, seed: 1.5 };
});
afterAll(async () => {
  await sources.close();
  folder.remove();
});

describe('a pair searched in strips', () => {
  it('gives the same regions as in one piece, across every seam', async () => {
    const pieces = await search({ width: 64, height: 64 });
    const whole = await search({ width, height });
    expect([pieces.strips, whole.strips]).toEqual([2, 1]);
    expect(pieces.regions.map(({ runs }) => runs)).toEqual(whole.regions.map(({ runs }) => runs));
    for (const [i, region] of pieces.regions.entries()) {
      expect(region.score).toBeCloseTo(whole.regions[i].score, 6);
      expect(region.before[0]).toBeCloseTo(whole.regions[i].before[0], 3);
    }
  });

  it('finds what was planted, and nothing else that is strong', async () => {
    const { regions } = await search({ width: 64, height: 64 });
    const strong = regions.filter((region) => region.peak >= 2);
    expect(strong).toHaveLength(planted.length);
    for (const { runs, pixels } of strong) {
      const inside = Array.from(runs.row).filter((row, i) => isPlanted(runs.start[i] + 2, row)).length;
      expect(inside / runs.row.length).toBeGreaterThan(0.9);
      expect(pixels).toBeGreaterThan(500);
    }
  });

  it('counts what nobody saw', async () => {
    const { noImage } = await search({ width: 64, height: 64 });
    expect(noImage).toBe(30 * 40 + width);
  });

  it('that is called off ends at once', async () => {
    const { before, after, grid, roles, minPixels } = judged;
    const chunk = { width: 64, height: 64 };
    const results: unknown[] = [];
    const watched = {
      size: 1,
      run: (kind: string, input: unknown) => pool.run(kind, input).then((result) => results.push(result)),
    } as unknown as ThreadPool;
    new PairSearch({ before, after, grid, roles, shift: null, minPixels, chunk }, watched).cancel();
    await vi.waitFor(() => expect(results).toEqual([null, null]));
  });

  it('through a shift gives the same regions in pieces as in one piece', async () => {
    const shifted: JudgedPair = {
      ...judged,
      model: { ...judged.model, shift: { dx: 0.4, dy: -0.3, residualPx: 0, tieCount: 9, usedCount: 9 } },
    };
    const pieces = await search({ width: 64, height: 64 }, shifted);
    const whole = await search({ width, height }, shifted);
    expect(pieces.regions.map(({ runs }) => runs)).toEqual(whole.regions.map(({ runs }) => runs));
  });
});
