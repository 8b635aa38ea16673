import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gdalMissing, temporaryFolder } from '../../../support/gdal.ts';
import { osgeo, osgeoMissing } from '../../../support/gdal-python.ts';
import { asOgr, inOrder, ogr2ogr, ogrFeatures } from './ogr-truth.ts';
import { parcels, type ReadLayer, readLayer, writeSequence } from './sample-layer.ts';

const folder = temporaryFolder();
afterAll(folder.remove);
const source = folder.path('parcels.geojsonl');
const features = parcels(300, 4);
beforeAll(() => void writeSequence(source, features));

/** FlatGeobuf has no dates, only moments. */
function withoutHours(layer: ReadLayer): ReadLayer {
  for (const { properties } of layer.features) properties['RQ'] = String(properties['RQ'] ?? '').slice(0, 10) || null;
  return layer;
}

describe.skipIf(gdalMissing || osgeoMissing)('every format is read as OGR reads it, feature by feature', () => {
  it.each<[what: string, name: string, options: string[]]>([
    ['a shapefile in lon/lat', 'plain.shp', ['-lco', 'ENCODING=UTF-8']],
    ['a shapefile in metres and GBK', 'gbk.shp', ['-t_srs', 'EPSG:4526', '-lco', 'ENCODING=GBK']],
    ['a GeoPackage', 'a.gpkg', ['-nlt', 'PROMOTE_TO_MULTI']],
    ['a GeoPackage in metres, without index', 'b.gpkg', ['-t_srs', 'EPSG:4547', '-lco', 'SPATIAL_INDEX=NO']],
    ['a FlatGeobuf', 'a.fgb', []],
    ['a FlatGeobuf without index', 'b.fgb', ['-lco', 'SPATIAL_INDEX=NO']],
    ['GeoJSON', 'a.geojson', ['-lco', 'COORDINATE_PRECISION=15']],
    ['GeoJSONSeq with record separators', 'a.geojsons', ['-f', 'GeoJSONSeq', '-lco', 'RS=YES']],
    ['a shapefile of Z', 'z.shp', ['-dim', 'XYZ', '-lco', 'ENCODING=UTF-8', '-lco', 'SHPT=POLYGONZ']],
    ['a shapefile of ZM', 'zm.shp', ['-dim', 'XYZM', '-lco', 'ENCODING=UTF-8']],
    ['a GeoPackage of Z', 'z.gpkg', ['-dim', 'XYZ']],
    ['a FlatGeobuf of ZM', 'zm.fgb', ['-dim', 'XYZM']],
  ])('%s', async (_, name, options) => {
    const path = ogr2ogr(folder.path(name), source, ...options);
    const layer = withoutHours(await readLayer(path, { pieceSize: 64 }));
    const known = ogrFeatures(path);
    // OGR writes no features without a shape to a FlatGeobuf.
    expect(layer.count).toBe(name.endsWith('.fgb') ? 282 : 300);
    expect(layer.features.map(({ index }) => index)).toEqual(known.map((_, i) => i));
    const wanted = known.map(({ parts, properties }) => ({
      properties: { ...properties, RQ: properties['RQ']?.toString().replaceAll('/', '-').slice(0, 10) ?? null },
      parts: parts && inOrder(parts),
    }));
    expect(layer.features.map(asOgr)).toEqual(wanted);
    expect(layer.features.filter(({ damage }) => damage !== null)).toEqual([]);
    const heights = new Set(layer.features.flatMap(({ geometry }) => geometry?.hadHeights ?? []));
    expect([...heights]).toEqual([/^z/.test(name)]);
  });

  it('lines, points and collections have their types, with the parts there are', async () => {
    const ring = [
      [112, 27],
      [112.1, 27],
      [112.1, 27.1],
      [112, 27],
    ];
    const mixed = folder.path('mixed.geojsonl');
    writeSequence(
      mixed,
      [
        { type: 'Point', coordinates: [112, 27] },
        { type: 'MultiLineString', coordinates: [ring, ring] },
        {
          type: 'GeometryCollection',
          geometries: [
            { type: 'Point', coordinates: [112, 27] },
            { type: 'LineString', coordinates: ring },
            { type: 'Polygon', coordinates: [ring] },
          ],
        },
        { type: 'Polygon', coordinates: [] },
      ].map((geometry) => ({ type: 'Feature', properties: { a: 1 }, geometry })),
    );
    for (const name of ['mixed.gpkg', 'mixed.fgb', 'mixed.geojson', 'mixed.geojsonl']) {
      const path = name === 'mixed.geojsonl' ? mixed : ogr2ogr(folder.path(name), mixed);
      const { features: read } = await readLayer(path);
      const kinds = read.map(({ geometry }) => geometry && `${geometry.type} ${geometry.parts.length}`).sort();
      const wanted = ['GeometryCollection 1', 'MultiLineString 2', 'Point 0', ...(name === 'mixed.fgb' ? [] : [null])];
      expect(kinds, name).toEqual(wanted);
    }
    const lines = ogr2ogr(folder.path('lines.shp'), mixed, '-where', "OGR_GEOMETRY='MultiLineString'");
    expect((await readLayer(lines)).features.map(asOgr)).toEqual([
      { properties: { a: 1 }, parts: [[ring.flat()], [ring.flat()]] },
    ]);
  });

  it('a surface of straight edges is read as the polygons it is made of', async () => {
    for (const name of ['surface.gpkg', 'surface.fgb']) {
      const path = folder.path(name);
      osgeo(
        `
from osgeo import ogr
driver = ogr.GetDriverByName('GPKG' if sys.argv[1].endswith('gpkg') else 'FlatGeobuf')
source = driver.CreateDataSource(sys.argv[1])
layer = source.CreateLayer('surface', None, ogr.wkbMultiSurface)
feature = ogr.Feature(layer.GetLayerDefn())
feature.SetGeometry(ogr.CreateGeometryFromWkt('MULTISURFACE(((112 27,113 27,113 28,112 27)),((114 27,115 27,115 28,114 27)))'))
layer.CreateFeature(feature)
`,
        path,
      );
      const { features: read } = await readLayer(path, { crs: 'EPSG:4490' });
      expect(
        read.map(({ geometry }) => geometry?.parts.map(([shell]) => [...shell])),
        name,
      ).toEqual([
        [
          [112, 27, 113, 27, 113, 28, 112, 27],
          [114, 27, 115, 27, 115, 28, 114, 27],
        ],
      ]);
    }
  });

  it('curves and surfaces of a GeoPackage are named and have no parts', async () => {
    const path = folder.path('curves.gpkg');
    osgeo(
      `
from osgeo import ogr
source = ogr.GetDriverByName('GPKG').CreateDataSource(sys.argv[1])
layer = source.CreateLayer('curves', osr.SpatialReference(), ogr.wkbUnknown)
for text in ['CURVEPOLYGON(CIRCULARSTRING(112 27,113 28,114 27,113 26,112 27))', 'CIRCULARSTRING(112 27,113 28,114 27)']:
    feature = ogr.Feature(layer.GetLayerDefn())
    feature.SetGeometry(ogr.CreateGeometryFromWkt(text))
    layer.CreateFeature(feature)
`,
      path,
    );
    const { features: read } = await readLayer(path);
    expect(read.map(({ geometry }) => [geometry?.type, geometry?.parts])).toEqual([
      ['CurvePolygon', []],
      ['CircularString', []],
    ]);
  });
});

describe('fields', () => {
  it('have long names where NAME.fields.csv stands beside, and new ones where asked', async () => {
    const path = ogr2ogr(folder.path('named.shp'), source, '-lco', 'ENCODING=UTF-8');
    writeFileSync(
      folder.path('named.fields.csv'),
      'short,long,type\nZLDWMC,坐落单位名称,text\nXH,"serial, ""no""",integer\n',
    );
    const layer = await readLayer(path, { fields: { DLBM: 'landClass' } });
    expect(layer.fields.map(({ name }) => name)).toEqual([
      'BSM',
      'landClass',
      'DLMC',
      '坐落单位名称',
      'MJ',
      'serial, "no"',
      'RQ',
    ]);
    expect(layer.features[0].properties).toMatchObject({
      landClass: expect.stringMatching(/^01/),
      坐落单位名称: '衡阳县西渡镇第0村',
    });
    await expect(readLayer(path, { fields: { DLMB: 'x' } })).rejects.toThrow(
      /no field DLMB to rename; it has BSM, DLBM, DLMC, 坐落单位名称/,
    );
    await expect(readLayer(path, { fields: { DLBM: 'MJ' } })).rejects.toThrow(/two fields MJ/);
  });

  it('that are codes of many digits keep them all, in every format', async () => {
    const codes = folder.path('codes.geojsonl');
    const text =
      '{"type":"Feature","properties":{"code":430421999999999999,"small":12345,"zeros":"000430421"},"geometry":{"type":"Polygon","coordinates":[[[112,27],[113,27],[113,28],[112,27]]]}}';
    writeFileSync(codes, text);
    const wanted = { code: '430421999999999999', small: 12345, zeros: '000430421' };
    const files = [codes, ...['codes.gpkg', 'codes.fgb', 'codes.shp'].map((name) => ogr2ogr(folder.path(name), codes))];
    for (const file of files) expect((await readLayer(file)).features[0].properties, file).toEqual(wanted);
  });

  it('are those of the whole GeoJSON, not of its first feature', async () => {
    const path = writeSequence(folder.path('late.geojsonl'), [
      { type: 'Feature', properties: { a: 1 }, geometry: null },
      { type: 'Feature', properties: { a: 1.5, b: '2024-01-01', c: { d: [1] }, e: true }, geometry: null },
    ]);
    const layer = await readLayer(path, { pieceSize: 1 });
    expect(layer.fields.map(({ name, type }) => `${name} ${type}`)).toEqual([
      'a number',
      'b date',
      'c text',
      'e boolean',
    ]);
    expect(layer.features[1].properties).toEqual({ a: 1.5, b: '2024-01-01', c: '{"d":[1]}', e: true });
  });
});

describe.skipIf(gdalMissing)('what is read does not depend on', () => {
  it('the size of the pieces or how often the file is gone through', async () => {
    const path = ogr2ogr(folder.path('again.gpkg'), source, '-fid', 'nothing');
    const [whole, small] = [await readLayer(path), await readLayer(path, { pieceSize: 7 })];
    expect(small.features).toEqual(whole.features);
    expect(whole.files[0].bytes).toBe(readFileSync(path).length);
  });

  it('the letter case of the file names, nor on the part that is named', async () => {
    mkdirSync(folder.path('upper'));
    const path = ogr2ogr(folder.path('upper/A.shp'), source, '-lco', 'ENCODING=GBK', '-t_srs', 'EPSG:4526');
    const before = await readLayer(path);
    for (const ending of ['shp', 'dbf', 'shx', 'prj', 'cpg']) {
      const bytes = readFileSync(folder.path(`upper/A.${ending}`));
      rmSync(folder.path(`upper/A.${ending}`));
      writeFileSync(folder.path(`upper/a.${ending.toUpperCase()}`), bytes);
    }
    const after = await readLayer(folder.path('upper/a.DBF'));
    expect(after.features).toEqual(before.features);
    expect([after.crs, after.encoding]).toEqual([before.crs, before.encoding]);
    expect(after.files[0].sha256).toBe(before.files[0].sha256);
  });
});
