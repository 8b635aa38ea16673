import { describe, expect, it } from 'vitest';
import type { Region } from '../../../detectors/region.ts';
import { type PixelRuns, pixelCount } from '../../../detectors/runs.ts';
import { toLonLat } from '../../../imagery/crs.ts';
import { geometryAreaM2 } from '../../../imagery/ellipsoid.ts';
import { type Grid, pixelGrid } from '../../../imagery/grid.ts';
import { describeRegion, lonLatOutline } from '../../../services/detection/found-patch.ts';
import { bitmapOf, runsOfBitmap } from '../../support/bitmaps.ts';
import { polygonsOf } from '../../support/found-changes.ts';
import { rfc7946Faults } from '../../support/geojson-rules.ts';

/** 3-degree zone of CGCS2000, 2 m pixels. */
const northUp: Grid = {
  width: 100,
  height: 100,
  crs: 'EPSG:4547',
  originX: 450_000,
  originY: 2_990_000,
  pixelWidth: 2,
  pixelHeight: -2,
};
const southUp: Grid = { ...northUp, pixelHeight: 2 };

const ring = runsOfBitmap(bitmapOf('....', '.###', '.#.#', '.###'));
const corners = runsOfBitmap(bitmapOf('##..', '##..', '..##', '..##'));

function faults(runs: PixelRuns, grid: Grid): string[] {
  const feature = { type: 'Feature' as const, properties: {}, geometry: lonLatOutline(runs, grid) };
  return rfc7946Faults({ type: 'FeatureCollection', features: [feature] });
}

function region(runs: PixelRuns): Region {
  const pixels = pixelCount(runs);
  const sums = (mean: number[]) => mean.map((value) => value * pixels);
  const [before, after] = [sums([500, 800, 600, 3500]), sums([900, 800, 500, 200])];
  return { runs, pixels, score: 4 * pixels, peak: 9, before, after, pairs: {} };
}

describe('the outline of a patch', () => {
  it.each([
    ['north is up', northUp],
    ['south is up', southUp],
  ])('turns as RFC 7946 wants, shell and hole, where %s', (_, grid) => {
    expect(faults(ring, grid)).toEqual([]);
    const [polygon] = polygonsOf(lonLatOutline(ring, grid));
    expect(polygon.map((part) => part.length)).toEqual([5, 5]);
  });

  it('runs along the edges of the pixels', () => {
    const { coordinates } = lonLatOutline(runsOfBitmap(bitmapOf('#')), northUp);
    const corner = toLonLat('EPSG:4547')(450_002, 2_989_998);
    const nearest = (coordinates as number[][][])[0].map(([lon, lat]) => Math.hypot(lon - corner[0], lat - corner[1]));
    expect(Math.min(...nearest)).toBeLessThan(1e-9);
  });

  it('is several polygons where pixels meet only at a corner', () => {
    const outline = lonLatOutline(corners, northUp);
    expect(outline.type).toBe('MultiPolygon');
    expect(polygonsOf(outline)).toHaveLength(2);
    expect(faults(corners, northUp)).toEqual([]);
  });

  it('holds the area of its pixels on the ellipsoid', () => {
    for (const runs of [ring, corners]) {
      const { areaM2 } = describeRegion(region(runs), northUp, ['B', 'G', 'R', 'N']);
      expect(areaM2! / geometryAreaM2(lonLatOutline(runs, northUp))).toBeCloseTo(1, 4);
      // Half a degree off the meridian of a Gauss-Krüger zone the scale is 1 + 3e-5.
      expect(areaM2! / (4 * pixelCount(runs))).toBeCloseTo(1, 3);
    }
  });
});

describe('a patch', () => {
  it('is described by its mean score over the threshold and by what it became', () => {
    const patch = describeRegion(region(ring), northUp, ['B', 'G', 'R', 'N']);
    expect(patch.score).toBe(4);
    expect(patch.typed.type).toBe('water');
  });

  it('has no area where nobody knows how large a pixel is', () => {
    expect(describeRegion(region(ring), pixelGrid(4, 4), ['B', 'G', 'R', 'N']).areaM2).toBeNull();
  });
});
