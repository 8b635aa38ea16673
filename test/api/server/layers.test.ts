import { readFileSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listZones } from '../../../services/store/zones.ts';
import { collection, feature, parcelRing } from '../../fixtures/layers.ts';
import { zipOf } from '../../services/zones/layer-files/stored-zip.ts';
import { osgeo, osgeoMissing } from '../../support/gdal-python.ts';
import { ownTemporaryFolder, parcels, type UploadBody, uploadPath } from './layer-uploads.ts';
import { plantQueue, problemIn, startService, type TestService } from './service.ts';

const folder = ownTemporaryFolder();
let service: TestService;
let admin: { Authorization: string };
beforeEach(async () => {
  service = await startService({ mostLayerBytes: 300_000 });
  admin = await service.bearer({ role: 'admin' });
});
afterEach(() => service.store.close());

async function sent(body: string | Uint8Array, query: Record<string, string> = {}): Promise<UploadBody> {
  const init = { method: 'POST', headers: admin, body: body as BodyInit };
  const answer = await service.ask(uploadPath(query), init);
  expect(answer.status).toBe(202);
  const place = answer.headers.get('location')!;
  expect((await answer.json()) as UploadBody).toMatchObject({ layer: query['layer'] ?? 'farmland' });
  await service.uploads.idle();
  expect(folder.left()).toEqual([]);
  return (await (await service.ask(place, { headers: admin })).json()) as UploadBody;
}

const zonesNow = () => listZones(service.store.db, { date: '2025-06-01' });
const TRANSLATE = 'gdal.VectorTranslate(sys.argv[2], sys.argv[1], options=sys.argv[3:])';

describe('a layer file sent in', () => {
  it('becomes a version whose zones hold from its first day', async () => {
    const upload = await sent(parcels(3), { completeTo: '2025-05-31' });
    expect(upload).toMatchObject({ state: 'done', done: 3, total: 3, error: null, file: 'parcels.geojson' });
    expect(upload.result).toMatchObject({ features: 3, alreadyImported: false });
    expect((await zonesNow()).map(({ externalId }) => externalId)).toEqual(['P0', 'P1', 'P2']);
    const { layers } = await (await service.ask('/layers', { headers: admin })).json();
    expect(layers).toMatchObject([
      { layer: 'farmland', validFrom: '2025-01-01', validTo: null, completeTo: '2025-05-31', state: 'ready', zones: 3 },
    ]);
  });

  it.skipIf(osgeoMissing)('may be a zipped shapefile in GBK, without .cpg, in metres of zone 37', async () => {
    const from = folder.path('in.geojson');
    writeFileSync(from, parcels(3));
    osgeo(TRANSLATE, from, folder.path('地块.shp'), '-t_srs', 'EPSG:4525', '-lco', 'ENCODING=GBK');
    const parts = ['.shp', '.shx', '.dbf', '.prj'].map((ending) => {
      return { name: `地块${ending}`, bytes: readFileSync(folder.path(`地块${ending}`)) };
    });
    const upload = await sent(zipOf(parts), { file: '地块.zip' });
    expect([upload.error, upload.result?.features]).toEqual([null, 3]);
    const zones = await zonesNow();
    expect(zones.map(({ propertiesJson }) => JSON.parse(propertiesJson).DLMC)).toEqual(['水田', '水田', '水田']);
    expect(zones[0].minLon).toBeCloseTo(112.4, 7);
  });

  it.skipIf(osgeoMissing)('may be a GeoPackage, and one of its tables', async () => {
    const [from, to] = [folder.path('in.geojson'), folder.path('two.gpkg')];
    writeFileSync(from, parcels(2));
    osgeo(TRANSLATE, from, to, '-f', 'GPKG', '-nln', 'one');
    osgeo(TRANSLATE, from, to, '-f', 'GPKG', '-nln', 'two', '-update', '-where', "BSM = 'P1'");
    const refused = await sent(readFileSync(to), { file: 'two.gpkg' });
    expect(refused.error).toMatch(/^two\.gpkg: .*one, two/);
    const taken = await sent(readFileSync(to), { file: 'two.gpkg', sourceLayer: 'two' });
    expect([taken.error, taken.result?.features]).toEqual([null, 1]);
  });

  it('twice is imported once', async () => {
    const first = await sent(parcels(2));
    const again = await sent(parcels(2), { file: 'copy.geojson' });
    expect(again.result).toMatchObject({ layerId: first.result?.layerId, alreadyImported: true });
  });

  it('reports what was put right and left out, a page at a time', async () => {
    const point = (id: string) => feature({ type: 'Point', coordinates: [112.5, 26.9] }, { BSM: id });
    const clockwise = feature({ type: 'Polygon', coordinates: [parcelRing().reverse()] }, { BSM: 'B' });
    const text = JSON.stringify(collection(point('A'), clockwise, point('C')));
    const { result } = await sent(text, { idField: 'BSM' });
    const page = async (query = '') =>
      (await service.ask(`/layers/${result?.layerId}/notes${query}`, { headers: admin })).json();
    const whole = await page();
    expect(whole).toMatchObject({ layer: 'farmland', counts: { rejected: 2, repaired: 1, outside: 0 }, next: null });
    const ids = (body: { notes: { featureId: string }[] }) => body.notes.map(({ featureId }) => featureId);
    expect(ids(whole)).toEqual(['A', 'B', 'C']);
    expect(ids(await page('?kind=rejected'))).toEqual(['A', 'C']);
    const first = await page('?limit=2');
    expect([ids(first), ids(await page(`?limit=2&after=${first.next}`))]).toEqual([['A', 'B'], ['C']]);
  });
});

describe('a bad layer file', () => {
  it.each<[string, string | Buffer, RegExp]>([
    ['page.geojson', '<!DOCTYPE html><html></html>', /^page\.geojson: is XML/],
    ['cut.geojson', parcels(3).slice(0, 300), /^cut\.geojson: is not JSON: it is cut off/],
    ['empty.geojson', JSON.stringify(collection()), /^empty\.geojson: has no features; wanted at least one\.$/],
    ['broken.zip', Buffer.from('PK\x03\x04 and no more'), /^broken\.zip: is a zip that cannot be unpacked/],
    ['note.zip', zipOf([{ name: 'read.txt', bytes: Buffer.from('x') }]), /^note\.zip: is a zip with no layer file/],
    [
      'twice.zip',
      zipOf([
        { name: 'a.geojson', bytes: Buffer.from(parcels(1)) },
        { name: 'a.geojson', bytes: Buffer.from(parcels(2)) },
      ]),
      /^twice\.zip: is a zip whose "a\.geojson" cannot be unpacked/,
    ],
    ['broken.gpkg', `SQLite format 3\0${'x'.repeat(2000)}`, /^broken\.gpkg: /],
    ['alone.dbf', Buffer.alloc(40, 3), /^alone\.dbf: is a part of a shapefile whose \.shp is not beside it\.$/],
  ])('%s fails in one line that says nothing of the server, and leaves nothing', async (file, bytes, told) => {
    const upload = await sent(bytes, { file });
    expect(upload).toMatchObject({ state: 'failed', result: null, error: expect.stringMatching(told) });
    expect(upload.error).not.toMatch(/tuban-|\n|\/tmp|\/var/);
    expect(await zonesNow()).toEqual([]);
    expect((await (await service.ask('/layers', { headers: admin })).json()).layers).toEqual([]);
  });

  it('is told by its name also when another file has taken its place', async () => {
    await sent(parcels(1), { file: 'wrong.geojson' });
    await sent(parcels(2), { file: 'right.geojson' });
    const { error } = await sent(parcels(1), { file: 'wrong.geojson' });
    expect(error).toMatch(/^wrong\.geojson was imported as farmland of 2025-01-01 before and then replaced/);
  });

  it('of which only the server can know why is told without its words', async () => {
    await service.store.db.schema.dropTable('layer_notes').execute();
    const { error } = await sent(JSON.stringify(collection(feature(null))));
    expect(error).toBe('The import failed; the log of the server has the details.');
  });
});

describe('a file name', () => {
  it.each([
    '../../../../etc/passwd',
    '..',
    '.',
    '/',
    'C:\\Windows\\x.geojson',
    `${'长'.repeat(190)}.geojson`,
    '%2e%2e%2f',
    '-rf *',
  ])('%j leads nowhere', async (file) => {
    const upload = await sent(parcels(1), { file });
    expect(upload).toMatchObject({ file, state: 'done', error: null });
  });

  it('with a NUL is refused at the door', async () => {
    const problem = await problemIn(
      await service.ask('/layers?layer=parcels&validFrom=2024-01-01&file=a%00b.geojson', {
        method: 'POST',
        headers: admin,
        body: '{}',
      }),
    );
    expect(problem.status).toBe(400);
  });
});

describe('a body', () => {
  const ask = (body: BodyInit | ReadableStream | null, headers = {}) =>
    service.ask(uploadPath(), {
      method: 'POST',
      headers: { ...admin, ...headers },
      body,
      duplex: 'half',
    } as RequestInit);

  it('said to be too large is refused before it comes', async () => {
    const answer = await ask('{}', { 'Content-Length': '300001' });
    const detail = 'A layer file has at most 300000 bytes.';
    expect(await problemIn(answer)).toMatchObject({ status: 413, code: 'too-large', detail });
  });

  it('that never ends is refused as it comes', async () => {
    let pulled = 0;
    let cancelled = false;
    const endless = new ReadableStream({
      pull: (controller) => {
        pulled++;
        controller.enqueue(new Uint8Array(10_000));
      },
      cancel: () => {
        cancelled = true;
      },
    });
    expect(await problemIn(await ask(endless))).toMatchObject({ status: 413, code: 'too-large' });
    expect([pulled < 100, cancelled, folder.left()]).toEqual([true, true, []]);
  });

  it('that breaks off is refused and leaves nothing', async () => {
    const broken = new ReadableStream({
      start: (controller) => controller.enqueue(new Uint8Array(10)),
      pull: (controller) => controller.error(new Error('socket hang up')),
    });
    const detail = 'The file broke off after 10 bytes.';
    expect(await problemIn(await ask(broken))).toMatchObject({ status: 400, code: 'bad-input', detail });
    expect(folder.left()).toEqual([]);
  });

  it('of a layer name that is none is not even taken', async () => {
    const answer = await service.ask(uploadPath({ layer: 'Red_Line' }), { method: 'POST', headers: admin, body: '{}' });
    expect(await problemIn(answer)).toMatchObject({ status: 400, detail: expect.stringContaining('"Red_Line"') });
  });
});

describe('who may do what', () => {
  it('only an administrator of the whole workspace sends layers and reads reports', async () => {
    const { id, result } = await sent(parcels(1));
    for (const grant of [{ role: 'viewer' }, { role: 'reviewer' }, { role: 'admin', district: '430421' }] as const) {
      const headers = await service.bearer(grant);
      const posted = await service.ask(uploadPath(), { method: 'POST', headers, body: parcels(1) });
      expect(await problemIn(posted)).toMatchObject({ status: 403, code: 'forbidden' });
      for (const path of [`/layers/uploads/${id}`, `/layers/${result?.layerId}/notes`]) {
        expect(await problemIn(await service.ask(path, { headers }))).toMatchObject({ status: 403 });
      }
    }
    expect((await service.ask(uploadPath(), { method: 'POST', body: parcels(1) })).status).toBe(401);
  });

  it('what is not there is not found', async () => {
    for (const path of ['/layers/uploads/none', '/layers/none/notes'])
      expect(await problemIn(await service.ask(path, { headers: admin }))).toMatchObject({ status: 404 });
  });

  it('a key of a district sees the versions its opinions rest on, and no count over other ground', async () => {
    await plantQueue(service.store);
    await sent(parcels(3));
    await sent(parcels(4), { district: '430421' });
    await sent(parcels(5), { district: '430422' });
    const seen = async (district: string) => {
      const headers = await service.bearer({ role: 'viewer', district });
      const { layers } = await (await service.ask('/layers', { headers })).json();
      return layers
        .filter((version: { layer: string; id: string }) => version.layer === 'farmland' && !version.id.includes('F1'))
        .map(({ scope, zones }: { scope: string; zones: number | null }) => [scope, zones]);
    };
    expect(await seen('')).toEqual([['', 3], ['430421', 4], ['430422', 5]]); // biome-ignore format: one line
    expect(await seen('430421')).toEqual([['', null], ['430421', 4]]); // biome-ignore format: one line
    expect(await seen('430421001')).toEqual([['', null], ['430421', null]]); // biome-ignore format: one line
  });
});
