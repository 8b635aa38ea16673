import { join } from 'node:path';
import type { Grid } from '../../../imagery/grid.ts';
import type { Scene } from '../../../imagery/scene.ts';
import { writeTiff } from '../../../imagery/tiff/writer.ts';
import { addSceneFile } from '../../../services/scenes/scene-record.ts';
import { openStore } from '../../../services/store/open.ts';
import { PlantedGround } from '../../support/planted-ground.ts';

/** The month that is run while lists are asked for: after all that are planted. */
export const RUN_MONTH = '2026-01';

const grid: Grid = {
  ...{ width: 2400, height: 2400, crs: 'EPSG:32649', originX: 620_000, originY: 2_990_000 },
  ...{ pixelWidth: 10, pixelHeight: -10 },
};

/** Two images of 24 km a side, on which some dozen places are built up between them. */
export async function plantScenes(home: string): Promise<void> {
  const ground = new PlantedGround('EPSG:32649', 5, 10);
  const built = Array.from({ length: 40 }, (_, i) => {
    return { x: 621_000 + (i % 8) * 2800, y: 2_968_000 + Math.floor(i / 8) * 4200, width: 200, height: 160 };
  });
  const store = await openStore({ sqlite: join(home, 'tuban.db') });
  for (const [i, date] of ['2025-12-20', '2026-01-20'].entries()) {
    const path = join(home, `${date}.tif`);
    await writeTiff(path, grid, ground.bands(grid, { seed: i + 1, built: i === 0 ? [] : built }), { nodata: 0 });
    const facts = { date, sensor: 'planted', bands: ['B', 'G', 'R', 'N'] as Scene['bands'] };
    await addSceneFile(store, path, facts, new Date(`${date}T04:00:00Z`));
  }
  await store.close();
}
