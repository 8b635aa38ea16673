import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Samples, SampleType } from '../../imagery/raster.ts';
import { SAMPLE_TYPES, sampleTypeOf } from '../../imagery/tiff/samples.ts';

/** GDAL's command line is the oracle of the raster tests; they skip, saying so, where it is not installed. */
export const gdalMissing = (() => {
  try {
    execFileSync('gdalinfo', ['--version'], { stdio: 'ignore' });
    return false;
  } catch {
    console.warn('GDAL is not installed (apt-get install gdal-bin): tests against it are skipped.');
    return true;
  }
})();

export function temporaryFolder(): { path: (name: string) => string; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'tuban-imagery-'));
  return { path: (name) => join(folder, name), remove: () => rmSync(folder, { recursive: true, force: true }) };
}

export function gdal(command: string, ...args: string[]): string {
  return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

/** What gdalinfo says of a file, as its own JSON. */
// biome-ignore lint/suspicious/noExplicitAny: GDAL's JSON, read field by field in the tests
export function gdalInfo(path: string): any {
  return JSON.parse(gdal('gdalinfo', '-json', path));
}

const ENVI_TYPES: Record<Exclude<SampleType, 'int8'>, number> = {
  uint8: 1,
  int16: 2,
  int32: 3,
  float32: 4,
  float64: 5,
  uint16: 12,
  uint32: 13,
};

/** Every sample of a file as GDAL decodes it, band after band. */
export function gdalBands(path: string): Samples[] {
  const { size, bands } = gdalInfo(path);
  const raw = `${path}.bsq`;
  gdal('gdal_translate', '-q', '-of', 'ENVI', '-co', 'INTERLEAVE=BSQ', path, raw);
  const typeCode = Number(/data type = (\d+)/.exec(readFileSync(raw.replace(/\.bsq$/, '.hdr'), 'utf8'))?.[1]);
  const sampleType = Object.entries(ENVI_TYPES).find(([, code]) => code === typeCode)![0] as SampleType;
  const bytes = readFileSync(raw);
  const all = new SAMPLE_TYPES[sampleType].array(new Uint8Array(bytes).buffer);
  const count = size[0] * size[1];
  return bands.map((_: unknown, band: number) => all.subarray(band * count, (band + 1) * count));
}

/** A TIFF of the given bands, written by GDAL with the given gdal_translate options. */
export function gdalTiff(path: string, width: number, height: number, bands: Samples[], ...options: string[]): string {
  const type = ENVI_TYPES[sampleTypeOf(bands[0]) as keyof typeof ENVI_TYPES];
  writeFileSync(
    `${path}.raw`,
    Buffer.concat(bands.map((band) => new Uint8Array(band.buffer, band.byteOffset, band.byteLength))),
  );
  writeFileSync(
    `${path}.hdr`,
    `ENVI\nsamples = ${width}\nlines = ${height}\nbands = ${bands.length}\nheader offset = 0\n` +
      `file type = ENVI Standard\ndata type = ${type}\ninterleave = bsq\nbyte order = 0\n`,
  );
  gdal('gdal_translate', '-q', '-of', 'GTiff', ...options, `${path}.raw`, path);
  return path;
}

/** Bands that look like ground: smooth, textured, different from each other, using the type's range. */
export function groundBands(width: number, height: number, bandCount: number, sampleType: SampleType): Samples[] {
  let seed = 20_260_401;
  const random = () => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return seed / 2 ** 32;
  };
  const signed = sampleType.startsWith('int') ? -1000 : 0;
  const span = sampleType.endsWith('8') ? 50 : 3000;
  const offset = sampleType === 'int8' ? 0 : signed;
  return Array.from({ length: bandCount }, (_, band) => {
    const samples = new SAMPLE_TYPES[sampleType].array(width * height);
    for (let i = 0; i < samples.length; i++) {
      const wave = Math.sin((i % width) / 17 + band) + Math.cos(Math.floor(i / width) / 23);
      samples[i] = offset + span * (2 + wave) * 0.5 + span * 0.1 * random();
    }
    return samples;
  });
}
