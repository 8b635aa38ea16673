import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { writeTiff } from '../../../imagery/tiff/writer.ts';
import { item } from '../../services/stac/items.ts';
import { tuban, tubanJson } from '../../support/command-line.ts';
import { temporaryFolder } from '../../support/gdal.ts';
import { PlantedGround } from '../../support/planted-ground.ts';
import { RangeServer } from '../../support/range-server.ts';

const grid = {
  ...{ width: 320, height: 300, crs: 'EPSG:32649' },
  ...{ originX: 600_000, originY: 2_980_000, pixelWidth: 10, pixelHeight: -10 },
};
const site = { x: 601_500, y: 2_978_200, width: 300, height: 250 };
const district = {
  type: 'Feature',
  properties: { XZQDM: '430421' },
  geometry: {
    type: 'Polygon',
    coordinates: [
      [
        [111.9, 26.8],
        [112.2, 26.8],
        [112.2, 27],
        [111.9, 27],
        [111.9, 26.8],
      ],
    ],
  },
};

let server: RangeServer;
let folder: ReturnType<typeof temporaryFolder>;

/** Two dates on a server, one file per band, with a site built in between; returns the catalogue's address. */
async function serveCatalogue(): Promise<string> {
  const ground = new PlantedGround('EPSG:32649', 7, 10);
  const links = [];
  for (const [day, built] of [
    ['2025-05-20', []],
    ['2025-06-18', [site]],
  ] as const) {
    const assets: Record<string, object> = {};
    for (const [i, band] of ground.bands(grid, { seed: links.length + 1, built }).entries()) {
      const name = ['blue', 'green', 'red', 'nir'][i];
      await writeTiff(folder.path('band.tif'), grid, [band], { nodata: 0 });
      server.put(`/${day}/${name}.tif`, readFileSync(folder.path('band.tif')));
      assets[name] = { href: `${name}.tif`, type: 'image/tiff', 'eo:bands': [{ name, common_name: name }] };
    }
    const properties = { datetime: `${day}T03:00:00Z`, constellation: 'sentinel-2', 'eo:cloud_cover': 0 };
    server.put(`/${day}/item.json`, item(day, { properties, assets }));
    links.push({ rel: 'item', href: `./${day}/item.json` });
  }
  return server.put('/catalog.json', { type: 'Catalog', stac_version: '1.0.0', id: 'c', description: 'c', links });
}

beforeAll(async () => {
  server = await RangeServer.start();
  folder = temporaryFolder();
});
afterAll(async () => {
  await server.stop();
  folder.remove();
});

it('a month is run on scenes of a STAC catalogue, read band by band from where they lie', {
  timeout: 120_000,
}, async () => {
  const home = ['--home', folder.path('county')];
  const imported = await tubanJson('stac', 'import', await serveCatalogue(), ...home);
  expect(imported.map(({ outcome }: { outcome: string }) => outcome)).toEqual(['added', 'added']);
  await writeFile(folder.path('d.geojson'), JSON.stringify({ type: 'FeatureCollection', features: [district] }));
  const layer = ['--layer', 'districts', '--valid-from', '2025-01-01'];
  await tubanJson('zones', 'import', folder.path('d.geojson'), ...layer, ...home);
  server.forget();
  await tubanJson('run', '--month', '2025-06', '--workers', '2', ...home);
  expect(server.requests.length).toBeGreaterThan(0);
  const { patches } = await tubanJson('patches', 'list', '--month', '2025-06', ...home);
  expect(patches).toHaveLength(1);
  const planted = site.width * site.height;
  expect(Math.abs(patches[0].areaM2 / planted - 1)).toBeLessThan(0.05);

  // A band that was changed since: the next run of these scenes is refused, and says which file.
  server.put('/2025-05-20/red.tif', readFileSync(folder.path('band.tif')));
  await tubanJson(
    'zones',
    'import',
    folder.path('d.geojson'),
    '--layer',
    'farmland',
    '--valid-from',
    '2025-01-01',
    ...home,
  );
  const { exitCode, stderr } = await tuban(['run', '--month', '2025-06', ...home]);
  expect([exitCode, stderr]).toEqual([
    2,
    expect.stringMatching(/^tuban: http:.*\/2025-05-20\/red\.tif: was changed after .*\n$/),
  ]);
});
