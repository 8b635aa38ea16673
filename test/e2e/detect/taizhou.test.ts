import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Confusion, kappa } from '../../../detectors/accuracy.ts';
import type { Grid } from '../../../imagery/grid.ts';
import { writeTiff } from '../../../imagery/tiff/writer.ts';
import { readBmp } from '../../support/bitmap-file.ts';
import { detectChanges, type FoundChanges, polygonsOf, readWhole } from '../../support/found-changes.ts';
import { temporaryFolder } from '../../support/gdal.ts';
import { rfc7946Faults } from '../../support/geojson-rules.ts';
import { geosJudgement, geosMissing } from '../../support/geos.ts';
import { largestAreaError } from '../../support/patch-areas.ts';
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

/** The ENVI image (raw uint8, band after band: B, G, R, N, S1, S2) as GeoTIFF. */
async function converted(name: string): Promise<string> {
  const pixels = grid.width * grid.height;
  const raw = readFileSync(`${folder}${name}`);
  const bands = Array.from({ length: 6 }, (_, band) =>
    Uint8Array.from(raw.subarray(band * pixels, (band + 1) * pixels)),
  );
  const path = temporary.path(`${name}.tif`);
  await writeTiff(path, grid, bands);
  return path;
}

/** Agreement with the 4,227 changed and 17,163 unchanged labels; the other pixels are not labelled. */
function agreement(found: (pixel: number) => boolean): number {
  const changed = readBmp(`${folder}change.bmp`).samples;
  const unchanged = readBmp(`${folder}unchanged.bmp`).samples;
  const confusion: Confusion = { truePositive: 0, falsePositive: 0, falseNegative: 0, trueNegative: 0 };
  for (let i = 0; i < changed.length; i++) {
    if (changed[i] > 0) confusion[found(i) ? 'truePositive' : 'falseNegative']++;
    else if (unchanged[i] > 0) confusion[found(i) ? 'falsePositive' : 'trueNegative']++;
  }
  return kappa(confusion);
}

describe.skipIf(folder === null)('tuban detect on Landsat, Taizhou 2000 to 2003, no option given', () => {
  let found: FoundChanges;

  beforeAll(async () => {
    found = await detectChanges(await converted('2000TM'), await converted('2003TM'), temporary.path('taizhou'));
  });

  it('agrees with the labels where the score is above the threshold it names: κ ≥ 0.955', async () => {
    const score = (await readWhole(found.scorePath)).bands[0];
    const result = agreement((i) => score[i] > found.report.threshold);
    console.log(`Taizhou: κ ${result.toFixed(4)} by score`);
    expect(result).toBeGreaterThanOrEqual(0.955);
  });

  it('agrees with the labels inside the patches it draws: κ ≥ 0.955', () => {
    const drawn = rasterised(grid, found.patches);
    const result = agreement((i) => drawn[i] === 1);
    console.log(`Taizhou: κ ${result.toFixed(4)} by patches`);
    expect(result).toBeGreaterThanOrEqual(0.955);
  });

  it('observes everything and compares all six bands', () => {
    expect(found.report.observedFraction).toBeGreaterThanOrEqual(0.98);
    expect(found.report.normalisation.map(({ band }) => band)).toEqual(['B', 'G', 'R', 'N', 'S1', 'S2']);
  });

  it('writes RFC 7946 patches with their area on the ellipsoid', () => {
    expect(rfc7946Faults(found.patches)).toEqual([]);
    expect(largestAreaError(found.patches)).toBeLessThan(1e-4);
  });

  it.skipIf(geosMissing)('draws valid polygons, every one', () => {
    const judged = geosJudgement(found.patches.features.map(({ geometry }) => polygonsOf(geometry)));
    expect(judged.filter(({ valid }) => !valid)).toEqual([]);
  });
});
