import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tuban, tubanJson } from '../../support/command-line.ts';
import { temporaryFolder } from '../../support/gdal.ts';
import { PlantedGround } from '../../support/planted-ground.ts';
import { plantedGrid } from '../../support/planted-workspace.ts';
import { RangeServer } from '../../support/range-server.ts';

const names = ['before.tif', 'after.tif'];

describe('scenes behind HTTP', () => {
  let server: RangeServer;
  let folder: ReturnType<typeof temporaryFolder>;
  beforeAll(async () => {
    server = await RangeServer.start();
    folder = temporaryFolder();
    const ground = new PlantedGround('EPSG:32650', 7, plantedGrid.pixelWidth);
    const grid = { ...plantedGrid, width: 256, height: 256 };
    const [x, y] = [grid.originX + 80 * grid.pixelWidth, grid.originY + 120 * grid.pixelHeight];
    const built = [{ x, y, width: 30 * grid.pixelWidth, height: 25 * grid.pixelWidth }];
    await ground.draw(folder.path(names[0]), grid, { seed: 1 });
    await ground.draw(folder.path(names[1]), grid, { seed: 2, built });
    for (const name of names) server.put(`/${name}`, readFileSync(folder.path(name)));
  });
  afterAll(async () => {
    await server.stop();
    folder.remove();
  });

  it('give the same patches as the files on disk, and say that their hash is not that of all bytes', async () => {
    const runs = [
      names.map((name) => folder.path(name)),
      names.map((name) => `${server.url}/${name}?X-Amz-Signature=secret`),
    ];
    const found = [];
    for (const [i, pair] of runs.entries()) {
      const out = folder.path(`${i}.geojson`);
      await tubanJson('detect', ...pair, '--out', out, '--workers', '2');
      found.push(JSON.parse(readFileSync(out, 'utf8')));
    }
    expect(found[0].features.length).toBeGreaterThan(0);
    expect(found[1].tuban.before.file).toBe('before.tif');
    expect(JSON.stringify(found[1])).not.toContain('secret');
    const geometries = found.map(({ features }) => features.map((feature: { geometry: object }) => feature.geometry));
    expect(geometries[1]).toEqual(geometries[0]);
    expect(found[0].tuban.before.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(found[1].tuban.before.sha256).toMatch(/^version:[0-9a-f]{64}$/);
    expect(found[1].tuban.before.id).toMatch(/^[0-9a-f]{16}$/);
  });

  it('are added to a workspace by address, twice without effect', async () => {
    const home = ['--home', folder.path('county')];
    const address = `${server.url}/${names[0]}`;
    const [scene] = await tubanJson('scenes', 'add', address, '--date', '2024-05-20', '--sensor', 'planted', ...home);
    expect(scene).toMatchObject({ path: address, isNew: true });
    const [again] = await tubanJson('scenes', 'add', address, '--date', '2024-05-20', '--sensor', 'planted', ...home);
    expect(again).toMatchObject({ id: scene.id, isNew: false });
  });

  it('that are not there are refused in one line', async () => {
    const address = `${server.url}/nothing.tif`;
    expect(await tuban(['detect', address, address, '--out', folder.path('x.geojson')])).toEqual({
      exitCode: 2,
      stdout: '',
      stderr: `tuban: ${address}: is not there (404).\n`,
    });
  });
});
