import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { repeatTiles } from './repeated.ts';

/** Debian's GDAL bindings live in the system Python only, whatever `python3` comes first. */
export const python = '/usr/bin/python3';
export const peers = fileURLToPath(new URL('../../../shared/peers/', import.meta.url));

const maker = join(peers, 'make_scene.py');
export const compressions = ['deflate', 'none', 'zstd', 'lzw'] as const;
export type Compression = (typeof compressions)[number];

/** Why there can be no benchmark here, in one line, or null. */
export function whatIsMissing(): string | null {
  if (!existsSync(maker)) return `${maker} is missing: it makes the scenes`;
  const modules = 'import numpy, scipy, rasterio, osgeo.gdal';
  if (spawnSync(python, ['-c', modules], { stdio: 'ignore' }).status !== 0) {
    return `${python} cannot import numpy, scipy, rasterio and osgeo.gdal (Debian: python3-rasterio python3-scipy python3-gdal)`;
  }
  if (spawnSync('gdal_calc.py', ['--help'], { stdio: 'ignore' }).error)
    return 'gdal_calc.py is missing (Debian: gdal-bin)';
  return null;
}

/**
 * Folder with a_X.tif, b_X.tif (X: a compression) and truth.tif, `size` pixels a side, the same bytes every time.
 * Made once and kept under the system's folder for temporary files, by the version of the program that makes it.
 */
export function sceneFolder(size: number): string {
  const version = createHash('sha256').update(readFileSync(maker)).digest('hex').slice(0, 8);
  const folder = join(tmpdir(), 'tuban-bench', `${size}-${version}`);
  if (compressions.every((one) => existsSync(join(folder, `b_${one}.tif`)))) return folder;
  rmSync(folder, { recursive: true, force: true });
  console.error(`Making scenes of ${size} x ${size} pixels in ${folder} ...`);
  // Under another name until it is whole.
  const making = `${folder}-making-${process.pid}`;
  mkdirSync(making, { recursive: true });
  try {
    execFileSync(python, [maker, making, String(size)], { stdio: ['ignore', 'ignore', 'inherit'] });
    for (const name of readdirSync(making)) if (!isUsed(name)) rmSync(join(making, name));
    renameSync(making, folder);
  } finally {
    rmSync(making, { recursive: true, force: true });
  }
  return folder;
}

/** The maker writes pictures too. */
function isUsed(name: string): boolean {
  return name.startsWith('truth') || compressions.some((one) => name === `a_${one}.tif` || name === `b_${one}.tif`);
}

/** The scene of `folder` shown `times` × `times` over, in deflate, in a folder of its own. Made once. */
export function repeatedScene(folder: string, times: number): string {
  const target = `${folder}-times-${times}`;
  mkdirSync(target, { recursive: true });
  for (const epoch of ['a', 'b']) {
    const path = join(target, `${epoch}_deflate.tif`);
    if (existsSync(path)) continue;
    repeatTiles(join(folder, `${epoch}_deflate.tif`), `${path}.part`, times);
    renameSync(`${path}.part`, path);
  }
  return target;
}

/** Reads the scenes once, so that no contender pays for the disk. */
export function warmFileCache(folder: string, used: readonly Compression[]): void {
  for (const epoch of ['a', 'b']) for (const one of used) readFileSync(join(folder, `${epoch}_${one}.tif`));
}
