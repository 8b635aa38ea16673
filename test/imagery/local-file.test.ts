import { execFileSync } from 'node:child_process';
import { afterAll, expect, test } from 'vitest';
import { openRaster } from '../../imagery/open-raster.ts';
import { temporaryFolder } from '../support/gdal.ts';

const folder = temporaryFolder();
afterAll(folder.remove);

test('a pipe that nobody writes into is refused, not waited for', async () => {
  const path = folder.path('pipe.tif');
  execFileSync('mkfifo', [path]);
  await expect(openRaster(path)).rejects.toThrow(`${path}: wanted an image, got a device or pipe.`);
});
