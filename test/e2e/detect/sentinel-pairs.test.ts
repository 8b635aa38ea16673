import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rocAuc } from '../../../detectors/accuracy.ts';
import { sameGrid } from '../../../imagery/grid.ts';
import { detectChanges, type FoundChanges, polygonsOf, readWhole } from '../../support/found-changes.ts';
import { gdalInfo, gdalMissing, temporaryFolder } from '../../support/gdal.ts';
import { rfc7946Faults } from '../../support/geojson-rules.ts';
import { geosJudgement, geosMissing } from '../../support/geos.ts';
import { largestAreaError } from '../../support/patch-areas.ts';
import { rasterised } from '../../support/rasterised.ts';
import { sharedData } from '../../support/shared-data.ts';

const folder = sharedData('s2_oscd');
const temporary = temporaryFolder();
afterAll(temporary.remove);

// Wanted: 0.975, 0.87 and 0.85. Masks hold construction only: crops count against us.
const pairs = [
  { name: 'rennes', before: 'before_20150821.tif', after: 'after_20170621.tif', leastAuc: 0.975 },
  { name: 'hongkong', before: 'before_20160927.tif', after: 'after_20180323.tif', leastAuc: 0.87 },
  { name: 'pisa', before: 'before_20150704.tif', after: 'after_20180211.tif', leastAuc: 0.85 },
  { name: 'chongqing', before: 'before_20170414.tif', after: 'after_20180402.tif', leastAuc: null },
];

describe.skipIf(folder === null).each(pairs)(
  'tuban detect on $name, no option given',
  ({ name, leastAuc, ...files }) => {
    const before = `${folder}${name}/${files.before}`;
    let found: FoundChanges;

    beforeAll(async () => {
      found = await detectChanges(before, `${folder}${name}/${files.after}`, temporary.path(name));
    });

    it.skipIf(leastAuc === null)(
      `ranks changed pixels above the others, unobserved lowest: AUC ≥ ${leastAuc}`,
      async () => {
        const [score, mask] = [await readWhole(found.scorePath), await readWhole(`${folder}${name}/mask.tif`)];
        const auc = rocAuc(score.bands[0], mask.bands[0]);
        console.log(`${name}: ROC-AUC ${auc.toFixed(4)}, observed ${found.report.observedFraction.toFixed(4)}`);
        expect(auc).toBeGreaterThanOrEqual(leastAuc!);
      },
    );

    it('observes nearly everything of clear images, and scores exactly that', async () => {
      const { observedFraction } = found.report;
      expect(observedFraction).toBeGreaterThanOrEqual(0.98);
      const score = (await readWhole(found.scorePath)).bands[0];
      const scored = score.filter((value) => !Number.isNaN(value)).length;
      expect(scored / score.length).toBeCloseTo(observedFraction, 9);
    });

    it('writes the score on the grid of the before image', async () => {
      const [score, image] = [await readWhole(found.scorePath), await readWhole(before)];
      expect(sameGrid(score.grid, image.grid)).toBe(true);
    });

    it.skipIf(gdalMissing)('writes a score raster that GDAL reads: one float32 band, NaN = unobserved', () => {
      const [score, image] = [gdalInfo(found.scorePath), gdalInfo(before)];
      expect(score.bands).toHaveLength(1);
      expect(score.bands[0]).toMatchObject({ type: 'Float32', noDataValue: 'NaN' });
      expect(score.size).toEqual(image.size);
      expect(score.geoTransform).toEqual(image.geoTransform);
      expect(score.stac['proj:epsg']).toBe(image.stac['proj:epsg']);
    });

    it('writes patches as RFC 7946 wants them, as many as it says', () => {
      expect(rfc7946Faults(found.patches)).toEqual([]);
      expect(found.patches.features).toHaveLength(found.report.patchCount);
      expect(found.report.patchCount).toBeGreaterThan(20);
    });

    it('states the area that the outline has on the ellipsoid', () => {
      expect(largestAreaError(found.patches)).toBeLessThan(1e-4);
    });

    it.skipIf(geosMissing)('draws valid polygons, every one', () => {
      const judged = geosJudgement(found.patches.features.map(({ geometry }) => polygonsOf(geometry)));
      expect(judged.filter(({ valid }) => !valid)).toEqual([]);
    });

    it('draws patches where the score is above the threshold and nowhere else', async () => {
      const { grid, bands } = await readWhole(found.scorePath);
      const drawn = rasterised(grid, found.patches);
      const { threshold } = found.report;
      expect(bands[0].some((score, i) => drawn[i] === 1 && !(score > threshold))).toBe(false);
      expect(drawn.filter((one) => one === 1).length).toBe(
        found.patches.features.reduce((sum, { properties }) => sum + properties!.pixels, 0),
      );
    });
  },
);
