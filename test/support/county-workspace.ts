import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { addSceneFile } from '../../services/scenes/scene-record.ts';
import { type CountyOptions, createCounty } from '../../services/simulation/county.ts';
import { openStore } from '../../services/store/open.ts';
import { importLayer } from '../../services/zones/import/import-layer.ts';

/** A workspace folder with all images and layers of a simulated county, and no month run. */
export async function countyWorkspace(home: string, county: string, options: CountyOptions): Promise<void> {
  const { layers, scenes } = await createCounty(county, options);
  await mkdir(home, { recursive: true });
  const store = await openStore({ sqlite: join(home, 'tuban.db') });
  const now = new Date();
  // Districts first: the other layers take their district from them.
  for (const { path, layer, validFrom } of layers.toSorted((a, b) => rank(a.layer) - rank(b.layer))) {
    await importLayer(store, { path: join(county, path), layer, validFrom, now });
  }
  for (const { path, date, sensor, bands } of scenes) {
    await addSceneFile(store, join(county, path), { date, sensor, bands: [...bands] }, now);
  }
  await store.close();
}

function rank(layer: string): number {
  return layer === 'districts' ? 0 : 1;
}
