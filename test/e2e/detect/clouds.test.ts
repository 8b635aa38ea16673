import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { windowGrid } from '../../../imagery/grid.ts';
import type { Raster } from '../../../imagery/raster.ts';
import { openTiff } from '../../../imagery/tiff/reader.ts';
import { writeTiff } from '../../../imagery/tiff/writer.ts';
import { tubanJson } from '../../support/command-line.ts';
import type { DetectReport, Patches } from '../../support/found-changes.ts';
import { temporaryFolder } from '../../support/gdal.ts';
import { PlantedGround } from '../../support/planted-ground.ts';
import { isHidden, type PlantedVeil, plantVeil, underVeil, type VeilPlan } from '../../support/planted-veil.ts';
import { rasterised } from '../../support/rasterised.ts';
import { sharedData } from '../../support/shared-data.ts';

const folder = sharedData('s2_oscd');
const temporary = temporaryFolder();
// Each comparison is a process of its own: what the first compiles the others need not.
vi.stubEnv('TUBAN_CACHE', temporary.path('cache'));
afterAll(() => {
  vi.unstubAllEnvs();
  temporary.remove();
});

const inReflectance = ({ grid, bands, mask }: Raster): Raster<Float32Array> => ({
  grid,
  mask,
  bands: bands.map((band) => Float32Array.from(band, (value) => value / 10_000)),
});

async function writeReflectance(name: string, { grid, bands }: Raster): Promise<string> {
  const path = temporary.path(name);
  const numbers = bands.map((band) => Uint16Array.from(band, (value) => Math.max(0, Math.round(10_000 * value))));
  await writeTiff(path, grid, numbers);
  return path;
}

/** Compares a before image with a clear after image under planted clouds. */
async function detectUnder(before: string, clear: Raster, plan: VeilPlan, name: string) {
  const { width, height } = clear.grid;
  const veil = plantVeil(width, height, plan);
  const after = await writeReflectance(`${name}.tif`, underVeil(inReflectance(clear), veil));
  const out = temporary.path(`${name}.geojson`);
  const report: DetectReport = await tubanJson('detect', before, after, '--out', out);
  const patches: Patches = JSON.parse(await readFile(out, 'utf8'));
  return { veil, report, patches, inPatches: rasterised(clear.grid, patches) };
}

function share(veil: PlantedVeil, test: (i: number) => boolean): number {
  let count = 0;
  for (let i = 0; i < veil.alpha.length; i++) if (test(i)) count++;
  return count / veil.alpha.length;
}

const skies: [what: string, plan: Omit<VeilPlan, 'seed'>][] = [
  ['one thick hard-edged cloud', { cover: 0.3, thickness: 1, fadePx: 0, brightness: 0.65 }],
  [
    'one cloud that fades out, and its shadow',
    { cover: 0.3, thickness: 0.95, fadePx: 14, brightness: 0.8, shadow: { dx: 22, dy: -31 } },
  ],
  ['one thin hard-edged veil', { cover: 0.3, thickness: 0.4, fadePx: 0, brightness: 0.65 }],
  ['many small hard-edged clouds', { cover: 0.3, radiusPx: 12, thickness: 1, fadePx: 0, brightness: 0.65 }],
  [
    'many clouds and their shadows',
    { cover: 0.2, radiusPx: 25, thickness: 0.95, fadePx: 4, brightness: 0.7, shadow: { dx: 22, dy: -31 } },
  ],
  ['much cloud', { cover: 0.4, radiusPx: 40, thickness: 0.9, fadePx: 8, brightness: 0.75 }],
];

describe.skipIf(folder === null)('tuban detect under clouds planted into the after image of rennes', () => {
  /** The middle of it, with town, fields and water. */
  const middle = { column: 160, row: 60, width: 320, height: 240 };
  const before = temporary.path('rennes-before.tif');
  let clear: Raster;

  beforeAll(async () => {
    const source = await openTiff(`${folder}rennes/before_20150821.tif`);
    await writeTiff(before, windowGrid(source.info.grid, middle), (await source.read(middle)).bands as Uint16Array[]);
    await source.close();
    const after = await openTiff(`${folder}rennes/after_20170621.tif`);
    clear = await after.read(middle);
    await after.close();
  });

  it.each(skies.map(([what, plan], k) => [what, { ...plan, seed: 11 + k }] as const))(
    'sees as much as there is to see to 2 %%, and has no patch in cloud: %s',
    async (what, plan) => {
      const { veil, report, patches, inPatches } = await detectUnder(before, clear, plan, `rennes-${plan.seed}`);
      const seen = 1 - share(veil, (i) => isHidden(veil, i));
      const { observedFraction, cloudFraction } = report;
      console.log(`${what}: observed ${observedFraction.toFixed(3)}, planted ${seen.toFixed(3)}`);
      expect(Math.abs(observedFraction - seen)).toBeLessThan(0.02);
      expect(observedFraction + cloudFraction).toBeCloseTo(1, 6);
      expect(share(veil, (i) => inPatches[i] === 1 && veil.alpha[i] > 0.25)).toBe(0);
      // Under a clear sky there are 131.
      expect(patches.features.length).toBeGreaterThan(0.5 * seen * 131);
    },
  );
});

describe('tuban detect under clouds over a made scene of 2 m pixels', () => {
  const grid = {
    width: 1000,
    height: 800,
    crs: 'EPSG:32650',
    originX: 500_000,
    originY: 3_000_000,
    pixelWidth: 2,
    pixelHeight: -2,
  };
  const places = Array.from({ length: 20 }, (_, k) => ({
    column: 80 + (k % 5) * 200,
    row: 80 + Math.floor(k / 5) * 190,
  }));
  const built = places.map(({ column, row }) => ({
    x: grid.originX + 2 * column,
    y: grid.originY - 2 * (row + 24),
    width: 48,
    height: 48,
  }));
  let before: string;
  let clear: Raster;

  beforeAll(async () => {
    const ground = new PlantedGround('EPSG:32650', 5, 2);
    before = await ground.draw(temporary.path('made-before.tif'), grid, { seed: 1 });
    const bands = ground.bands(grid, { seed: 2, built });
    clear = { grid, bands, mask: new Uint8Array(grid.width * grid.height).fill(1) };
  });

  it.each<[string, Omit<VeilPlan, 'cover' | 'brightness'>]>([
    ['hard edges', { seed: 3, radiusPx: 90, thickness: 1, fadePx: 0 }],
    ['soft edges and shadows', { seed: 4, radiusPx: 110, thickness: 0.9, fadePx: 60, shadow: { dx: -90, dy: -120 } }],
  ])('finds what was built under the clear part, and nothing else: %s', async (what, plan) => {
    const sky = { ...plan, cover: 0.3, brightness: 0.65 };
    const { veil, report, inPatches } = await detectUnder(before, clear, sky, `made-${plan.seed}`);
    const seen = 1 - share(veil, (i) => isHidden(veil, i));
    console.log(`${what}: observed ${report.observedFraction.toFixed(3)}, planted ${seen.toFixed(3)}`);
    expect(Math.abs(report.observedFraction - seen)).toBeLessThan(0.02);
    expect(share(veil, (i) => inPatches[i] === 1 && veil.alpha[i] > 0.25)).toBe(0);
    const middles = places.map(({ column, row }) => (row + 12) * grid.width + column + 12);
    const around = [-20, 0, 20].flatMap((dy) => [-20, 0, 20].map((dx) => dy * grid.width + dx));
    const open = middles.filter((i) => around.every((d) => veil.alpha[i + d] < 0.02 && veil.shade[i + d] < 0.02));
    expect(open.length).toBeGreaterThan(3);
    expect(open.filter((i) => inPatches[i] === 0)).toEqual([]);
    expect(elsewhere(inPatches, middles)).toBeLessThan(0.001);
  });

  /** Share of the image in patches beyond 40 pixels of every place where something was built. */
  function elsewhere(inPatches: Uint8Array, middles: number[]): number {
    let count = 0;
    for (let i = 0; i < inPatches.length; i++) {
      if (inPatches[i] === 0) continue;
      const far = (middle: number) =>
        Math.abs((i % grid.width) - (middle % grid.width)) > 40 ||
        Math.abs(Math.floor(i / grid.width) - Math.floor(middle / grid.width)) > 40;
      if (middles.every(far)) count++;
    }
    return count / inPatches.length;
  }
});
