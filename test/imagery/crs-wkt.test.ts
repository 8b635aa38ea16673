import { describe, expect, test } from 'vitest';
import { projOfEpsg } from '../../imagery/crs-definitions.ts';
import { crsOfWkt } from '../../imagery/crs-wkt.ts';
import { osgeo, osgeoMissing } from '../support/gdal-python.ts';

const wgs84 =
  'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563]],PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433]]';
const tmerc = (datum: string, unit = 'UNIT["metre",1]') =>
  `PROJCS["x",GEOGCS["x",DATUM["${datum}",SPHEROID["x",6378137,298.257222101]],PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],PARAMETER["latitude_of_origin",0],PARAMETER["central_meridian",114],PARAMETER["scale_factor",1],PARAMETER["false_easting",500000],PARAMETER["false_northing",0],${unit}]`;

/** A 3° and a 6° zone may be one projection, which goes by the name of the first. */
const projectionOf = (crs: string) => projOfEpsg(Number(crs.slice('EPSG:'.length)));

describe.skipIf(osgeoMissing)('every way GDAL writes a CRS is read back', () => {
  const script = `
out = []
for code in [4326, 4490, 3857, 4497, 4508, 4526, 4547, 32649, 32733]:
    for form in ('WKT1_GDAL', 'WKT1_ESRI', 'WKT2_2015', 'WKT2_2019', 'WKT1_SIMPLE'):
        srs = osr.SpatialReference(); srs.ImportFromEPSG(code)
        for strip in (False, True):
            wkt = srs.ExportToWkt(['FORMAT=' + form, 'MULTILINE=' + ('YES' if strip else 'NO')])
            if strip:
                import re
                wkt = re.sub(r',\\s*(AUTHORITY|ID)\\["EPSG",\\s*"?\\d+"?\\]', '', wkt)
            out.append([code, form + (' without codes' if strip else ''), wkt])
print(json.dumps(out))
`;

  test('nine systems, five forms, with codes and without', () => {
    const written: [number, string, string][] = JSON.parse(osgeo(script));
    expect(written.length).toBe(90);
    expect(written.filter(([, form, wkt]) => form.endsWith('codes') && wkt.includes('EPSG"')).length).toBe(0);
    // Without its code and PROJ string it is Mercator of the ellipsoid, which lies up to 20 km away.
    const lost = written.filter(([code, form]) => code === 3857 && form.startsWith('WKT1_SIMPLE'));
    for (const [, , wkt] of lost) expect(() => crsOfWkt(wkt)).toThrow('projection method Mercator_1SP');
    const wrong = written
      .filter((one) => !lost.includes(one) && projectionOf(crsOfWkt(one[2])!) !== projOfEpsg(one[0]))
      .map(([code, form]) => `${code} ${form}`);
    expect(wrong).toEqual([]);
  });
});

describe('what it is made of decides where no code does', () => {
  test.each([
    ['a datum by its name', tmerc('China_2000'), 'EPSG:4547'],
    ['a datum without a name, by its axes', tmerc('unknown'), 'EPSG:4547'],
    [
      'with heights',
      `COMPD_CS["x",${tmerc('China_2000')},VERT_CS["h",VERT_DATUM["d",2005],UNIT["metre",1]]]`,
      'EPSG:4547',
    ],
    ['degrees', wgs84, 'EPSG:4326'],
    ['a local system', 'LOCAL_CS["site",UNIT["metre",1]]', null],
  ])('%s', (_, wkt, crs) => expect(crsOfWkt(wkt)).toBe(crs));
});

describe('refused, saying what was found', () => {
  test.each([
    ['Xian 1980', tmerc('Xian_1980'), 'got datum "Xian_1980"'],
    [
      'a datum on the same ellipsoid metres away',
      tmerc('North_American_Datum_1983'),
      'got datum "North_American_Datum_1983"',
    ],
    [
      'a shift to WGS 84',
      tmerc('unknown').replace('298.257222101]', '298.257222101],TOWGS84[1,2,3,0,0,0,0]'),
      'with a shift to WGS 84',
    ],
    ['feet', tmerc('China_2000', 'UNIT["US survey foot",0.3048006096012192]'), 'linear unit US survey foot'],
    [
      'another method',
      tmerc('China_2000').replace('Transverse_Mercator', 'Lambert_Conformal_Conic_2SP'),
      'projection method Lambert',
    ],
    ['another prime meridian', wgs84.replace('"Greenwich",0', '"Paris",2.33722917'), 'prime meridian at 2.33'],
    ['geocentric', 'GEOCCS["x",DATUM["WGS_1984"]]', 'got GEOCCS "x"'],
    ['no WKT', 'CGCS2000 zone 38', 'no WKT ("CGCS2000 zone 38")'],
    ['unfinished', 'PROJCS["x",GEOGCS["y"', 'no WKT'],
    ['nested without end', 'PROJCS['.repeat(50_000), 'no WKT'],
  ])('%s', (_, wkt, words) => {
    expect(() => crsOfWkt(wkt)).toThrow(
      expect.objectContaining({ code: 'crs-unknown', message: expect.stringContaining(words) }),
    );
  });
});
