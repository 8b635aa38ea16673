import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { benchAreas } from './area.ts';
import { whatPostgisLacks } from './cluster.ts';
import { benchImport } from './import.ts';
import { benchOverlay } from './overlay.ts';
import { bars, report, type ZonesResult } from './report.ts';
import { cacheRoot, sceneOf } from './scene.ts';

const usage = `node test/bench/zones/main.ts [--parcels 2070000] [--patches 5000] [--pixel 1] [--rounds 3] [--only LIST] [--home DIR] [--json]

Takes a made prefecture's layers in, lays change patches over them and measures polygons, side by side with ogr2ogr,
PostGIS and geographiclib, and checks the areas against theirs.

  --parcels N   a multiple of 1,000; made once and kept under ${cacheRoot}
                (2,070,000: 2 GB, and 2 GB for PostGIS)
  --patches N   change patches, on a grid of --pixel metres
  --rounds N    rounds of each, by turns
  --only LIST   of import, overlay and area (default: all)
  --home DIR    a workspace that holds the layers already, for the overlay
  --json        everything measured, as JSON`;

const benches = ['import', 'overlay', 'area'] as const;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      parcels: { type: 'string', default: '2070000' },
      patches: { type: 'string', default: '5000' },
      pixel: { type: 'string', default: '1' },
      rounds: { type: 'string', default: '3' },
      only: { type: 'string', default: benches.join() },
      home: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return console.log(usage);
  const only = values.only.split(',');
  const unknown = only.find((one) => !benches.some((known) => known === one));
  if (unknown !== undefined) refuse(`--only wants some of ${benches.join(', ')}; got '${unknown}'`);
  const parcels = whole('parcels', values.parcels, 1000);
  const rounds = whole('rounds', values.rounds);
  const patches = whole('patches', values.patches);
  const pixelM = whole('pixel', values.pixel);
  const result: ZonesResult = { parcels, imports: null, overlay: null, areas: null };
  if (only.includes('area')) result.areas = benchAreas();
  const needsFiles = only.includes('import') || only.includes('overlay');
  const missing = needsFiles && spawnSync('ogr2ogr', ['--version']).error ? 'ogr2ogr is missing (gdal-bin)' : null;
  if (missing !== null) console.error(`SKIPPED: import and overlay: ${missing}.`);
  else if (needsFiles) {
    const scene = await sceneOf(parcels);
    if (only.includes('import')) result.imports = await benchImport(scene, rounds);
    const lacking = only.includes('overlay') ? whatPostgisLacks() : null;
    if (lacking !== null) console.error(`SKIPPED: overlay: ${lacking}.`);
    else if (only.includes('overlay')) {
      result.overlay = await benchOverlay(scene, { patches, pixelM, rounds, home: values.home ?? null });
    }
  }
  console.log(values.json ? JSON.stringify({ bars, ...result }) : report(result));
}

function whole(name: string, text: string, step = 1): number {
  const value = Number(text);
  if (Number.isInteger(value / step) && value > 0) return value;
  return refuse(`--${name} wants a ${step === 1 ? 'whole number' : `multiple of ${step}`} above 0; got '${text}'`);
}

function refuse(what: string): never {
  console.error(`bench: ${what}.`);
  process.exit(2);
}

await main();
