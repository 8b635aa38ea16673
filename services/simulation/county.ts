import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ServiceError } from '../error.ts';
import type { Acquisition, Tiling } from './acquisitions.ts';
import { countyLayers } from './layers.ts';
import { type CountyPlan, planCounty } from './plan.ts';
import { paintTiles, type TileJob } from './tile-crew.ts';
import { countyTruth } from './truth.ts';

export interface CountyOptions {
  /** Decides everything: the same seed and size give byte-identical files. */
  seed: number;
  /** Default 4 by 4 tiles of 1024 pixels of 1 m. */
  tilesAcross?: number;
  tilesDown?: number;
  tileSize?: number;
  /** Twelve months of images, one a month, in the place of three; default false. */
  wholeYear?: boolean;
  /** Threads that draw, default 2; more of them change nothing but the time. */
  workers?: number;
}

export interface CountyScene {
  /** Relative to the county's directory, like all paths here. */
  path: string;
  date: string;
  sensor: 'simulated-1m';
  bands: ['B', 'G', 'R', 'N'];
}

/** What a finished county consists of; also its manifest.json. */
export interface CountyManifest {
  simulated: true;
  seed: number;
  /** The months to be run, oldest first; scenes begin one month earlier. */
  months: string[];
  scenes: CountyScene[];
  layers: { path: string; layer: string; validFrom: string }[];
  truthPath: string;
}

/** What the directory was begun for: another seed or size must not be mixed into it. */
interface CountyOrder extends Tiling {
  seed: number;
}

/**
 * Writes a simulated county: four dates of 1 m images (four bands, uint16, reflectance * 10000, nodata 0), the
 * layers people would have of it, and the truth that was planted in it. A call that was cut short is taken up where
 * it stopped; a finished county is only read. Everything in it is invented, and says so.
 * @param onProgress called with scenes done and scenes in all, those found on disk included
 * @throws ServiceError bad-input: the options make no county, or the directory holds another one
 */
export async function createCounty(
  directory: string,
  options: CountyOptions,
  onProgress: (done: number, total: number) => void = () => {},
): Promise<CountyManifest> {
  const { seed, tilesAcross = 4, tilesDown = 4, tileSize = 1024, workers = 2 } = options;
  const size = { seed, tilesAcross, tilesDown, tileSize };
  checkOrder(size, workers);
  const order = { ...size, ...(options.wholeYear && { wholeYear: true }) };
  await claimDirectory(directory, order);
  const finished = await readJson<CountyManifest>(join(directory, 'manifest.json'));
  if (finished !== null) return finished;

  const plan = planCounty(seed, order);
  await writeScenes(directory, order, plan, workers, onProgress);
  const layers = countyLayers(plan);
  for (const { layer, collection } of layers) await writeJson(join(directory, layerPath(layer)), collection);
  await writeJson(join(directory, 'truth.json'), countyTruth(plan));
  const manifest: CountyManifest = {
    simulated: true,
    seed,
    months: plan.site.months,
    scenes: plan.acquisitions.map((image) => ({
      path: scenePath(image),
      date: image.date,
      sensor: 'simulated-1m',
      bands: ['B', 'G', 'R', 'N'],
    })),
    layers: layers.map(({ layer, validFrom }) => ({ path: layerPath(layer), layer, validFrom })),
    truthPath: 'truth.json',
  };
  await writeJson(join(directory, 'manifest.json'), manifest);
  return manifest;
}

function checkOrder(order: Omit<CountyOrder, 'wholeYear'>, workers: number): void {
  for (const [name, value] of Object.entries({ ...order, workers })) {
    const least = name === 'seed' ? 0 : name === 'tileSize' ? 128 : 1;
    if (Number.isSafeInteger(value) && value >= least) continue;
    throw new ServiceError(
      'bad-input',
      `Simulated county: ${name} must be a whole number from ${least}, got ${value}.`,
    );
  }
}

/** Notes what the directory is for, or refuses one that is for something else. */
async function claimDirectory(directory: string, order: CountyOrder): Promise<void> {
  await mkdir(join(directory, 'scenes'), { recursive: true });
  await mkdir(join(directory, 'layers'), { recursive: true });
  const path = join(directory, 'order.json');
  const found = await readJson<CountyOrder>(path);
  if (found === null) return writeJson(path, order);
  if (JSON.stringify(found) === JSON.stringify(order)) return removeLeftovers(directory);
  throw new ServiceError(
    'bad-input',
    `Simulated county: ${directory} was begun as ${JSON.stringify(found)}, wanted ${JSON.stringify(order)}; use another directory.`,
  );
}

/** Unfinished files of a call that was killed. */
async function removeLeftovers(directory: string): Promise<void> {
  for (const folder of ['scenes', 'layers', '.']) {
    for (const name of await readdir(join(directory, folder))) {
      if (name.endsWith('.part')) await rm(join(directory, folder, name), { force: true });
    }
  }
}

async function writeScenes(
  directory: string,
  order: CountyOrder,
  plan: CountyPlan,
  workers: number,
  onProgress: (done: number, total: number) => void,
): Promise<void> {
  const jobs = new Map<string, TileJob>();
  let done = 0;
  for (const image of plan.acquisitions) {
    if (await exists(join(directory, scenePath(image)))) {
      done++;
      continue;
    }
    const key = `${image.column} ${image.row}`;
    const job = jobs.get(key) ?? { scenes: [] };
    job.scenes.push({ index: plan.acquisitions.indexOf(image), path: join(directory, scenePath(image)) });
    jobs.set(key, job);
  }
  const total = plan.acquisitions.length;
  onProgress(done, total);
  await paintTiles([...jobs.values()], order, workers, () => onProgress(++done, total));
}

function scenePath({ month, row, column }: Acquisition): string {
  return `scenes/simulated-${month}-r${row}c${column}.tif`;
}

function layerPath(layer: string): string {
  return `layers/${layer}.geojson`;
}

/** Scene files appear under their name only when whole, so to be there is to be whole. */
async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    (file) => file.isFile() && file.size > 0,
    () => false,
  );
}

async function readJson<T>(path: string): Promise<T | null> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  return text === null ? null : (JSON.parse(text) as T);
}

/** Beside it first, then renamed: a reader sees the old file or the new one. */
async function writeJson(path: string, value: unknown): Promise<void> {
  const part = `${path}.part`;
  await writeFile(part, JSON.stringify(value));
  await rename(part, path);
}
