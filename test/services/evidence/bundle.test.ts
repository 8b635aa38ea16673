import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { cp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type WrittenBundle, writeBundle } from '../../../services/evidence/bundle/write-bundle.ts';
import { verifyBundle } from '../../../services/evidence/verify/verify-bundle.ts';
import { addPhotos } from '../../../services/field/add-photos.ts';
import { bombNamed, hashOf, packed, resigned, type Unpacked, unpacked, withJson } from '../../support/bundles.ts';
import { FieldDevice } from '../../support/field-device.ts';
import { gdal, gdalBands, gdalInfo, gdalMissing } from '../../support/gdal.ts';
import { differing } from '../../support/gdal-python.ts';
import { photo } from '../../support/photos.ts';
import { gridBox, PlantedWorkspace, plantedGrid } from '../../support/planted-workspace.ts';
import { seededRandom } from '../../support/random.ts';
import { takeSteps } from '../../support/steps.ts';

const site = { x: 224_600, y: 2_999_000, width: 200, height: 160 };
const at = new Date('2024-07-10T02:00:00Z');

let workspace: PlantedWorkspace;
let patch: { id: string; number: string; areaM2: number };
let files: Unpacked;
let path: string;

const write = (name: string, from = workspace): Promise<WrittenBundle> =>
  writeBundle(from.store, from.home, {
    patch: patch.number,
    path: from.path(name),
    askedBy: '审计员',
    at,
    pictureSide: 240,
  });
const json = (name: string) => JSON.parse(files.get(name)!.toString());

beforeAll(async () => {
  workspace = await PlantedWorkspace.create();
  const { store, home } = workspace;
  await workspace.layer('districts', { '430421': gridBox(plantedGrid, 500) });
  await workspace.layer('farmland', { F1: { x: 224_500, y: 2_998_900, width: 250, height: 400 } });
  await workspace.scene('2024-05-20', { seed: 1 });
  await workspace.scene('2024-06-20', { seed: 2, built: [site], shiftPx: { dx: 1.4, dy: -0.8 } });
  await workspace.run('2024-06');
  const largest = store.db.selectFrom('patches').selectAll().orderBy('areaM2', 'desc');
  patch = await largest.executeTakeFirstOrThrow();
  await takeSteps(store, patch.id, 'warn acknowledge', { at: new Date('2024-07-02T01:00:00Z') });
  const device = await FieldDevice.registered(store);
  const bytes = await photo(1, { lon: 114.22, lat: 27.08, azimuth: 90, north: 'T' });
  const adding = { takenBy: '李', readings: [device.reading(bytes)], now: at };
  await addPhotos(store, home, patch.id, [{ name: 'p.jpg', bytes }], adding);
  path = workspace.path('bundle.zip');
  await write('bundle.zip');
  files = await unpacked(path);
}, 60_000);
afterAll(() => workspace.remove());

/** The first fault that verification finds, as 'check: what'; null: none. */
async function faultOf(changed: Unpacked, key = null as Parameters<typeof verifyBundle>[1]): Promise<string | null> {
  const bad = workspace.path('bad.zip');
  await packed(bad, changed);
  const { ok, checks } = await verifyBundle(bad, key);
  const fault = checks.find((check) => check.ok === false);
  expect(ok).toBe(fault === undefined);
  return fault ? `${fault.name}: ${fault.said}` : null;
}

describe('an evidence bundle', () => {
  it('verifies with nothing at hand, every check having something to look at but the papers', async () => {
    const verified = await verifyBundle(path);
    expect(verified).toMatchObject({ ok: true, subject: patch.number, kind: 'patch', at: at.toISOString() });
    const outcomes = Object.fromEntries(verified.checks.map(({ name, ok }) => [name, ok]));
    const all = [
      'signature',
      'files',
      'history',
      'audit',
      'detection',
      'area',
      'scenes',
      'overlaps',
      'opinions',
      'photos',
    ];
    expect(outcomes).toEqual({ ...Object.fromEntries(all.map((name) => [name, true])), papers: null });
  });

  it('is the same to the byte for the same record and moment', async () => {
    await write('again.zip');
    expect(await hashOf(workspace.path('again.zip'))).toBe(await hashOf(path));
  });

  it('holds what it should, and says who asked, in which coordinates, and what is missing', () => {
    const names = [...files.keys()];
    for (const part of ['geojson', 'shp', 'dbf', 'prj']) expect(names.some((name) => name.endsWith(part))).toBe(true);
    expect(names).toContain('pictures/before-2024-05-20.png');
    expect(names).toContain('pictures/after-2024-06-20.png');
    expect(names.filter((name) => name.startsWith('photos/'))).toHaveLength(1);
    expect(json('manifest.json')).toMatchObject({ askedBy: '审计员', at: at.toISOString(), missing: [] });
    expect(json('manifest.json').notes[0].en).toContain('EPSG:4526');
    expect(json('scenes.json').map(({ side, date, state }: Record<string, string>) => [side, date, state])).toEqual([
      ['before', '2024-05-20', 'whole'],
      ['after', '2024-06-20', 'whole'],
    ]);
    expect(json('history.json').map(({ action }: { action: string }) => action)).toEqual([
      'find',
      'warn',
      'acknowledge',
    ]);
    expect(files.get('report.pdf')!.subarray(0, 5).toString()).toBe('%PDF-');
    const rules = json('opinions.json')[0].ruleSet;
    expect(JSON.parse(files.get(`rules/${rules}.json`)!.toString())).toMatchObject({ id: rules.split('@')[0] });
  });

  it.skipIf(gdalMissing)('has clips that are to the sample what GDAL cuts out of the scenes', async () => {
    for (const { clip, id } of json('scenes.json')) {
      const row = await workspace.store.db
        .selectFrom('scenes')
        .selectAll()
        .where('id', '=', id)
        .executeTakeFirstOrThrow();
      const mine = workspace.path(`${id}-mine.tif`);
      const theirs = workspace.path(`${id}-gdal.tif`);
      await writeFile(mine, files.get(clip.name)!);
      const { originX, originY, width, height, pixelWidth, pixelHeight } = clip.grid;
      const window = [originX, originY, originX + width * pixelWidth, originY + height * pixelHeight].map(String);
      gdal('gdal_translate', '-q', '-projwin', ...window, row.path, theirs);
      const [got, wanted] = [gdalInfo(mine), gdalInfo(theirs)];
      expect([got.size, got.geoTransform]).toEqual([wanted.size, wanted.geoTransform]);
      expect(got.bands.map(({ noDataValue, type }: Record<string, unknown>) => [type, noDataValue])).toEqual(
        wanted.bands.map(({ noDataValue, type }: Record<string, unknown>) => [type, noDataValue]),
      );
      expect(got.size[0]).toBeGreaterThan(20);
      const bands = gdalBands(theirs);
      expect(bands).toHaveLength(4);
      for (const [k, band] of gdalBands(mine).entries()) expect(differing(band, bands[k])).toBe(0);
    }
  });

  it.skipIf(gdalMissing)('has the outline in the 3-degree zone where GDAL puts that of the GeoJSON', async () => {
    for (const [name, bytes] of files) {
      if (name.startsWith('geometry/')) await writeFile(workspace.path(name.slice('geometry/'.length)), bytes);
    }
    const csv = ['-f', 'CSV', '-lco', 'GEOMETRY=AS_WKT'];
    const moved = workspace.path('moved.csv');
    const crs = ['-s_srs', 'EPSG:4490', '-t_srs', 'EPSG:4526'];
    gdal('ogr2ogr', ...crs, ...csv, moved, workspace.path('patch-4490.geojson'));
    const own = workspace.path('own.csv');
    gdal('ogr2ogr', ...csv, own, workspace.path('patch-4526.shp'));
    const numbers = async (file: string) => {
      const all = [...(await readFile(file, 'utf8')).matchAll(/\d+\.\d+/g)].map(Number);
      return all.filter((value) => value > 1e6).sort();
    };
    const [a, b] = [await numbers(moved), await numbers(own)];
    expect(a.length).toBeGreaterThan(8);
    expect(a.length).toBe(b.length);
    for (const [i, value] of a.entries()) expect(Math.abs(value - b[i])).toBeLessThan(0.001);
    // The zone stands before the easting.
    expect(Math.min(...a.filter((value) => value > 1e7))).toBeGreaterThan(38_000_000);
  });

  it('with any byte of any file changed is refused: 260 seeded places over all files', async () => {
    const random = seededRandom(11);
    const names = [...files.keys()];
    for (let n = 0; n < 260; n++) {
      const name = names[n % names.length];
      const bytes = Buffer.from(files.get(name)!);
      bytes[Math.floor(random() * bytes.length)] ^= 1 << Math.floor(random() * 8);
      expect(await faultOf(new Map(files).set(name, bytes)), name).not.toBeNull();
    }
  });

  it('with any byte of the zip changed is refused, or holds the very same content', async () => {
    const random = seededRandom(12);
    const whole = await readFile(path);
    const bad = workspace.path('flipped.zip');
    let refused = 0;
    for (let n = 0; n < 120; n++) {
      const changed = Buffer.from(whole);
      changed[n < 60 ? whole.length - 1 - n * 37 : Math.floor(random() * whole.length)] ^=
        1 << Math.floor(random() * 8);
      await writeFile(bad, changed);
      const ok = await verifyBundle(bad).then(
        (verified) => verified.ok,
        () => false,
      );
      if (ok) expect(await unpacked(bad)).toEqual(files);
      else refused++;
    }
    expect(refused).toBeGreaterThan(90);
  });

  it('packed anew by another program, in another order and deflated, still verifies', async () => {
    const other = workspace.path('other.zip');
    const python = `import zipfile,sys
a=zipfile.ZipFile(sys.argv[1]); b=zipfile.ZipFile(sys.argv[2],'w',zipfile.ZIP_DEFLATED)
for n in sorted(a.namelist(),reverse=True): b.writestr(n,a.read(n))
b.close()`;
    gdal('/usr/bin/python3', '-c', python, path, other);
    expect(await hashOf(other)).not.toBe(await hashOf(path));
    expect((await verifyBundle(other)).ok).toBe(true);
  });

  it('is refused in one line where it is cut off, a bomb, leads out of itself, or is no zip', async () => {
    const bad = workspace.path('bad.zip');
    const refusal = async (what: RegExp) => {
      const error = await verifyBundle(bad).then(
        ({ checks }) => new Error(checks.find(({ ok }) => ok === false)?.said),
        (thrown: Error) => thrown,
      );
      expect(error.message).toMatch(what);
      expect(error.message).not.toContain('\n');
    };
    const whole = await readFile(path);
    await writeFile(bad, whole.subarray(0, whole.length - 300));
    await refusal(/cannot be opened as one/);
    await writeFile(bad, 'no zip');
    await refusal(/wanted an evidence bundle/);
    await packed(bad, new Map([...files, ['../../out.txt', Buffer.from('x')]]));
    await refusal(/relative path/);
    await packed(bad, new Map([...files, ['more.txt', Buffer.from('x')]]));
    await refusal(/more\.txt" is in the zip, but not in the manifest/);
    const fewer = new Map(files);
    fewer.delete('overlaps.csv');
    await packed(bad, fewer);
    await refusal(/overlaps\.csv is listed, but not in the zip/);
    await writeFile(bad, bombNamed('manifest.json', 100 * 2 ** 20));
    await refusal(/manifest\.json of 104857600 bytes; wanted at most/);
  });

  it('changed and signed anew by who has the key is told by what does not follow from the rest', async () => {
    const key = createPrivateKey(await readFile(workspace.path('keys/workspace.pem')));
    const forged = (changed: Unpacked) => faultOf(resigned(changed, key));
    expect(await forged(files)).toBeNull();
    expect(
      await forged(withJson(files, 'opinions.json', (all) => Object.assign(all[0].opinion, { opinion: 'lawful' }))),
    ).toMatch(/^opinions: .* is not what cn-2024@/);
    expect(
      await forged(
        withJson(files, 'patch.json', (it) => Object.assign(it, { areaM2: it.areaM2 * 0.9, areaMu: it.areaMu * 0.9 })),
      ),
    ).toMatch(/^area: the area of the outline/);
    expect(
      await forged(
        withJson(files, 'detection.json', (it) => Object.assign(it.evidence.pairs[0].after, { date: '2024-06-21' })),
      ),
    ).toMatch(/^detection: the detection's content hashes to/);
    expect(await forged(withJson(files, 'history.json', (all) => Object.assign(all[1], { actor: 'zhao' })))).toMatch(
      /^history: event \d+ \(warn\) is not what its hash/,
    );
    expect(await forged(withJson(files, 'history.json', (all) => all.splice(1, 1)))).toMatch(
      /^history: an event is missing before/,
    );
    expect(
      await forged(
        withJson(files, 'photos.json', (all) =>
          Object.assign(all[0].reading, { readingJson: all[0].reading.readingJson.replace('112.5005', '112.6005') }),
        ),
      ),
    ).toMatch(/^photos: photo .*: the signature is not that of/);
    expect(
      await forged(withJson(files, 'overlaps.json', (all) => Object.assign(all[0], { areaM2: all[0].areaM2 + 1 }))),
    ).toMatch(/^overlaps: /);
    const [csv] = [
      files
        .get('geometry/corners.csv')!
        .toString()
        .replace(/\.\d\d\d\r\n/, '.999\r\n'),
    ];
    expect(await forged(new Map(files).set('geometry/corners.csv', Buffer.from(csv)))).toMatch(
      /^area: corner 1 of corners\.csv/,
    );
  });

  it('signed by another than whose key is handed in is refused', async () => {
    const other = generateKeyPairSync('ed25519');
    const own = createPublicKey(createPrivateKey(await readFile(workspace.path('keys/workspace.pem'))));
    expect(await faultOf(files, own)).toBeNull();
    expect(await faultOf(files, other.publicKey)).toMatch(/^signature: it is signed with the key .*, wanted/);
    expect(await faultOf(resigned(files, other.privateKey))).toMatch(
      /^signature: manifest\.json is not what was signed/,
    );
  });
});

describe('a bundle of which not all is there any more', () => {
  const scenePath = async (side: string) => {
    const { id } = json('scenes.json').find((scene: { side: string }) => scene.side === side);
    return (await workspace.store.db.selectFrom('scenes').select('path').where('id', '=', id).executeTakeFirstOrThrow())
      .path;
  };

  it('says which scene was changed, and shows neither picture nor clip of it', async () => {
    const scene = await scenePath('after');
    await cp(scene, `${scene}.kept`);
    const bytes = await readFile(scene);
    bytes[bytes.length - 1] ^= 1;
    await writeFile(scene, bytes);
    const { missing } = await write('changed.zip');
    await rename(`${scene}.kept`, scene);
    expect(missing.map(({ why }) => why.en).join()).toMatch(
      /was changed .*refused as evidence.*of no pair both images are whole/,
    );
    const held = await unpacked(workspace.path('changed.zip'));
    expect([...held.keys()].filter((name) => /^pictures|scenes\/after/.test(name))).toEqual([]);
    expect([...held.keys()].filter((name) => /^scenes\/before/.test(name))).toHaveLength(1);
    expect((await verifyBundle(workspace.path('changed.zip'))).ok).toBe(true);
  });

  it('says which scene and which photo is gone', async () => {
    const scene = await scenePath('before');
    const [original] = [...files.keys()].filter((name) => name.startsWith('photos/'));
    const sha256 = original.slice('photos/'.length, -'.jpg'.length);
    const kept = workspace.path(`photos/${sha256.slice(0, 2)}/${sha256}.jpg`);
    await rename(scene, `${scene}.away`);
    await rename(kept, `${kept}.away`);
    const { missing } = await write('gone.zip');
    await rename(`${scene}.away`, scene);
    await rename(`${kept}.away`, kept);
    const words = missing.map(({ why }) => why.en).join();
    expect(words).toMatch(/its file is no longer there/);
    expect(words).toMatch(/original of photo .* is lost or was changed/);
    expect(words).not.toContain(workspace.home);
    expect((await verifyBundle(workspace.path('gone.zip'))).ok).toBe(true);
    expect(await hashOf(path)).toBe(await write('whole.zip').then(() => hashOf(workspace.path('whole.zip'))));
  });

  it('is not written at all where the patch lies in a district that may not be seen', async () => {
    const target = workspace.path('unseen.zip');
    const request = { patch: patch.number, within: '4305', path: target, askedBy: 'x', at };
    await expect(writeBundle(workspace.store, workspace.home, request)).rejects.toThrow(/There is no patch/);
    await expect(rm(target)).rejects.toThrow(/ENOENT/);
  });
});
