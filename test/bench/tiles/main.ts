import { spawn } from 'node:child_process';
import { cpus } from 'node:os';
import { json } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import type { LonLatBox } from '../../../imagery/grid.ts';
import { projectedBox } from '../../../imagery/grid.ts';
import { type TileAddress, tileAt, tileGrid } from '../../../imagery/tiles/web-mercator.ts';
import { seededRandom } from '../../support/random.ts';
import { AREA } from '../api/plant.ts';
import { keyFor, type Service, startTuban } from '../api/service.ts';
import { cacheRoot, month, type TileGround, tileGround } from './workspace.ts';

const usage = `node test/bench/tiles/main.ts [--tiles 240] [--patches 200000] [--size 6144]

Asks the server for map tiles, each once, and rasterio for the same image tiles in the same run, by turns.

  --tiles N     of each kind
  --patches N   made once and kept under ${cacheRoot}
  --size N      pixels a side of the two scenes, likewise`;

/** Levels that a map goes through over such images, and over a prefecture. */
const imageLevels = [11, 12, 13, 14, 15, 16, 17];
const patchLevels = [6, 7, 8, 9, 10, 11, 12, 13, 14, 15];
const filters = ['', '?month=2025-06', '?month=2025-03&state=warned,verified', '?district=430421', '?overdue=true'];
const turns = 4;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      tiles: { type: 'string', default: '240' },
      patches: { type: 'string', default: '200000' },
      size: { type: 'string', default: '6144' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return console.log(usage);
  const count = Number(values.tiles);
  const ground = await tileGround(Number(values.patches), Number(values.size));
  const service = await startTuban(ground.home);
  try {
    const headers = await keyFor(ground.database);
    const rows = [...(await images(service, headers, ground, count)), await patches(service, headers, count)];
    console.log(`${count} tiles of each kind, one after another; ${cpus().length} x ${cpus()[0].model.trim()}\n`);
    console.log('| tiles | p50 ms | p99 ms | mean ms |\n|---|--:|--:|--:|');
    for (const { name, times } of rows) console.log(line(name, times));
    const [ours, peer] = rows;
    console.log(
      `\nrasterio takes ${(mean(peer.times) / mean(ours.times)).toFixed(2)} times as long (mean of all tiles).`,
    );
  } finally {
    await service.stop();
  }
}

interface Row {
  name: string;
  times: number[];
}

/** Each tile is asked for once, so none is in our cache; the files are in the machine's. */
async function images(service: Service, headers: Sent, ground: TileGround, count: number): Promise<Row[]> {
  const random = seededRandom(3);
  const tiles = Array.from({ length: count }, (_, k) => {
    return { side: k % 2 === 0 ? 'before' : 'after', ...anywhere(ground.box, imageLevels, k, random) };
  });
  const address = ({ side, z, x, y }: (typeof tiles)[number]) => `/tiles/months/${month}/${side}/${z}/${x}/${y}.png`;
  // Threads, stretch and the peer's imports are no part of a tile.
  for (const side of ['before', 'after'])
    await ask(service, headers, address({ ...tiles[0], side, z: 18, x: 0, y: 0 }));
  await ask(service, headers, `${address(tiles[0])}?scale=2`);
  const ours: number[] = [];
  const peer: number[] = [];
  for (let turn = 0; turn < turns; turn++) {
    const part = tiles.slice((turn * count) / turns, ((turn + 1) * count) / turns);
    for (const tile of part) ours.push(await ask(service, headers, address(tile)));
    const asked = part.map((tile) => {
      const { minX, minY, maxX, maxY } = projectedBox(tileGrid(tile, 256));
      return { path: tile.side === 'before' ? ground.before : ground.after, bounds: [minX, minY, maxX, maxY] };
    });
    peer.push(...(await byRasterio({ tiles: asked, low: [1000, 900, 800], range: 1400 })));
  }
  return [
    { name: 'images, Tuban over HTTP', times: ours },
    { name: 'images, rasterio in its own process', times: peer },
  ];
}

async function byRasterio(asked: object): Promise<number[]> {
  const script = new URL('./peer.py', import.meta.url).pathname;
  const child = spawn('/usr/bin/python3', ['-W', 'ignore', script], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(JSON.stringify(asked));
  return (await json(child.stdout)) as number[];
}

async function patches(service: Service, headers: Sent, count: number): Promise<Row> {
  const random = seededRandom(4);
  const times: number[] = [];
  // The first use of a thread is no part of a tile.
  await ask(service, headers, '/tiles/patches/11/1664/866.mvt');
  for (let k = 0; k < count; k++) {
    const { z, x, y } = anywhere(AREA, patchLevels, k, random);
    times.push(await ask(service, headers, `/tiles/patches/${z}/${x}/${y}.mvt${filters[k % filters.length]}`));
  }
  return { name: 'patches, filtered', times };
}

type Sent = Record<string, string>;

async function ask({ url }: Service, headers: Sent, path: string): Promise<number> {
  const began = performance.now();
  const response = await fetch(url + path, { headers });
  await response.arrayBuffer();
  if (response.status !== 200) throw new Error(`${path}: ${response.status}`);
  return performance.now() - began;
}

function anywhere(box: LonLatBox, levels: readonly number[], k: number, random: () => number): TileAddress {
  const lon = box.minLon + (box.maxLon - box.minLon) * random();
  const lat = box.minLat + (box.maxLat - box.minLat) * random();
  return tileAt(levels[k % levels.length], lon, lat);
}

function line(name: string, times: readonly number[]): string {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))].toFixed(0);
  return `| ${name} | ${at(0.5)} | ${at(0.99)} | ${mean(times).toFixed(1)} |`;
}

function mean(times: readonly number[]): number {
  return times.reduce((sum, time) => sum + time, 0) / times.length;
}

await main();
