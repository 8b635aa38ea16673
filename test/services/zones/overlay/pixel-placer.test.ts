import { describe, expect, it } from 'vitest';
import { fromLonLat } from '../../../../imagery/crs.ts';
import { pixelPlacer } from '../../../../services/zones/overlay/pixel-placer.ts';
import { seeded } from '../../../support/random-shapes.ts';
import { gridsOfHengyang } from './zone-shapes.ts';

describe.each(gridsOfHengyang)('the place of a longitude and latitude on a %s grid', (_name, grid) => {
  /** Largest distance in metres (degrees on a geographic grid) from where the projection puts it. */
  const worst = (lon: number, lat: number, size: number) => {
    const random = seeded(71);
    const project = fromLonLat(grid.crs!);
    const at = new Float64Array(2);
    let off = 0;
    for (let n = 0; n < 5000; n++) {
      const [x, y] = [lon + size * random(), lat + size * random()];
      pixelPlacer(grid).place(x, y, at, 0);
      const [east, north] = project(x, y);
      off = Math.max(
        off,
        Math.abs(grid.originX + at[0] * grid.pixelWidth - east),
        Math.abs(grid.originY + at[1] * grid.pixelHeight - north),
      );
    }
    return off;
  };

  it('is that of the projection to a ten-thousandth of a millimetre, over a prefecture', () => {
    expect(worst(111.5, 26.1, 2)).toBeLessThan(1e-7);
  });

  it('is so far from the meridian, too, where no polynomial is good enough', () => {
    expect(worst(145, 26.1, 0.5)).toBeLessThan(1e-6);
  });
});
