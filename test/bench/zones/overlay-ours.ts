import { join } from 'node:path';
import { overlapsOf } from '../../../services/ground/overlaps.ts';
import { openStore } from '../../../services/store/open.ts';
import { validVersions } from '../../../services/store/zone-versions.ts';
import { prepareRuns } from '../../../services/zones/overlay/runs-patch.ts';
import { VALID_FROM } from './import.ts';
import { patchGrid, readPatches } from './patches.ts';

/** What this program prints: our overlay of all patches with all layers of a workspace, in a process of its own. */
export interface OursRun {
  /** From opening the store to the last patch's last zone. */
  seconds: number;
  /** Layer, patch, zone, m². */
  pairs: [string, number, string, number][];
  /** Of each patch, by its id. */
  patchM2: number[];
  peakBytes: number;
}

const [home, patchFile, pixelM] = process.argv.slice(2);
const grid = patchGrid(Number(pixelM));
const patches = readPatches(patchFile);

const began = performance.now();
const store = await openStore({ sqlite: join(home, 'tuban.db') });
const valid = await validVersions(store.db, VALID_FROM);
const prepared = patches.map(({ runs }) => prepareRuns(runs, grid));
const pairs: OursRun['pairs'] = [];
let k = 0;
for await (const zones of overlapsOf(store.db, valid, prepared)) {
  const { id } = patches[k++];
  for (const { layer, externalId, insideM2 } of zones) if (insideM2 > 0) pairs.push([layer, id, externalId, insideM2]);
}
const seconds = (performance.now() - began) / 1000;
await store.close();
const patchM2 = prepared.map(({ totalM2 }) => totalM2);
const run: OursRun = { seconds, pairs, patchM2, peakBytes: process.resourceUsage().maxRSS * 1024 };
process.stdout.write(JSON.stringify(run));
