import { afterAll, describe, expect, it } from 'vitest';
import type { Raster } from '../../../imagery/raster.ts';
import { writeTiff } from '../../../imagery/tiff/writer.ts';
import { type Detected, detectPair } from '../../../services/detection/detect-pair.ts';
import { readWhole } from '../../support/found-changes.ts';
import { temporaryFolder } from '../../support/gdal.ts';
import { PlantedGround } from '../../support/planted-ground.ts';
import { plantSky, underSky } from '../../support/planted-sky.ts';
import { isHidden } from '../../support/planted-veil.ts';
import { sharedData } from '../../support/shared-data.ts';

const folder = sharedData('s2_oscd');
const temporary = temporaryFolder();
afterAll(temporary.remove);

function inReflectance(raster: Raster): Raster<Float32Array> {
  return { ...raster, bands: raster.bands.map((band) => Float32Array.from(band, (value) => value / 10_000)) };
}

async function writeReflectance(name: string, { grid, bands }: Raster): Promise<string> {
  const numbers = bands.map((band) => Uint16Array.from(band, (value) => Math.max(0, Math.round(10_000 * value))));
  await writeTiff(temporary.path(name), grid, numbers);
  return temporary.path(name);
}

function detect(before: string, after: string): Promise<Detected> {
  return detectPair(before, after, { method: 'cva', workers: 1, needsPlace: false });
}

function share(pixels: number, test: (i: number) => boolean): number {
  let count = 0;
  for (let i = 0; i < pixels; i++) if (test(i)) count++;
  return count / pixels;
}

function pixelsInPatches({ grid, patches }: Detected): Uint8Array {
  const inside = new Uint8Array(grid.width * grid.height);
  for (const { row, start, end } of patches.map(({ region }) => region.runs)) {
    for (let i = 0; i < row.length; i++) inside.fill(1, row[i] * grid.width + start[i], row[i] * grid.width + end[i]);
  }
  return inside;
}

describe.skipIf(folder === null)('clouds planted over three tenths of a real after image', () => {
  const pairs = [
    ['rennes', 'before_20150821.tif', 'after_20170621.tif'],
    ['chongqing', 'before_20170414.tif', 'after_20180402.tif'],
  ];

  it.each(pairs)(
    'and their shadows are unobserved at %s: the share is right to 2 %, and no patch lies in cloud',
    async (name, before, after) => {
      const clear = inReflectance(await readWhole(`${folder}${name}/${after}`));
      const { width, height } = clear.grid;
      const plan = { seed: 7, cover: 0.3, thickness: 1, lumpPx: 120, shadow: { dx: -30, dy: -40 } };
      const sky = plantSky(width, height, plan);
      const cloudy = await writeReflectance(`${name}.tif`, underSky(clear, sky));
      const found = await detect(`${folder}${name}/${before}`, cloudy);
      const seen = share(width * height, (i) => !isHidden(sky, i));
      console.log(`${name}: observed ${found.observedFraction.toFixed(3)}, planted ${seen.toFixed(3)}`);
      expect(Math.abs(found.observedFraction - seen)).toBeLessThan(0.02);
      const inside = pixelsInPatches(found);
      expect(share(width * height, (i) => inside[i] === 1 && sky.alpha[i] > 0.3)).toBe(0);
      expect(found.patches.length).toBeGreaterThan(50);
    },
  );

  it('is told though it has hard edges, as the edge of a stripe or of a crude mask', async () => {
    const image = await readWhole(`${folder}rennes/after_20170621.tif`);
    const { width, height } = image.grid;
    const white = (i: number) =>
      Math.abs((i % width) - width / 2) < 0.3 * width && Math.abs(i / width - height / 2) < 0.25 * height;
    const covered = {
      ...image,
      bands: image.bands.map((band) => Float32Array.from(band, (value, i) => (white(i) ? 0.8 : value / 10_000))),
    };
    const found = await detect(`${folder}rennes/before_20150821.tif`, await writeReflectance('hard.tif', covered));
    expect(found.observedFraction).toBeCloseTo(1 - share(width * height, white), 2);
    const inside = pixelsInPatches(found);
    expect(share(width * height, (i) => inside[i] === 1 && white(i))).toBe(0);
  });
});

describe('a cloudy image too large to be estimated on as a whole', () => {
  it('shows nearly all that changed under its clear part', async () => {
    const grid = {
      width: 1000,
      height: 800,
      crs: 'EPSG:32650',
      originX: 500_000,
      originY: 3_000_000,
      pixelWidth: 2,
      pixelHeight: -2,
    };
    const ground = new PlantedGround('EPSG:32650', 5, 2);
    const places = Array.from({ length: 20 }, (_, k) => ({
      column: 80 + (k % 5) * 200,
      row: 80 + Math.floor(k / 5) * 190,
    }));
    const built = places.map(({ column, row }) => ({
      x: 500_000 + 2 * column,
      y: 3_000_000 - 2 * (row + 24),
      width: 48,
      height: 48,
    }));
    const sky = plantSky(grid.width, grid.height, {
      seed: 7,
      cover: 0.3,
      thickness: 1,
      lumpPx: 300,
      shadow: { dx: -60, dy: -80 },
    });
    const before = await ground.draw(temporary.path('large-before.tif'), grid, { seed: 1 });
    const bands = ground.bands(grid, { seed: 2, built });
    const after = underSky(inReflectance({ grid, bands, mask: new Uint8Array(grid.width * grid.height).fill(1) }), sky);
    const found = await detect(before, await writeReflectance('large-after.tif', after));
    const inside = pixelsInPatches(found);
    const middles = places.map(({ column, row }) => (row + 12) * grid.width + column + 12);
    const clear = middles.filter((i) => sky.alpha[i] === 0 && sky.shade[i] === 0);
    expect(clear.length).toBeGreaterThan(5);
    expect(clear.filter((i) => inside[i] === 1).length / clear.length).toBeGreaterThan(0.75);
  });
});
