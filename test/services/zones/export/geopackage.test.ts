import SqliteDatabase from 'better-sqlite3';
import { afterAll, describe, expect, it } from 'vitest';
import { openWriter } from '../../../../services/zones/export/open-writer.ts';
import { temporaryFolder } from '../../../support/gdal.ts';
import { osgeo, osgeoMissing } from '../../../support/gdal-python.ts';
import { ogrLayer } from '../../../support/ogr-layer.ts';
import { optionsFor, seededFeatures } from './seeded-layers.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());

function geopackage(
  name: string,
  more: Parameters<typeof optionsFor>[1] = {},
  features = seededFeatures('polygon'),
): string {
  const path = folder.path(name);
  const writer = openWriter(path, optionsFor('geopackage', more));
  for (const feature of features) writer.write(feature);
  writer.finish();
  return path;
}

describe('a GeoPackage', () => {
  it.skipIf(osgeoMissing)('holds to the standard, as GDAL’s own validator judges it', () => {
    const script = `
from osgeo_utils.samples.validate_gpkg import check
print(json.dumps([str(error) for error in check(sys.argv[1], abort_at_first_error=False, extra_checks=True)]))`;
    const either = { geometryKind: 'either' } as const;
    const [polygons, lines] = [seededFeatures('polygon'), seededFeatures('line')];
    const paths = [
      geopackage('standard.gpkg', { crs: 'EPSG:4526' }),
      geopackage('polygons.gpkg', either),
      geopackage('lines.gpkg', either, lines),
      geopackage('mixed.gpkg', either, [...polygons, ...lines]),
      geopackage('empty.gpkg', either, []),
    ];
    for (const path of paths) expect(JSON.parse(osgeo(script, path))).toEqual([]);
    const types = paths.map((path) => ogrLayer(path).geometryType);
    expect(types).toEqual([
      ...['Multi Polygon', 'Multi Polygon', 'Multi Line String'],
      ...['Unknown (any)', 'Unknown (any)'],
    ]);
  });

  it('is whole as a database', () => {
    const database = new SqliteDatabase(geopackage('whole.gpkg'), { readonly: true });
    expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
    expect(database.pragma('foreign_key_check')).toEqual([]);
    expect(database.prepare(`select rtreecheck('rtree_地类图斑_geom')`).pluck().get()).toBe('ok');
    database.close();
  });

  it('finds each shape by its box, and no more of them than have a shape', () => {
    const database = new SqliteDatabase(geopackage('index.gpkg'), { readonly: true });
    const find = database
      .prepare('select id from "rtree_地类图斑_geom" where minx <= ? and maxx >= ? and miny <= ? and maxy >= ?')
      .pluck();
    const shaped = seededFeatures('polygon').map(({ geometry }) => geometry);
    shaped.forEach((geometry, i) => {
      if (geometry === null) return;
      const [x, y] = geometry.parts[0][0];
      expect(find.all(x, x, y, y)).toContain(i + 1);
    });
    const count = database.prepare('select count(*) from "rtree_地类图斑_geom"').pluck().get();
    expect(count).toBe(shaped.filter((geometry) => geometry !== null).length);
    database.close();
  });

  it.skipIf(osgeoMissing)('keeps its index true while another program edits it', () => {
    const path = geopackage('edited.gpkg');
    osgeo(
      `
from osgeo import ogr
source = ogr.Open(sys.argv[1], 1)
layer = source.GetLayer(0)
layer.DeleteFeature(1)
moved = layer.GetFeature(2)
moved.SetGeometry(ogr.CreateGeometryFromWkt('MULTIPOLYGON (((1 1,2 1,2 2,1 1)))'))
layer.SetFeature(moved)`,
      path,
    );
    const database = new SqliteDatabase(path, { readonly: true });
    const boxes = database.prepare('select id, minx, maxx from "rtree_地类图斑_geom" where id <= 2').all();
    expect(boxes).toEqual([{ id: 2, minx: 1, maxx: 2 }]);
    database.close();
  });

  it.skipIf(osgeoMissing)('keeps columns called fid, GEOM and twice the same but for case', () => {
    const path = folder.path('names.gpkg');
    const fields = ['fid', 'GEOM', 'mj', 'MJ'].map(
      (name) => ({ name, type: 'text', width: null, decimals: null }) as const,
    );
    const writer = openWriter(path, optionsFor('geopackage', { fields }));
    writer.write({ id: '1', properties: { fid: 'a', GEOM: 'b', mj: 'c', MJ: 'd' }, geometry: null });
    expect(writer.finish().notes).toEqual(['the field MJ is called MJ_1: another has its name']);
    expect(ogrLayer(path).features[0].properties).toEqual({ fid: 'a', GEOM: 'b', mj: 'c', MJ_1: 'd' });
  });

  it.skipIf(osgeoMissing)('of lines and polygons together holds both', () => {
    const path = folder.path('both.gpkg');
    const writer = openWriter(path, optionsFor('geopackage', { geometryKind: 'either' }));
    const both = [seededFeatures('polygon')[0], seededFeatures('line')[1]];
    for (const feature of both) writer.write(feature);
    writer.finish();
    const layer = ogrLayer(path);
    expect(layer.geometryType).toBe('Unknown (any)');
    expect(layer.features.map(({ geometry }) => geometry)).toEqual(both.map(({ geometry }) => geometry));
  });

  it.skipIf(osgeoMissing)('keeps whole numbers of more digits than a double has, and times of day', () => {
    const path = folder.path('digits.gpkg');
    const fields = [
      { name: 'code', type: 'integer', width: 17, decimals: 0 },
      { name: 'seen', type: 'datetime', width: null, decimals: null },
    ] as const;
    const writer = openWriter(path, optionsFor('geopackage', { fields }));
    writer.write({ id: '1', properties: { code: '12345678901234567', seen: '2025-06-18T10:30:00Z' }, geometry: null });
    writer.finish();
    const { properties } = JSON.parse(
      osgeo(
        `
from osgeo import ogr
source = ogr.Open(sys.argv[1])
feature = source.GetLayer(0).GetNextFeature()
print(json.dumps(dict(properties=[feature.GetFieldAsString(0), feature.GetFieldAsString(1)])))`,
        path,
      ),
    );
    expect(properties).toEqual(['12345678901234567', '2025/06/18 10:30:00+00']);
    expect(ogrLayer(path).warnings).toEqual([]);
  });
});
