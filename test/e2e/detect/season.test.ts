import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { histogramOf, kittlerIllingworth } from '../../../detectors/histogram-threshold.ts';
import type { Raster } from '../../../imagery/raster.ts';
import { writeTiff } from '../../../imagery/tiff/writer.ts';
import { tubanJson } from '../../support/command-line.ts';
import { readWhole } from '../../support/found-changes.ts';
import { temporaryFolder } from '../../support/gdal.ts';
import { seededRandom } from '../../support/random.ts';
import { sharedData } from '../../support/shared-data.ts';

const folder = sharedData('landsat_pa_season');
const temporary = temporaryFolder();
afterAll(temporary.remove);

const side = 300;
const block = 8;
const blocks = 20;
const [green, red, nearInfrared] = [1, 2, 3];

interface Spot {
  column: number;
  row: number;
  mean: number[];
}

const inside = ({ column, row }: Pick<Spot, 'column' | 'row'>) =>
  Array.from({ length: block * block }, (_, i) => (row + Math.floor(i / block)) * side + column + (i % block));

/** Every 8 × 8 block, two pixels apart, with its mean spectrum. */
function spots({ bands }: Raster): Spot[] {
  const found: Spot[] = [];
  for (let row = 2; row < side - block - 2; row += 2) {
    for (let column = 2; column < side - block - 2; column += 2) {
      const pixels = inside({ column, row });
      const mean = bands.map((band) => pixels.reduce((sum, i) => sum + band[i], 0) / pixels.length);
      found.push({ column, row, mean });
    }
  }
  return found;
}

/**
 * Twenty spots of the summer's wood are given the November spectra of the brightest ground of the scene: built-up and
 * bare. Returns the changed after image and which pixels it concerns.
 */
function planted(before: Raster, after: Raster, seed: number): { bands: Uint8Array[]; truth: Uint8Array } {
  const random = seededRandom(seed);
  const brightness = ({ mean }: Spot) => mean[0] + mean[green] + mean[red];
  const bright = spots(after)
    .sort((a, b) => brightness(b) - brightness(a))
    .slice(0, 40);
  const wood = spots(before).filter(
    ({ mean, row }) => mean[nearInfrared] > 90 && mean[nearInfrared] > 2.4 * mean[red] && row > 100 && row < 215,
  );
  const bands = after.bands.map((band) => Uint8Array.from(band));
  const truth = new Uint8Array(side * side);
  const taken: Spot[] = [];
  while (taken.length < blocks) {
    const spot = wood[Math.floor(random() * wood.length)];
    const near = (other: Spot) =>
      Math.max(Math.abs(other.column - spot.column), Math.abs(other.row - spot.row)) < block + 6;
    if (taken.some(near)) continue;
    taken.push(spot);
    const from = inside(bright[Math.floor(random() * bright.length)]);
    inside(spot).forEach((pixel, i) => {
      truth[pixel] = 1;
      bands.forEach((band, k) => {
        band[pixel] = after.bands[k][from[i]];
      });
    });
  }
  return { bands, truth };
}

/** Share of pixels that unnormalised change vectors flag at Kittler and Illingworth's threshold. */
function rawShare(before: Raster, after: Raster): number {
  const length = Float32Array.from(before.bands[0], (_, i) =>
    Math.hypot(...before.bands.map((band, k) => after.bands[k][i] - band[i])),
  );
  const top = length.slice().sort()[Math.floor(0.999 * length.length)];
  const threshold = kittlerIllingworth(histogramOf(length, top), top)!;
  return length.filter((value) => value > threshold).length / length.length;
}

describe.skipIf(folder === null)('tuban detect between July and November, where nothing but the season changed', () => {
  const beforePath = `${folder}LE7_20020720.tif`;
  const afterPath = `${folder}LE7_20021125.tif`;
  let before: Raster;
  let after: Raster;

  beforeAll(async () => {
    before = await readWhole(beforePath);
    after = await readWhole(afterPath);
  });

  it('compares each kind of ground with its like and flags under a fifth of what raw change vectors flag', async () => {
    const scorePath = temporary.path('season.tif');
    const report = await tubanJson('detect', beforePath, afterPath, '--score', scorePath);
    const score = (await readWhole(scorePath)).bands[0];
    const share = score.filter((value) => value > report.threshold).length / score.length;
    const raw = rawShare(before, after);
    console.log(`season: flagged ${(100 * share).toFixed(2)} %, raw change vectors ${(100 * raw).toFixed(2)} %`);
    expect(report.method).toBe('chronochrome');
    expect(share).toBeLessThan(raw / 5);
  });

  it.each([1, 2])('finds 80 % of bright ground planted in the wood, at its own threshold (seed %i)', async (seed) => {
    const { bands, truth } = planted(before, after, seed);
    const path = temporary.path(`planted-${seed}.tif`);
    const scorePath = temporary.path(`planted-${seed}.score.tif`);
    await writeTiff(path, after.grid, bands);
    const report = await tubanJson('detect', beforePath, path, '--score', scorePath);
    const score = (await readWhole(scorePath)).bands[0];
    const found = score.filter((value, i) => truth[i] === 1 && value > report.threshold).length;
    console.log(`season, planted: ${((100 * found) / (blocks * block * block)).toFixed(1)} % of pixels found`);
    expect(found / (blocks * block * block)).toBeGreaterThanOrEqual(0.8);
  });
});
