import { parseArgs } from 'node:util';
import { cacheFolder } from '../../api/cache-folder.js';
import { methods } from '../../detectors/model.ts';
import { rememberHashesIn, sceneHash } from '../../imagery/file-hash.ts';
import { accuracyOf, readTruth } from './accuracy.ts';
import { type Contender, contenders, duels, ours } from './contenders.ts';
import { type Measured, measure } from './measure.ts';
import { type Result, report } from './report.ts';
import { compressions, repeatedScene, sceneFolder, warmFileCache, whatIsMissing } from './scene.ts';

const usage = `npm run bench -- [--size 8192] [--rounds 3] [--gdal-rounds 1] [--compressions LIST] [--methods LIST] [--large]

Runs the whole job (two images in, a GeoJSON of change patches out) by turns with Tuban and with the peers, on the same
made scene, and prints speed, memory and accuracy side by side.

  --size N             pixels a side, a multiple of 512; made once and kept with the system's temporary files
                       (8192: 4 GB)
  --rounds N           rounds of Tuban and of rasterio
  --gdal-rounds N      rounds of GDAL's command line, which is slow (0: leave it out)
  --compressions LIST  of deflate, none, zstd and lzw (default: all)
  --methods LIST       Tuban's methods; others than auto on deflate only (default: auto,irmad)
  --large              Tuban alone on the scene four times as wide and as high: its memory`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      size: { type: 'string', default: '8192' },
      rounds: { type: 'string', default: '3' },
      'gdal-rounds': { type: 'string', default: '1' },
      compressions: { type: 'string', default: compressions.join() },
      methods: { type: 'string', default: 'auto,irmad' },
      large: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return console.log(usage);
  const missing = whatIsMissing();
  if (missing !== null) return console.log(`SKIPPED: the benchmark: ${missing}.`);
  const size = whole('size', values.size, 2048, 512);
  const choice = {
    compressions: someOf('compressions', values.compressions, compressions),
    methods: someOf('methods', values.methods, ['auto', ...methods]),
    rounds: whole('rounds', values.rounds, 1),
    gdalRounds: whole('gdal-rounds', values['gdal-rounds'], 0),
  };
  const folder = sceneFolder(size);
  if (values.large) return await largeScene(folder, size);
  warmFileCache(folder, choice.compressions);
  const all = contenders(folder, choice);
  await hashFiles(all);
  const runs = await runByTurns(all);
  const truth = await readTruth(folder);
  const results: Result[] = [];
  for (const [contender, measured] of runs) {
    results.push({ contender, runs: measured, accuracy: accuracyOf(contender, truth) });
  }
  console.log(report(results, duels(all), size));
}

/** The first look at a file takes its hash, which later ones find again: timed by itself. */
async function hashFiles(all: readonly Contender[]): Promise<void> {
  const paths = [...new Set(all.flatMap(({ command }) => command.filter((part) => part.endsWith('.tif'))))];
  rememberHashesIn(cacheFolder());
  const began = performance.now();
  for (const path of paths) await sceneHash(path);
  const seconds = ((performance.now() - began) / 1000).toFixed(2);
  console.error(`hashes of ${paths.length} files: ${seconds} s (next to nothing where they are remembered)`);
}

async function largeScene(folder: string, size: number): Promise<void> {
  const times = 4;
  const large = ours(repeatedScene(folder, times), 'deflate', 'auto', 1);
  await hashFiles([large]);
  const { wallSeconds, cpuSeconds, peakBytes, output } = await measure(large.command);
  const { patchCount } = JSON.parse(output) as { patchCount: number };
  const side = size * times;
  console.log(
    `tuban, ${side} x ${side} pixels: ${wallSeconds.toFixed(1)} s, ${(side ** 2 / 1e6 / wallSeconds).toFixed(1)} Mpx/s, ` +
      `${cpuSeconds.toFixed(1)} CPU-s, peak ${(peakBytes / 1e6).toFixed(0)} MB, ${patchCount} patches`,
  );
}

function someOf<Name extends string>(option: string, text: string, known: readonly Name[]): Name[] {
  const asked = text.split(',');
  const unknown = asked.find((part) => !known.some((one) => one === part));
  if (unknown === undefined) return known.filter((one) => asked.includes(one));
  console.error(`bench: --${option} wants some of ${known.join(', ')}; got '${unknown}'.`);
  process.exit(2);
}

/** Round by round, all of them in each: what else the machine does falls on all alike. */
async function runByTurns(all: readonly Contender[]): Promise<Map<Contender, Measured[]>> {
  const runs = new Map<Contender, Measured[]>(all.map((contender) => [contender, []]));
  for (let round = 0; round < Math.max(...all.map((contender) => contender.rounds)); round++) {
    for (const contender of all.filter((one) => round < one.rounds)) {
      const measured = await measure(contender.command, contender.environment);
      runs.get(contender)!.push(measured);
      console.error(`round ${round + 1}, ${contender.name}: ${measured.wallSeconds.toFixed(2)} s`);
    }
  }
  return runs;
}

function whole(name: string, text: string, least: number, step = 1): number {
  const value = Number(text);
  if (Number.isInteger(value / step) && value >= least) return value;
  const wanted = step === 1 ? 'a whole number' : `a multiple of ${step}`;
  console.error(`bench: --${name} wants ${wanted} from ${least} on; got '${text}'.`);
  process.exit(2);
}

await main();
