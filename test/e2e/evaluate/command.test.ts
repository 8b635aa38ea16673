import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pixelGrid } from '../../../imagery/grid.ts';
import { writeTiff } from '../../../imagery/tiff/writer.ts';
import { tuban, tubanJson } from '../../support/command-line.ts';
import { temporaryFolder } from '../../support/gdal.ts';

const temporary = temporaryFolder();
afterAll(temporary.remove);

const at = (name: string) => temporary.path(name);

beforeAll(async () => {
  const truth = Uint8Array.from({ length: 100 }, (_, i) => (i < 20 ? 255 : 0));
  await writeTiff(at('truth.tif'), pixelGrid(10, 10), [truth]);
  // Of 20 changed pixels 15 are found, 2 not seen; 4 of 80 others are found.
  const score = Float32Array.from(truth, (_, i) => (i < 2 ? Number.NaN : i < 17 || i >= 96 ? 5 : 1));
  await writeTiff(at('score.tif'), pixelGrid(10, 10), [score], { nodata: Number.NaN });
  await writeTiff(at('small.tif'), pixelGrid(5, 5), [new Uint8Array(25)]);
  writeFileSync(at('patches.geojson'), '{"type":"FeatureCollection","features":[]}');
  writeFileSync(at('text.geojson'), 'not JSON');
  writeFileSync(
    at('sample.csv'),
    'map,deforestation,gain,forest,other,area_ha\ndeforestation,66,0,5,4,18000\ngain,0,55,8,12,13500\n' +
      'forest,1,0,153,11,288000\nother,2,1,9,313,580500\n',
  );
});

const score = () => ['--score', at('score.tif'), '--truth', at('truth.tif')];

describe('tuban evaluate', () => {
  it('says nothing of a threshold that it was not given', async () => {
    const { stdout, stderr } = await tuban(['evaluate', ...score()]);
    expect(stderr).toBe('');
    expect(stdout).toBe(
      '100 pixels count, 20 of them changed; 2.0 % unobserved\n' +
        // Right are 15 · 76 + (15 · 4 + 3 · 76) / 2 of 20 · 80 pairs, or of 18 · 80. Precision is 15/19, 18/98, 20/100
        // while recall rises to 15/20, 18/20, 20/20, or to 15/18, 18/18.
        'ROC-AUC 0.802, average precision 0.640 (observed only: 0.892, 0.689)\n' +
        'no threshold: threshold-free figures of the score only (--threshold V)\n',
    );
  });

  it('shows what is found above one, with the unobserved and without', async () => {
    const { stdout } = await tuban(['evaluate', ...score(), '--threshold', '2']);
    expect(stdout).toContain(
      'pixels                        κ     F1  precision  recall     OA\n' +
        'score > 2                 0.713  0.769      0.789   0.750  0.910\n' +
        'score > 2, observed only  0.767  0.811      0.789   0.833  0.929\n',
    );
    expect(stdout).toContain(
      'objects     true  found  precision  recall     F1\nIoU ≥ 0.1      1      2      0.500   1.000  0.667\n',
    );
    expect(stdout).toContain('false alarms: 1 that touch nothing true\n');
  });

  it('prints all figures as JSON, null where there is none', async () => {
    const report = await tubanJson('evaluate', ...score(), '--threshold', '100');
    expect(report.scoreAgreement.all).toMatchObject({ truePositive: 0, falseNegative: 20, precision: null, f1: 0 });
    expect(report).toMatchObject({ threshold: 100, observedAreaM2: null, patchAgreement: null });
  });

  it('estimates areas from a sample, in hectares and 亩', async () => {
    const { stdout } = await tuban(['evaluate', '--confusion', at('sample.csv')]);
    const [, first] = stdout.split('\n');
    const figures = ['18000', '21158', '6158', '317366', '92365', '0.880', '0.074', '0.749', '0.213'];
    expect(first.split(/ +/)).toEqual(['deforestation', ...figures]);
    expect(stdout).toContain('overall accuracy 0.947 ± 0.018');
    const { classes } = await tubanJson('evaluate', '--confusion', at('sample.csv'));
    expect(classes[0].area.value).toBeCloseTo(211_577_622, 0);
  });
});

describe('what makes no sense is refused in one line', () => {
  const cases: [said: string, args: () => string[]][] = [
    ['evaluate: wanted what was found, as --score or --patches (or a sample as --confusion), got neither.', () => []],
    ['evaluate: wanted what is true, as --truth, got none.', () => ['--score', at('score.tif')]],
    [
      'evaluate: --threshold is one of a score; wanted --score, got none.',
      () => ['--patches', at('patches.geojson'), '--truth', at('truth.tif'), '--threshold', '2'],
    ],
    ["Wanted a number, got 'high'.", () => [...score(), '--threshold', 'high']],
    ["Wanted a whole number from 1, got '0'.", () => [...score(), '--min-pixels', '0']],
    ["option '--grid <image>' cannot be used with option '--score <file>'", () => [...score(), '--grid', 'a.tif']],
    ["cannot be used with option '--score <file>'", () => [...score(), '--confusion', 'a.csv']],
    [
      'none.tif: wanted an image, but there is no such file.',
      () => ['--score', 'none.tif', '--truth', at('truth.tif')],
    ],
    [
      'none.geojson: is missing; wanted a shapefile (.shp), GeoPackage, GeoJSON',
      () => ['--score', at('score.tif'), '--truth', 'none.geojson'],
    ],
    [
      'text.geojson: is no layer file but text that begins with "not JSON"; wanted',
      () => ['--patches', at('text.geojson'), '--truth', at('truth.tif')],
    ],
    ['patches.geojson: lies in lon/lat, but ', () => ['--patches', at('patches.geojson'), '--truth', at('truth.tif')]],
    ['small.tif: has 5 x 5 pixels, but ', () => ['--score', at('score.tif'), '--truth', at('small.tif')]],
    ['none.csv: wanted a table of sample counts, but there is no such file.', () => ['--confusion', 'none.csv']],
  ];

  it.each(cases)('%s', async (said, args) => {
    const result = await tuban(['evaluate', ...args()]);
    expect(result).toEqual({ exitCode: 2, stdout: '', stderr: expect.stringMatching(/^tuban: [^\n]+\n$/) });
    expect(result.stderr).toContain(said);
  });
});
