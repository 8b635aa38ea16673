import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Confusion, kappa, rocAuc } from '../../../detectors/accuracy.ts';
import type { Grid } from '../../../imagery/grid.ts';
import { writeTiff } from '../../../imagery/tiff/writer.ts';
import { readBmp } from '../../support/bitmap-file.ts';
import { tuban, tubanJson } from '../../support/command-line.ts';
import { detectChanges, type FoundChanges, readWhole } from '../../support/found-changes.ts';
import { temporaryFolder } from '../../support/gdal.ts';
import { rasterised } from '../../support/rasterised.ts';
import { sharedData } from '../../support/shared-data.ts';

const folder = sharedData('landsat_taizhou');
const temporary = temporaryFolder();
afterAll(temporary.remove);

/** As the headers' map info says. */
const grid: Grid = {
  width: 400,
  height: 400,
  crs: 'EPSG:32651',
  originX: 203_325,
  originY: 3_604_935,
  pixelWidth: 30,
  pixelHeight: -30,
};

async function converted(name: string): Promise<string> {
  const raw = readFileSync(`${folder}${name}`);
  const bands = Array.from({ length: 6 }, (_, band) =>
    Uint8Array.from(raw.subarray(band * 160_000, (band + 1) * 160_000)),
  );
  await writeTiff(temporary.path(`${name}.tif`), grid, bands);
  return temporary.path(`${name}.tif`);
}

describe.skipIf(folder === null)('tuban evaluate on what tuban detect found in Taizhou, with its labels', () => {
  const labels = ['--truth', `${folder}change.bmp`, '--unchanged', `${folder}unchanged.bmp`];
  let found: FoundChanges;
  // biome-ignore lint/suspicious/noExplicitAny: the printed JSON, read field by field
  let printed: any;
  /** Labelled pixels, and which of them changed. */
  let labelled: number[] = [];
  let changed: Uint8Array;

  beforeAll(async () => {
    found = await detectChanges(await converted('2000TM'), await converted('2003TM'), temporary.path('found'));
    const files = ['--score', found.scorePath, '--patches', found.patchesPath];
    printed = await tubanJson('evaluate', ...files, ...labels, '--threshold', String(found.report.threshold));
    changed = readBmp(`${folder}change.bmp`).samples;
    const unchanged = readBmp(`${folder}unchanged.bmp`).samples;
    labelled = [...changed.keys()].filter((i) => changed[i] > 0 || unchanged[i] > 0);
  });

  function kappaOf(isFound: (pixel: number) => boolean): number {
    const counts: Confusion = { truePositive: 0, falsePositive: 0, falseNegative: 0, trueNegative: 0 };
    for (const i of labelled) {
      if (changed[i] > 0) counts[isFound(i) ? 'truePositive' : 'falseNegative']++;
      else counts[isFound(i) ? 'falsePositive' : 'trueNegative']++;
    }
    return kappa(counts);
  }

  it('counts the 4,227 changed and 17,163 unchanged labels, and nothing else', () => {
    expect(printed.pixels).toEqual({ counted: 21_390, changed: 4227, unobserved: 0 });
  });

  it('tells the κ and the ROC-AUC that counting by hand gives', async () => {
    const score = (await readWhole(found.scorePath)).bands[0];
    const drawn = rasterised(grid, found.patches);
    expect(printed.scoreAgreement.all.kappa).toBe(kappaOf((i) => score[i] > found.report.threshold));
    expect(printed.patchAgreement.all.kappa).toBe(kappaOf((i) => drawn[i] === 1));
    const auc = rocAuc(
      labelled.map((i) => score[i]),
      labelled.map((i) => changed[i]),
    );
    expect(printed.ranking.all.rocAuc).toBe(auc);
    console.log(`Taizhou: κ ${printed.scoreAgreement.all.kappa.toFixed(4)} by score, AUC ${auc.toFixed(4)}`);
    expect(printed.scoreAgreement.all.kappa).toBeGreaterThanOrEqual(0.9);
  });

  it('judges the patches that lie on labels, in a table that people read', async () => {
    const { objects } = printed;
    expect(objects.atIoU[0].found + objects.unjudged).toBe(found.report.patchCount);
    expect(objects.atIoU[0].recall).toBeGreaterThan(0.4);
    expect(objects.atIoU[0].precision).toBeGreaterThan(0.7);
    const { exitCode, stdout } = await tuban([
      'evaluate',
      '--patches',
      found.patchesPath,
      ...labels,
      '--grid',
      found.scorePath,
    ]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('21390 pixels count, 4227 of them changed; 0.0 % unobserved');
    expect(stdout).toMatch(new RegExp(`patches +${printed.patchAgreement.all.kappa.toFixed(3)} `));
    expect(stdout).toMatch(/IoU ≥ 0\.5 +\d+ +\d+ +0\.\d{3} +0\.\d{3} +0\.\d{3}/);
    expect(stdout).toMatch(/false alarms: \d+ that touch nothing true, [\d.]+ per 100 km²/);
  });
});
