import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Grid } from '../../../imagery/grid.ts';
import { pixelGrid } from '../../../imagery/grid.ts';
import { lonLatOutline } from '../../../services/detection/found-patch.ts';
import { lonLatOutlineText } from '../../../services/detection/outline-text.ts';
import { anyBitmap, runsOfBitmap } from '../../support/bitmaps.ts';

const square = { width: 100, height: 100 };
/** Where numbers are long, short, whole, negative, tiny, more than 100 and none at all. */
const grids: Record<string, Grid> = {
  Hunan: { ...square, crs: 'EPSG:4547', originX: 450_000, originY: 2_990_000, pixelWidth: 2, pixelHeight: -2 },
  'the south, rows going north': {
    ...square,
    ...{ crs: 'EPSG:32719', originX: 300_000, originY: 6_300_000, pixelWidth: 10, pixelHeight: 10 },
  },
  'whole and half degrees': {
    ...square,
    ...{ crs: 'EPSG:4326', originX: -6, originY: 4, pixelWidth: 1.5, pixelHeight: -0.5 },
  },
  'nanodegrees round zero': {
    ...square,
    ...{ crs: 'EPSG:4326', originX: -3e-9, originY: 2e-7, pixelWidth: 1e-9, pixelHeight: -3e-8 },
  },
  'no CRS': pixelGrid(100, 100),
  'beyond the pole': {
    ...square,
    ...{ crs: 'EPSG:32650', originX: 1e9, originY: 1e9, pixelWidth: 2, pixelHeight: -2 },
  },
};

it.each(Object.keys(grids))('the text of an outline is that of its GeoJSON, to the letter: %s', (name) => {
  fc.assert(
    fc.property(anyBitmap(), (bitmap) => {
      const runs = runsOfBitmap(bitmap);
      expect(lonLatOutlineText(runs, grids[name])).toBe(JSON.stringify(lonLatOutline(runs, grids[name])));
    }),
  );
});
