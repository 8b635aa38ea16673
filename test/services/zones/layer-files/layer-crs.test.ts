import { describe, expect, it } from 'vitest';
import { fromLonLat } from '../../../../imagery/crs.ts';
import { crsOfWkt } from '../../../../imagery/crs-wkt.ts';
import type { Coordinates } from '../../../../services/zones/layer-files/coordinate-look.ts';
import { type CrsDecision, decideCrs } from '../../../../services/zones/layer-files/layer-crs.ts';
import type { StatedCrs } from '../../../../services/zones/layer-files/layer-source.ts';
import { districtsBox } from './sample-layer.ts';

const places: Coordinates = [
  [111.9, 26.5],
  [112.4, 26.9],
  [112.9, 27.1],
];
const swap = (points: Coordinates): Coordinates => points.map(([x, y]) => [y, x] as const);
const inCrs = (crs: string, points = places): Coordinates => points.map(([lon, lat]) => fromLonLat(crs)(lon, lat));
const prj = (crs: string | null): StatedCrs => ({
  crs,
  by: crs === null ? 'no .prj' : 'the .prj',
  problem: null,
  fallback: null,
});

function decide(
  crs: string | null,
  points: Coordinates,
  more: { option?: string; box?: typeof districtsBox | null } = {},
): CrsDecision {
  return decideCrs({ path: 'a.shp', option: more.option, stated: prj(crs), points, districtsBox: more.box ?? null });
}

function refused(...args: Parameters<typeof decide>): string {
  try {
    return `taken as ${decide(...args).crs.crs}`;
  } catch (error) {
    return (error as Error).message;
  }
}

describe('the CRS of a layer is', () => {
  it.each<[what: string, stated: string | null, points: Coordinates, wanted: string]>([
    ['what the .prj says: lon/lat', 'EPSG:4490', places, 'EPSG:4490'],
    ['what the .prj says: 3° with prefix', 'EPSG:4526', inCrs('EPSG:4526'), 'EPSG:4526'],
    ['what the .prj says: 3° by meridian', 'EPSG:4547', inCrs('EPSG:4547'), 'EPSG:4547'],
    ['what the .prj says: 6° with prefix', 'EPSG:4497', inCrs('EPSG:4497'), 'EPSG:4497'],
    ['what the .prj says: UTM', 'EPSG:32649', inCrs('EPSG:32649'), 'EPSG:32649'],
    ['what the .prj says: web mercator', 'EPSG:3857', inCrs('EPSG:3857'), 'EPSG:3857'],
    ['told by the prefixes: 3°', null, inCrs('EPSG:4526'), 'by-prefix'],
    ['told by the prefixes: 6°', null, inCrs('EPSG:4497'), 'by-prefix'],
    [
      'told by the prefixes of both zones of Hengyang',
      null,
      [...inCrs('EPSG:4525'), ...inCrs('EPSG:4526')],
      'by-prefix',
    ],
    ['lon/lat where the coordinates are degrees in China', null, places, 'EPSG:4490'],
    ['WGS 84 where they are degrees elsewhere', null, [[5, 52]], 'EPSG:4326'],
    ['what is stated where there is no coordinate to ask', 'EPSG:4526', [], 'EPSG:4526'],
    [
      'what is stated though NaN and one stray point are among them',
      'EPSG:4526',
      [...inCrs('EPSG:4526'), [Number.NaN, 1], [0, 0]],
      'EPSG:4526',
    ],
  ])('%s', (_, stated, points, wanted) => {
    expect(decide(stated, points)).toMatchObject({ crs: { crs: wanted }, swapped: false });
  });

  it('what the user says, whatever the .prj says', () => {
    expect(decide('EPSG:4547', inCrs('EPSG:4526'), { option: '4526' }).crs).toEqual({
      crs: 'EPSG:4526',
      because: 'EPSG:4526, as --crs says',
    });
    expect(decide('EPSG:4326', inCrs('EPSG:4526'), { option: 'by-prefix' }).crs.crs).toBe('by-prefix');
  });

  it('noted where it is a conclusion, and only there', () => {
    expect(decide(null, places).notes).toEqual([
      'no .prj: read as EPSG:4490, since its coordinates are degrees in China',
    ]);
    expect(decide(null, inCrs('EPSG:4526')).notes).toEqual(['no .prj: read by the zone before its eastings (38)']);
    expect(decide('EPSG:4526', inCrs('EPSG:4526')).notes).toEqual([]);
  });
});

describe('a CRS that cannot be is refused with the one to give', () => {
  it.each<[what: string, stated: string | null, points: Coordinates, line: RegExp]>([
    [
      'degrees where metres are said',
      'EPSG:4526',
      places,
      /coordinates are degrees \(111\.9 \/ 26\.5\): give --crs EPSG:4490\.$/,
    ],
    [
      'metres where degrees are said',
      'EPSG:4490',
      inCrs('EPSG:4526'),
      /have zone 38 before them \(38,2\d\d,\d{3}.*: give --crs EPSG:4526\.$/,
    ],
    [
      'prefixes where the .prj has none',
      'EPSG:4547',
      inCrs('EPSG:4526'),
      /EPSG:4547, as the \.prj says, .* zone 38 .* --crs EPSG:4526\.$/,
    ],
    ['none where the .prj has them', 'EPSG:4526', inCrs('EPSG:4547'), /metres without a zone .* --crs EPSG:4547\.$/],
    [
      'none where the .prj has them, 6°',
      'EPSG:4497',
      inCrs('EPSG:4508'),
      /metres without a zone .* --crs EPSG:4546\.$/,
    ],
    ['3° prefixes where the .prj is of 6°', 'EPSG:4497', inCrs('EPSG:4525'), /zone 37 .* --crs EPSG:4525\.$/],
    ['6° prefixes where the .prj is of 3°', 'EPSG:4525', inCrs('EPSG:4497'), /zone 19 .* --crs EPSG:4497\.$/],
    ['another zone than that of the .prj', 'EPSG:4526', inCrs('EPSG:4525'), /zone 37 .* --crs EPSG:4525\.$/],
    [
      'two zones where the .prj has one',
      'EPSG:4526',
      [...inCrs('EPSG:4526'), ...inCrs('EPSG:4525').slice(1)],
      /eastings of zone 37, 38: give --crs by-prefix\.$/,
    ],
    [
      'metres and no .prj',
      null,
      inCrs('EPSG:4547'),
      /no \.prj, .*metres without a zone.*one of EPSG:4534 \(75°E\) to EPSG:4554 \(135°E\), every 3°\.$/,
    ],
    ['web mercator and no .prj', null, inCrs('EPSG:3857'), /may be web mercator.*--crs EPSG:3857/],
    [
      'metres that may be web mercator or of zone 13',
      null,
      inCrs('EPSG:4491', [[75.2, 39.5]]),
      /two CRSs: give --crs EPSG:4491 or EPSG:3857/,
    ],
    ['numbers that are nothing', null, [[1e9, 5]], /neither degrees nor metres of China.*--crs/],
  ])('%s', (_, stated, points, line) => {
    expect(refused(stated, points)).toMatch(line);
  });

  it('a wrong word of the user', () => {
    expect(refused(null, inCrs('EPSG:4526'), { option: 'EPSG:4547' })).toMatch(/as --crs says, .*give --crs EPSG:4526/);
    expect(refused(null, places, { option: 'EPSG:2345' })).toMatch(
      /--crs: CRS "EPSG:2345" is not known; .*, or by-prefix/,
    );
    expect(refused(null, places, { option: 'by-prefix' })).toMatch(/degrees/);
  });

  it('with the one that leads to the known districts', () => {
    expect(refused(null, inCrs('EPSG:4547'), { box: districtsBox })).toMatch(
      /give --crs EPSG:4547, which puts it among the known districts/,
    );
    const line = refused('EPSG:4543', inCrs('EPSG:4547'), { box: districtsBox });
    expect(line).toMatch(
      /far from the known districts in EPSG:4543.*give --crs EPSG:4547, or --crs EPSG:4543 if it does lie elsewhere/,
    );
    expect(decide(null, inCrs('EPSG:4547'), { box: districtsBox, option: 'EPSG:4543' }).crs.crs).toBe('EPSG:4543');
  });

  it('a datum Tuban has no way from, naming it', () => {
    const wkt =
      'GEOGCS["GCS_Xian_1980",DATUM["D_Xian_1980",SPHEROID["Xian_1980",6378140.0,298.257]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]';
    expect(() => crsOfWkt(wkt)).toThrow(/Xian/);
    const stated = { crs: null, by: 'the .prj', problem: 'datum "D_Xian_1980"', fallback: null };
    const decision = () => decideCrs({ path: 'a.shp', option: undefined, stated, points: places, districtsBox: null });
    expect(decision).toThrow(/as the \.prj says: datum "D_Xian_1980"; convert it .*or give the right one with --crs/);
  });
});

describe('axes the wrong way round are read the right one, with a note', () => {
  it.each<[what: string, stated: string | null, points: Coordinates, crs: string]>([
    ['latitude first', 'EPSG:4490', swap(places), 'EPSG:4490'],
    ['latitude first, also where latitudes could be longitudes', 'EPSG:4490', swap([[81, 43.9]]), 'EPSG:4490'],
    ['latitude first, no .prj', null, swap(places), 'EPSG:4490'],
    ['northing first', 'EPSG:4547', swap(inCrs('EPSG:4547')), 'EPSG:4547'],
    ['northing first, prefixed', 'EPSG:4526', swap(inCrs('EPSG:4526')), 'EPSG:4526'],
    ['northing first, no .prj', null, swap(inCrs('EPSG:4526')), 'by-prefix'],
    ['northing first, web mercator', 'EPSG:3857', swap(inCrs('EPSG:3857')), 'EPSG:3857'],
  ])('%s', (_, stated, points, crs) => {
    const decision = decide(stated, points);
    expect(decision).toMatchObject({ crs: { crs }, swapped: true });
    expect(decision.notes.join()).toMatch(/read the other way round/);
  });

  it('but not where some of it fits as it stands', () => {
    expect(refused('EPSG:4490', [...swap(places), places[0]])).toMatch(
      /25 % of its features in EPSG:4490 as they stand and the rest/,
    );
    expect(decide('EPSG:4490', [...swap([[81, 43.9]]), places[0]]).swapped).toBe(false);
  });
});
