import { readFile, rename, truncate, utimes, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeTiff } from '../../../imagery/tiff/writer.ts';
import { checkScenes } from '../../../services/scenes/scene-check.ts';
import { addSceneFile } from '../../../services/scenes/scene-record.ts';
import { listScenes, type SceneRow } from '../../../services/store/scenes.ts';
import { PlantedWorkspace, plantedGrid } from '../../support/planted-workspace.ts';

const now = new Date('2024-07-01T00:00:00Z');
let workspace: PlantedWorkspace;
let june: SceneRow;

beforeEach(async () => {
  workspace = await PlantedWorkspace.create();
  june = await add('june', '2024-06-20', plantedGrid);
  await add('may', '2024-05-20', plantedGrid);
});
afterEach(() => workspace.remove());

async function add(name: string, date: string, grid: typeof plantedGrid): Promise<SceneRow> {
  const path = workspace.path(`${name}.tif`);
  const noise = (k: number) => (Math.imul(k ^ name.length, 2654435761) >>> 16) & 1023;
  const pixels = grid.width * grid.height;
  await writeTiff(
    path,
    grid,
    [0, 1, 2, 3].map((band) => Uint16Array.from({ length: pixels }, (_, i) => noise(i * 4 + band))),
  );
  return (await addSceneFile(workspace.store, path, { date, sensor: 'planted' }, now)).scene;
}

async function check(all = false) {
  const scenes = await listScenes(workspace.store.db);
  return checkScenes(scenes, scenes, { all, now });
}
const checked = async (all = false) => (await check(all)).find(({ id }) => id === june.id)!;

describe('checking scenes', () => {
  it('finds nothing in what is as it was, and says how much was decoded', async () => {
    const scenes = await check();
    expect(scenes.map(({ faults, doubts }) => [...faults, ...doubts])).toEqual([[], []]);
    for (const { decoded, windows } of scenes) expect([decoded, windows]).toEqual([1, 1]);
  });

  it('tells a file that was moved', async () => {
    await rename(june.path, `${june.path}.elsewhere`);
    const { faults } = await checked();
    expect(faults).toEqual([{ fault: 'missing', message: expect.stringContaining(`${june.path}: is missing: moved`) }]);
  });

  it('tells bytes that a disk forgot, though size and times are the old ones', async () => {
    const bytes = await readFile(june.path);
    bytes[bytes.length - 9] ^= 1;
    await writeFile(june.path, bytes);
    await utimes(june.path, new Date(0), new Date(0));
    const { faults } = await checked();
    expect(faults[0]).toMatchObject({ fault: 'changed', message: expect.stringContaining('wanted bytes with sha256') });
  });

  it('tells a file that was cut', async () => {
    await truncate(june.path, june.bytes! >> 1);
    const { faults } = await checked();
    expect(faults.map(({ fault }) => fault)).toEqual(['changed', 'unreadable']);
    expect(faults[1].message).toContain('is truncated');
  });

  it('tells tiles that cannot be decoded', async () => {
    const bytes = await readFile(june.path);
    await writeFile(june.path, bytes.fill(0xff, bytes.length >> 2, bytes.length >> 1));
    const { faults } = await checked();
    expect(faults.map(({ fault }) => fault)).toEqual(['changed', 'damaged']);
    expect(faults[1].message).toMatch(/june\.tif: (tile|strip) .* cannot be decoded: [^\n]*$/);
  });

  it('tells another place', async () => {
    await writeTiff(june.path, { ...plantedGrid, originX: plantedGrid.originX + 10 }, [new Uint16Array(48_000)]);
    expect((await checked()).faults.map(({ fault }) => fault)).toEqual(['changed', 'elsewhere']);
  });

  it('decodes a sample of a large image, or all of it', async () => {
    const large = { ...plantedGrid, width: 512 * 5, height: 512 * 4, pixelWidth: 1, pixelHeight: -1 };
    await writeTiff(june.path, large, [new Uint8Array(large.width * large.height)]);
    expect(await checked()).toMatchObject({ decoded: 16, windows: 20 });
    expect(await checked(true)).toMatchObject({ decoded: 20, windows: 20 });
  });

  it('tells a mask that was changed', async () => {
    const mask = workspace.path('clouds.tif');
    await writeFile(mask, 'clouds');
    const path = workspace.path('masked.tif');
    await writeTiff(path, plantedGrid, [new Uint16Array(48_000).fill(7)]);
    const facts = { date: '2024-06-20', sensor: 'planted', mask: { path: mask } };
    const { scene } = await addSceneFile(workspace.store, path, facts, now);
    await writeFile(mask, 'no clouds');
    const found = (await check()).find(({ id }) => id === scene.id)!;
    expect(found.faults).toMatchObject([{ fault: 'mask', message: expect.stringContaining(`${mask}: was changed`) }]);
  });

  it('doubts days to come, days that the name denies, and ground that no other day shows', async () => {
    const far = { ...plantedGrid, originX: plantedGrid.originX + 100_000 };
    await add('far', '2024-07-20', far);
    await add('GF2_PMS2_E112.6_N26.9_20240612_L1A0007654321-MSS2', '2024-06-13', plantedGrid);
    const doubts = (await check()).map((scene) => [scene.date, ...scene.doubts]);
    expect(doubts).toEqual([
      ['2024-05-20'],
      ['2024-06-13', 'its day is 2024-06-13, but its name says 2024-06-12'],
      ['2024-06-20'],
      ['2024-07-20', 'its day 2024-07-20 is still to come', 'no scene of another day shows any of its ground'],
    ]);
  });
});
