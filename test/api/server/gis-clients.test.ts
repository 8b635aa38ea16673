import { execFile, execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningServer, startServer } from '../../../api/server/start.ts';
import { mintKey } from '../../../services/access/keys.ts';
import { openCase } from '../../../services/lifecycle/case-opening.ts';
import { openStore, type Store } from '../../../services/store/open.ts';
import { gdalMissing, temporaryFolder } from '../../support/gdal.ts';
import { plantPatch, plantZone } from '../../support/patches.ts';
import { silent } from './service.ts';

const execute = promisify(execFile);
const python = '/usr/bin/python3';
const owslibMissing = (() => {
  try {
    execFileSync(python, ['-c', 'import owslib'], { stdio: 'ignore' });
    return false;
  } catch {
    console.warn('OWSLib is not installed (apt-get install python3-owslib): its test is skipped.');
    return true;
  }
})();

const count = 250;
/** Square degrees of the triangle that each patch is given; its legs grow. */
const leg = (i: number) => 0.0005 + i * 0.00001;
const wholeArea = Array.from({ length: count }, (_, i) => leg(i) ** 2 / 2).reduce((sum, area) => sum + area);

describe('Programs that read OGC API - Features', () => {
  const folder = temporaryFolder();
  let store: Store;
  let server: RunningServer;
  let key: string;
  beforeAll(async () => {
    store = await openStore({ sqlite: ':memory:' });
    for (let i = 0; i < count; i++) {
      const [lon, lat] = [112.5 + (i % 25) * 0.01, 26.8 + Math.floor(i / 25) * 0.01];
      const ring = [
        [lon, lat],
        [lon + leg(i), lat],
        [lon, lat + leg(i)],
        [lon, lat],
      ];
      const geometryJson = JSON.stringify({ type: 'Polygon', coordinates: [ring] });
      await plantPatch(store, { lon, lat, areaM2: 400 + i, geometryJson });
    }
    await plantZone(store, 'districts', '430421', '衡阳县');
    await openCase(store, {
      title: '案',
      district: '430421',
      patchIds: ['patch-4304212025060001'],
      actor: 'desk',
      at: new Date(),
    });
    server = await startServer({ store, configuration: { host: '127.0.0.1', port: 0 }, log: silent });
    const grant = { name: 'gis', role: 'viewer', district: '', expiresAt: null } as const;
    ({ key } = await mintKey(store, grant, new Date()));
  });
  afterAll(async () => {
    await server.close();
    await store.close();
    folder.remove();
  });

  it.skipIf(gdalMissing)('GDAL takes all patches into a GeoPackage: same count, same area', async () => {
    const target = folder.path('patches.gpkg');
    const headers = ['--config', 'GDAL_HTTP_HEADERS', `Authorization: Bearer ${key}`];
    const paged = ['-oo', 'PAGE_SIZE=100', '-nln', 'patches'];
    await execute('ogr2ogr', [...headers, ...paged, '-f', 'GPKG', target, `OAPIF:${server.url}`, 'patches']);
    const sql = 'select count(*) as n, sum(st_area(geom)) as area, sum(areaM2) as m2 from patches';
    const { stdout } = await execute('ogrinfo', ['-q', '-dialect', 'sqlite', '-sql', sql, target]);
    const figure = (name: string) => Number(new RegExp(`${name} \\(\\w+\\) = (\\S+)`).exec(stdout)?.[1]);
    expect(figure('n')).toBe(count);
    expect(figure('m2')).toBe(count * 400 + (count * (count - 1)) / 2);
    expect(Math.abs(figure('area') / wholeArea - 1)).toBeLessThan(1e-9);
  });

  it.skipIf(gdalMissing).each([
    [4326, true],
    [4490, true],
    [3857, false],
    [4526, true],
  ])('gives EPSG:%i as PROJ makes it, to a millimetre, in the order of its axes', async (code, northFirst) => {
    const ask = async (crs: string) => {
      const headers = { Authorization: `Bearer ${key}` };
      const response = await fetch(`${server.url}/collections/patches/items?limit=20${crs}`, { headers });
      expect(response.status).toBe(200);
      return (await response.json()) as { features: { geometry: { coordinates: [number, number][][] } }[] };
    };
    const ours = await ask(`&crs=http://www.opengis.net/def/crs/EPSG/0/${code}`);
    const source = folder.path(`patches-${code}.geojson`);
    writeFileSync(source, JSON.stringify(await ask('')));
    const options = [
      '-f',
      'GeoJSON',
      '-t_srs',
      `EPSG:${code}`,
      '-lco',
      'RFC7946=NO',
      '-lco',
      'COORDINATE_PRECISION=12',
    ];
    const target = folder.path(`moved-${code}.geojson`);
    await execute('ogr2ogr', [...options, target, source]);
    const theirs = JSON.parse(readFileSync(target, 'utf8')) as typeof ours;
    const positions = ({ features }: typeof ours) => features.flatMap(({ geometry }) => geometry.coordinates.flat());
    const pairs = positions(theirs).map(([x, y]) => (northFirst ? [y, x] : [x, y]));
    expect(pairs.length).toBe(80);
    const millimetre = code === 4326 || code === 4490 ? 1e-8 : 1e-3;
    for (const [i, [a, b]] of positions(ours).entries()) {
      expect([Math.abs(a - pairs[i][0]) < millimetre, Math.abs(b - pairs[i][1]) < millimetre]).toEqual([true, true]);
    }
  });

  it.skipIf(gdalMissing)('GDAL reads each collection, as many features as it says it has', async () => {
    const headers = { Authorization: `Bearer ${key}` };
    const { collections } = (await (await fetch(`${server.url}/collections`, { headers })).json()) as {
      collections: { id: string }[];
    };
    expect(collections.map(({ id }) => id)).toEqual(
      expect.arrayContaining(['patches', 'cases', 'coverage', 'districts']),
    );
    for (const { id } of collections) {
      const page = await fetch(`${server.url}/collections/${id}/items?limit=1`, { headers });
      const { numberMatched } = (await page.json()) as { numberMatched: number };
      const config = ['--config', 'GDAL_HTTP_HEADERS', `Authorization: Bearer ${key}`];
      const { stdout } = await execute('ogrinfo', [...config, '-ro', '-so', `OAPIF:${server.url}`, id]);
      expect([id, Number(/Feature Count: (\d+)/.exec(stdout)?.[1])]).toEqual([id, numberMatched]);
    }
  });

  it.skipIf(owslibMissing)('OWSLib reads collections, queryables and a filtered page', async () => {
    const script = `
import json, sys
from owslib.ogcapi.features import Features
client = Features(sys.argv[1], headers={'Authorization': 'Bearer ' + sys.argv[2]})
found = client.collection_items('patches', limit=1000, filter='areaM2 >= 640')
print(json.dumps([client.feature_collections(), sorted(client.collection_queryables('patches')['properties'])[:2],
                  len(found['features'])]))`;
    const { stdout } = await execute(python, ['-c', script, server.url, key]);
    expect(JSON.parse(stdout)).toEqual([['patches', 'cases', 'coverage', 'districts'], ['afterDate', 'areaM2'], 10]);
  });
});
