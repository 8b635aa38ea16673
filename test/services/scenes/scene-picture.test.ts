import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeScene } from '../../../imagery/scene-file.ts';
import { writeTiff } from '../../../imagery/tiff/writer.ts';
import { drawScene } from '../../../services/scenes/scene-picture.ts';
import { PlantedWorkspace, plantedGrid } from '../../support/planted-workspace.ts';

let workspace: PlantedWorkspace;
beforeAll(async () => {
  workspace = await PlantedWorkspace.create();
});
afterAll(() => workspace.remove());

/** Left half red, right half blue; the lowest quarter nodata. */
async function flag(width: number, height: number, roles: ('B' | 'G' | 'R' | 'P')[]) {
  const path = workspace.path(`flag-${width}-${roles.length}.tif`);
  const bands = roles.map((role) =>
    Uint16Array.from({ length: width * height }, (_, i) => {
      const lit = role === (i % width < width / 2 ? 'R' : 'B') || (role === 'P' && i % width < width / 2);
      return i >= width * height * 0.75 ? 0 : lit ? 900 : 100;
    }),
  );
  await writeTiff(path, { ...plantedGrid, width, height }, bands, { nodata: 0 });
  return describeScene(path, { bands: roles });
}

async function pixelsOf(png: Buffer) {
  const { data, info } = await sharp(png).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const at = (x: number, y: number) => [...data.subarray((y * info.width + x) * 3, (y * info.width + x) * 3 + 3)];
  return { ...info, at };
}

describe('the quick look at a scene', () => {
  it('shows its colours at its place, no larger than asked, and nodata as such', async () => {
    const { width, height, at } = await pixelsOf(await drawScene(await flag(600, 400, ['B', 'G', 'R']), 150));
    expect([width, height]).toEqual([150, 100]);
    expect(at(30, 30)).toEqual([255, 0, 0]);
    expect(at(120, 30)).toEqual([0, 0, 255]);
    const [red, green, blue] = at(30, 90);
    expect(new Set([red, green, blue]).size).toBe(1);
    expect([96, 120]).toContain(red);
  });

  it('is never larger than the image, and grey where there is one band', async () => {
    const { width, at } = await pixelsOf(await drawScene(await flag(60, 40, ['P']), 1024));
    expect(width).toBe(60);
    expect([at(10, 10), at(50, 10)]).toEqual([
      [255, 255, 255],
      [0, 0, 0],
    ]);
  });
});
