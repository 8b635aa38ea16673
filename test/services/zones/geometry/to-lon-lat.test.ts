import { describe, expect, it } from 'vitest';
import { fromLonLat, toLonLat } from '../../../../imagery/crs.ts';
import { toLonLatParts } from '../../../../services/zones/geometry/to-lon-lat.ts';
import { seededRandom } from '../../../support/random.ts';

const random = seededRandom(11);
/** Places of China, no farther from the meridian than its zones are used. */
const round = (meridian: number) =>
  Array.from({ length: 300 }, () => [meridian + 7 * (random() - 0.5), 3 + 51 * random()] as const);

function partsIn(crs: string, places: readonly (readonly [number, number])[]): Float64Array[][] {
  return [[Float64Array.from(places.flatMap(([lon, lat]) => fromLonLat(crs)(lon, lat)))]];
}

describe('shapes are taken to lon/lat', () => {
  it.each([
    ['EPSG:4526', 114],
    ['EPSG:4547', 114],
    ['EPSG:4525', 111],
    ['EPSG:4497', 111],
    ['EPSG:32649', 111],
    ['EPSG:3857', 111],
    ['+proj=tmerc +lat_0=30 +lon_0=111 +k=1 +x_0=500000 +y_0=0 +ellps=GRS80', 111],
    ['+proj=tmerc +lon_0=112.5 +k=1 +x_0=500000 +y_0=-2000000 +ellps=WGS84', 112.5],
  ])('from %s as proj4 takes each point, to 1e-9°', (crs, meridian) => {
    const places = round(meridian);
    const parts = partsIn(crs, places);
    const wanted = partsIn(crs, places)[0][0];
    toLonLatParts({ parts }, crs);
    for (let i = 0; i < places.length; i++) {
      const [lon, lat] = toLonLat(crs)(wanted[2 * i], wanted[2 * i + 1]);
      expect(Math.abs(parts[0][0][2 * i] - lon)).toBeLessThan(1e-9);
      expect(Math.abs(parts[0][0][2 * i + 1] - lat)).toBeLessThan(1e-9);
    }
  });

  it('from far outside a zone, and from what is nowhere, as proj4 does', () => {
    for (const [x, y] of [
      [3_000_000, 3e6],
      [-2_000_000, 5e6],
      [500_000, 9_990_000],
      [500_000, -3e6],
      [Number.NaN, 3e6],
      [1e12, 3e6],
    ]) {
      const parts = [[Float64Array.from([x, y])]];
      toLonLatParts({ parts }, 'EPSG:4547');
      const wanted = toLonLat('EPSG:4547')(x, y);
      for (const axis of [0, 1]) {
        if (Number.isNaN(wanted[axis])) expect(parts[0][0][axis]).toBeNaN();
        else expect(parts[0][0][axis]).toBeCloseTo(wanted[axis], 9);
      }
    }
  });

  it('by the prefix of each path, both zones of a prefecture in one layer', () => {
    const parts = [
      ...partsIn('EPSG:4525', [[112.4, 27]]),
      ...partsIn('EPSG:4526', [[112.6, 27]]),
      ...partsIn('EPSG:4497', [[112.5, 27]]),
    ];
    toLonLatParts({ parts }, 'by-prefix');
    expect(parts.map(([[lon, lat]]) => [Math.round(lon * 1e9) / 1e9, Math.round(lat * 1e9) / 1e9])).toEqual([
      [112.4, 27],
      [112.6, 27],
      [112.5, 27],
    ]);
  });

  it('or to NaN where there is no way, and not at all where they are there', () => {
    const parts = [[Float64Array.from([24_500_000, 3e6])], [Float64Array.from([Number.NaN, 5, 38_500_000, 3e6])]];
    toLonLatParts({ parts }, 'by-prefix');
    expect([...parts[0][0]]).toEqual([Number.NaN, Number.NaN]);
    expect([...parts[1][0]].map((value) => Math.round(value))).toEqual([Number.NaN, Number.NaN, 114, 27]);
    const there = [[Float64Array.from([112, 27])]];
    toLonLatParts({ parts: there }, 'EPSG:4490');
    expect([...there[0][0]]).toEqual([112, 27]);
  });
});
