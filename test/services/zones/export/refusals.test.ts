import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { formatOf } from '../../../../services/zones/export/export-format.ts';
import type { ExportFeature, WriterOptions } from '../../../../services/zones/export/layer-writer.ts';
import { openWriter } from '../../../../services/zones/export/open-writer.ts';
import { writeFeatures } from '../../../../services/zones/export/write-features.ts';
import type { FieldValue, LayerField } from '../../../../services/zones/layer-files/layer-file.ts';
import { temporaryFolder } from '../../../support/gdal.ts';
import { optionsFor, seededFeatures } from './seeded-layers.ts';

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

const FORMATS = [
  ['shapefile', 'a.shp'],
  ['geopackage', 'a.gpkg'],
  ['geojson', 'a.geojson'],
  ['geojsonseq', 'a.geojsonl'],
  ['csv', 'a.csv'],
] as const;

function field(type: LayerField['type']): LayerField {
  return { name: '名称', type, width: null, decimals: null };
}

/** What a shapefile says of one value. */
function complaint(value: FieldValue, type: LayerField['type'], encoding: 'utf-8' | 'gbk' = 'utf-8'): string {
  const writer = openWriter(folder.path('a.shp'), optionsFor('shapefile', { fields: [field(type)], encoding }));
  try {
    writer.write({ id: 'p-7', properties: { 名称: value }, geometry: null });
    return 'nothing';
  } catch (error) {
    return (error as Error).message.replace(folder.path('a.shp'), 'a.shp');
  } finally {
    writer.abandon();
  }
}

describe('what a shapefile cannot hold', () => {
  it.each([
    [
      'a text too long',
      'a'.repeat(255),
      'text',
      'utf-8',
      'a text of 255 characters; a shapefile holds 254 bytes: wanted a GeoPackage (.gpkg)',
    ],
    [
      'a Chinese text too long in UTF-8',
      '田'.repeat(85),
      'text',
      'utf-8',
      'a text of 255 bytes in UTF-8; a shapefile holds 254 bytes: wanted a GeoPackage (.gpkg)',
    ],
    ['a character GBK lacks', '吉𠮷', 'text', 'gbk', 'the character 𠮷, which GBK lacks; wanted --encoding utf-8'],
    [
      'no day',
      '2024/2/3',
      'date',
      'utf-8',
      'the value "2024/2/3"; wanted a day as YYYY-MM-DD, or a GeoPackage (.gpkg)',
    ],
    ['no number', '约三亩', 'number', 'utf-8', 'the value "约三亩"; wanted a number, or a GeoPackage (.gpkg)'],
    [
      'a number of too many digits',
      '1'.repeat(33),
      'integer',
      'utf-8',
      `the value "${'1'.repeat(33)}"; wanted a number, or a GeoPackage (.gpkg)`,
    ],
    ['no yes or no', '是', 'boolean', 'utf-8', 'the value "是"; wanted true or false, or a GeoPackage (.gpkg)'],
  ] as const)('%s is refused with feature, field and remedy', (_, value, type, encoding, problem) => {
    expect(complaint(value, type, encoding)).toBe(`a.shp: the feature p-7 has, in the field 名称, ${problem}.`);
  });

  it.each([
    ['田'.repeat(84), 'text', 'utf-8'],
    ['田'.repeat(127), 'text', 'gbk'],
    ['12345678901234567', 'integer', 'utf-8'],
  ] as const)('%s as %s in %s is held', (value, type, encoding) => {
    expect(complaint(value, type, encoding)).toBe('nothing');
  });

  it('lines among polygons are refused', () => {
    const writer = openWriter(folder.path('a.shp'), optionsFor('shapefile', { geometryKind: 'either' }));
    writer.write(seededFeatures('polygon')[0]);
    expect(() => writer.write(seededFeatures('line')[1])).toThrow(
      /the feature parcel-1 is a line, the others are polygons; a shapefile holds one kind: wanted a GeoPackage/,
    );
    writer.abandon();
  });

  it('more than 2 GB of attributes is refused as soon as it is clear', () => {
    const wide = Array.from(
      { length: 255 },
      (_, i) => ({ name: `F${i}`, type: 'text', width: 254, decimals: null }) as const,
    );
    const writer = openWriter(folder.path('a.shp'), optionsFor('shapefile', { fields: wide }));
    const most = Math.floor((2 ** 31 - 1) / (255 * 254 + 1));
    expect(() => {
      for (let i = 0; i < most + 5000; i++) writer.write({ id: String(i), properties: {}, geometry: null });
    }).toThrow(/a\.shp: the export has more than 2 GB of attributes: wanted a GeoPackage \(\.gpkg\)\.$/);
    writer.abandon();
    expect(readdirSync(folder.path('.'))).toEqual([]);
  });

  it('more than 255 columns are refused', () => {
    const many = Array.from({ length: 256 }, (_, i) => ({ ...field('text'), name: `F${i}` }));
    expect(() => openWriter(folder.path('a.shp'), optionsFor('shapefile', { fields: many }))).toThrow(
      /has 256 columns; a shapefile has at most 255: wanted a GeoPackage/,
    );
  });
});

describe('an export', () => {
  const source = (features: readonly ExportFeature[], failAt = Infinity) => ({
    ...(({ fields, geometryKind, layerName }: WriterOptions) => ({ fields, geometryKind, layerName }))(
      optionsFor('csv'),
    ),
    total: features.length,
    features: (async function* () {
      for (const [i, feature] of features.entries()) {
        if (i === failAt) throw new Error('the store went away');
        yield feature;
      }
    })(),
  });

  it.each(FORMATS)(
    'as %s that fails on the way leaves nothing, and what was there before as it was',
    async (_, name) => {
      const path = folder.path(name);
      writeFileSync(path, 'before');
      const failing = writeFeatures(source(seededFeatures('polygon'), 30), { path, overwrite: true });
      await expect(failing).rejects.toThrow('the store went away');
      expect(readdirSync(folder.path('.'))).toEqual([name]);
      expect(readFileSync(path, 'utf8')).toBe('before');
    },
  );

  it.each(FORMATS)('as %s does not replace a file unasked', async (_, name) => {
    const path = folder.path(name);
    writeFileSync(path, 'before');
    const refused = writeFeatures(source([]), { path });
    await expect(refused).rejects.toThrow(`${path}: is there already; wanted a new name, or --force to replace it.`);
    expect(readFileSync(path, 'utf8')).toBe('before');
  });

  it('leaves nothing behind where a GeoPackage cannot even be begun', () => {
    const fields = Array.from({ length: 3000 }, (_, i) => ({ ...field('text'), name: `f${i}` }));
    const open = () => openWriter(folder.path('a.gpkg'), optionsFor('geopackage', { fields }));
    expect(open).toThrow(/a\.gpkg: cannot be written: too many columns/);
    expect(readdirSync(folder.path(''))).toEqual([]);
  });

  it('takes away what belonged to the shapefile it replaces', async () => {
    for (const part of ['.shp', '.fields.csv', '.sbn', '.qix']) writeFileSync(folder.path(`a${part}`), 'before');
    const plain = { ...source(seededFeatures('polygon')), fields: [{ ...field('text'), name: 'BSM' }] };
    const { files } = await writeFeatures(plain, { path: folder.path('a.shp'), overwrite: true });
    expect(readdirSync(folder.path('.')).sort()).toEqual(['a.cpg', 'a.dbf', 'a.prj', 'a.shp', 'a.shx']);
    expect(files[0]).toBe(folder.path('a.shp'));
  });

  it('does not take another file of the shapefile’s name for granted', async () => {
    writeFileSync(folder.path('a.dbf'), 'somebody’s');
    await expect(writeFeatures(source([]), { path: folder.path('a.shp') })).rejects.toThrow(/a\.dbf: is there already/);
    expect(existsSync(folder.path('a.shp'))).toBe(false);
  });

  it('tells how far it is, up to the end', async () => {
    const steps: [number, number][] = [];
    const features = Array.from({ length: 1200 }, (_, i) => ({ id: String(i), properties: {}, geometry: null }));
    const onProgress = (done: number, total: number) => steps.push([done, total]);
    await writeFeatures(source(features), { path: folder.path('a.csv'), onProgress });
    expect(steps).toEqual([
      [500, 1200],
      [1000, 1200],
      [1200, 1200],
    ]);
  });

  it('of GeoJSON is longitude and latitude, or refused with the remedy', async () => {
    const refused = writeFeatures(source([]), { path: folder.path('a.geojson'), crs: 'EPSG:4526' });
    await expect(refused).rejects.toThrow(
      /GeoJSON is longitude and latitude \(RFC 7946\), not EPSG:4526; wanted --crs/,
    );
  });

  it.each([
    [
      'a.txt',
      undefined,
      'wanted a name ending in .shp, .gpkg, .geojson, .json, .geojsonl, .geojsons, .ndjson, .csv, or --format; got .txt.',
    ],
    ['a', undefined, 'got a name without one.'],
    ['a.gpkg', 'shapefile', 'a shapefile has a name ending in .shp.'],
  ] as const)('to %s as %s is refused', (name, format, problem) => {
    expect(() => formatOf(name, format)).toThrow(problem);
  });

  it('to a name of no format is of the format that was asked for', () => {
    expect([formatOf('a.txt', 'csv'), formatOf('A.SHP'), formatOf('a.json')]).toEqual(['csv', 'shapefile', 'geojson']);
  });
});
