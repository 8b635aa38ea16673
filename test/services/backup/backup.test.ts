import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { restoreBackup, verifyBackup } from '../../../services/backup/restore.ts';
import { writeBackup } from '../../../services/backup/write-backup.ts';
import { addWebhook } from '../../../services/notify/endpoints.ts';
import { openStore, type Store, type StoreLocation } from '../../../services/store/open.ts';
import { plantPatch, plantZone } from '../../support/patches.ts';
import { takeSteps } from '../../support/steps.ts';
import { type Dump, dumpOf } from '../../support/store-dump.ts';
import { describeOnBothStores } from '../../support/stores.ts';

const at = new Date('2025-07-10T01:00:00Z');
const program = fileURLToPath(new URL('write-until-stopped.ts', import.meta.url));
const hasDump = (() => {
  try {
    return execFileSync('pg_dump', ['--version'], { stdio: 'pipe' }).length > 0;
  } catch {
    console.log('SKIPPED: backups of PostgreSQL stores: pg_dump is not installed.');
    return false;
  }
})();

let folder: string;
let writer: ChildProcess | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tuban-backup-test-'));
});

afterEach(() => {
  writer?.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

const place = (name: string) => join(folder, name);

/** The files that a workspace has beside its database. */
function plantFiles(home: string): void {
  for (const [name, content, mode] of [
    ['photos/ab/abcd.jpg', Buffer.alloc(1_500_000, 'photo'), 0o444],
    ['photos/ab/empty.heic', Buffer.alloc(0), 0o444],
    ['keys/workspace.pem', 'a key', 0o600],
    [`papers/${'很长的文件夹名'.repeat(6)}/移送函.pdf`, 'a paper', 0o644],
    ['scenes/2025-06/image.tif', 'an image', 0o644],
    ['inbox/coming.tif', 'half an image', 0o644],
    ['photos/ab/.abcd.1234.part', 'half a photo', 0o644],
  ] as const) {
    mkdirSync(join(home, name, '..'), { recursive: true });
    writeFileSync(join(home, name), content, { mode });
  }
}

async function plantWork(store: Store): Promise<void> {
  await plantZone(store, 'districts', '430421', '衡阳县');
  for (let patch = 0; patch < 4; patch++) await takeSteps(store, await plantPatch(store), 'warn acknowledge');
  const reach = { allowHttp: false, allowPrivate: false };
  await addWebhook(store, { url: 'https://hooks.example.com/', district: '', types: [], ...reach }, at);
}

async function dumpAt(location: StoreLocation): Promise<Dump> {
  const store = await openStore(location);
  try {
    return await dumpOf(store, { withTimes: true });
  } finally {
    await store.close();
  }
}

/** The same rows as far as the log of the copy goes: the events of one moment, and every patch as they say it is. */
function expectSnapshot(copy: Dump, now: Dump): void {
  const events = copy.events.length;
  expect(copy.events).toEqual(now.events.slice(0, events));
  for (const table of ['detections', 'places', 'runs'] as const) {
    expect(now[table]).toEqual(expect.arrayContaining(copy[table]));
  }
  const versions = (copy.patches as { id: string; version: number }[]).map(({ id, version }) => [id, version]);
  const counted = Map.groupBy(copy.events as { subjectId: string }[], ({ subjectId }) => subjectId);
  expect(versions).toEqual(versions.map(([id]) => [id, counted.get(id as string)?.length]));
  expect(copy.detections).toHaveLength(copy.patches.length);
}

describeOnBothStores('a backup', (_, { dialect, freshLocation }) => {
  const options = (home: string, location: StoreLocation) => ({
    home,
    database: 'postgres' in location ? location.postgres : null,
    at,
  });

  it.skipIf(dialect === 'postgres' && !hasDump)(
    'made while somebody writes is one moment of the workspace, whole: every table, files, keys',
    async () => {
      const home = place('workspace');
      mkdirSync(home);
      plantFiles(home);
      const location = dialect === 'sqlite' ? { sqlite: join(home, 'tuban.db') } : await freshLocation();
      const store = await openStore(location);
      await plantWork(store);
      writer = spawn(process.execPath, [program, JSON.stringify(location)], { stdio: ['ignore', 'pipe', 'inherit'] });
      for (let written = 0; written < 5; ) written += (await once(writer.stdout!, 'data'))[0].length;
      const manifest = await writeBackup(store, place('backup.tar'), options(home, location));
      const ended = once(writer, 'close');
      for (let written = 0; written < 3; ) written += (await once(writer.stdout!, 'data'))[0].length;
      writer.kill('SIGKILL');
      await ended;
      await store.close();
      expect(manifest.leftOut).toEqual(['scenes']);
      const target = dialect === 'sqlite' ? { sqlite: join(place('restored'), 'tuban.db') } : await freshLocation();
      const database = 'postgres' in target ? target.postgres : null;
      const { events } = await restoreBackup(place('backup.tar'), place('restored'), { database });
      const [copy, now] = [await dumpAt(target), await dumpAt(location)];
      expect(copy.events.length).toBeGreaterThanOrEqual(12 + 3 * 5);
      expect(copy.events.length).toBeLessThan(now.events.length);
      expect(events).toBe(copy.events.length);
      expectSnapshot(copy, now);
      expect(copy.notify_secrets).toEqual(now.notify_secrets);
      for (const name of ['photos/ab/abcd.jpg', 'photos/ab/empty.heic', 'keys/workspace.pem']) {
        expect(readFileSync(join(place('restored'), name))).toEqual(readFileSync(join(home, name)));
        expect(statSync(join(place('restored'), name)).mode).toBe(statSync(join(home, name)).mode);
      }
      const paper = join('papers', '很长的文件夹名'.repeat(6), '移送函.pdf');
      expect(readFileSync(join(place('restored'), paper), 'utf8')).toBe('a paper');
      expect(readdirSync(place('restored')).sort()).toEqual(
        [...(dialect === 'sqlite' ? ['tuban.db'] : []), 'keys', 'papers', 'photos'].sort(),
      );
      expect(readdirSync(join(place('restored'), 'photos/ab')).sort()).toEqual(['abcd.jpg', 'empty.heic']);
      // Work goes on in it.
      const restored = await openStore(target);
      await takeSteps(restored, await plantPatch(restored), 'warn');
      await restored.close();
    },
  );

  it.skipIf(dialect === 'postgres' && !hasDump)('at rest is restored table by table as it was', async () => {
    const home = place('workspace');
    mkdirSync(home);
    const location = dialect === 'sqlite' ? { sqlite: join(home, 'tuban.db') } : await freshLocation();
    const store = await openStore(location);
    await plantWork(store);
    await writeBackup(store, place('backup.tar'), options(home, location));
    await store.close();
    const target = dialect === 'sqlite' ? { sqlite: join(place('restored'), 'tuban.db') } : await freshLocation();
    await restoreBackup(place('backup.tar'), place('restored'), {
      database: 'postgres' in target ? target.postgres : null,
    });
    expect(await dumpAt(target)).toEqual(await dumpAt(location));
    if (!('postgres' in target)) return;
    // Never into a database that holds something.
    const again = restoreBackup(place('backup.tar'), place('again'), { database: target.postgres });
    await expect(again).rejects.toThrow(/wanted TUBAN_DATABASE to name an empty one, got one with \d+ tables/);
    expect(readdirSync(folder).sort()).toEqual(['backup.tar', 'restored', 'workspace']);
  });
});

describe('a backup file', () => {
  let backup: string;

  beforeEach(async () => {
    const home = place('workspace');
    mkdirSync(home);
    plantFiles(home);
    const store = await openStore({ sqlite: join(home, 'tuban.db') });
    await plantWork(store);
    backup = place('backup.tar');
    await writeBackup(store, backup, { home, database: null, at, withImages: true });
    await store.close();
  });

  it('is a tar that any program unpacks', () => {
    mkdirSync(place('unpacked'));
    execFileSync('tar', ['-xf', backup, '-C', place('unpacked')]);
    expect(readFileSync(place('unpacked/files/scenes/2025-06/image.tif'), 'utf8')).toBe('an image');
    const sums = JSON.parse(readFileSync(place('unpacked/manifest.json'), 'utf8')).files.map(
      ({ sha256, name }: { sha256: string; name: string }) => `${sha256}  ${name}`,
    );
    const input = `${sums.join('\n')}\n`;
    expect(sums).toHaveLength(6);
    execFileSync('sha256sum', ['--check', '--strict', '--quiet'], { cwd: place('unpacked'), input });
  });

  it('is whole, and no longer with one byte changed, wherever it lies', async () => {
    expect(await verifyBackup(backup)).toMatchObject({ events: 12, manifest: { database: 'sqlite' } });
    const { size } = statSync(backup);
    const places = [
      0,
      5,
      100,
      124,
      150,
      155,
      257,
      400,
      511,
      512,
      600,
      5000,
      size - 1,
      size - 700,
      size - 1025,
      size - 1600,
    ];
    for (let one = 0; one < 60; one++) places.push(Math.floor((size * (one + 0.37)) / 60));
    for (const offset of places) {
      flip(backup, offset);
      await expect(verifyBackup(backup), `byte ${offset}`).rejects.toMatchObject({ code: 'bad-input' });
      flip(backup, offset);
    }
    expect(await verifyBackup(backup)).toMatchObject({ events: 12 });
  });

  it('that is damaged, cut off or no backup is refused in one line, and leaves nothing', async () => {
    const bytes = statSync(backup).size;
    flip(backup, 1_000);
    const refused = async (pattern: RegExp) => {
      const error = await restoreBackup(backup, place('restored'), { database: null }).catch((one: Error) => one);
      expect(error).toMatchObject({ code: 'bad-input', message: expect.stringMatching(pattern) });
      expect((error as Error).message).not.toContain('\n');
      expect(readdirSync(folder).sort()).toEqual(['backup.tar', 'workspace']);
    };
    await refused(/backup\.tar: database\/tuban\.db is not what its manifest says: it was changed\.$/);
    flip(backup, 1_000);
    truncateSync(backup, bytes - 512);
    await refused(/wanted a whole backup: (it does not end as it should|it is cut off)/);
    truncateSync(backup, bytes - 100_000);
    await refused(/wanted a whole backup: it is cut off/);
    writeFileSync(backup, 'something else');
    await refused(/wanted a whole backup: it is cut off/);
  });

  it('with a log that was tampered with before is refused by its chain', async () => {
    const home = place('workspace');
    const store = await openStore({ sqlite: join(home, 'tuban.db') });
    execFileSync('/usr/bin/python3', ['-c', TAMPER, join(home, 'tuban.db')]);
    await writeBackup(store, backup, { home, database: null, at });
    await store.close();
    const restoring = restoreBackup(backup, place('restored'), { database: null });
    await expect(restoring).rejects.toThrow('the log in it is not what was written: it is broken from event 5 on');
    expect(readdirSync(folder).sort()).toEqual(['backup.tar', 'workspace']);
  });

  it('is never restored over a workspace, nor written into one', async () => {
    const before = readFileSync(join(place('workspace'), 'tuban.db'));
    const over = restoreBackup(backup, place('workspace'), { database: null });
    await expect(over).rejects.toThrow('there is something already');
    expect(readFileSync(join(place('workspace'), 'tuban.db'))).toEqual(before);
    const store = await openStore({ sqlite: join(place('workspace'), 'tuban.db') });
    const home = place('workspace');
    const into = writeBackup(store, join(home, 'photos', 'backup.tar'), { home, database: null, at });
    await expect(into).rejects.toThrow('wanted a place outside the workspace');
    await store.close();
  });

  it('that is there stays while the disk is full, and nothing is left beside it', () => {
    const script = `ulimit -f 200; trap '' XFSZ; exec "$0" api/tuban.js backup "$1" --home "$2"`;
    cpSync(backup, place('kept.tar'));
    const ran = (() => {
      try {
        return execFileSync('bash', ['-c', script, process.execPath, backup, place('workspace')], { stdio: 'pipe' });
      } catch (error) {
        return error as { status: number; stderr: Buffer };
      }
    })();
    expect(ran).toMatchObject({ status: 1 });
    const { stderr } = ran as { stderr: Buffer };
    expect(stderr.toString()).toBe(`tuban: ${backup}: the database cannot be copied there: the disk is full.\n`);
    expect(readFileSync(backup)).toEqual(readFileSync(place('kept.tar')));
    expect(readdirSync(folder).sort()).toEqual(['backup.tar', 'kept.tar', 'workspace']);
  });
});

function flip(path: string, offset: number): void {
  const file = openSync(path, 'r+');
  const byte = Buffer.alloc(1);
  readSync(file, byte, 0, 1, offset);
  byte[0] ^= 0x01;
  writeSync(file, byte, 0, 1, offset);
  closeSync(file);
}

const TAMPER = `
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
db.execute('drop trigger events_no_update')
db.execute("update events set actor = 'nobody' where seq = 5")
db.commit()
`;
