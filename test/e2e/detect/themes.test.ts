import { afterAll, expect, it } from 'vitest';
import { tubanJson } from '../../support/command-line.ts';
import { temporaryFolder } from '../../support/gdal.ts';
import { PlantedGround } from '../../support/planted-ground.ts';

const temporary = temporaryFolder();
afterAll(temporary.remove);

const size = { width: 400, height: 300, pixelWidth: 2, pixelHeight: -2 };
const grid = { ...size, crs: 'EPSG:32650', originX: 500_000, originY: 3_600_000 };

it('a theme leaves out what is smaller than its mapping unit', async () => {
  const ground = new PlantedGround('EPSG:32650', 5, 2);
  // 280 m² and 3,600 m².
  const built = [
    { x: 500_100, y: 3_599_700, width: 14, height: 20 },
    { x: 500_400, y: 3_599_600, width: 60, height: 60 },
  ];
  const before = await ground.draw(temporary.path('before.tif'), grid, { seed: 1 });
  const after = await ground.draw(temporary.path('after.tif'), grid, { seed: 2, built });
  const found = async (theme: string) => (await tubanJson('detect', before, after, '--theme', theme)).patchCount;
  expect([await found('construction'), await found('other')]).toEqual([2, 1]);
});
