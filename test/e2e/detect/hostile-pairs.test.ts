import { copyFileSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Grid } from '../../../imagery/grid.ts';
import type { Samples } from '../../../imagery/raster.ts';
import { openTiff } from '../../../imagery/tiff/reader.ts';
import { writeTiff } from '../../../imagery/tiff/writer.ts';
import { tuban } from '../../support/command-line.ts';
import { temporaryFolder } from '../../support/gdal.ts';
import { PlantedGround } from '../../support/planted-ground.ts';

/** Sound files whose pixels make no ordinary pair: each comparison ends in a sane result, or in one line. */
const folder = temporaryFolder();
afterAll(folder.remove);

const place = { crs: 'EPSG:32650', originX: 520_000, originY: 3_000_000, pixelWidth: 10, pixelHeight: -10 };
const grid: Grid = { ...place, width: 160, height: 120 };
const pixels = grid.width * grid.height;
/** Bulldozed between the two dates: 15 × 12 pixels of the later image. */
const isChanged = (i: number) => i % 160 >= 60 && i % 160 < 75 && Math.floor(i / 160) >= 50 && i / 160 < 62;
const changedPixels = 15 * 12;

beforeAll(async () => {
  const ground = new PlantedGround(place.crs, 3, place.pixelWidth);
  const before = ground.bands(grid, { seed: 1 });
  const after = ground.bands(grid, { seed: 2 }).map((band) => band.map((v, i) => (isChanged(i) ? v + 4000 : v)));
  const write = (name: string, bands: Samples[], on = grid, nodata: number | null = null) =>
    writeTiff(folder.path(name), on, bands, nodata === null ? {} : { nodata });
  const floats = (bands: Uint16Array[], change = (v: number, _i: number, _b: number) => v) =>
    bands.map((band, b) => Float32Array.from(band, (v, i) => change(v / 10_000, i, b)));
  const filled = (value: number) => before.map(() => new Uint16Array(pixels).fill(value));
  await write('before.tif', before);
  await write('after.tif', after);
  copyFileSync(folder.path('before.tif'), folder.path('copy.tif'));
  await write('before-float.tif', floats(before));
  const odd = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -3.4028234663852886e38];
  await write(
    'odd-floats.tif',
    floats(after, (v, i, b) => (i % 50 === 7 && i % 4 === b ? odd[b] : v)),
  );
  await write(
    'no-numbers.tif',
    floats(after, (_, i) => odd[i % 4]),
  );
  await write('all-nodata.tif', filled(0), grid, 0);
  await write('constant.tif', filled(1234));
  await write(
    'band-of-zeros.tif',
    after.map((band, b) => (b === 1 ? new Uint16Array(pixels) : band)),
  );
  await write(
    'signed.tif',
    after.map((band) => Int16Array.from(band)),
  );
  await write(
    'one-pixel-before.tif',
    before.map((band) => band.slice(0, 1)),
    { ...grid, width: 1, height: 1 },
  );
  await write(
    'one-pixel-after.tif',
    after.map((band) => band.slice(0, 1)),
    { ...grid, width: 1, height: 1 },
  );
});

let runs = 0;

async function detect(before: string, after: string) {
  const cwd = folder.path(`run-${runs++}`);
  mkdirSync(cwd);
  const args = ['detect', folder.path(before), folder.path(after), '--out', 'p.geojson', '--score', 's.tif', '--json'];
  return { cwd, ...(await tuban(args, { cwd })) };
}

/** What a comparison found, held to what must be true of any. */
async function compared(before: string, after: string) {
  const { cwd, exitCode, stdout, stderr } = await detect(before, after);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(readdirSync(cwd).sort()).toEqual(['p.geojson', 's.tif']);
  const report = JSON.parse(stdout);
  const { features } = JSON.parse(readFileSync(`${cwd}/p.geojson`, 'utf8'));
  expect(features).toHaveLength(report.patchCount);
  for (const { geometry, properties } of features) {
    const numbers = [properties.areaM2, properties.score, ...geometry.coordinates.flat(3)];
    expect(numbers.every((value) => Number.isFinite(value))).toBe(true);
  }
  const source = await openTiff(`${cwd}/s.tif`);
  const { width, height } = source.info.grid;
  const { bands } = await source.read({ column: 0, row: 0, width, height });
  await source.close();
  const scores = [...bands[0]];
  // What both dates observed has a score, and nothing else.
  expect(scores.filter((score) => Number.isFinite(score)).length).toBe(
    Math.round(report.observedFraction * scores.length),
  );
  expect(scores.some((score) => Math.abs(score) === Number.POSITIVE_INFINITY)).toBe(false);
  return { report, patches: features.map((one: { properties: { pixels: number } }) => one.properties.pixels), scores };
}

const told = (warnings: string[]) => warnings.map((line) => line.replace(`${folder.path('')}/`, ''));

describe('a pair of unusual pixels is compared', () => {
  it('dates swapped: the same ground changed', async () => {
    const [there, back] = [await compared('before.tif', 'after.tif'), await compared('after.tif', 'before.tif')];
    for (const { patches } of [there, back]) {
      expect(patches).toHaveLength(1);
      expect(Math.abs(patches[0] - changedPixels)).toBeLessThan(0.25 * changedPixels);
    }
  });

  it.each(['before.tif', 'copy.tif'])('identical, as %s: nothing changed anywhere', async (after) => {
    const { report, patches, scores } = await compared('before.tif', after);
    expect([report.observedFraction, patches]).toEqual([1, []]);
    expect(scores.every((score) => score === 0)).toBe(true);
  });

  it('NaN, infinities and an undeclared fill value: those pixels are unobserved, and the change beside them is found', async () => {
    const { report, patches } = await compared('before-float.tif', 'odd-floats.tif');
    const odd = Array.from({ length: pixels }, (_, i) => i).filter((i) => i % 50 === 7).length;
    expect(report.observedFraction).toBeCloseTo(1 - odd / pixels, 6);
    expect(patches.length).toBeGreaterThan(0);
    expect(Math.max(...patches)).toBeGreaterThan(0.5 * changedPixels);
  });

  it.each([
    ['no number at all', 'before-float.tif', 'no-numbers.tif'],
    ['nodata everywhere in one image', 'all-nodata.tif', 'after.tif'],
  ])('%s: nothing was observed, and that is said', async (_, before, after) => {
    const { report, patches } = await compared(before, after);
    expect([report.observedFraction, patches]).toEqual([0, []]);
    expect(report.warnings).toContain('The two images share no observed pixel.');
  });

  it.each([
    ['later', 'before.tif', 'constant.tif'],
    ['earlier', 'constant.tif', 'after.tif'],
  ])('a constant %s image: no patch, and that it tells nothing', async (_, before, after) => {
    const { report, patches } = await compared(before, after);
    expect(patches).toEqual([]);
    const line = 'constant.tif: every band has one value everywhere in the sample: no change can be told from it.';
    expect(told(report.warnings)).toContain(line);
  });

  it('a band of zeros: named, and the change shows in the others', async () => {
    const { report, patches } = await compared('before.tif', 'band-of-zeros.tif');
    const line = 'band-of-zeros.tif: band G has one value everywhere in the sample: no change can be told from it.';
    expect(told(report.warnings)).toContain(line);
    expect(patches).toHaveLength(1);
  });

  it('of one pixel: no patch', async () => {
    const { report, patches, scores } = await compared('one-pixel-before.tif', 'one-pixel-after.tif');
    expect([report.observedFraction, patches, scores.length]).toEqual([1, [], 1]);
  });
});

describe('a pair that makes no pair is refused in one line, with nothing written', () => {
  it('of unsigned and signed samples', async () => {
    const { cwd, exitCode, stdout, stderr } = await detect('before.tif', 'signed.tif');
    const [before, after] = [folder.path('before.tif'), folder.path('signed.tif')];
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toBe(`tuban: ${after}: has samples of type int16, but ${before} has uint16.\n`);
    expect(readdirSync(cwd)).toEqual([]);
  });
});
