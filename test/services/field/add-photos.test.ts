import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Adding, addPhotos } from '../../../services/field/add-photos.ts';
import { checkPhotos } from '../../../services/field/check-photos.ts';
import type { CheckName, Outcome } from '../../../services/field/checks/check-result.ts';
import { originalPath, readOriginal } from '../../../services/field/originals.ts';
import { previewOf } from '../../../services/field/picture.ts';
import { requireEvidence } from '../../../services/lifecycle/known-evidence.ts';
import { sha256Of } from '../../../services/sha256.ts';
import { revokeDevice } from '../../../services/store/field-devices.ts';
import { listPhotos } from '../../../services/store/field-photos.ts';
import type { Store } from '../../../services/store/open.ts';
import { FieldDevice } from '../../support/field-device.ts';
import { plantPatch } from '../../support/patches.ts';
import { heic, photo, picture, withExif } from '../../support/photos.ts';
import { takeSteps } from '../../support/steps.ts';
import { describeOnBothStores } from '../../support/stores.ts';

/** Just south of the planted patch, looking north, when its task was out. */
const good = {
  ...({ lon: 112.5006, lat: 26.8992, accuracyM: 5, azimuth: 0, north: 'T', focal35mm: 26 } as const),
  ...{ taken: '2025-07-05 10:00:00'.replaceAll('-', ':'), offset: '+08:00', make: 'HUAWEI', software: 'P60 1.0' },
};
const now = new Date('2025-07-06T00:00:00Z');
const adding: Adding = { takenBy: '李', readings: [], now };

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'tuban-field-'));
});
afterEach(() => rm(home, { recursive: true, force: true }));

async function outcomes(store: Store, patch: string): Promise<Partial<Record<CheckName, Outcome>>[]> {
  const [checked] = await checkPhotos(store, home, patch);
  return checked.photos.map(({ results }) => Object.fromEntries(results.map(({ check, outcome }) => [check, outcome])));
}

async function files(): Promise<string[]> {
  return (await readdir(home, { recursive: true, withFileTypes: true })).filter((e) => e.isFile()).map((e) => e.name);
}

describeOnBothStores('photos as evidence', (openFresh) => {
  it('are kept whole under the name of their content, once, and pass where all is well', async () => {
    const store = await openFresh();
    const patch = await plantPatch(store);
    await takeSteps(store, patch, 'warn', { at: new Date('2025-07-02T00:00:00Z') });
    const device = await FieldDevice.registered(store);
    const bytes = await photo(1, good);
    const readings = [device.reading(bytes, { lat: good.lat, lon: good.lon })];
    const [added] = await addPhotos(store, home, patch, [{ name: 'a.jpg', bytes }], { ...adding, readings });
    expect(added).toMatchObject({ isNew: true, hasReading: true, sha256: sha256Of(bytes) });
    expect(await readFile(originalPath(home, added.sha256, 'jpeg'))).toEqual(bytes);
    const [again] = await addPhotos(store, home, patch, [{ name: 'b.jpg', bytes }], adding);
    expect(again).toMatchObject({ id: added.id, isNew: false });
    expect(await files()).toEqual([`${added.sha256}.jpg`]);
    const [result] = await outcomes(store, patch);
    expect(new Set(Object.values(result))).toEqual(new Set(['passed']));
    const patchSubject = { subject: 'patch', id: patch } as const;
    await requireEvidence(store.db, patchSubject, [added.id]);
    await expect(requireEvidence(store.db, patchSubject, ['simulated-photo'])).rejects.toThrow(/has no evidence/);
  });

  it('that say nothing of themselves have passed nothing but being whole and new', async () => {
    const store = await openFresh();
    const patch = await plantPatch(store);
    await addPhotos(store, home, patch, [{ name: 'a.jpg', bytes: await photo(2) }], adding);
    const [{ original, copy, ...rest }] = await outcomes(store, patch);
    expect([original, copy]).toEqual(['passed', 'passed']);
    expect(new Set(Object.values(rest))).toEqual(new Set(['cannot-be-told']));
  });

  it('in HEIC are kept and read, and what needs the picture cannot be told', async () => {
    const store = await openFresh();
    const patch = await plantPatch(store);
    const bytes = await heic(good);
    await addPhotos(store, home, patch, [{ name: 'a.heic', bytes }], adding);
    expect(await listPhotos(store.db, patch)).toMatchObject([{ format: 'heic', grey: null, width: null }]);
    expect(await outcomes(store, patch)).toMatchObject([
      { distance: 'passed', direction: 'passed', copy: 'cannot-be-told' },
    ]);
  });

  it('handed in for another patch, turned and edited, are found with the photo they are of', async () => {
    const store = await openFresh();
    const [patch, other] = [await plantPatch(store), await plantPatch(store)];
    const [first] = await addPhotos(store, home, patch, [{ name: 'a.jpg', bytes: await photo(3, good) }], adding);
    const edited = (await picture(3)).rotate(90).modulate({ brightness: 1.2 });
    const bytes = await withExif(edited, { ...good, software: 'Snapseed 2.0' })
      .jpeg({ quality: 40 })
      .toBuffer();
    await addPhotos(store, home, other, [{ name: 'b.jpg', bytes }], adding);
    expect(await outcomes(store, patch)).toMatchObject([{ copy: 'passed', edited: 'passed' }]);
    expect(await outcomes(store, other)).toMatchObject([{ copy: 'failed', edited: 'failed' }]);
    const [{ photos }] = await checkPhotos(store, home, other);
    expect(photos[0].matches).toMatchObject([{ photoId: first.id, patchId: patch, kind: 'alike' }]);
  });

  it('whose original was changed on disk are told so, and not shown', async () => {
    const store = await openFresh();
    const patch = await plantPatch(store);
    const [{ sha256 }] = await addPhotos(store, home, patch, [{ name: 'a.jpg', bytes: await photo(4) }], adding);
    const path = originalPath(home, sha256, 'jpeg');
    await chmod(path, 0o644);
    await writeFile(path, await photo(5));
    expect(await outcomes(store, patch)).toMatchObject([{ original: 'failed' }]);
    await expect(readOriginal(home, sha256, 'jpeg')).rejects.toThrow(/was changed/);
  });

  it('are refused, and nothing is kept of any of them, where one is no whole photo', async () => {
    const store = await openFresh();
    const patch = await plantPatch(store);
    const whole = await photo(6);
    const huge = Buffer.from(whole);
    // Height and width in the frame header.
    const frame = huge.indexOf(Buffer.from([0xff, 0xc0]));
    huge.writeUInt16BE(65_000, frame + 5);
    huge.writeUInt16BE(65_000, frame + 7);
    const png = await (await picture(6)).png().toBuffer();
    for (const bytes of [whole.subarray(0, whole.length / 2), huge, png, Buffer.from('<svg/>'), Buffer.alloc(0)]) {
      const both = [
        { name: 'good.jpg', bytes: whole },
        { name: 'bad.jpg', bytes },
      ];
      await expect(addPhotos(store, home, patch, both, adding)).rejects.toThrow(/^bad\.jpg: .*wanted/);
    }
    expect(await listPhotos(store.db)).toEqual([]);
    expect(await files()).toEqual([]);
  });

  it('come with readings only of devices known here, unchanged, and of that very photo', async () => {
    const store = await openFresh();
    const patch = await plantPatch(store);
    const [device, stranger] = [await FieldDevice.registered(store), new FieldDevice()];
    const [bytes, another] = [await photo(7), await photo(8)];
    const refused = async (reading: ReturnType<FieldDevice['reading']>, why: RegExp) =>
      expect(
        addPhotos(store, home, patch, [{ name: 'a.jpg', bytes }], { ...adding, readings: [reading] }),
      ).rejects.toThrow(why);
    await refused({ ...device.reading(bytes), lon: 112.6 }, /was changed/);
    await refused({ ...device.reading(bytes), at: '2025-07-05T03:00:00.000Z' }, /was changed/);
    await refused(stranger.reading(bytes), /not known here/);
    await refused({ ...stranger.reading(bytes), device: device.id }, /was changed/);
    await refused(device.reading(another), /none of those given/);
    await revokeDevice(store.db, device.id, now);
    await refused(device.reading(bytes), /was revoked/);
    expect(await listPhotos(store.db)).toEqual([]);
  });
});

it('a preview is upright, small, and says nothing of where it was taken', async () => {
  const bytes = await withExif(await picture(1, 2400, 1800), good)
    .withMetadata({ orientation: 6 })
    .jpeg()
    .toBuffer();
  const { width, height, exif } = await sharp(await previewOf(bytes)).metadata();
  expect({ width, height, exif }).toEqual({ width: 1200, height: 1600, exif: undefined });
});
