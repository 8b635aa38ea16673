import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rocAuc } from '../../../detectors/accuracy.ts';
import { writeTiff } from '../../../imagery/tiff/writer.ts';
import { detectChanges, type FoundChanges, readWhole } from '../../support/found-changes.ts';
import { temporaryFolder } from '../../support/gdal.ts';
import { sharedData } from '../../support/shared-data.ts';

const folder = sharedData('s2_oscd');
const temporary = temporaryFolder();
afterAll(temporary.remove);

const rennes = `${folder}rennes/`;
const before = `${rennes}before_20150821.tif`;
const shifts = [0.3, 0.7, 1.4];

describe.skipIf(folder === null)('the pair of rennes, its later image said to lie elsewhere', () => {
  let inPlace: FoundChanges;

  beforeAll(async () => {
    inPlace = await detectChanges(before, `${rennes}after_20170621.tif`, temporary.path('in-place'));
  }, 60_000);

  const aucOf = async ({ scorePath }: FoundChanges) =>
    rocAuc((await readWhole(scorePath)).bands[0], (await readWhole(`${rennes}mask.tif`)).bands[0]);

  it.each(shifts)('is shifted back by %f px to a tenth, and ranks changes as well as before', async (px) => {
    const { grid, bands } = await readWhole(`${rennes}after_20170621.tif`);
    const path = temporary.path(`by-${px}.tif`);
    const moved = { originX: grid.originX + px * grid.pixelWidth, originY: grid.originY - px * grid.pixelHeight };
    await writeTiff(path, { ...grid, ...moved }, bands, {});
    const found = await detectChanges(before, path, temporary.path(`by-${px}`));
    const [was, is] = [inPlace.report.shiftPx!, found.report.shiftPx!];
    console.log(
      `${px} px: dx ${(is.dx - was.dx).toFixed(3)}, dy ${(is.dy - was.dy).toFixed(3)}, AUC ${(await aucOf(found)).toFixed(4)}`,
    );
    expect(Math.abs(is.dx - was.dx - px)).toBeLessThan(0.1);
    expect(Math.abs(is.dy - was.dy + px)).toBeLessThan(0.1);
    expect(await aucOf(found)).toBeGreaterThan((await aucOf(inPlace)) - 0.01);
  });
});
