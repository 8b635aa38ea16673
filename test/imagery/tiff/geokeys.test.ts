import { describe, expect, test } from 'vitest';
import { crsOfGeoKeys } from '../../../imagery/tiff/geokeys.ts';

/** A transverse Mercator at 114° as software writes it when it does not know the code. */
const spelledOut = {
  GTModelTypeGeoKey: 1,
  ProjectedCSTypeGeoKey: 32767,
  ProjCoordTransGeoKey: 1,
  ProjLinearUnitsGeoKey: 9001,
  ProjNatOriginLongGeoKey: 114,
  ProjNatOriginLatGeoKey: 0,
  ProjScaleAtNatOriginGeoKey: 1,
  ProjFalseEastingGeoKey: 500_000,
  ProjFalseNorthingGeoKey: 0,
};

describe('no CRS', () => {
  test.each([
    ['no keys', null],
    ['only how pixels are counted', { GTRasterTypeGeoKey: 1 }],
    ['a local system', { GTModelTypeGeoKey: 32767, GTCitationGeoKey: 'Arbitrary' }],
  ])('%s', (_, keys) => expect(crsOfGeoKeys(keys)).toBeNull());
});

describe('CGCS2000 at 114°, however the datum is told', () => {
  test.each([
    ['by its code', { GeographicTypeGeoKey: 4490 }],
    ['by its datum', { GeographicTypeGeoKey: 32767, GeogGeodeticDatumGeoKey: 1043 }],
    ['by its ellipsoid', { GeogEllipsoidGeoKey: 1024 }],
    ['by its axes', { GeogSemiMajorAxisGeoKey: 6_378_137, GeogInvFlatteningGeoKey: 298.257222101 }],
    ['in words', { GeogCitationGeoKey: 'GCS Name = GCS_China_Geodetic_Coordinate_System_2000|Datum = D_China_2000|' }],
  ])('%s', (_, datum) => expect(crsOfGeoKeys({ ...spelledOut, ...datum })).toBe('EPSG:4547'));

  test('values may come as arrays of one', () => {
    const keys = { ...spelledOut, GeographicTypeGeoKey: 4490, ProjNatOriginLongGeoKey: Float64Array.of(114) };
    expect(crsOfGeoKeys(keys)).toBe('EPSG:4547');
  });

  test('only as WKT in a citation', () => {
    const wkt =
      'ESRI PE String = PROJCS["CGCS2000_3_Degree_GK_CM_114E",GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",' +
      'DATUM["D_China_2000",SPHEROID["CGCS2000",6378137.0,298.257222101]],UNIT["Degree",0.0174532925199433]],' +
      'PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",500000.0],PARAMETER["Central_Meridian",114.0],UNIT["Meter",1.0]]';
    expect(crsOfGeoKeys({ GTModelTypeGeoKey: 1, ProjectedCSTypeGeoKey: 32767, PCSCitationGeoKey: wkt })).toBe(
      'EPSG:4547',
    );
  });
});

test('UTM by the number of its conversion', () => {
  const keys = { GTModelTypeGeoKey: 1, GeographicTypeGeoKey: 4326, ProjectedCSTypeGeoKey: 32767 };
  expect(crsOfGeoKeys({ ...keys, ProjectionGeoKey: 16050 })).toBe('EPSG:32650');
  expect(crsOfGeoKeys({ ...keys, ProjectionGeoKey: 16133 })).toBe('EPSG:32733');
});

test('a geographic system in words', () => {
  const keys = { GTModelTypeGeoKey: 2, GeographicTypeGeoKey: 32767, GeogCitationGeoKey: 'GCS_WGS_1984' };
  expect(crsOfGeoKeys(keys)).toBe('EPSG:4326');
});

describe('refused, saying what was found', () => {
  test.each([
    [
      'another code',
      { ProjectedCSTypeGeoKey: 2362, GTCitationGeoKey: 'Xian 1980 / zone 38' },
      'got EPSG:2362 ("Xian 1980 / zone 38").',
    ],
    [
      'Xian 1980 in words',
      { ...spelledOut, GeogCitationGeoKey: 'GCS_Xian_1980' },
      'a datum other than CGCS2000 or WGS 84',
    ],
    ['another datum by code', { ...spelledOut, GeographicTypeGeoKey: 4610 }, 'got datum 4610'],
    ['no datum at all', spelledOut, 'got no datum'],
    [
      'feet',
      { ...spelledOut, GeographicTypeGeoKey: 4490, ProjLinearUnitsGeoKey: 9002 },
      'linear unit 9002 instead of metres',
    ],
    ['another method', { ...spelledOut, GeographicTypeGeoKey: 4490, ProjCoordTransGeoKey: 8 }, 'projection method 8'],
    [
      'a zone that does not exist',
      { ProjectionGeoKey: 16061, ProjectedCSTypeGeoKey: 32767, GeographicTypeGeoKey: 4326 },
      'EPSG:32661',
    ],
    ['geocentric', { GTModelTypeGeoKey: 3 }, 'a geocentric CRS'],
  ])('%s', (_, keys, words) => {
    expect(() => crsOfGeoKeys(keys)).toThrow(
      expect.objectContaining({ code: 'crs-unknown', message: expect.stringContaining(words) }),
    );
  });
});
