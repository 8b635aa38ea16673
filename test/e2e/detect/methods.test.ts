import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeTiff } from '../../../imagery/tiff/writer.ts';
import { tuban, tubanJson } from '../../support/command-line.ts';
import { temporaryFolder } from '../../support/gdal.ts';
import { plantedPair } from '../../support/planted-pair.ts';

const temporary = temporaryFolder();
afterAll(temporary.remove);

const side = 128;
const inBlock = (column: number, row: number) => column >= 40 && column < 70 && row >= 50 && row < 80;
const before = temporary.path('before.tif');
const after = temporary.path('after.tif');

beforeAll(async () => {
  const { window } = plantedPair({ seed: 3, side, bands: 4, noise: 20, changed: inBlock });
  const place = { crs: 'EPSG:32650', originX: 400_000, originY: 3_000_000, pixelWidth: 10, pixelHeight: -10 };
  const whole = (bands: Float32Array[]) => bands.map((band) => Uint16Array.from(band));
  await writeTiff(before, { width: side, height: side, ...place }, whole(window.before));
  await writeTiff(after, { width: side, height: side, ...place }, whole(window.after));
});

describe('tuban detect --method, --threshold, --smoothing', () => {
  it.each(['cva', 'irmad', 'isfa', 'pca-kmeans', 'chronochrome', 'log-ratio'])('%s finds the block', async (method) => {
    const report = await tubanJson('detect', before, after, '--method', method);
    expect(report).toMatchObject({ method, why: 'Asked for.' });
    expect(report.patchCount).toBeGreaterThan(0);
  });

  it('says what it chose and why where nothing was asked', async () => {
    const report = await tubanJson('detect', before, after);
    expect(report).toMatchObject({ method: 'cva', smoothing: 'gaussian' });
    expect(report.why).toContain('4 optical bands');
  });

  it.each([
    ['fixed:7.5', 'fixed', 7.5],
    ['otsu', 'otsu', null],
    ['fdr:0.01', 'false-discovery', null],
  ])('%s is the rule of the threshold', async (rule, chosen, value) => {
    const report = await tubanJson('detect', before, after, '--threshold', rule, '--method', 'irmad');
    expect(report.thresholdRule).toBe(chosen);
    if (value !== null) expect(report.threshold).toBe(value);
  });

  it.each([
    {
      args: ['--threshold', 'fdr:2'],
      says: "Wanted auto, ki, 2means, otsu, fixed:SCORE or fdr:RATE (0 to 1), got 'fdr:2'.",
    },
    { args: ['--method', 'index:ndbi'], says: 'index:ndbi wants band S1, got B,G,R,N.' },
    { args: ['--smoothing', 'median'], says: 'none, gaussian' },
  ])('$args is refused in one line', async ({ args, says }) => {
    const { exitCode, stderr } = await tuban(['detect', before, after, ...args]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(says);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });
});
