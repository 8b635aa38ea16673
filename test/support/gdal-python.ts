import { execFileSync } from 'node:child_process';
import type { Samples, SampleType } from '../../imagery/raster.ts';
import { SAMPLE_TYPES, sampleTypeOf } from '../../imagery/tiff/samples.ts';

/** GDAL's Python writes and reads hundreds of files in the time its command line takes for ten. */
const interpreter = ['/usr/bin/python3', 'python3'].find((command) => {
  try {
    execFileSync(command, ['-c', 'from osgeo import gdal, osr; import numpy'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
});

export const osgeoMissing = (() => {
  if (interpreter === undefined) {
    console.warn("GDAL's Python is not installed (apt-get install python3-gdal): tests against it are skipped.");
  }
  return interpreter === undefined;
})();

const PRELUDE = `
import json, os, sys
import numpy as np
from osgeo import gdal, osr
gdal.UseExceptions()
gdal.PushErrorHandler('CPLQuietErrorHandler')
osr.UseExceptions()
`;

/** What a script prints; gdal, osr, np, json, os and sys are imported, sys.argv[1:] are the arguments. */
export function osgeo(script: string, ...args: string[]): string {
  return execFileSync(...pythonWithGdal(script, ...args), {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Command and arguments of the same, for who starts the process. */
export function pythonWithGdal(script: string, ...args: string[]): [command: string, args: string[]] {
  return [interpreter!, ['-c', PRELUDE + script, ...args]];
}

/** Samples as one array of a type, from little-endian bytes. */
export function samplesOf(bytes: Buffer, type: SampleType): Samples {
  return new SAMPLE_TYPES[type].array(new Uint8Array(bytes).buffer);
}

/** How many samples are not the same, NaN equal to NaN; -1 where type or size differ. Without a diff, which takes minutes. */
export function differing(got: Samples, wanted: Samples): number {
  if (sampleTypeOf(got) !== sampleTypeOf(wanted) || got.length !== wanted.length) return -1;
  let count = 0;
  for (let i = 0; i < got.length; i++) if (!Object.is(got[i], wanted[i])) count++;
  return count;
}
