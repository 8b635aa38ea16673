import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { peers, python } from './scene.ts';

/** A program that does the whole job: two images in, a GeoJSON of change patches out. */
export interface Contender {
  name: string;
  command: string[];
  environment?: NodeJS.ProcessEnv;
  rounds: number;
  /** What it writes, and the coordinates in it. */
  patches: { path: string; crs: 'EPSG:4326' | 'EPSG:32650' };
  isPeer: boolean;
}

export interface Rounds {
  rounds: number;
  /** gdal_calc and its like take ten times as long as the others. */
  gdalRounds: number;
  /** Ours on uncompressed files too. */
  all: boolean;
}

const tuban = fileURLToPath(new URL('../../api/tuban.js', import.meta.url));

/** Two workers each, and patches from 64 pixels (here 64 m²) on: what the peers have built in. */
export function contenders(folder: string, { rounds, gdalRounds, all }: Rounds): Contender[] {
  const images = (compression: string) => ['a', 'b'].map((epoch) => join(folder, `${epoch}_${compression}.tif`));
  const ours = (compression: string): Contender => {
    const path = join(folder, `tuban-${compression}.geojson`);
    const options = ['--out', path, '--workers', '2', '--min-area', '64', '--json'];
    const command = [process.execPath, tuban, 'detect', ...images(compression), ...options];
    return { name: `tuban, ${compression}`, command, rounds, patches: { path, crs: 'EPSG:4326' }, isPeer: false };
  };
  const rasterio: Contender = {
    name: 'rasterio + numpy, deflate',
    command: [python, join(peers, 'peer_rasterio.py'), folder, 'deflate', 'numpy', '2'],
    rounds,
    patches: { path: join(folder, 'rio.geojson'), crs: 'EPSG:32650' },
    isPeer: true,
  };
  const gdal: Contender = {
    name: 'GDAL command line, deflate',
    command: ['bash', join(peers, 'peer_gdal.sh'), folder, 'deflate'],
    environment: { GT: '2' },
    rounds: gdalRounds,
    patches: { path: join(folder, 'g.geojson'), crs: 'EPSG:32650' },
    isPeer: true,
  };
  return [ours('deflate'), ...(all ? [ours('none')] : []), rasterio, gdal].filter((one) => one.rounds > 0);
}
