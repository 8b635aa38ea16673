import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStore } from '../../../services/store/open.ts';
import { openWriter } from '../../../services/zones/export/open-writer.ts';
import { optionsFor, seededFeatures } from '../../services/zones/export/seeded-layers.ts';
import { tuban, tubanJson } from '../../support/command-line.ts';
import { temporaryFolder } from '../../support/gdal.ts';
import { plantPatch } from '../../support/patches.ts';

const folder = temporaryFolder();
const home = folder.path('home');
const parcels = seededFeatures('polygon').filter(({ geometry }) => geometry !== null);

interface Content {
  properties: Record<string, unknown>;
  geometry: unknown;
}

/** The features of a GeoJSON file by their number. */
function contentOf(path: string): Map<unknown, Content> {
  const { features } = JSON.parse(readFileSync(path, 'utf8')) as { features: Content[] };
  return new Map(features.map(({ properties, geometry }) => [properties['BSM'], { properties, geometry }]));
}

beforeAll(async () => {
  mkdirSync(home);
  const store = await openStore({ sqlite: `${home}/tuban.db` });
  await plantPatch(store, { areaM2: 1000.006, type: 'built' });
  await plantPatch(store, { areaM2: 500, district: '430422' });
  await store.close();
  const writer = openWriter(folder.path('parcels.gpkg'), optionsFor('geopackage'));
  for (const feature of parcels) writer.write(feature);
  writer.finish();
  const file = folder.path('parcels.gpkg');
  await tubanJson('zones', 'import', file, '--layer', 'land-use', '--valid-from', '2025-01-01', '--home', home);
});
afterAll(() => folder.remove());

describe('tuban zones export', () => {
  it('to a shapefile in GBK and imported again has the content it had', async () => {
    const [first, out, second] = ['first.geojson', 'out.shp', 'second.geojson'].map((file) => folder.path(file));
    await tubanJson('zones', 'export', 'land-use', first, '--home', home);
    await tubanJson('zones', 'export', 'land-use', out, '--home', home, '--encoding', 'gbk');
    const other = folder.path('other-home');
    await tubanJson('zones', 'import', out, '--layer', 'land-use', '--valid-from', '2025-01-01', '--home', other);
    await tubanJson('zones', 'export', 'land-use', second, '--home', other);
    const wanted = contentOf(first);
    expect(wanted.size).toBe(parcels.length);
    for (const { properties } of wanted.values()) {
      // A .dbf cannot tell an empty text from none.
      for (const [field, value] of Object.entries(properties)) if (value === '') properties[field] = null;
    }
    expect(contentOf(second)).toEqual(wanted);
  });

  it('says what it wrote and what the format could not hold as it was', async () => {
    const { stdout, exitCode } = await tuban([
      ...['zones', 'export', 'land-use', folder.path('said.shp'), '--home', home, '--crs', '4526'],
    ]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain(
      `图层 land-use zones: ${parcels.length} → ${folder.path('said.shp')} (shapefile, EPSG:4526)`,
    );
    expect(stdout).toContain('注意 note: names of more than 10 bytes or alike are shortened: 图斑所在行政村名称');
  });

  it.each([
    [['land-use', 'no-such-folder/a.shp'], 'wanted a folder that exists'],
    [['red-line', 'a.shp'], 'There is no layer red-line; there are: land-use.'],
    [['land-use', 'there.csv'], 'there.csv: is there already; wanted a new name, or --force to replace it.'],
  ])('%j is refused in one line and leaves nothing', async ([layer, name, ...more], problem) => {
    writeFileSync(folder.path('there.csv'), 'before');
    const before = readdirSync(folder.path('.'));
    const { exitCode, stderr } = await tuban(['zones', 'export', layer, folder.path(name), '--home', home, ...more]);
    expect(exitCode).toBe(2);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(stderr).toContain(problem);
    expect(readdirSync(folder.path('.'))).toEqual(before);
  });
});

describe('tuban patches export', () => {
  it('writes the patches that list shows for the same filter', async () => {
    for (const filter of [[], ['--min-area', '600', '--month', '2025-06']]) {
      const out = folder.path('patches.geojson');
      const listed = await tubanJson('patches', 'list', '--home', home, ...filter);
      const exported = await tubanJson('patches', 'export', out, '--home', home, '--force', ...filter);
      expect([exported.features, exported.total]).toEqual([listed.total, listed.total]);
      const { features } = JSON.parse(readFileSync(out, 'utf8'));
      expect(
        features.map(({ properties }: { properties: { JCBH: string; MJ: number } }) => [
          properties.JCBH,
          properties.MJ,
        ]),
      ).toEqual(
        listed.patches.map(({ number, areaM2 }: { number: string; areaM2: number }) => [
          number,
          Number(areaM2.toFixed(2)),
        ]),
      );
    }
  });

  it('says number and area in both units', async () => {
    const out = folder.path('said.csv');
    const { stdout } = await tuban(['patches', 'export', out, '--home', home, '--wkt', '--bom', '--all-fields']);
    expect(stdout).toBe(`图斑 patches (1500 m², 2.25 亩): 2 → ${out} (csv, EPSG:4490)\n`);
    const [head, row] = readFileSync(out, 'utf8').split('\r\n');
    expect(head).toMatch(/^\ufeffWKT,XZQDM,XMC,JCBH,TBLX,TZ,QSX,HSX,DLBM,DLMC,SFYN,SFHX,MJ,BZ,MJM,id,month,state,due/);
    expect(row).toContain(
      ',430421,430421,4304212025060001,20,建(构)筑物，把握 0.90，可见 100 %,2025-05-20,2025-06-18,',
    );
  });
});
