import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Grid } from '../../../imagery/grid.ts';
import { tuban } from '../../support/command-line.ts';
import { detectChanges, type FoundChanges, type Patches, polygonsOf } from '../../support/found-changes.ts';
import { temporaryFolder } from '../../support/gdal.ts';
import { rfc7946Faults } from '../../support/geojson-rules.ts';
import { geosJudgement, geosMissing } from '../../support/geos.ts';
import { PlantedGround } from '../../support/planted-ground.ts';

const temporary = temporaryFolder();
afterAll(temporary.remove);

const grid: Grid = {
  ...{ width: 320, height: 300, crs: 'EPSG:32650', originX: 520_000, originY: 3_000_000 },
  ...{ pixelWidth: 2, pixelHeight: -2 },
};
/** A slanted band: stairs of two pixels by one. */
const built = Array.from({ length: 40 }, (_, k) => ({
  ...{ x: 520_200 + 4 * k, y: 2_999_700 - 2 * k },
  ...{ width: 60, height: 40 },
}));

const corners = (patches: Patches) => patches.features.flatMap(({ geometry }) => polygonsOf(geometry).flat(2)).length;

describe('tuban detect --display', () => {
  let found: FoundChanges;
  let display: Patches;

  beforeAll(async () => {
    const ground = new PlantedGround('EPSG:32650', 5, grid.pixelWidth);
    const before = await ground.draw(temporary.path('before.tif'), grid, { seed: 1 });
    const after = await ground.draw(temporary.path('after.tif'), grid, { seed: 2, built });
    const path = temporary.path('display.geojson');
    found = await detectChanges(before, after, temporary.path('found'), '--display', path);
    display = JSON.parse(readFileSync(path, 'utf8'));
  }, 60_000);

  it('writes the patches of the record, with its areas, in fewer corners', () => {
    expect(display.features.length).toBeGreaterThan(0);
    expect(display.features.map(({ properties }) => properties)).toEqual(
      found.patches.features.map(({ properties }) => properties),
    );
    expect(corners(display)).toBeLessThan(0.6 * corners(found.patches));
  });

  it('as RFC 7946 wants them', () => expect(rfc7946Faults(display)).toEqual([]));

  it.skipIf(geosMissing)('and valid to GEOS', () => {
    const judged = geosJudgement(display.features.map(({ geometry }) => polygonsOf(geometry)));
    expect(judged.every(({ valid }) => valid)).toBe(true);
  });

  it('refuses the file of another output, and writes nothing', async () => {
    const path = temporary.path('both.geojson');
    const [before, after] = [temporary.path('before.tif'), temporary.path('after.tif')];
    const { exitCode, stderr } = await tuban(['detect', before, after, '--out', path, '--display', path]);
    expect(exitCode).not.toBe(0);
    expect(stderr).toContain('--display: wanted a file of its own, got what --out writes');
    expect(existsSync(path)).toBe(false);
  });
});
