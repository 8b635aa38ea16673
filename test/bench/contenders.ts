import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Compression, peers, python } from './scene.ts';

/** A program that does the whole job: two images in, a GeoJSON of change patches out. */
export interface Contender {
  name: string;
  command: string[];
  environment?: NodeJS.ProcessEnv;
  rounds: number;
  /** What it writes, and the coordinates in it. */
  patches: { path: string; crs: 'EPSG:4326' | 'EPSG:32650' };
  /** Null for ours; else what it is. */
  peer: 'rasterio' | 'GDAL' | null;
  compression: Compression;
}

/** What is compared: ours against a peer on the same files, and by how much ours should be faster. */
export interface Duel {
  ours: string;
  peer: string;
  bar: number | null;
}

export interface Choice {
  compressions: readonly Compression[];
  methods: readonly string[];
  rounds: number;
  /** gdal_calc and its like take ten times as long as the others. */
  gdalRounds: number;
}

const tuban = fileURLToPath(new URL('../../api/tuban.js', import.meta.url));
/** How many times as fast as rasterio with numpy the default is to be. */
const rasterioBars: Record<Compression, number> = { deflate: 2, none: 3, zstd: 2, lzw: 2 };
const gdalBar = 10;
const irMadBar = 1.2;

/** Two workers each, and patches from 64 pixels (here 64 m²) on: what the peers have built in. */
export function contenders(folder: string, { compressions, methods, rounds, gdalRounds }: Choice): Contender[] {
  return compressions.flatMap((compression) => {
    const own = methods
      .filter((method) => method === 'auto' || compression === 'deflate')
      .map((method) => ours(folder, compression, method, rounds));
    const rasterio: Contender = {
      name: `rasterio + numpy, ${compression}`,
      command: [python, join(peers, 'peer_rasterio.py'), folder, compression, 'numpy', '2'],
      rounds,
      patches: { path: join(folder, 'rio.geojson'), crs: 'EPSG:32650' },
      peer: 'rasterio',
      compression,
    };
    const gdal: Contender = {
      name: `GDAL command line, ${compression}`,
      command: ['bash', join(peers, 'peer_gdal.sh'), folder, compression],
      environment: { GT: '2' },
      rounds: compression === 'deflate' ? gdalRounds : 0,
      patches: { path: join(folder, 'g.geojson'), crs: 'EPSG:32650' },
      peer: 'GDAL',
      compression,
    };
    return [...own, rasterio, gdal].filter((one) => one.rounds > 0);
  });
}

export function ours(folder: string, compression: Compression, method: string, rounds: number): Contender {
  const name = method === 'auto' ? `tuban, ${compression}` : `tuban ${method}, ${compression}`;
  const path = join(folder, `tuban-${method}-${compression}.geojson`);
  const images = ['a', 'b'].map((epoch) => join(folder, `${epoch}_${compression}.tif`));
  const options = ['--out', path, '--workers', '2', '--min-area', '64', '--method', method, '--json'];
  const command = [process.execPath, tuban, 'detect', ...images, ...options];
  return { name, command, rounds, patches: { path, crs: 'EPSG:4326' }, peer: null, compression };
}

/** Each of ours against the peers on the same compression. */
export function duels(all: readonly Contender[]): Duel[] {
  return all
    .filter(({ peer }) => peer === null)
    .flatMap((own) =>
      all
        .filter(({ peer, compression }) => peer !== null && compression === own.compression)
        .map((peer) => ({ ours: own.name, peer: peer.name, bar: barOf(own, peer) })),
    );
}

function barOf(own: Contender, { peer }: Contender): number | null {
  const isDefault = own.name === `tuban, ${own.compression}`;
  if (peer === 'GDAL') return isDefault ? gdalBar : null;
  if (isDefault) return rasterioBars[own.compression];
  return own.name.startsWith('tuban irmad') ? irMadBar : null;
}
