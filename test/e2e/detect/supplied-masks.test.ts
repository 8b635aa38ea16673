import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sceneHash } from '../../../imagery/file-hash.ts';
import type { Grid } from '../../../imagery/grid.ts';
import { writeTiff } from '../../../imagery/tiff/writer.ts';
import { tuban } from '../../support/command-line.ts';
import { detectChanges } from '../../support/found-changes.ts';
import { temporaryFolder } from '../../support/gdal.ts';
import { PlantedGround } from '../../support/planted-ground.ts';
import { rasterised } from '../../support/rasterised.ts';

const temporary = temporaryFolder();
afterAll(temporary.remove);

const grid: Grid = {
  width: 400,
  height: 300,
  crs: 'EPSG:32650',
  originX: 500_000,
  originY: 3_000_000,
  pixelWidth: 10,
  pixelHeight: -10,
};
/** Classes at 20 m: the left 100 of 400 pixels are cloud. */
const coarse: Grid = { ...grid, width: 200, height: 150, pixelWidth: 20, pixelHeight: -20 };

describe('tuban detect with a mask that came with an image', () => {
  let before: string;
  let after: string;
  const masks = { scl: temporary.path('T50_SCL.tif'), plain: temporary.path('clouds.tif') };

  beforeAll(async () => {
    const ground = new PlantedGround('EPSG:32650', 5, 10);
    const box = (column: number) => ({ x: 500_000 + 10 * column, y: 2_998_400, width: 300, height: 300 });
    before = await ground.draw(temporary.path('before.tif'), grid, { seed: 1 });
    after = await ground.draw(temporary.path('after.tif'), grid, { seed: 2, built: [box(40), box(250)] });
    const classes = Uint8Array.from({ length: 200 * 150 }, (_, i) => (i % 200 < 50 ? 9 : 4));
    await writeTiff(masks.scl, coarse, [classes]);
    await writeTiff(masks.plain, coarse, [classes.map((one) => (one === 9 ? 1 : 0))]);
  });

  it('finds both changes without one', async () => {
    const found = await detectChanges(before, after, temporary.path('without'));
    expect(found.report.observedFraction).toBe(1);
    expect(found.patches.features).toHaveLength(2);
  });

  it.each(['before', 'after'])('leaves out what the mask of the %s image hides, known by its name', async (date) => {
    const found = await detectChanges(before, after, temporary.path(`scl-${date}`), `--mask-${date}`, masks.scl);
    expect(found.report.observedFraction).toBeCloseTo(0.75, 9);
    expect(found.patches.features).toHaveLength(1);
    expect(rasterised(grid, found.patches).some((one, i) => one === 1 && i % 400 < 100)).toBe(false);
    expect((found.report as unknown as Record<string, unknown>)[date]).toMatchObject({
      mask: { file: 'T50_SCL.tif', kind: 'scl', sha256: await sceneHash(masks.scl) },
    });
  });

  it('reads the mask as it is told to', async () => {
    const options = ['--mask-after', masks.scl, '--mask-kind', 'mask'];
    const hidden = await detectChanges(before, after, temporary.path('told'), ...options);
    expect(hidden.report.observedFraction).toBe(0);
    const plain = await detectChanges(before, after, temporary.path('plain'), '--mask-after', masks.plain);
    expect(plain.report.observedFraction).toBeCloseTo(0.75, 9);
  });

  it('says which mask is missing', async () => {
    const gone = temporary.path('gone.tif');
    const { exitCode, stderr } = await tuban(['detect', before, after, '--mask-after', gone, '--json']);
    expect(exitCode).toBe(2);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toContain(gone);
  });
});
