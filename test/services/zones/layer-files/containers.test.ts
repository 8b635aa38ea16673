import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openLayer } from '../../../../services/zones/layer-files/open-layer.ts';
import { gdalMissing, temporaryFolder } from '../../../support/gdal.ts';
import { ogr2ogr } from './ogr-truth.ts';
import { parcels, readLayer, refusal, writeSequence } from './sample-layer.ts';
import { dbfOf, polygonOf, square, writeShapefile } from './shapefile-bytes.ts';
import { type ZipPart, zipOf } from './stored-zip.ts';

const folder = temporaryFolder();
afterAll(folder.remove);
const source = folder.path('parcels.geojsonl');
beforeAll(() => void writeSequence(source, parcels(60, 9)));

const GBK_NAME = Buffer.from([0xba, 0xe2, 0xd1, 0xf4]); // 衡阳
const endings = ['shp', 'dbf', 'shx', 'prj'];

function partsOf(stem: string, name: (ending: string) => string | Buffer): ZipPart[] {
  return endings.map((ending) => ({ name: name(ending), bytes: readFileSync(`${stem}.${ending}`) }));
}

function written(name: string, parts: readonly ZipPart[]): string {
  writeFileSync(folder.path(name), zipOf(parts));
  return folder.path(name);
}

const inTemporary = () => readdirSync(tmpdir()).filter((name) => name.startsWith('tuban-layer-')).length;
const plain = () => folder.path('plain').concat('');

describe('a zip', () => {
  beforeAll(() => void writeShapefile(folder.path('plain.shp'), {}));

  it.skipIf(gdalMissing)('is read as what is in it, and leaves nothing behind', async () => {
    const shp = ogr2ogr(folder.path('in.shp'), source, '-lco', 'ENCODING=GBK', '-t_srs', 'EPSG:4526');
    const gpkg = ogr2ogr(folder.path('in.gpkg'), source);
    const before = inTemporary();
    for (const [path, parts] of [
      [shp, partsOf(folder.path('in'), (ending) => `县/in.${ending.toUpperCase()}`)],
      [shp, partsOf(folder.path('in'), (ending) => Buffer.concat([GBK_NAME, Buffer.from(`.${ending}`)]))],
      [
        gpkg,
        [
          { name: 'read me.txt', bytes: Buffer.from('x') },
          { name: 'x/in.gpkg', bytes: readFileSync(gpkg) },
        ],
      ],
      [
        source,
        [
          { name: 'in.geojsonl', bytes: readFileSync(source) },
          { name: '__MACOSX/._in.geojsonl', bytes: Buffer.from('x') },
        ],
      ],
    ] as const) {
      const [zipped, loose] = [await readLayer(written('in.zip', parts)), await readLayer(path)];
      expect(zipped.features).toEqual(loose.features);
      expect(zipped.fields).toEqual(loose.fields);
      expect(zipped.files.map((file) => file.path)).toEqual([folder.path('in.zip')]);
    }
    expect(inTemporary()).toBe(before);
  });

  it('of several layers is read where one is chosen', async () => {
    const parts = [...partsOf(plain(), (ending) => `a.${ending}`), ...partsOf(plain(), (ending) => `b/b.${ending}`)];
    const path = written('two.zip', parts);
    expect(await refusal(path)).toMatch(
      /zip of 2 layer files \(a\.shp, b\.shp\): choose one with --source-layer, or unpack it/,
    );
    expect((await readLayer(path, { sourceLayer: 'b' })).features).toHaveLength(1);
    expect(await refusal(path, { sourceLayer: 'c' })).toMatch(/0 layer files named "c"; wanted one of a\.shp, b\.shp/);
  });

  it.each<[what: string, parts: () => ZipPart[], line: RegExp]>([
    ['nothing of a layer in it', () => [{ name: 'a.txt', bytes: Buffer.from('x') }], /zip with no layer file in it/],
    [
      'a password',
      () => [{ name: 'a.geojson', bytes: Buffer.from('{}'), flags: 1 }],
      /password \("a\.geojson" is encrypted\)/,
    ],
    [
      'a name that leads up',
      () => [{ name: '../a.geojson', bytes: Buffer.from('{}') }],
      /"\.\.\/a\.geojson", which leads out of it/,
    ],
    ['a name that leads to the root', () => [{ name: '/a.geojson', bytes: Buffer.from('{}') }], /leads out of it/],
    ['a name that leads to a drive', () => [{ name: 'C:\\a.geojson', bytes: Buffer.from('{}') }], /leads out of it/],
    [
      'a name that leads up with backslashes',
      () => [{ name: '..\\..\\a.geojson', bytes: Buffer.from('{}') }],
      /leads out of it/,
    ],
    ['a link', () => [{ name: 'a.geojson', bytes: Buffer.from('target'), mode: 0o120777 }], /link/],
    [
      'more than 8 GB',
      () => [0, 1, 2].map((i) => ({ name: `${i}.dbf`, bytes: Buffer.alloc(10), statedBytes: 3_900_000_000 })),
      /unpacks to 10\.9 GB; wanted at most 8/,
    ],
    [
      'a file of nothing but zeros',
      () => [{ name: 'a.dbf', bytes: Buffer.alloc(300 * 1024 * 1024) }],
      /\d{3,4} times its size/,
    ],
    [
      'less than it says',
      () => [{ name: 'a.geojson', bytes: Buffer.from('{}'), statedBytes: 1 }],
      /cannot be unpacked/,
    ],
    [
      'the same name twice',
      () => [1, 2].map(() => ({ name: 'a.geojson', bytes: Buffer.from('{}') })),
      /cannot be unpacked/,
    ],
  ])('with %s is refused, and leaves nothing behind', async (_, parts, line) => {
    const before = inTemporary();
    const found = await refusal(written('bad.zip', parts()));
    expect(found).toMatch(line);
    expect(found).not.toContain('\n');
    expect([inTemporary(), existsSync(folder.path('../a.geojson'))]).toEqual([before, false]);
  });

  it('that is cut off is refused', async () => {
    const bytes = zipOf(partsOf(plain(), (ending) => `a.${ending}`));
    writeFileSync(folder.path('cut.zip'), bytes.subarray(0, bytes.length - 40));
    expect(await refusal(folder.path('cut.zip'))).toMatch(/is a zip that cannot be unpacked/);
  });
});

describe('a folder', () => {
  const into = (name: string) => {
    mkdirSync(folder.path(name), { recursive: true });
    return (file: string) => folder.path(`${name}/${file}`);
  };
  const countyOf = (path: string, columns: string[], x: number, prj?: string) =>
    writeShapefile(path, {
      shapes: [polygonOf(square(x, prj ? 2_980_000 : 26.9, 0.01))],
      dbf: dbfOf(
        columns.map((name) => ({ name, type: name === 'MJ' ? 'N' : 'C', width: 8 })),
        [columns.map((_, i) => String(i))],
      ),
      ...(prj !== undefined && { prj }),
    });

  it('of shapefiles is one layer, in order of names, fields united by name', async () => {
    const at = into('counties');
    countyOf(at('b.shp'), ['DLBM', 'MJ'], 112.6);
    countyOf(at('a.shp'), ['MJ', 'QSX'], 112.5);
    countyOf(at('c.shp'), ['DLBM'], 112.7);
    writeFileSync(at('notes.txt'), 'x');
    const layer = await readLayer(folder.path('counties'));
    expect(layer.features.map(({ index, properties }) => [index, properties])).toEqual([
      [0, { MJ: 0, QSX: '1' }],
      [1, { DLBM: '0', MJ: 1 }],
      [2, { DLBM: '0' }],
    ]);
    expect(layer.fields.map(({ name, type }) => `${name} ${type}`)).toEqual(['MJ integer', 'QSX text', 'DLBM text']);
    expect([layer.count, layer.files.length]).toEqual([3, 3]);
    expect((await readLayer(folder.path('counties'), { sourceLayer: 'b' })).features).toHaveLength(1);
  });

  it('holds a field as text in all files where it is text in one', async () => {
    const at = into('types');
    countyOf(at('a.shp'), ['MJ'], 112.5);
    writeShapefile(at('b.shp'), { dbf: dbfOf([{ name: 'MJ', type: 'C', width: 8 }], [['12 mu']]) });
    const layer = await readLayer(folder.path('types'));
    expect(layer.features.map(({ properties }) => properties['MJ'])).toEqual(['0', '12 mu']);
  });

  it('whose files lie in different zones is taken to lon/lat while it is read', async () => {
    const at = into('zones');
    const wkt = (zone: number) =>
      `PROJCS["CGCS2000_3_Degree_GK_Zone_${zone}",GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",DATUM["D_China_2000",SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",${zone}500000.0],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",${3 * zone}.0],PARAMETER["Scale_Factor",1.0],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]`;
    countyOf(at('a.shp'), ['DLBM'], 37_500_000, wkt(37));
    countyOf(at('b.shp'), ['DLBM'], 38_500_000, wkt(38));
    const layer = await readLayer(folder.path('zones'));
    expect(layer.crs).toEqual({
      crs: 'EPSG:4490',
      because: 'EPSG:4490, to which its files are taken from EPSG:4525, EPSG:4526',
    });
    expect(layer.features.map(({ geometry }) => Math.round(geometry!.parts[0][0][0] * 1e6) / 1e6)).toEqual([111, 114]);
  });

  it('of several formats, of none, or of a geodatabase is refused', async () => {
    const at = into('mixed');
    countyOf(at('a.shp'), ['DLBM'], 112.5);
    copyFileSync(source, at('b.geojsonl'));
    expect(await refusal(folder.path('mixed'))).toMatch(
      /several formats \(shapefile, json; a\.shp, b\.geojsonl\): choose one file/,
    );
    into('empty')('x');
    expect(await refusal(folder.path('empty'))).toMatch(/no layer file in it/);
    into('a.gdb')('x');
    expect(await refusal(folder.path('a.gdb'))).toMatch(/File Geodatabase.*export it as a GeoPackage/);
  });
});

describe('what is no layer is refused by what it is', () => {
  it.each<[string, Buffer | string, RegExp]>([
    ['empty.shp', '', /is empty \(0 bytes\)/],
    ['a.rar', 'Rar!\u001a', /a RAR archive: unpack it/],
    ['a.kml', '<?xml version="1.0"?>', /XML \(KML or GML\?\)/],
    ['a.csv', 'id,name\n1,x', /text that begins with "id,name/],
    ['a.bin', Buffer.from([1, 2, 3, 4]), /bytes 01020304/],
    ['a.dwg', 'AC1032', /DWG/],
    ['a.gpkg', 'SQLite format 3\u0000 but no more', /GeoPackage that cannot be read/],
    ['a.fgb', Buffer.from('6667620366676200', 'hex'), /cut off in its header/],
    ['b.fgb', Buffer.from('666762026667620010000000', 'hex'), /version 2; wanted version 3/],
    ['c.fgb', Buffer.concat([Buffer.from('666762036667620010000000', 'hex'), Buffer.alloc(16, 0xff)]), /broken header/],
  ])('%s', async (name, bytes, line) => {
    writeFileSync(folder.path(name), bytes);
    expect(await refusal(folder.path(name))).toMatch(line);
  });

  it('missing', async () => {
    expect(await refusal(folder.path('nowhere.shp'))).toMatch(/is missing; wanted a shapefile/);
  });

  it.skipIf(gdalMissing)('a GeoPackage of several tables, unless one is chosen', async () => {
    const path = ogr2ogr(folder.path('tables.gpkg'), source, '-nln', 'one');
    ogr2ogr(path, source, '-nln', 'two "2"', '-update');
    expect(await refusal(path)).toMatch(/2 feature tables: choose one with --source-layer: one, two "2"/);
    expect((await readLayer(path, { sourceLayer: 'two "2"' })).count).toBe(60);
    expect(await refusal(path, { sourceLayer: 'three' })).toMatch(
      /without the feature table "three"; wanted one of one, two "2"/,
    );
    writeFileSync(folder.path('t.zip'), zipOf([{ name: 'tables.gpkg', bytes: readFileSync(path) }]));
    expect((await readLayer(folder.path('t.zip'), { sourceLayer: 'one' })).count).toBe(60);
  });

  it.skipIf(gdalMissing)('a FlatGeobuf that is cut off', async () => {
    const bytes = readFileSync(ogr2ogr(folder.path('whole.fgb'), source));
    for (const length of [bytes.length - 1, bytes.length - 5000, bytes.length - 9000]) {
      writeFileSync(folder.path('cut.fgb'), bytes.subarray(0, length));
      expect(await refusal(folder.path('cut.fgb'))).toMatch(/is cut off/);
    }
  });
});

it('a layer that is closed can be opened again', async () => {
  for (let i = 0; i < 3; i++) await (await openLayer(source, { districtsBox: null })).close();
  expect((await readLayer(source)).count).toBe(60);
});
