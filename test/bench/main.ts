import { parseArgs } from 'node:util';
import { accuracyOf, readTruth } from './accuracy.ts';
import { type Contender, contenders } from './contenders.ts';
import { type Measured, measure } from './measure.ts';
import { type Result, report } from './report.ts';
import { sceneFolder, warmFileCache, whatIsMissing } from './scene.ts';

const usage = `npm run bench -- [--size 8192] [--rounds 3] [--gdal-rounds 1] [--all]

Runs the whole job (two images in, a GeoJSON of change patches out) by turns with Tuban and with the peers, on the same
made scene, and prints speed, memory and accuracy side by side.

  --size N         pixels a side, a multiple of 512; made once and kept with the system's temporary files (8192: 2 GB)
  --rounds N       rounds of Tuban and of rasterio
  --gdal-rounds N  rounds of GDAL's command line, which is slow (0: leave it out)
  --all            Tuban on uncompressed files too`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      size: { type: 'string', default: '8192' },
      rounds: { type: 'string', default: '3' },
      'gdal-rounds': { type: 'string', default: '1' },
      all: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return console.log(usage);
  const missing = whatIsMissing();
  if (missing !== null) return console.log(`SKIPPED: the benchmark: ${missing}.`);
  const size = whole('size', values.size, 2048, 512);
  const folder = sceneFolder(size);
  const rounds = {
    rounds: whole('rounds', values.rounds, 1),
    gdalRounds: whole('gdal-rounds', values['gdal-rounds'], 0),
  };
  warmFileCache(folder);
  const runs = await runByTurns(contenders(folder, { ...rounds, all: values.all }));
  const truth = await readTruth(folder);
  const results: Result[] = [];
  for (const [contender, measured] of runs) {
    results.push({ contender, runs: measured, accuracy: accuracyOf(contender, truth) });
  }
  console.log(report(results, size));
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
