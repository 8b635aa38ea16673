import { afterAll, describe, expect, it } from 'vitest';
import { fromLonLat } from '../../../../imagery/crs.ts';
import { toLonLatParts } from '../../../../services/zones/geometry/to-lon-lat.ts';
import { temporaryFolder } from '../../../support/gdal.ts';
import { districtsBox, readLayer, refusal } from './sample-layer.ts';
import { dbfOf, polygonOf, writeShapefile } from './shapefile-bytes.ts';

const folder = temporaryFolder();
afterAll(folder.remove);

const corners = [112.5, 26.9, 112.5, 26.91, 112.51, 26.91, 112.51, 26.9, 112.5, 26.9];

/** A parcel of Hengyang in a CRS, as a shapefile with that .prj; swapped: northing first. */
function parcel(name: string, crs: string, prj: string | null, swapped = false): string {
  const ring = corners.flatMap((lon, i) => {
    if (i % 2 === 1) return [];
    const [x, y] = fromLonLat(crs)(lon, corners[i + 1]);
    return swapped ? [y, x] : [x, y];
  });
  return writeShapefile(folder.path(name), { shapes: [polygonOf(ring)], prj });
}

const esri = (falseEasting: number, meridian: number) =>
  `PROJCS["CGCS2000_3_Degree_GK",GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",DATUM["D_China_2000",SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",${falseEasting}],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",${meridian}],PARAMETER["Scale_Factor",1.0],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]`;

describe('a shapefile lands where it belongs', () => {
  it.each<[what: string, crs: string, prj: string | null, swapped: boolean, wanted: string]>([
    ['with the .prj of ESRI, prefixed', 'EPSG:4526', esri(38_500_000, 114), false, 'EPSG:4526'],
    ['with the .prj of ESRI, by meridian', 'EPSG:4546', esri(500_000, 111), false, 'EPSG:4546'],
    ['without .prj, prefixed', 'EPSG:4525', null, false, 'by-prefix'],
    ['without .prj, prefixed, northing first', 'EPSG:4526', null, true, 'by-prefix'],
    ['without .prj, in degrees', 'EPSG:4490', null, false, 'EPSG:4490'],
    ['latitude first', 'EPSG:4490', null, true, 'EPSG:4490'],
    ['northing first, by meridian', 'EPSG:4547', esri(500_000, 114), true, 'EPSG:4547'],
  ])('%s', async (_, crs, prj, swapped, wanted) => {
    const layer = await readLayer(parcel('a.shp', crs, prj, swapped), { districtsBox });
    const { geometry } = layer.features[0];
    toLonLatParts(geometry!, layer.crs.crs);
    expect(layer.crs.crs).toBe(wanted);
    for (const [i, value] of geometry!.parts[0][0].entries()) expect(value).toBeCloseTo(corners[i], 8);
    expect(layer.notes.some((note) => note.includes('the other way round'))).toBe(swapped);
  });

  it('or is refused with what puts it there', async () => {
    const wrong = await refusal(parcel('w.shp', 'EPSG:4526', esri(500_000, 114)));
    expect(wrong).toMatch(/give --crs EPSG:4526\.$/);
    expect((await readLayer(folder.path('w.shp'), { crs: 'EPSG:4526' })).crs.crs).toBe('EPSG:4526');
    const none = await refusal(parcel('n.shp', 'EPSG:4547', null), { districtsBox });
    expect(none).toMatch(/give --crs EPSG:4547, which puts it among the known districts/);
    const xian = esri(38_500_000, 114).replace('D_China_2000', 'D_Xian_1980');
    expect(await refusal(parcel('x.shp', 'EPSG:4526', xian))).toMatch(/datum "D_Xian_1980"; convert it/);
  });
});

it('every kind of .dbf field is read by its meaning', async () => {
  const binary = (write: (bytes: Buffer) => void, length: number) => {
    const bytes = Buffer.alloc(length);
    write(bytes);
    return bytes;
  };
  const columns = ['N', 'N', 'N', 'N', 'F', 'C', 'C', 'D', 'D', 'L', 'L', 'I', 'O', '@', 'M'];
  const widths: Record<string, number> = { N: 20, F: 20, C: 10, D: 8, L: 1, I: 4, O: 8, '@': 8, M: 10 };
  const moment = binary((bytes) => {
    bytes.writeInt32LE(2_460_311, 0);
    bytes.writeInt32LE(3_661_000, 4);
  }, 8);
  const integer = binary((bytes) => bytes.writeInt32LE(-7), 4);
  const double = binary((bytes) => bytes.writeDoubleLE(0.1), 8);
  const row = [
    '-12.345',
    '4304219999999999999',
    '********',
    '',
    '1.5e3',
    '000430421',
    ' ',
    '20260228',
    '00000000',
    'T',
    '?',
    integer,
    double,
    moment,
    '17',
  ];
  const dbf = dbfOf(
    columns.map((type, i) => ({ name: `f${i}`, type, width: widths[type], decimals: type === 'F' ? 3 : 0 })),
    [row],
  );
  const layer = await readLayer(writeShapefile(folder.path('types.shp'), { dbf }));
  expect(Object.values(layer.features[0].properties)).toEqual([
    ...[-12.345, '4304219999999999999', null, null, 1500, '000430421', null, '2026-02-28', null],
    ...[true, null, -7, 0.1, '2024-01-01T01:01:01Z', null],
  ]);
  expect(layer.notes).toEqual([expect.stringMatching(/field f14 is of type M/)]);
});
