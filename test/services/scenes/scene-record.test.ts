import { createHash } from 'node:crypto';
import { copyFile, rename, stat, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { toLonLat } from '../../../imagery/crs.ts';
import { pixelGrid } from '../../../imagery/grid.ts';
import { writeTiff } from '../../../imagery/tiff/writer.ts';
import { addSceneFile, addSceneFiles, lonLatBox, sceneOfRow } from '../../../services/scenes/scene-record.ts';
import { listScenes, removeScene } from '../../../services/store/scenes.ts';
import { PlantedWorkspace, plantedGrid } from '../../support/planted-workspace.ts';

const now = new Date('2024-07-01T00:00:00Z');
const facts = { date: '2024-06-20', sensor: 'planted' };

let workspace: PlantedWorkspace;
let path: string;

beforeEach(async () => {
  workspace = await PlantedWorkspace.create();
  path = await draw('scene.tif', 1);
});
afterEach(() => workspace.remove());

async function draw(name: string, level: number): Promise<string> {
  const grid = { ...plantedGrid, width: 8, height: 6 };
  await writeTiff(
    workspace.path(name),
    grid,
    [1, 2, 3, 4].map((band) => new Uint16Array(48).fill(100 * level + band)),
  );
  return workspace.path(name);
}

describe('adding a scene', () => {
  it('keeps what the file says and what it was told', async () => {
    const { scene, isNew } = await addSceneFile(workspace.store, path, facts, now);
    expect(isNew).toBe(true);
    expect(sceneOfRow(scene)).toMatchObject({
      id: scene.sha256.slice(0, 16),
      path,
      grid: { ...plantedGrid, width: 8, height: 6 },
      bands: ['B', 'G', 'R', 'N'],
      sampleType: 'uint16',
      reflectance: { scale: 1e-4, offset: 0 },
      ...facts,
    });
  });

  it('of bytes that are there already changes nothing, under another name too', async () => {
    const { scene } = await addSceneFile(workspace.store, path, facts, now);
    const copy = workspace.path('copy.tif');
    await copyFile(path, copy);
    const later = new Date('2024-07-02T00:00:00Z');
    for (const again of [path, copy]) {
      expect(await addSceneFile(workspace.store, again, facts, later)).toEqual({ scene, isNew: false });
    }
    expect(await listScenes(workspace.store.db)).toEqual([scene]);
  });

  it('of a file that was moved takes the scene along', async () => {
    const { scene } = await addSceneFile(workspace.store, path, facts, now);
    const place = workspace.path('elsewhere.tif');
    await rename(path, place);
    const added = await addSceneFile(workspace.store, place, facts, now);
    expect(added).toEqual({ scene: { ...scene, path: place }, isNew: false });
    expect(await listScenes(workspace.store.db)).toEqual([added.scene]);
  });

  it('of the same bytes under another date is refused, until the scene is removed', async () => {
    const { scene } = await addSceneFile(workspace.store, path, facts, now);
    const corrected = { ...facts, date: '2024-06-21' };
    await expect(addSceneFile(workspace.store, path, corrected, now)).rejects.toMatchObject({
      code: 'scene-invalid',
      message: `${path}: is scene ${scene.id}, which was added as 2024-06-20 planted B,G,R,N EPSG:32650, and now as 2024-06-21 planted B,G,R,N EPSG:32650; remove the scene first.`,
    });
    expect(await listScenes(workspace.store.db)).toEqual([scene]);
    await removeScene(workspace.store.db, scene.id, now);
    expect(await listScenes(workspace.store.db)).toEqual([]);
    expect((await addSceneFile(workspace.store, path, corrected, now)).scene.date).toBe('2024-06-21');
  });

  it('of several files refuses by name what is none, and adds the others', async () => {
    const [second, page] = [await draw('second.tif', 2), workspace.path('html-error-page.tif')];
    await writeFile(page, '<!DOCTYPE html><title>404</title>');
    const seen: number[] = [];
    const added = await addSceneFiles(workspace.store, [path, page, second], facts, now, (done) => seen.push(done));
    expect(added).toMatchObject([
      { path, isNew: true },
      { path: page, error: { code: 'not-an-image', message: expect.stringContaining(page) } },
      { path: second, isNew: true },
    ]);
    expect((await listScenes(workspace.store.db)).map((scene) => scene.path).sort()).toEqual([path, second].sort());
    expect(seen).toEqual([0, 1, 2]);
  });

  it('asks for the day and the sensor that nothing tells', async () => {
    const add = (said: Partial<typeof facts>) => addSceneFile(workspace.store, path, said, now);
    await expect(add({ sensor: 'planted' })).rejects.toThrow(
      `${path}: was taken on no known day; wanted --date YYYY-MM-DD, a name that tells, or facts beside it.`,
    );
    await expect(add({ date: '2024-06-20' })).rejects.toThrow(`${path}: comes from no known sensor; wanted --sensor`);
  });

  it('takes day, local time, roles and scale from the name of a product', async () => {
    const product = workspace.path('S2A_MSIL2A_20240612T222551_N0510_R032_T49RGL_20240613T011234.tif');
    await rename(path, product);
    const { scene } = await addSceneFile(workspace.store, product, {}, now);
    expect(scene).toMatchObject({ date: '2024-06-13', time: '06:25:51', sensor: 'Sentinel-2 L2A', offset: -0.1 });
    expect(scene).toMatchObject({ nodata: 0, saturation: 65535, bytes: (await stat(product)).size });
  });

  it('takes facts that lie beside it, and its quality band; options win', async () => {
    const said = {
      date: '2024-06-19',
      time: '10:55',
      sensor: 'GF-2',
      licence: 'county',
      cloudFraction: 0.25,
      nodata: 7,
    };
    await writeFile(workspace.path('scene.json'), JSON.stringify(said));
    await writeFile(workspace.path('scene_SCL.tif'), 'a quality band');
    const { scene } = await addSceneFile(workspace.store, path, { date: '2024-06-20' }, now);
    expect(scene).toMatchObject({ ...said, date: '2024-06-20', time: '10:55:00', saturation: 1023, scale: null });
    expect(sceneOfRow(scene).mask).toEqual({
      path: workspace.path('scene_SCL.tif'),
      kind: 'scl',
      sha256: createHash('sha256').update('a quality band').digest('hex'),
    });
  });

  it('of an image that lies nowhere asks for a CRS', async () => {
    const bare = workspace.path('no-crs.tif');
    await writeTiff(bare, pixelGrid(8, 6), [new Uint16Array(48)]);
    await expect(addSceneFile(workspace.store, bare, facts, now)).rejects.toThrow(
      `${bare}: names no CRS; wanted one (name it with --crs EPSG:n).`,
    );
  });
});

describe('the box of a scene in lon/lat', () => {
  it('holds its edges, which bulge beyond its corners', () => {
    const grid = { ...plantedGrid, width: 12_000, height: 9000 };
    const box = lonLatBox(grid);
    const project = toLonLat('EPSG:32650');
    for (let t = 0; t <= 1; t += 0.01) {
      for (const [u, v] of [
        [t, 0],
        [t, 1],
        [0, t],
        [1, t],
      ]) {
        const [lon, lat] = project(grid.originX + u * 120_000, grid.originY - v * 90_000);
        const slack = 1e-5;
        expect(lon).toBeGreaterThan(box.minLon - slack);
        expect(lon).toBeLessThan(box.maxLon + slack);
        expect(lat).toBeGreaterThan(box.minLat - slack);
        expect(lat).toBeLessThan(box.maxLat + slack);
      }
    }
  });
});
