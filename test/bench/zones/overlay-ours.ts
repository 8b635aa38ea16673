import { join } from 'node:path';
import { overlapsOf } from '../../../services/ground/overlaps.ts';
import { openStore } from '../../../services/store/open.ts';
import { validVersions } from '../../../services/store/zone-versions.ts';
import { prepareRuns } from '../../../services/zones/overlay/runs-patch.ts';
import { VALID_FROM } from './import.ts';
import { patchGrid, readPatches } from './patches.ts';

/** What this program prints: our overlay of all patches with all layers of a workspace, in a process of its own. */
export interface OursRun {
  /** From opening the store to the last patch's last zone, with nothing compiled yet. */
  seconds: number;
  cpuSeconds: number;
  /** The same once more in the same process, as a server or a month of many counties does it. */
  secondsAgain: number;
  /** Layer, patch, zone, m². */
  pairs: [string, number, string, number][];
  /** Of each patch, by its id. */
  patchM2: number[];
  peakBytes: number;
}

const [home, patchFile, pixelM] = process.argv.slice(2);
const patches = readPatches(patchFile);
const first = await overlay();
const again = await overlay();
const { pairs, patchM2, seconds, cpuSeconds } = first;
const peakBytes = process.resourceUsage().maxRSS * 1024;
const run: OursRun = { seconds, cpuSeconds, secondsAgain: again.seconds, pairs, patchM2, peakBytes };
process.stdout.write(JSON.stringify(run));

/** What is known of a grid lives as long as it does: each time a new one. */
async function overlay() {
  const grid = patchGrid(Number(pixelM));
  const [began, before] = [performance.now(), process.cpuUsage()];
  const store = await openStore({ sqlite: join(home, 'tuban.db') });
  const valid = await validVersions(store.db, VALID_FROM);
  const prepared = patches.map(({ runs }) => prepareRuns(runs, grid));
  const found: OursRun['pairs'] = [];
  let k = 0;
  for await (const zones of overlapsOf(store.db, valid, prepared)) {
    const { id } = patches[k++];
    for (const { layer, externalId, insideM2 } of zones) {
      if (insideM2 > 0) found.push([layer, id, externalId, insideM2]);
    }
  }
  const { user, system } = process.cpuUsage(before);
  const elapsed = (performance.now() - began) / 1000;
  await store.close();
  const areas = prepared.map(({ totalM2 }) => totalM2);
  return { seconds: elapsed, cpuSeconds: (user + system) / 1e6, pairs: found, patchM2: areas };
}
