import { createPublicKey } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ZipWriter } from '../../../services/archive/zip-writer.ts';
import { PatchChips } from '../../../services/evidence/chips.ts';
import { unpackEvidence } from '../../../services/field/pack/evidence-pack.ts';
import { openPack } from '../../../services/field/pack/read-pack.ts';
import { packTasks } from '../../../services/field/pack/task-pack.ts';
import { workspaceKey } from '../../../services/field/pack/workspace-key.ts';
import { listPhotos } from '../../../services/store/field-photos.ts';
import { openStore, type Store } from '../../../services/store/open.ts';
import { FieldDevice } from '../../support/field-device.ts';
import { plantPatch } from '../../support/patches.ts';
import { photo } from '../../support/photos.ts';
import { seededRandom } from '../../support/random.ts';

const now = new Date('2025-07-06T00:00:00Z');
let home: string;
let store: Store;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'tuban-pack-'));
  store = await openStore({ sqlite: ':memory:' });
});
afterEach(async () => {
  await store.close();
  await rm(home, { recursive: true, force: true });
});

describe('evidence that comes back as a package', () => {
  async function packed(device: FieldDevice, patch: string, path: string): Promise<Buffer[]> {
    const photos = [await photo(1), await photo(2)];
    const items = photos.map((bytes, i) => {
      return { patch, file: `photos/${i}.jpg`, takenBy: '李', reading: i === 0 ? device.reading(bytes) : null };
    });
    await device.pack(
      path,
      photos.map((bytes, i) => ({ name: `photos/${i}.jpg`, bytes })),
      items,
    );
    return photos;
  }

  it('is taken in whole, and each photo once', async () => {
    const device = await FieldDevice.registered(store);
    const patch = await plantPatch(store);
    const path = join(home, 'back.tubanpack');
    await packed(device, patch, path);
    const first = await unpackEvidence(store, home, path, now);
    expect(first.photos.map(({ isNew, hasReading }) => [isNew, hasReading])).toEqual([
      [true, true],
      [true, false],
    ]);
    const again = await unpackEvidence(store, home, path, now);
    expect(again.photos.map(({ isNew }) => isNew)).toEqual([false, false]);
    expect(await listPhotos(store.db)).toMatchObject([{ patchId: patch, packId: first.id }, { packId: first.id }]);
  });

  it('with any one byte changed is refused, or brings in the same evidence: nothing else ever', async () => {
    const device = await FieldDevice.registered(store);
    const patch = await plantPatch(store);
    const [path, bad] = [join(home, 'back.tubanpack'), join(home, 'bad.tubanpack')];
    await packed(device, patch, path);
    const whole = await readFile(path);
    const { id } = await openPack(path, async () => createPublicKey(device.publicKey));
    const random = seededRandom(3);
    let refused = 0;
    for (let n = 0; n < 300; n++) {
      const changed = Buffer.from(whole);
      const at = n < 60 ? whole.length - 1 - n * 4 : Math.floor(random() * whole.length);
      changed[at] ^= 1 << Math.floor(random() * 8);
      await writeFile(bad, changed);
      const pack = await openPack(bad, async () => createPublicKey(device.publicKey)).catch(() => null);
      const read =
        pack && (await Promise.all(pack.manifest.files.map(({ name }) => pack.read(name))).catch(() => null));
      pack?.close();
      if (read) expect(pack!.id).toBe(id);
      else refused++;
    }
    // The rest are times and comments of the zip, which say nothing.
    expect(refused).toBeGreaterThan(240);
  });

  it('is refused where it was cut off, is of nobody known, of a patch unknown, or of tasks', async () => {
    const device = await FieldDevice.registered(store);
    const patch = await plantPatch(store);
    const path = join(home, 'p.tubanpack');
    const refusal = () => expect(unpackEvidence(store, home, path, now)).rejects;
    await packed(new FieldDevice(), patch, path);
    await refusal().toThrow(/not known here/);
    await packed(device, 'nowhere', path);
    await refusal().toThrow(/the patch nowhere, which is not known here/);
    await packed(device, patch, path);
    const whole = await readFile(path);
    await writeFile(path, whole.subarray(0, whole.length - 200));
    await refusal().toThrow(/cannot be opened/);
    await rm(path);
    const chips = new PatchChips(store);
    await packTasks(store, home, { district: '430421', path, chips, now });
    await refusal().toThrow(/wanted a package of evidence, got one of tasks/);
    expect(await listPhotos(store.db)).toEqual([]);
  });

  it('is taken in not at all where one of its photos is damaged', async () => {
    const device = await FieldDevice.registered(store);
    const patch = await plantPatch(store);
    const path = join(home, 'p.tubanpack');
    const [whole, half] = [await photo(1), (await photo(2)).subarray(0, 3000)];
    const items = ['a.jpg', 'b.jpg'].map((file) => ({ patch, file, takenBy: null }));
    await device.pack(
      path,
      [
        { name: 'a.jpg', bytes: whole },
        { name: 'b.jpg', bytes: half },
      ],
      items,
    );
    await expect(unpackEvidence(store, home, path, now)).rejects.toThrow(/^b\.jpg: cannot be shown/);
    expect(await listPhotos(store.db)).toEqual([]);
    await expect(stat(join(home, 'photos'))).rejects.toThrow(/ENOENT/);
  });

  it.each([
    '../evil.jpg',
    '/etc/evil.jpg',
    'a/../../evil.jpg',
    'C:\\evil.jpg',
    'a\\b.jpg',
    '.hidden',
    'a//b',
    '照片.jpg',
  ])('may not name a file %s', async (name) => {
    const device = await FieldDevice.registered(store);
    const patch = await plantPatch(store);
    const path = join(home, 'p.tubanpack');
    await device.pack(path, [{ name, bytes: await photo(1) }], [{ patch, file: name, takenBy: null }]);
    await expect(unpackEvidence(store, home, path, now)).rejects.toThrow(/p\.tubanpack: /);
  });

  it('may hold nothing that its manifest does not list, and no file twice', async () => {
    const device = await FieldDevice.registered(store);
    const path = join(home, 'p.tubanpack');
    const twice = [
      { name: 'a.jpg', bytes: await photo(1) },
      { name: 'a.jpg', bytes: await photo(2) },
    ];
    await device.pack(path, twice, []);
    await expect(unpackEvidence(store, home, path, now)).rejects.toThrow(/twice/);
    await device.pack(path, [{ name: 'a.jpg', bytes: await photo(1) }], []);
    await expect(unpackEvidence(store, home, path, now)).rejects.toThrow(/a\.jpg, which is evidence of no patch/);
  });

  it('that unpacks to more than it may, or than it says, is refused before it is read', async () => {
    const path = join(home, 'bomb.tubanpack');
    for (const [bytes, said] of [
      [200 * 2 ** 20, 200 * 2 ** 20],
      [20 * 2 ** 20, 1000],
    ]) {
      await writeFile(path, bomb('manifest.json', bytes, said));
      await expect(unpackEvidence(store, home, path, now)).rejects.toThrow(/wanted at most|cannot be unpacked/);
    }
  });
});

describe('the tasks of a district as a package', () => {
  it('hold what is open there, signed by the workspace, and no other district', async () => {
    const [inside] = [await plantPatch(store), await plantPatch(store, { district: '430422' })];
    const path = join(home, 't.tubanpack');
    const chips = new PatchChips(store);
    const made = await packTasks(store, home, { district: '430421', path, chips, now });
    const { publicKey } = await workspaceKey(home);
    const pack = await openPack(path, async () => createPublicKey(publicKey));
    const { tasks } = JSON.parse((await pack.read('tasks.json')).toString());
    pack.close();
    expect(made).toMatchObject({ tasks: 1, signedBy: pack.manifest.signedBy });
    expect(tasks).toMatchObject([{ id: inside, state: 'found', outline: { type: 'Polygon' } }]);
    await expect(packTasks(store, home, { district: '11', path, chips, now })).rejects.toThrow(/no open patches/);
  });

  it('are signed with one key ever, which only its owner can read', async () => {
    const [a, b] = await Promise.all([workspaceKey(home), workspaceKey(home)]);
    expect(a.id).toBe(b.id);
    expect((await stat(join(home, 'keys', 'workspace.pem'))).mode & 0o777).toBe(0o600);
  });
});

it('a package that cannot be written leaves nothing behind', async () => {
  await expect(ZipWriter.create(join(home, 'no', 'such', 'p.zip'))).rejects.toThrow(/cannot be written/);
});

/** A zip of one deflated entry of zeros that says it has another size. */
function bomb(name: string, bytes: number, said: number): Buffer {
  const packed = deflateRawSync(Buffer.alloc(bytes));
  const common = Buffer.alloc(26);
  common.writeUInt16LE(20, 0);
  common.writeUInt16LE(8, 4);
  common.writeUInt32LE(packed.length, 14);
  common.writeUInt32LE(said, 18);
  common.writeUInt16LE(name.length, 22);
  const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, Buffer.from(name), packed]);
  const central = Buffer.concat([Buffer.from('PK\x01\x02\x14\x00'), common, Buffer.alloc(14), Buffer.from(name)]);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, central, end]);
}
