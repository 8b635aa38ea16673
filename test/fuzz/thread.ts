import type { ImageryError } from '../../imagery/error.ts';
import { openRaster } from '../../imagery/open-raster.ts';
import type { Raster, RasterInfo, RasterSource } from '../../imagery/raster.ts';
import { describeScene } from '../../imagery/scene-file.ts';
import { serveJobs } from '../../services/jobs/thread-entry.ts';

/** One resolution of an image as the product reads it. */
export interface ReadLevel {
  width: number;
  height: number;
  /** Null where it has too many samples to be read whole: some windows were read instead. */
  raster: Pick<Raster, 'bands' | 'mask'> | null;
}

export interface ReadFile {
  info: RasterInfo;
  levels: ReadLevel[];
  damage: string[];
}

const mostSamples = 2 ** 23;
const windowPx = 256;

/** Opens, describes and reads all of a file, as a guarded thread does. */
async function readAll(path: string): Promise<ReadFile> {
  const damage: string[] = [];
  await describeScene(path);
  const source = await openRaster(path, { onDamage: (error: ImageryError) => damage.push(error.message) });
  try {
    const levels = [await readLevel(source)];
    for (const level of source.info.overviews.keys()) levels.push(await readLevel(await source.overview(level)));
    return { info: source.info, levels, damage };
  } finally {
    await source.close();
  }
}

async function readLevel(source: RasterSource): Promise<ReadLevel> {
  const { grid, bandCount } = source.info;
  const { width, height } = grid;
  if (width * height * bandCount > mostSamples) {
    const [w, h] = [Math.min(windowPx, width), Math.min(windowPx, height)];
    for (const [column, row] of [
      [0, 0],
      [width - w, height - h],
      [(width - w) >> 1, (height - h) >> 1],
    ])
      await source.read({ column, row, width: w, height: h });
    return { width, height, raster: null };
  }
  const { bands, mask } = await source.read({ column: 0, row: 0, width, height });
  return { width, height, raster: { bands, mask } };
}

serveJobs({ read: (path: string) => readAll(path) });
