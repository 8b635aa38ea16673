import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tuban } from '../../support/command-line.ts';
import { gdal, gdalMissing, temporaryFolder } from '../../support/gdal.ts';
import { sharedData } from '../../support/shared-data.ts';

const taizhou = sharedData('landsat_taizhou');
const temporary = temporaryFolder();
afterAll(temporary.remove);

/** What `tuban detect` finds between two images, as shapes; what names the files is left out. */
async function found(before: string, after: string): Promise<unknown[]> {
  const out = temporary.path('patches.geojson');
  const result = await tuban(['detect', before, after, '--out', out], {});
  expect(result).toMatchObject({ exitCode: 0, stderr: '' });
  const { features } = JSON.parse(readFileSync(out, 'utf8'));
  return features.map(({ geometry }: { geometry: unknown }) => geometry);
}

describe.skipIf(taizhou === null || gdalMissing)('the same pair in other formats gives the same patches', () => {
  const date = (year: number) => join(taizhou!, `${year}TM`);
  let fromTiff: unknown[];

  beforeAll(async () => {
    for (const year of [2000, 2003])
      gdal('gdal_translate', '-q', '-co', 'COMPRESS=DEFLATE', date(year), temporary.path(`${year}.tif`));
    fromTiff = await found(temporary.path('2000.tif'), temporary.path('2003.tif'));
  });

  it('found in the first place', () => expect(fromTiff.length).toBeGreaterThan(20));

  it('as delivered: ENVI, named by header or by data file', async () => {
    expect(await found(`${date(2000)}.HDR`, date(2003))).toEqual(fromTiff);
  });
});

describe.skipIf(taizhou === null || gdalMissing)(
  'pictures with a world file give the patches of the TIFF they were made of',
  () => {
    it('PNG with .pgw and .prj', async () => {
      for (const year of [2000, 2003]) {
        const tiff = temporary.path(`rgb-${year}.tif`);
        const data = join(taizhou!, `${year}TM`);
        gdal('gdal_translate', '-q', '-b', '3', '-b', '2', '-b', '1', data, tiff);
        gdal('gdal_translate', '-q', '-of', 'PNG', '-co', 'WORLDFILE=YES', tiff, temporary.path(`plain-${year}.png`));
        // What GDAL says in .aux.xml stays behind: world file and .prj alone must do.
        copyFileSync(temporary.path(`plain-${year}.png`), temporary.path(`rgb-${year}.png`));
        copyFileSync(temporary.path(`plain-${year}.wld`), temporary.path(`rgb-${year}.pgw`));
        writeFileSync(temporary.path(`rgb-${year}.prj`), gdal('gdalsrsinfo', '-o', 'wkt1', tiff));
      }
      const fromTiff = await found(temporary.path('rgb-2000.tif'), temporary.path('rgb-2003.tif'));
      expect(fromTiff.length).toBeGreaterThan(20);
      expect(await found(temporary.path('rgb-2000.png'), temporary.path('rgb-2003.png'))).toEqual(fromTiff);
    });
  },
);
