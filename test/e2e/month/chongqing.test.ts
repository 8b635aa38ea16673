import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Feature, FeatureCollection, Polygon } from 'geojson';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PatchDetail, PatchItem } from '../../../api/server/schemas.ts';
import { geometryAreaM2 } from '../../../imagery/ellipsoid.ts';
import { projectedBox } from '../../../imagery/grid.ts';
import { openTiff } from '../../../imagery/tiff/reader.ts';
import { tuban, tubanJson } from '../../support/command-line.ts';
import { gdalMissing } from '../../support/gdal.ts';
import { sharedData } from '../../support/shared-data.ts';
import { TubanProcess } from '../../support/tuban-process.ts';

const images = sharedData('s2_oscd/chongqing');
const month = '2018-04';
/** Parcels along each side of the scene. */
const parcelsAlong = 30;

let home: string;
let patches: PatchItem[];
let summary: {
  issued: number;
  known: number;
  detections: number;
  observedFraction: number;
  issuedAreaM2: number;
  warnings: string[];
};

function feature(properties: Record<string, unknown>, west: number, south: number, east: number, north: number) {
  const ring = [
    [west, south],
    [east, south],
    [east, north],
    [west, north],
    [west, south],
  ];
  return { type: 'Feature', properties, geometry: { type: 'Polygon', coordinates: [ring] } } as Feature<Polygon>;
}

/** What an office would have of the place: two districts, a red line, and as farmland the parcels that were green. */
async function drawnLayers(path: string): Promise<Record<string, Feature<Polygon>[]>> {
  const source = await openTiff(path);
  const { grid } = source.info;
  const { bands } = await source.read({ column: 0, row: 0, width: grid.width, height: grid.height });
  await source.close();
  const { minX, minY, maxX, maxY } = projectedBox(grid);
  const [, , red, nearInfrared] = bands;
  const farmland: Feature<Polygon>[] = [];
  for (let i = 0; i < parcelsAlong ** 2; i++) {
    const [across, down] = [(i % parcelsAlong) / parcelsAlong, Math.floor(i / parcelsAlong) / parcelsAlong];
    // Tracks of a tenth of a parcel run between them.
    const [width, height] = [0.9 / parcelsAlong, 0.9 / parcelsAlong];
    let [sum, count] = [0, 0];
    for (let y = Math.floor(down * grid.height); y < (down + height) * grid.height; y++) {
      for (let x = Math.floor(across * grid.width); x < (across + width) * grid.width; x++, count++) {
        const k = y * grid.width + x;
        sum += (nearInfrared[k] - red[k]) / (nearInfrared[k] + red[k]);
      }
    }
    if (sum / count < 0.35) continue;
    const [west, north] = [minX + across * (maxX - minX), maxY - down * (maxY - minY)];
    const parcel = { BSM: String(i).padStart(4, '0'), DLBM: '0101', DLMC: '水田' };
    farmland.push(feature(parcel, west, north - height * (maxY - minY), west + width * (maxX - minX), north));
  }
  const [middle, upper] = [(minX + maxX) / 2, (minY + 2 * maxY) / 3];
  return {
    districts: [
      feature({ XZQDM: '500106', XMC: '甲区' }, minX - 0.01, minY - 0.01, middle, maxY + 0.01),
      feature({ XZQDM: '500107', XMC: '乙区' }, middle, minY - 0.01, maxX + 0.01, maxY + 0.01),
    ],
    farmland,
    'red-line': [feature({ id: 'HX1' }, middle - 0.012, minY, middle + 0.012, upper)],
  };
}

describe.skipIf(images === null)('a month of Sentinel-2 over Chongqing', () => {
  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'tuban-chongqing-'));
    const [before, after] = [`${images}before_20170414.tif`, `${images}after_20180402.tif`];
    for (const [layer, features] of Object.entries(await drawnLayers(before))) {
      const path = join(home, `${layer}.geojson`);
      const collection: FeatureCollection = { type: 'FeatureCollection', features };
      await writeFile(path, JSON.stringify(collection));
      await tubanJson('zones', 'import', path, '--layer', layer, '--valid-from', '2017-01-01', '--home', home);
    }
    const sensor = ['--sensor', 'Sentinel-2', '--bands', 'B,G,R,N', '--home', home];
    await tubanJson('scenes', 'add', before, '--date', '2017-04-14', ...sensor);
    await tubanJson('scenes', 'add', after, '--date', '2018-04-02', ...sensor);
    summary = await tubanJson('run', '--month', month, '--home', home);
    ({ patches } = await tubanJson('patches', 'list', '--month', month, '--home', home));
  }, 120_000);
  afterAll(() => rm(home, { recursive: true, force: true }));

  it('ends in a queue of what was issued, nearly all ground observed', () => {
    expect(summary.observedFraction).toBeGreaterThan(0.98);
    expect(patches.length).toBe(summary.issued);
    expect(patches.length).toBeGreaterThanOrEqual(50);
    const total = patches.reduce((sum, { areaM2 }) => sum + areaM2, 0);
    expect(Math.abs(total - summary.issuedAreaM2)).toBeLessThan(1e-6 * total);
    console.log(
      `chongqing: ${summary.detections} detections, ${summary.issued} issued, ${(total * 0.0015).toFixed(1)} 亩`,
    );
  });

  it('says that its patches have no opinion: no rule set reaches back to 2018', () => {
    expect(summary.warnings).toContainEqual(
      expect.stringMatching(/^194 patches have no opinion: no rule set is in effect on 2018-04-30/),
    );
  });

  it('is numbered by district and month without a gap, each patch with its due date', () => {
    const numbers = patches.map(({ number }) => number);
    for (const district of ['500106', '500107']) {
      const mine = numbers.filter((number) => number.startsWith(district));
      expect(mine.sort()).toEqual(mine.map((_, i) => `${district}201804${String(i + 1).padStart(4, '0')}`));
    }
    for (const { dueAt, state } of patches) {
      expect(state).toBe('found');
      expect(Date.parse(dueAt as string)).toBeGreaterThan(Date.now());
    }
  });

  it('runs down the image and along its rows within a district', async () => {
    const { exitCode, stdout } = await tuban(['patches', 'list', '--month', month, '--home', home]);
    expect(exitCode).toBe(0);
    expect(stdout.trimEnd().split('\n')).toHaveLength(patches.length + 2);
    // A patch's first row is its northern edge.
    for (const district of ['500106', '500107']) {
      const norths = patches.filter((patch) => patch.district === district).map((patch) => north(patch));
      expect(norths).toEqual([...norths].sort((a, b) => b - a));
    }
  });

  describe('served', () => {
    let server: TubanProcess;
    let url: string;
    let key: Record<string, string>;

    beforeAll(async () => {
      server = new TubanProcess(['serve', '--home', home], { PORT: '0', HOST: '127.0.0.1', TUBAN_SCHEDULE: 'off' });
      const [, address, secret] = await server.printed(/^Console: (http:\/\/127\.0\.0\.1:\d+)\/#key=([\w-]+)\n/m);
      url = address;
      key = { Authorization: `Bearer ${secret}` };
    });
    afterAll(async () => {
      expect(await server.stop('SIGTERM')).toBe(0);
      expect(server.stderr).toBe('');
    });

    const get = (path: string, headers = key) => fetch(`${url}${path}`, { headers });
    const details = async (id: string) => (await (await get(`/patches/${id}`)).json()) as PatchDetail;

    it('is closed to who has no key: the workspace is not simulated', async () => {
      for (const path of ['/patches', '/collections/patches/items', `/patches/${patches[0].id}/after.png`]) {
        const response = await get(path, {});
        expect(response.status).toBe(401);
        expect(response.headers.get('content-type')).toContain('application/problem+json');
      }
      expect((await get('/healthz', {})).status).toBe(200);
    });

    it('gives the same patches with the key of the console, as list and as features', async () => {
      const list = (await (await get(`/patches?month=${month}&limit=1000`)).json()) as {
        patches: PatchItem[];
        total: number;
      };
      expect(list.total).toBe(patches.length);
      expect(list.patches.map(({ number }) => number)).toEqual(patches.map(({ number }) => number));
      const features = (await (await get('/collections/patches/items?limit=1000')).json()) as FeatureCollection & {
        numberMatched: number;
      };
      expect([features.numberMatched, features.features.length]).toEqual([list.total, list.total]);
      for (const [i, one] of features.features.entries()) {
        const areaM2 = geometryAreaM2(one.geometry as Polygon);
        expect(Math.abs(areaM2 / list.patches[i].areaM2 - 1)).toBeLessThan(1e-5);
      }
    });

    it('says what lies under each patch, in m² and 亩, and never more of it than there is', async () => {
      const found = await Promise.all(patches.map(({ id }) => details(id)));
      for (const { areaM2, areaMu, overlaps, layers } of found) {
        expect(Math.abs(areaMu - areaM2 * 0.0015)).toBeLessThan(1e-9);
        for (const overlap of overlaps) {
          expect(overlap.areaMu).toBeCloseTo(overlap.areaM2 * 0.0015, 9);
          expect(overlap.shareOfPatch).toBeCloseTo(overlap.areaM2 / areaM2, 9);
        }
        // Parcels do not overlap each other, so together they are at most the patch.
        for (const layer of layers) {
          const taken = overlaps.filter((one) => one.layer === layer).reduce((sum, one) => sum + one.areaM2, 0);
          expect(taken).toBeGreaterThan(0);
          expect(taken).toBeLessThanOrEqual(areaM2 * (1 + 1e-9));
        }
        expect(layers.some((layer) => layer === 'farmland' || layer === 'red-line')).toBe(true);
      }
    });

    it('shows the patch before and after as PNG of the size asked for', async () => {
      const { id } = patches.reduce((largest, one) => (one.areaM2 > largest.areaM2 ? one : largest));
      const pictures = [];
      for (const [which, size] of [
        ['before', 512],
        ['after', 512],
        ['after', 128],
      ] as const) {
        const response = await get(`/patches/${id}/${which}.png?size=${size}`);
        expect([response.status, response.headers.get('content-type')]).toEqual([200, 'image/png']);
        const png = Buffer.from(await response.arrayBuffer());
        expect(png.subarray(0, 8).toString('latin1')).toBe('\x89PNG\r\n\x1a\n');
        expect(await sharp(png).metadata()).toMatchObject({ format: 'png', width: size, height: size });
        pictures.push(png);
      }
      expect(pictures[0]).not.toEqual(pictures[1]);
      const frame = (await (await get(`/patches/${id}/chip.json?size=512`)).json()) as {
        beforeDate: string;
        afterDate: string;
      };
      expect(frame).toMatchObject({ width: 512, height: 512, beforeDate: '2017-04-14', afterDate: '2018-04-02' });
    });

    it('moves a patch on from found over warned to acknowledged, and refuses what was looked at before', async () => {
      const [{ id }] = patches;
      const post = (action: object, tag: string) =>
        fetch(`${url}/patches/${id}/transitions`, {
          method: 'POST',
          headers: { ...key, 'Content-Type': 'application/json', 'If-Match': tag },
          body: JSON.stringify(action),
        });
      const read = (await get(`/patches/${id}`)).headers.get('etag') as string;
      const warned = await post({ action: 'warn', note: '疑似非农建设，请核查' }, read);
      expect(warned.status).toBe(200);
      expect((await post({ action: 'acknowledge' }, read)).status).toBe(412);
      expect((await post({ action: 'acknowledge' }, warned.headers.get('etag') as string)).status).toBe(200);
      const { state, version, history } = await details(id);
      expect([state, version]).toEqual(['acknowledged', 3]);
      expect(history.map(({ action, actor }) => [action, actor])).toEqual([
        ['find', 'tuban'],
        ['warn', 'console'],
        ['acknowledge', 'console'],
      ]);
      const { patches: listed } = await tubanJson('patches', 'list', '--state', 'acknowledged', '--home', home);
      expect(listed.map((patch: PatchItem) => patch.id)).toEqual([id]);
    });

    it.skipIf(gdalMissing)('is read by GDAL as OGC API - Features, with the key in a header', async () => {
      const headers = join(home, 'headers.txt');
      await writeFile(headers, `Authorization: ${key['Authorization']}\n`);
      const options = ['-ro', '-al', '-so', '--config', 'GDAL_HTTP_HEADER_FILE', headers, `OAPIF:${url}`];
      const { stdout } = await promisify(execFile)('ogrinfo', options);
      expect(stdout).toContain('Layer name: patches');
      expect(stdout).toContain(`Feature Count: ${patches.length}`);
    });
  });
});

/** The listed patch as the command line prints it has the columns of the store. */
function north(patch: PatchItem): number {
  return (patch as unknown as { maxLat: number }).maxLat;
}
