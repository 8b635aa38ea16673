import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { fromLonLat, isGeographic, type Point, parseCrs, toLonLat, transformer } from '../../imagery/crs.ts';
import { projOfEpsg } from '../../imagery/crs-definitions.ts';
import { gdalMissing } from '../support/gdal.ts';

/** gdaltransform with the axes as files have them: x, y = E, N = lon, lat. */
function gdalTransform(from: string, to: string, points: Point[]): Point[] {
  const output = execFileSync('gdaltransform', ['-s_srs', from, '-t_srs', to, '-output_xy'], {
    input: points.map((point) => point.join(' ')).join('\n'),
    encoding: 'utf8',
  });
  const rows = output.trim().split('\n');
  return rows.map((row) => row.split(' ').map(Number) as Point);
}

/** Points of a zone: its central meridian, its edges and beyond, from Hainan to Heilongjiang. */
function pointsAround(centralMeridian: number, latitudes = [18.2, 28.23, 39.9, 53.5]): Point[] {
  return latitudes.flatMap((lat) =>
    [-3, -1.5, -0.01, 0, 1.2, 3].map((offset): Point => [centralMeridian + offset, lat]),
  );
}

function largestDifference(a: Point[], b: Point[]): number {
  return Math.max(...a.map((point, i) => Math.hypot(point[0] - b[i][0], point[1] - b[i][1])));
}

describe.skipIf(gdalMissing)('agrees with GDAL to a tenth of a millimetre', () => {
  const zones: [name: string, crs: string, points: Point[]][] = [
    ['CGCS2000 3° zone 38 (with zone in front)', 'EPSG:4526', pointsAround(114)],
    ['CGCS2000 3° central meridian 114°', 'EPSG:4547', pointsAround(114)],
    ['CGCS2000 6° zone 19', 'EPSG:4497', pointsAround(111)],
    ['CGCS2000 6° central meridian 111°', 'EPSG:4508', pointsAround(111)],
    ['UTM 49 north', 'EPSG:32649', pointsAround(111)],
    ['UTM 33 south', 'EPSG:32733', pointsAround(15, [-33.9, -5])],
    ['web mercator', 'EPSG:3857', pointsAround(114)],
  ];
  test.each(zones)('%s', (_, crs, points) => {
    const expected = gdalTransform('EPSG:4326', crs, points);
    const projected = points.map(([lon, lat]) => fromLonLat(crs)(lon, lat));
    expect(largestDifference(projected, expected)).toBeLessThan(1e-4);
    const back = projected.map(([x, y]) => toLonLat(crs)(x, y));
    expect(largestDifference(back, points)).toBeLessThan(1e-9);
  });

  test('CGCS2000 codes mean what EPSG says, at the ends of their ranges and between', () => {
    for (const code of [4491, 4496, 4501, 4502, 4508, 4512, 4513, 4519, 4533, 4534, 4541, 4554]) {
      const point: Point = [101.3, 31.7];
      const [expected] = gdalTransform('EPSG:4490', `EPSG:${code}`, [point]);
      // Zones far from the point are stretched beyond use; there a metre in a thousand kilometres still tells codes apart.
      const tolerance = Math.abs(expected[1] - 3_500_000) < 100_000 ? 1e-3 : 1;
      expect(largestDifference([transformer('EPSG:4490', `EPSG:${code}`)(...point)], [expected])).toBeLessThan(
        tolerance,
      );
    }
  });
});

test('WGS 84 and CGCS2000 are one datum: nothing moves', () => {
  expect(transformer('EPSG:4326', 'EPSG:4490')(114.123456789, 28.5)).toEqual([114.123456789, 28.5]);
  const viaWgs84 = fromLonLat('EPSG:4547')(114.3, 28.5);
  const viaCgcs2000 = transformer('EPSG:4490', 'EPSG:4547')(114.3, 28.5);
  expect(largestDifference([viaWgs84], [viaCgcs2000])).toBeLessThan(1e-6);
});

test('a zone in front of the easting is the only difference between 4526 and 4547', () => {
  const [x, y] = fromLonLat('EPSG:4526')(113.2, 28.2);
  expect(transformer('EPSG:4526', 'EPSG:4547')(x, y)).toEqual([
    expect.closeTo(x - 38_000_000, 6),
    expect.closeTo(y, 6),
  ]);
});

test('what cannot be projected is NaN, not an exception', () => {
  expect(fromLonLat('EPSG:3857')(0, 90)).toEqual([Number.NaN, Number.NaN]);
  expect(fromLonLat('EPSG:4547')(Number.NaN, 30)).toEqual([Number.NaN, Number.NaN]);
});

test('degrees or metres', () => {
  expect(isGeographic('EPSG:4490')).toBe(true);
  expect(isGeographic('EPSG:4326')).toBe(true);
  expect(isGeographic('EPSG:4526')).toBe(false);
  expect(isGeographic('EPSG:32650')).toBe(false);
});

describe('the ways people write a CRS', () => {
  test.each([
    ['EPSG:4526', 'EPSG:4526'],
    ['epsg:4526', 'EPSG:4526'],
    [' 4526 ', 'EPSG:4526'],
    ['urn:ogc:def:crs:EPSG::4526', 'EPSG:4526'],
    ['http://www.opengis.net/def/crs/EPSG/0/4526', 'EPSG:4526'],
    ['http://www.opengis.net/def/crs/OGC/1.3/CRS84', 'EPSG:4326'],
    ['+proj=tmerc +lat_0=0 +lon_0=114 +k=1 +x_0=500000 +y_0=0 +ellps=GRS80 +units=m +no_defs', 'EPSG:4547'],
    ['+proj=tmerc +lon_0=111 +k_0=0.9996 +x_0=500000 +datum=WGS84', 'EPSG:32649'],
  ])('%s is %s', (text, crs) => expect(parseCrs(text)).toBe(crs));

  test('a transverse Mercator without a code keeps its proj string', () => {
    const crs = parseCrs('+proj=tmerc +lon_0=112.5 +k=1 +x_0=300000 +y_0=-2000000 +ellps=GRS80');
    expect(crs).toBe(
      '+proj=tmerc +lat_0=0 +lon_0=112.5 +k=1 +x_0=300000 +y_0=-2000000 +ellps=GRS80 +towgs84=0,0,0 +units=m +no_defs',
    );
    expect(parseCrs(crs)).toBe(crs);
    expect(toLonLat(crs)(300_000, -2_000_000)).toEqual([expect.closeTo(112.5, 9), expect.closeTo(0, 9)]);
  });

  test.each(['EPSG:2381', '4610', 'Beijing 1954', '', '+proj=lcc +lat_1=30 +ellps=GRS80', '+proj=tmerc +ellps=krass'])(
    '"%s" is refused, naming what is known',
    (text) => {
      expect(() => parseCrs(text)).toThrow(
        expect.objectContaining({ code: 'crs-unknown', message: expect.stringContaining('wanted CGCS2000') }),
      );
    },
  );
});

test('codes outside the ranges are unknown', () => {
  for (const code of [4489, 4555, 32600, 32661, 32700, 32761]) expect(projOfEpsg(code)).toBeNull();
});
