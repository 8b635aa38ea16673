import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Cluster, startCluster } from './cluster.ts';
import { importAllLayers, workspaceOf } from './import.ts';
import { latticeOf } from './lattice.ts';
import type { OursRun } from './overlay-ours.ts';
import { patchesOn, patchGrid, patchStatistics, writePatches } from './patches.ts';
import {
  loadLayers,
  loadPatches,
  type Overlaps,
  overlapInShortEdges,
  overlayByPostgis,
  type Variant,
  variants,
} from './postgis.ts';
import type { Scene } from './scene.ts';

export interface Disagreement {
  layer: string;
  patch: number;
  zone: string;
  ours: number;
  postgis: number;
  /** Of the patch's area. */
  share: number;
  /** What of it is left where PostGIS measures edges as straight in lon/lat, too; only of the worst. */
  shareInShortEdges?: number;
}

export interface OverlayResult {
  patches: string;
  layers: string[];
  ours: Pick<OursRun, 'seconds' | 'cpuSeconds' | 'secondsAgain' | 'peakBytes'>[];
  /** Seconds by layer of each round. */
  postgis: Record<Variant, Record<string, number>[]>;
  /** Pairs with an area, by layer: ours and PostGIS's. */
  pairs: Record<string, { ours: number; postgis: number }>;
  /** Largest difference there is, of the patch's area; and the worst pairs beyond the bar. */
  largestShare: number;
  beyond: number;
  worst: Disagreement[];
}

export interface OverlayChoice {
  patches: number;
  pixelM: number;
  rounds: number;
  /** A workspace that holds the layers already, or null: the one the import left, or a new one. */
  home: string | null;
}

/** A difference the bar allows, of the patch's area. */
const ALLOWED = 1e-6;
const runner = fileURLToPath(new URL('./overlay-ours.ts', import.meta.url));

export async function benchOverlay(scene: Scene, choice: OverlayChoice): Promise<OverlayResult> {
  const grid = patchGrid(choice.pixelM);
  const patches = patchesOn(latticeOf(scene.parcels), grid, choice.patches, scene.approvals);
  const patchFile = join(scene.folder, `patches-${choice.patches}-${choice.pixelM}.json`);
  writePatches(patchFile, patches);
  const home = choice.home ?? workspaceOf(scene);
  if (choice.home === null) await importAllLayers(scene, home);
  const layers = scene.layers.map(({ name }) => name);
  const cluster = await startCluster(`${scene.folder}-postgis`);
  try {
    if (cluster.isNew) await loadLayers(cluster, scene);
    await loadPatches(cluster.client, patches, grid);
    const result = emptyResult(patchStatistics(patches, grid), layers);
    for (let round = 0; round <= choice.rounds; round++) {
      const own = runOurs(home, patchFile, choice.pixelM);
      for (const variant of variants) {
        const other = await overlayByPostgis(cluster.client, layers, variant);
        if (round > 0) result.postgis[variant].push(other.byLayer);
        if (round > 0 || variant !== 'plain') continue;
        compare(result, own, other.overlaps);
        await measureWorstAgain(cluster.client, result, own);
      }
      // The first round fills caches on both sides and is the one whose areas are compared.
      const { pairs: _, patchM2: __, ...figures } = own;
      if (round > 0) result.ours.push(figures);
      console.error(
        `overlay round ${round}: tuban ${own.seconds.toFixed(2)} s, again ${own.secondsAgain.toFixed(2)} s`,
      );
    }
    return result;
  } finally {
    await cluster.stop();
  }
}

function emptyResult(patches: string, layers: string[]): OverlayResult {
  const postgis = Object.fromEntries(variants.map((variant) => [variant, []])) as unknown as OverlayResult['postgis'];
  return { patches, layers, ours: [], postgis, pairs: {}, largestShare: 0, beyond: 0, worst: [] };
}

/** In a process of its own, as a command would: nothing is compiled or read yet. */
function runOurs(home: string, patchFile: string, pixelM: number): OursRun {
  const output = execFileSync(process.execPath, [runner, home, patchFile, String(pixelM)], {
    encoding: 'utf8',
    maxBuffer: 2 ** 30,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return JSON.parse(output);
}

async function measureWorstAgain(client: Cluster['client'], { worst }: OverlayResult, own: OursRun): Promise<void> {
  for (const pair of worst) {
    const areaM2 = await overlapInShortEdges(client, pair.layer, pair.patch, pair.zone);
    pair.shareInShortEdges = Math.abs(pair.ours - areaM2) / own.patchM2[pair.patch];
  }
}

/** Every pair either of them knows: one that is missing counts as no area. */
function compare(result: OverlayResult, own: OursRun, others: Overlaps): void {
  const all: Disagreement[] = [];
  for (const layer of result.layers) {
    const ours = new Map<string, number>();
    for (const [name, patch, zone, areaM2] of own.pairs) if (name === layer) ours.set(`${patch} ${zone}`, areaM2);
    const postgis = others.get(layer)!;
    for (const pair of new Set([...ours.keys(), ...postgis.keys()])) {
      const [patch, zone] = pair.split(' ');
      const [a, b] = [ours.get(pair) ?? 0, postgis.get(pair) ?? 0];
      const share = Math.abs(a - b) / own.patchM2[Number(patch)];
      all.push({ layer, patch: Number(patch), zone, ours: a, postgis: b, share });
    }
    const counted = [...postgis.values()].filter((areaM2) => areaM2 > 0).length;
    result.pairs[layer] = { ours: ours.size, postgis: counted };
  }
  all.sort((a, b) => b.share - a.share);
  result.largestShare = all[0]?.share ?? 0;
  result.beyond = all.filter(({ share }) => share > ALLOWED).length;
  result.worst = all.slice(0, 5);
}
