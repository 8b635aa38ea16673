import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Raster } from '../../../imagery/raster.ts';
import { describeScene } from '../../../imagery/scene-file.ts';
import { writeTiff } from '../../../imagery/tiff/writer.ts';
import { cloudShareOf } from '../../../services/scenes/cloud-share.ts';
import { addSceneFile } from '../../../services/scenes/scene-record.ts';
import { PlantedGround } from '../../support/planted-ground.ts';
import { plantSky, underSky } from '../../support/planted-sky.ts';
import { PlantedWorkspace, plantedGrid } from '../../support/planted-workspace.ts';

let workspace: PlantedWorkspace;
beforeAll(async () => {
  workspace = await PlantedWorkspace.create();
});
afterAll(() => workspace.remove());

const grid = { ...plantedGrid, width: 600, height: 500 };
const ground = new PlantedGround('EPSG:32650', 5, 10).bands(grid, { seed: 1 });

/** The ground under a sky of which that share is cloud. */
async function sky(cover: number): Promise<string> {
  const path = workspace.path(`sky-${cover}.tif`);
  const reflectance = ground.map((band) => Float32Array.from(band, (raw) => raw / 10_000));
  const clear: Raster<Float32Array> = { grid, bands: reflectance, mask: new Uint8Array(600 * 500).fill(1) };
  const plan = { seed: 3, cover, thickness: 1, lumpPx: 120, shadow: { dx: 20, dy: 10 } };
  const { bands } = cover === 0 ? clear : underSky(clear, plantSky(600, 500, plan));
  await writeTiff(
    path,
    grid,
    bands.map((band) => Uint16Array.from(band, (value) => Math.round(10_000 * value))),
  );
  return path;
}

// What lies close to a cloud and under its thin edge counts too: a soft sky of 30 % is told as more.
it.each([
  [0, 0, 0.001],
  [0.3, 0.25, 0.75],
  [0.7, 0.65, 1],
])('of a sky of which %d is cloud, a share between %d and %d is told', async (cover, least, most) => {
  const share = await cloudShareOf(await describeScene(await sky(cover)));
  expect(share).toBeGreaterThanOrEqual(least);
  expect(share).toBeLessThanOrEqual(most);
});

it('what the provider says comes first, and where clouds cannot be told nothing is said', async () => {
  const path = await sky(0.3);
  const facts = { date: '2024-06-20', sensor: 'planted' };
  const now = new Date('2024-07-01T00:00:00Z');
  const { scene } = await addSceneFile(workspace.store, path, facts, now);
  expect(scene).toMatchObject({ cloudBy: 'sample', cloudFraction: await cloudShareOf(await describeScene(path)) });
  const other = await addSceneFile(workspace.store, await sky(0.7), { ...facts, cloudFraction: 0.9 }, now);
  expect(other.scene).toMatchObject({ cloudBy: 'provider', cloudFraction: 0.9 });
  expect(await cloudShareOf(await describeScene(path, { reflectance: null }))).toBeNull();
  expect(await cloudShareOf(await describeScene(path, { bands: ['R', 'G', 'B', 'X'] }))).toBeNull();
});
