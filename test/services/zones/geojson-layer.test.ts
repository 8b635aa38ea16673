import type { Position } from 'geojson';
import { describe, expect, it } from 'vitest';
import { geometryAreaM2 } from '../../../imagery/ellipsoid.ts';
import { ServiceError } from '../../../services/error.ts';
import { checkLayer } from '../../../services/zones/geojson-layer.ts';
import { badLayers, collection, feature, layerText, parcel, parcelRing } from '../../fixtures/layers.ts';
import { geodesicAreaM2 } from '../../support/geodesic.ts';

const check = (layer: string | object, expectation = { layer: 'farmland', districtsBox: null as never }) =>
  checkLayer('farmland.geojson', Buffer.from(layerText(layer)), expectation);

function refusal(layer: string | object): ServiceError {
  try {
    check(layer);
  } catch (error) {
    if (error instanceof ServiceError) return error;
    throw error;
  }
  throw new Error('The layer was taken.');
}

describe('a layer file is refused, in one line with what was wanted and what was got, when it is', () => {
  it.each<[defect: string, line: RegExp]>([
    ['empty-file', /is not JSON/],
    ['not-json', /is not JSON: it begins with "<!DOCTYPE html>/],
    ['truncated-json', /is not JSON/],
    ['single-feature', /is not a GeoJSON FeatureCollection but an object of type "Feature"/],
    ['json-array', /is not a GeoJSON FeatureCollection but \[1,2,3\]/],
    ['features-missing', /has nothing as features; wanted an array/],
    ['no-features', /is an empty FeatureCollection; wanted at least one feature/],
    ['feature-null', /features\[0\] \(id none\) is null; wanted a GeoJSON Feature/],
    ['properties-array', /features\[0\].* has the properties \["a"\]; wanted an object or null/],
    ['geometry-null', /features\[0\] \(id A-1\) has no geometry; wanted a Polygon or MultiPolygon/],
    ['points-not-polygons', /features\[0\] \(id A-1\) is a Point; wanted a Polygon or MultiPolygon/],
    ['geometry-collection', /is a GeometryCollection; wanted a Polygon or MultiPolygon/],
    ['no-rings', /is a Polygon with the coordinates \[\]; wanted rings/],
    ['coordinates-text', /has the position \["112.5","26.9"\]; wanted two finite numbers/],
    ['coordinates-null', /has the position \[null,26.9\]; wanted two finite numbers/],
    ['coordinates-too-large', /has the position \[null,26.9\]; wanted two finite numbers/],
    ['lat-lon-swapped', /position \[26.9, 112.5\]: longitude and latitude look swapped; .* longitude first/],
    ['lat-lon-swapped-in-xinjiang', /lies at longitude 43.900.* but in China the other way round: .*swapped/],
    ['latitude-out-of-range', /position \[112.5, 95\]: the latitude is out of range/],
    ['longitude-out-of-range', /position \[375, 26.9\]: these are no degrees; wanted longitude/],
    ['projected-metres', /metres of CGCS2000 3-degree zone 38, EPSG:4526 \(ogr2ogr -s_srs EPSG:4526/],
    ['projected-metres-northing-first', /metres of CGCS2000 3-degree zone 38, EPSG:4526/],
    ['projected-metres-without-zone', /look like projected metres, of a CRS the numbers do not tell; wanted longitude/],
    ['crs-member-projected', /names the CRS "urn:ogc:def:crs:EPSG::4526"; wanted .*EPSG:4490: ogr2ogr/],
    ['crs-member-unnamed', /names the CRS .*x\.prj.*; wanted longitude, latitude/],
    ['ring-of-two-points', /has a ring of 2 positions; wanted at least 4/],
    ['zero-area', /has no area/],
    ['one-point-repeated', /has no area/],
    ['bow-tie', /crosses or overlaps itself near \[112.501000, 26.901000\], which leaves \d+ m² in doubt/],
    ['bow-tie-at-a-corner', /crosses or overlaps itself near \[112.500000, 26.900000\]/],
    ['parts-overlap', /crosses or overlaps itself near \[112.50\d+, 26.90\d+\]/],
    ['part-inside-part', /crosses or overlaps itself with parts inside one another/],
    ['hole-outside-shell', /crosses or overlaps itself/],
  ])('%s', (defect, line) => {
    const error = refusal(badLayers[defect]);
    expect(error.code).toBe('layer-invalid');
    expect(error.message).toMatch(line);
    expect(error.message).toMatch(/^farmland\.geojson: /);
    expect(error.message).toMatch(/\.$/);
    expect(error.message).not.toContain('\n');
  });

  it('not UTF-8', () => {
    const gbk = Buffer.from([...Buffer.from('{"name":"'), 0xba, 0xe2, 0xd1, 0xf4, ...Buffer.from('"}')]);
    const expectation = { layer: 'farmland', districtsBox: null };
    expect(() => checkLayer('gbk.geojson', gbk, expectation)).toThrow(/gbk.geojson: is not UTF-8 .* iconv -f GB18030/);
  });

  it('apart from the known districts but among them when swapped', () => {
    const districtsBox = { minLon: 10, minLat: 43, maxLon: 11, maxLat: 44 };
    const swapped = collection(parcel(parcelRing(43.5, 10.5)));
    const expectation = { layer: 'farmland', districtsBox };
    expect(() => checkLayer('pisa.geojson', Buffer.from(layerText(swapped)), expectation)).toThrow(
      /in the known districts the other way round/,
    );
    const right = collection(parcel(parcelRing(10.5, 43.5)));
    expect(checkLayer('pisa.geojson', Buffer.from(layerText(right)), expectation).features).toHaveLength(1);
  });

  it('names the feature that is wrong among many', () => {
    const good = feature({ type: 'Polygon', coordinates: [parcelRing()] }, { id: 'A-1' });
    const bad = feature({ type: 'Point', coordinates: [112, 26] }, { id: 'A-2' });
    const error = refusal(collection(good, bad));
    expect(error.message).toContain('features[1] (id A-2)');
    expect(error.details).toEqual({ file: 'farmland.geojson', featureIndex: 1, featureId: 'A-2' });
  });
});

describe('a layer file that is right', () => {
  it('is taken as it is, with nothing repaired', () => {
    const { features, repaired, idsFrom } = check(collection(parcel(parcelRing())));
    expect(repaired).toEqual([]);
    expect(idsFrom).toBe('id');
    expect(features[0]).toMatchObject({ externalId: 'A-1', name: '水田', properties: { id: 'A-1', name: '水田' } });
    expect(features[0].geometry).toEqual({ type: 'Polygon', coordinates: [parcelRing()] });
    expect(features[0].areaM2 / geodesicAreaM2(parcelRing())).toBeCloseTo(1, 7);
    const [lon, lat] = parcelRing()[2];
    expect(features[0].box).toEqual({ minLon: 112.5, minLat: 26.9, maxLon: lon, maxLat: lat });
  });

  it.each(['urn:ogc:def:crs:OGC:1.3:CRS84', 'urn:ogc:def:crs:EPSG::4490', 'EPSG:4326'])(
    'may name the CRS %s',
    (name) => {
      const layer = { ...collection(parcel(parcelRing())), crs: { type: 'name', properties: { name } } };
      expect(check(layer).features).toHaveLength(1);
    },
  );

  it('may have a byte order mark, and features without properties', () => {
    const text = `\ufeff${layerText(collection(feature({ type: 'Polygon', coordinates: [parcelRing()] }, null)))}`;
    expect(check(text).features[0]).toMatchObject({ externalId: '0', name: '0', properties: {} });
  });

  it('may have holes, parts that touch and holes that touch the shell', () => {
    const [hole, touching] = [parcelRing(112.5005, 26.9005, 0.0005), parcelRing(112.501, 26.901, 0.001)];
    const [shell, other] = [parcelRing(), parcelRing(112.502, 26.902)];
    const { features, repaired } = check(
      collection(
        feature({
          type: 'MultiPolygon',
          coordinates: [[shell, hole.toReversed(), touching.toReversed()], [other]],
        }),
      ),
    );
    expect(repaired).toEqual([]);
    const wanted = geodesicAreaM2(shell) + geodesicAreaM2(other) - geodesicAreaM2(hole) - geodesicAreaM2(touching);
    expect(features[0].areaM2 / wanted).toBeCloseTo(1, 6);
  });
});

describe('the id of a feature', () => {
  const square = { type: 'Polygon' as const, coordinates: [parcelRing()] };
  const idsOf = (...features: object[]) => {
    const { features: checked, idsFrom } = check(collection(...features));
    return [idsFrom, ...checked.map(({ externalId }) => externalId)];
  };

  it('is the first property that tells all features apart', () => {
    expect(idsOf(feature(square, { OBJECTID: 1, BSM: 'x' }), feature(square, { OBJECTID: 2, BSM: 'x' }))).toEqual([
      'OBJECTID',
      '1',
      '2',
    ]);
    expect(idsOf(feature(square, { code: '0101', BSM: 'a' }), feature(square, { code: '0101', BSM: 'b' }))).toEqual([
      'BSM',
      'a',
      'b',
    ]);
  });

  it("is the GeoJSON feature's, or else its place in the file", () => {
    expect(idsOf({ ...feature(square, {}), id: 7 }, { ...feature(square, {}), id: 9 })).toEqual([
      'feature.id',
      '7',
      '9',
    ]);
    expect(idsOf(feature(square, {}), feature(square, { id: 'only one has it' }))).toEqual(['index', '0', '1']);
  });

  it('of a district is its code, which it must have and share with no other', () => {
    const districts = (...features: object[]) =>
      check(collection(...features), { layer: 'districts', districtsBox: null as never });
    expect(districts(feature(square, { adcode: 430421, name: '衡阳县' })).features[0]).toMatchObject({
      externalId: '430421',
      name: '衡阳县',
    });
    expect(districts({ ...feature(square, { XMC: '衡阳县' }), id: '430421' }).features[0]).toMatchObject({
      externalId: '430421',
      name: '衡阳县',
    });
    expect(() => districts(feature(square, { name: '衡阳县' }))).toThrow(
      /is a district without code: wanted a code of 6/,
    );
    const twice = [feature(square, { XZQDM: '430421' }), feature(square, { XZQDM: '430421' })];
    expect(() => districts(...twice)).toThrow(/features\[1\] \(id 430421\) has the code of features\[0\]/);
  });
});

describe('what is safe to put right is, and is reported', () => {
  const repairedOf = (...rings: Position[][]) => {
    const { features, repaired } = check(collection(parcel(...rings)));
    return {
      geometry: features[0].geometry,
      areaM2: features[0].areaM2,
      line: repaired[0]?.what,
      id: repaired[0]?.featureId,
    };
  };
  const wholeM2 = geodesicAreaM2(parcelRing());

  it('an unclosed ring', () => {
    const { geometry, line, id } = repairedOf(parcelRing().slice(0, 4));
    expect(geometry.coordinates).toEqual([parcelRing()]);
    expect([id, line]).toEqual(['A-1', 'a ring was closed']);
  });

  it('repeated points', () => {
    const { geometry, line } = repairedOf(parcelRing().flatMap((point) => [point, point]));
    expect(geometry.coordinates).toEqual([parcelRing()]);
    expect(line).toBe('a repeated point was dropped (5 times)');
  });

  it('a spike', () => {
    const [a, b, c, d] = parcelRing();
    const { areaM2, line } = repairedOf([a, b, [112.51, 26.89], b, c, d, a]);
    expect(areaM2 / wholeM2).toBeCloseTo(1, 7);
    expect(line).toContain('a spike was cut off');
    expect(repairedOf([[112.49, 26.89], a, b, c, d, a, [112.49, 26.89]]).line).toContain('a spike was cut off');
  });

  it('rings that turn the wrong way', () => {
    const hole = parcelRing(112.5005, 26.9005, 0.0005);
    const { geometry, line } = repairedOf(parcelRing().toReversed(), hole);
    expect(geometry.coordinates).toEqual([parcelRing(), hole.toReversed()]);
    expect(line).toBe('a shell was turned anticlockwise; a hole was turned clockwise');
  });

  it('heights', () => {
    const { geometry, line } = repairedOf(parcelRing().map(([lon, lat]) => [lon, lat, 81.5]));
    expect(geometry.coordinates).toEqual([parcelRing()]);
    expect(line).toBe('heights were left out (5 times)');
  });

  it('a hole without area', () => {
    const line = [parcelRing()[0], parcelRing()[2], parcelRing()[0], parcelRing()[2], parcelRing()[0]];
    const { geometry, line: what } = repairedOf(parcelRing(), line);
    expect(geometry.coordinates).toEqual([parcelRing()]);
    expect(what).toContain('a hole without area was left out');
  });

  it('a loop of the digitiser, smaller than a square metre', () => {
    const [a, b, c, d] = parcelRing();
    const slip: Position[] = [
      [112.50201, 26.901],
      [112.50199, 26.90101],
      [112.50199, 26.901],
      [112.50201, 26.90101],
    ];
    const { geometry, areaM2, line } = repairedOf([a, b, ...slip, c, d, a]);
    expect(line).toMatch(/its outline crossed itself near \[112.502000, 26.901005\]; 0\.\d+ m² were counted once/);
    expect(areaM2 / wholeM2).toBeCloseTo(1, 2);
    expect(geometryAreaM2(geometry)).toBe(areaM2);
    // Repaired once, it is sound.
    expect(check(collection(feature(geometry))).repaired).toEqual([]);
  });
});
