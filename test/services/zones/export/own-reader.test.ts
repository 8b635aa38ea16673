import { afterAll, describe, expect, it } from 'vitest';
import { toLonLat } from '../../../../imagery/crs.ts';
import type { ExportFeature, WriterOptions } from '../../../../services/zones/export/layer-writer.ts';
import { openWriter } from '../../../../services/zones/export/open-writer.ts';
import type { ZoneGeometry } from '../../../../services/zones/geometry/zone-geometry.ts';
import type { LayerField, RawFeature } from '../../../../services/zones/layer-files/layer-file.ts';
import { openLayer } from '../../../../services/zones/layer-files/open-layer.ts';
import { readPiece } from '../../../../services/zones/layer-files/read-piece.ts';
import { temporaryFolder } from '../../../support/gdal.ts';
import { FIELDS, optionsFor, plainShape, seededFeatures } from './seeded-layers.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());

async function readBack(name: string, features: readonly ExportFeature[], options: WriterOptions) {
  const writer = openWriter(folder.path(name), options);
  for (const feature of features) writer.write(feature);
  writer.finish();
  return readLayer(folder.path(name));
}

async function readLayer(path: string) {
  const layer = await openLayer(path, { districtsBox: null });
  const features: RawFeature[] = [];
  for await (const piece of layer.pieces()) features.push(...readPiece(piece, layer.reading));
  await layer.close();
  return { ...layer, features };
}

function kindOf({ type }: { type: string }): ZoneGeometry['kind'] {
  return type.includes('Line') ? 'line' : 'polygon';
}

function shapeOf({ geometry }: RawFeature) {
  return geometry && plainShape({ kind: kindOf(geometry), parts: geometry.parts });
}

const polygons = seededFeatures('polygon');
const lines = seededFeatures('line');
const withoutEmpties = polygons.map((feature) => ({
  ...feature,
  properties: Object.fromEntries(
    Object.entries(feature.properties).map(([name, value]) => [name, value === '' ? null : value]),
  ),
}));

describe('a layer that is exported and imported', () => {
  it.each([
    ['shapefile', 'parcels.shp', 'utf-8'],
    ['shapefile', 'parcels-gbk.shp', 'gbk'],
    ['geopackage', 'parcels.gpkg', 'utf-8'],
    ['geojson', 'parcels.geojson', 'utf-8'],
    ['geojsonseq', 'parcels.geojsonl', 'utf-8'],
  ] as const)(
    'as %s (%s) has every value under its whole name, and every coordinate',
    async (format, name, encoding) => {
      const back = await readBack(name, polygons, optionsFor(format, { encoding }));
      // A .dbf cannot tell an empty text from none.
      const wanted = format === 'shapefile' ? withoutEmpties : polygons;
      expect(back.features.map(({ properties }) => properties)).toEqual(wanted.map(({ properties }) => properties));
      expect(back.features.map(shapeOf)).toEqual(wanted.map(({ geometry }) => plainShape(geometry)));
      expect(back.features.map(({ damage }) => damage).filter((damage) => damage !== null)).toEqual([]);
      expect(back.fields.map((field) => field.name)).toEqual(FIELDS.map((field) => field.name));
      if (format === 'shapefile') expect(back.encoding.name).toBe(encoding);
    },
  );

  it.each([
    ['shapefile', 'again.shp'],
    ['geopackage', 'again.gpkg'],
    ['geojson', 'again.geojson'],
  ] as const)('as %s, and that exported once more, has the same columns and values again', async (format, name) => {
    const first = await readBack(`first-${name}`, polygons, optionsFor(format));
    const features = first.features.map(({ fid, properties, geometry }) => ({
      id: fid ?? '',
      properties,
      geometry: geometry && { kind: kindOf(geometry), parts: geometry.parts },
    }));
    const second = await readBack(name, features, optionsFor(format, { fields: first.fields }));
    expect(second.features.map(({ properties }) => properties)).toEqual(features.map(({ properties }) => properties));
    expect(second.features.map(shapeOf)).toEqual(first.features.map(shapeOf));
    const plain = (fields: readonly LayerField[]) =>
      fields.map(({ name, type, width, decimals }) => [name, type, width, decimals]);
    expect(plain(second.fields)).toEqual(plain(first.fields));
  });

  it.each([
    ['shapefile', 'lines.shp'],
    ['geopackage', 'lines.gpkg'],
    ['geojson', 'lines.geojson'],
  ] as const)('of lines as %s has every coordinate', async (format, name) => {
    const back = await readBack(name, lines, optionsFor(format, { geometryKind: 'line' }));
    expect(back.features.map(shapeOf)).toEqual(lines.map(({ geometry }) => plainShape(geometry)));
  });

  it.each([
    ['shapefile', 'EPSG:4526', 'zone-38.shp'],
    ['shapefile', 'EPSG:4547', 'cm-114.shp'],
    ['geopackage', 'EPSG:4525', 'zone-37.gpkg'],
  ] as const)(
    'as %s in %s is known to be in it, and lies where it did within 1e-9 degrees',
    async (format, crs, name) => {
      const back = await readBack(name, polygons, optionsFor(format, { crs }));
      expect(back.crs.crs).toBe(crs);
      const unproject = toLonLat(crs);
      let furthest = 0;
      back.features.forEach((feature, i) => {
        const wanted = plainShape(polygons[i].geometry)?.flat(2) ?? [];
        const got = shapeOf(feature)?.flat(2) ?? [];
        expect(got.length).toBe(wanted.length);
        for (let k = 0; k < got.length; k += 2) {
          const [lon, lat] = unproject(got[k], got[k + 1]);
          furthest = Math.max(furthest, Math.abs(lon - wanted[k]), Math.abs(lat - wanted[k + 1]));
        }
      });
      expect(furthest).toBeLessThan(1e-9);
    },
  );

  it.each([
    ['shapefile', 'odd.shp', '2025-06-18T10:30:00Z'],
    // The standard has thousandths of seconds.
    ['geopackage', 'odd.gpkg', '2025-06-18T10:30:00.000Z'],
  ] as const)('as %s keeps numbers, codes and times that are hard to keep', async (format, name, time) => {
    const fields = [
      { name: '监测时间', type: 'datetime', width: null, decimals: null },
      { name: 'code', type: 'integer', width: 17, decimals: 0 },
      { name: 'value', type: 'number', width: null, decimals: null },
    ] as const;
    const values = [0.1 + 0.2, 1e-7, 123456789012.25, -1 / 3, 5e-324, 1.5e300, 0];
    const features = values.map((value, i) => ({
      id: String(i),
      properties: { 监测时间: '2025-06-18T10:30:00Z', code: '12345678901234567', value },
      geometry: polygons[0].geometry,
    }));
    const back = await readBack(name, features, optionsFor(format, { fields }));
    const wanted = features.map(({ properties }) => ({ ...properties, 监测时间: time }));
    expect(back.features.map(({ properties }) => properties)).toEqual(wanted);
    expect(back.fields.map(({ name, type }) => [name, type])).toEqual(fields.map(({ name, type }) => [name, type]));
  });
});
