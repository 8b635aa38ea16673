import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ExportFeature, WriterOptions, Written } from '../../../../services/zones/export/layer-writer.ts';
import { openWriter } from '../../../../services/zones/export/open-writer.ts';
import { temporaryFolder } from '../../../support/gdal.ts';
import { osgeoMissing } from '../../../support/gdal-python.ts';
import { type OgrLayer, ogrLayer } from '../../../support/ogr-layer.ts';
import { FIELDS, optionsFor, plainShape, seededFeatures } from './seeded-layers.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());

function written(name: string, features: readonly ExportFeature[], options: WriterOptions): Written & { path: string } {
  const path = folder.path(name);
  const writer = openWriter(path, options);
  for (const feature of features) writer.write(feature);
  return { path, ...writer.finish() };
}

/** What a feature is expected to read back as, by the names the file has. */
function valuesOf(feature: ExportFeature, as: (value: unknown) => unknown = (value) => value) {
  return FIELDS.map(({ name }) => as(feature.properties[name]));
}

function valuesRead(layer: OgrLayer, i: number, skipped = 0) {
  return layer.fields.slice(skipped).map(({ name }) => layer.features[i].properties[name]);
}

describe.skipIf(osgeoMissing)('layers that are exported and read by OGR', () => {
  const polygons = seededFeatures('polygon');
  const lines = seededFeatures('line');

  describe.each(['utf-8', 'gbk'] as const)('a shapefile in %s', (encoding) => {
    let layer: OgrLayer;
    let files: string[];
    beforeAll(() => {
      const result = written(`parcels-${encoding}.shp`, polygons, optionsFor('shapefile', { encoding }));
      files = result.files;
      layer = ogrLayer(result.path);
    });

    it('has every value, but for empty texts, which it cannot tell from none', () => {
      const as = (value: unknown) => (value === '' ? null : typeof value === 'boolean' ? (value ? 'T' : 'F') : value);
      expect(layer.features.map((_, i) => valuesRead(layer, i))).toEqual(polygons.map((one) => valuesOf(one, as)));
    });

    it('has every coordinate, bit for bit', () => {
      expect(layer.features.map(({ geometry }) => plainShape(geometry))).toEqual(
        polygons.map(({ geometry }) => plainShape(geometry)),
      );
    });

    it('turns shells clockwise and holes the other way', () => {
      const raw = readFileSync(files[0]);
      // The first record: header 100 + 8, shape header 44, one index per ring.
      const parts = raw.readInt32LE(100 + 8 + 36);
      const points = 100 + 8 + 44 + 4 * parts;
      const ring = Array.from({ length: 13 }, (_, i) => [
        raw.readDoubleLE(points + 16 * i),
        raw.readDoubleLE(points + 16 * i + 8),
      ]);
      const turn = ring
        .slice(1)
        .reduce(
          (sum, [x, y], i) =>
            sum + (ring[i][0] - ring[0][0]) * (y - ring[0][1]) - (x - ring[0][0]) * (ring[i][1] - ring[0][1]),
          0,
        );
      expect(turn).toBeLessThan(0);
    });

    it('keeps widths and types of the columns it came with', () => {
      const columns = new Map(layer.fields.map((field) => [field.name, field]));
      expect(columns.get('TBMJ')).toMatchObject({ type: 'Real', width: 15, precision: 2 });
      expect(columns.get('BSM')).toMatchObject({ type: 'String', width: 18 });
      expect(columns.get('OBJECTID')).toMatchObject({ type: 'Integer', width: 9 });
      expect(columns.get('PZRQ')).toMatchObject({ type: 'Date' });
    });

    it('shortens names to ten bytes, all different, and says the long ones beside', () => {
      const names = layer.fields.map(({ name }) => name);
      expect(new Set(names).size).toBe(FIELDS.length);
      for (const name of names) expect(bytesIn(name, encoding)).toBeLessThanOrEqual(10);
      const rows = readFileSync(files.find((file) => file.endsWith('.fields.csv'))!, 'utf8')
        .trimEnd()
        .split('\r\n');
      expect(rows[0]).toBe('short,long,type');
      expect(rows.slice(1)).toEqual(FIELDS.map((field, i) => `${names[i]},${field.name},${field.type}`));
    });

    it('is in CGCS2000 and says so, and in which encoding', () => {
      expect(layer.epsg).toBe(4490);
      expect(readFileSync(files.find((file) => file.endsWith('.cpg'))!, 'utf8')).toBe(encoding.toUpperCase());
    });

    it('gives OGR nothing to complain of', () => expect(layer.warnings).toEqual([]));
  });

  describe('a GeoPackage', () => {
    let layer: OgrLayer;
    beforeAll(() => {
      layer = ogrLayer(written('parcels.gpkg', polygons, optionsFor('geopackage')).path);
    });

    it('has every value and none, under its own name', () => {
      expect(layer.fields.map(({ name }) => name)).toEqual(FIELDS.map(({ name }) => name));
      expect(layer.features.map((_, i) => valuesRead(layer, i))).toEqual(polygons.map((one) => valuesOf(one)));
    });

    it('has every coordinate, bit for bit, in the order it was', () => {
      expect(layer.features.map(({ geometry }) => geometry)).toEqual(polygons.map(({ geometry }) => geometry));
    });

    it('is a layer of one kind, in CGCS2000', () => {
      expect(layer).toMatchObject({ name: '地类图斑', epsg: 4490, geometryType: 'Multi Polygon', warnings: [] });
    });
  });

  it.each([
    ['geojson', 'parcels.geojson'],
    ['geojsonseq', 'parcels.geojsonl'],
  ] as const)('a %s has every value and coordinate', (format, name) => {
    const { path } = written(name, polygons, optionsFor(format));
    const layer = ogrLayer(path);
    // OGR takes a feature's own id for a column.
    expect(layer.features.map((_, i) => valuesRead(layer, i, 1))).toEqual(polygons.map((one) => valuesOf(one)));
    expect(layer.features.map(({ geometry }) => geometry)).toEqual(polygons.map(({ geometry }) => geometry));
    expect(layer.features.map(({ properties }) => properties['id'])).toEqual(polygons.map(({ id }) => id));
  });

  it('a CSV has every value as text, and shapes as WKT', () => {
    const { path } = written('parcels.csv', polygons, optionsFor('csv', { bom: true }));
    const layer = ogrLayer(path);
    const as = (value: unknown) => (value === null ? '' : String(value));
    expect(layer.features.map((_, i) => valuesRead(layer, i, 1))).toEqual(polygons.map((one) => valuesOf(one, as)));
    expect(layer.features.map(({ geometry }) => geometry)).toEqual(polygons.map(({ geometry }) => geometry));
    expect([...readFileSync(path).subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
  });

  it.each([
    ['shapefile', 'lines.shp', 'gbk'],
    ['geopackage', 'lines.gpkg', 'utf-8'],
    ['geojson', 'lines.geojson', 'utf-8'],
    ['csv', 'lines.csv', 'utf-8'],
  ] as const)('lines come back the same from a %s', (format, name, encoding) => {
    const { path } = written(name, lines, optionsFor(format, { encoding, geometryKind: 'line' }));
    expect(ogrLayer(path).features.map(({ geometry }) => geometry)).toEqual(lines.map(({ geometry }) => geometry));
  });

  it.each([
    ['shapefile', 'EPSG:4526', 'zone-38.shp'],
    ['shapefile', 'EPSG:4525', 'zone-37.shp'],
    ['shapefile', 'EPSG:4547', 'cm-114.shp'],
    ['geopackage', 'EPSG:4526', 'zone-38.gpkg'],
    ['geopackage', 'EPSG:4546', 'cm-111.gpkg'],
    ['geopackage', 'EPSG:32649', 'utm.gpkg'],
    ['geopackage', 'EPSG:3857', 'web.gpkg'],
  ] as const)('a %s in %s lies where it did within 1e-9 degrees, on both sides of a zone edge', (format, crs, name) => {
    const layer = ogrLayer(written(name, polygons, optionsFor(format, { crs })).path, { lonLat: true });
    expect(layer.epsg).toBe(Number(crs.slice(5)));
    let furthest = 0;
    layer.features.forEach(({ geometry }, i) => {
      const wanted = plainShape(polygons[i].geometry)?.flat(2) ?? [];
      const got = plainShape(geometry)?.flat(2) ?? [];
      expect(got.length).toBe(wanted.length);
      wanted.forEach((value, k) => {
        furthest = Math.max(furthest, Math.abs(value - got[k]));
      });
    });
    expect(furthest).toBeLessThan(1e-9);
    const lons = polygons.flatMap(
      ({ geometry }) =>
        plainShape(geometry)
          ?.flat(2)
          .filter((value) => value > 100) ?? [],
    );
    expect(Math.min(...lons)).toBeLessThan(112.5);
    expect(Math.max(...lons)).toBeGreaterThan(112.5);
  });

  it('a layer without features or columns is a layer all the same', () => {
    for (const name of ['none.shp', 'none.gpkg', 'none.geojson'] as const) {
      const format = { shp: 'shapefile', gpkg: 'geopackage', geojson: 'geojson' } as const;
      const extension = name.split('.')[1] as keyof typeof format;
      const { path, files } = written(name, [], optionsFor(format[extension], { fields: [] }));
      expect(files.every((file) => existsSync(file))).toBe(true);
      expect(ogrLayer(path).features).toEqual([]);
    }
  });
});

function bytesIn(text: string, encoding: 'utf-8' | 'gbk'): number {
  // Two bytes in GBK, three in UTF-8, for each character of the names used here.
  return [...text].reduce((sum, c) => sum + (c.charCodeAt(0) < 0x80 ? 1 : encoding === 'gbk' ? 2 : 3), 0);
}
