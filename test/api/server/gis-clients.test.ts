import { execFile, execFileSync } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningServer, startServer } from '../../../api/server/start.ts';
import { mintKey } from '../../../services/access/keys.ts';
import { openStore, type Store } from '../../../services/store/open.ts';
import { gdalMissing, temporaryFolder } from '../../support/gdal.ts';
import { plantPatch } from '../../support/patches.ts';
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

  it.skipIf(owslibMissing)('OWSLib reads collections, queryables and a filtered page', async () => {
    const script = `
import json, sys
from owslib.ogcapi.features import Features
client = Features(sys.argv[1], headers={'Authorization': 'Bearer ' + sys.argv[2]})
found = client.collection_items('patches', limit=1000, filter='areaM2 >= 640')
print(json.dumps([client.feature_collections(), sorted(client.collection_queryables('patches')['properties'])[:2],
                  len(found['features'])]))`;
    const { stdout } = await execute(python, ['-c', script, server.url, key]);
    expect(JSON.parse(stdout)).toEqual([['patches', 'cases', 'coverage'], ['afterDate', 'areaM2'], 10]);
  });
});
