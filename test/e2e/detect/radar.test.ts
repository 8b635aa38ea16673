import { describe, expect, it } from 'vitest';
import { type Confusion, kappa } from '../../../detectors/accuracy.ts';
import { openRaster } from '../../../imagery/open-raster.ts';
import { tubanJson } from '../../support/command-line.ts';
import { readWhole } from '../../support/found-changes.ts';
import { temporaryFolder } from '../../support/gdal.ts';
import { sharedData } from '../../support/shared-data.ts';

const folder = sharedData('sar');

/** First band of an image of any kind. */
async function firstBand(path: string) {
  const source = await openRaster(path);
  try {
    const { width, height } = source.info.grid;
    return (await source.read({ column: 0, row: 0, width, height })).bands[0];
  } finally {
    await source.close();
  }
}

describe.skipIf(folder === null).each([
  { name: 'ottawa', least: 0.91 },
  { name: 'bern', least: 0.85 },
  { name: 'yellow_A', least: 0.75 },
])('tuban detect on the radar pair $name, no option given', ({ name, least }) => {
  it(`tells radar by its grain, leaves the images where they lie and finds what changed: κ ≥ ${least}`, async () => {
    const temporary = temporaryFolder();
    try {
      const [before, after, mask] = ['before', 'after', 'mask'].map((part) => `${folder}${name}/${part}.bmp`);
      const scorePath = temporary.path('score.tif');
      const report = await tubanJson('detect', before, after, '--score', scorePath);
      expect(report).toMatchObject({ method: 'log-ratio', shiftPx: null });
      expect(report.why).toContain('speckle');
      const [score, truth] = [(await readWhole(scorePath)).bands[0], await firstBand(mask)];
      const confusion: Confusion = { truePositive: 0, falsePositive: 0, falseNegative: 0, trueNegative: 0 };
      score.forEach((value, i) => {
        const found = value > report.threshold;
        if (truth[i] > 0) confusion[found ? 'truePositive' : 'falseNegative']++;
        else confusion[found ? 'falsePositive' : 'trueNegative']++;
      });
      console.log(`${name}: κ ${kappa(confusion).toFixed(3)}`);
      expect(kappa(confusion)).toBeGreaterThanOrEqual(least);
    } finally {
      temporary.remove();
    }
  });
});
