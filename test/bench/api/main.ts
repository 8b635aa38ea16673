import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { followFeed } from './feed.ts';
import { load } from './load.ts';
import { paced } from './paced.ts';
import { AREA, plantYear } from './plant.ts';
import { filteredPages } from './questions.ts';
import { atLeast, atMost, type Figure, machine, report } from './report.ts';
import { plantScenes, RUN_MONTH } from './scenes.ts';
import { keyFor, type Service, startBare, startTuban, tuban } from './service.ts';

const usage = `npm run bench:api -- [--patches 200000] [--filters 1000] [--rounds 5] [--seconds 5] [--keep] [--json]

Makes a year of patches in an embedded database, starts the real server on it in a process of its own (a key, reads
noted, only the limit of requests a second lifted) and asks for filtered pages, by turns with a bare Hono route that
sends the same bytes. Then 100 requests a second, tiles, the change feed, and the same while a month is run.

  --keep   keeps the workspace under ${tmpdir()} and takes the one that is there`;

interface Bench {
  server: Service;
  headers: Record<string, string>;
  paths: readonly string[];
  seconds: number;
  rounds: number;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      patches: { type: 'string', default: '200000' },
      filters: { type: 'string', default: '1000' },
      rounds: { type: 'string', default: '5' },
      seconds: { type: 'string', default: '5' },
      keep: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return console.log(usage);
  const about = machine();
  const home = await workspace(Number(values.patches), values.keep);
  const headers = await keyFor(join(home, 'tuban.db'));
  const server = await startTuban(home);
  const paths = filteredPages(Number(values.filters));
  const bench = { server, headers, paths, seconds: Number(values.seconds), rounds: Number(values.rounds) };
  try {
    const figures = await measured(bench, home);
    console.log(values.json ? JSON.stringify({ about, figures }) : report(figures, about));
  } finally {
    await server.stop();
    if (!values.keep) await rm(home, { recursive: true, force: true });
  }
}

async function measured(bench: Bench, home: string): Promise<Figure[]> {
  const share = await shareOfBare(bench, home);
  // What was read in the rush is still being noted.
  await sleep(5000);
  const pace = () => paced(bench.server.url, bench.paths, bench.headers, { perSecond: 100, seconds: 20 });
  const quiet = await pace();
  const tiles = await paced(bench.server.url, tilePaths(), bench.headers, { perSecond: 4, seconds: 15 });
  const feed = await followFeed(bench.server.url, bench.headers, 200_000);
  const running = await whileMonthRuns(home, pace);
  const failed = share.failed + quiet.failed + tiles.failed + running.failed;
  return [
    atLeast('filtered page, req/s of a bare route', 25, share.percent, '%'),
    atMost('filtered page, p99 at 100 req/s', 50, quiet.p99, 'ms'),
    atMost('tile of patches, p99', 150, tiles.p99, 'ms'),
    atMost(`change feed, ${feed.rows} rows`, 30, feed.seconds, 's'),
    atMost('p99 while a month is run, times that of before', 2, running.p99 / quiet.p99, '×'),
    atMost('answers that failed', 0, failed, ''),
  ];
}

async function workspace(patches: number, keep: boolean): Promise<string> {
  const home = join(tmpdir(), `tuban-bench-api-${patches}`);
  if (keep && existsSync(join(home, 'tuban.db'))) return home;
  await rm(home, { recursive: true, force: true });
  await mkdir(home, { recursive: true });
  await plantYear(join(home, 'tuban.db'), patches);
  await plantScenes(home);
  return home;
}

/** By turns, so that what else the machine does falls on both; the median of the rounds. */
async function shareOfBare({ server, headers, paths, seconds, rounds }: Bench, home: string) {
  const bodies: [string, string][] = [];
  for (const path of paths) bodies.push([path, await (await fetch(server.url + path, { headers })).text()]);
  const file = join(home, 'bodies.json');
  await writeFile(file, JSON.stringify(bodies));
  const bare = await startBare(file);
  const shares: number[] = [];
  let failed = 0;
  try {
    for (let round = 0; round < rounds; round++) {
      const options = { paths, headers, seconds, connections: 16 };
      const least = await load({ ...options, url: bare.url });
      const ours = await load({ ...options, url: server.url });
      console.error(`round ${round + 1}: ${ours.perSecond.toFixed(0)} of ${least.perSecond.toFixed(0)} req/s`);
      shares.push((100 * ours.perSecond) / least.perSecond);
      failed += ours.failed + least.failed;
    }
  } finally {
    await bare.stop();
  }
  return { percent: shares.toSorted((a, b) => a - b)[Math.floor(shares.length / 2)], failed };
}

/** Tiles of all levels over the area, each once. */
function tilePaths(): string[] {
  const paths: string[] = [];
  for (let z = 6; z <= 14; z++) {
    for (let i = 0; i < 25; i++) {
      const lon = AREA.minLon + ((i % 5) / 5) * 1.6 + z / 100;
      const lat = AREA.minLat + (Math.floor(i / 5) / 5) * 1.3 + z / 100;
      const n = 2 ** z;
      const y = ((1 - Math.asinh(Math.tan((lat * Math.PI) / 180)) / Math.PI) / 2) * n;
      paths.push(
        `/tiles/patches/${z}/${Math.floor(((lon + 180) / 360) * n)}/${Math.floor(y)}.mvt?month=2025-0${1 + (i % 9)}`,
      );
    }
  }
  return [...new Set(paths)];
}

/** Measures beside a run of one worker, which takes the second core. */
async function whileMonthRuns<T>(home: string, measure: () => Promise<T>): Promise<T> {
  const args = [tuban, 'run', '--month', RUN_MONTH, '--home', home, '--workers', '1'];
  const run = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  const ended = once(run, 'close');
  const began = performance.now();
  const result = await measure();
  const [code] = (await ended) as [number | null];
  console.error(`the month was run in ${((performance.now() - began) / 1000).toFixed(0)} s and ended with ${code}`);
  return result;
}

await main();
