import { execFile } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import SqliteDatabase from 'better-sqlite3';
import { sql } from 'kysely';
import { Migrator } from 'kysely/migration';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { insertRows } from '../../../services/store/insert.ts';
import { readMeta, writeMeta } from '../../../services/store/meta.ts';
import { migrations } from '../../../services/store/migrations/list.ts';
import { openStore } from '../../../services/store/open.ts';
import { openPostgres } from '../../../services/store/postgres.ts';
import { addScene, findScene } from '../../../services/store/scenes.ts';
import { openSqlite } from '../../../services/store/sqlite.ts';
import { runRow, sceneRow } from '../../support/rows.ts';
import { describeOnBothStores } from '../../support/stores.ts';

describeOnBothStores('openStore', (openFresh, place) => {
  it('says which database it is on, and starts empty', async () => {
    const store = await openFresh();
    expect(store.dialect).toBe(place.dialect);
    expect(await store.db.selectFrom('patches').selectAll().execute()).toEqual([]);
  });

  it('creates the tables once, also when several open it at the same time', async () => {
    const location = await place.freshLocation();
    const stores = await Promise.all([openStore(location), openStore(location), openStore(location)]);
    await writeMeta(stores[0].db, 'name', 'county');
    await Promise.all(stores.map((store) => store.close()));
    const again = await openStore(location);
    expect(await readMeta(again.db, 'name')).toBe('county');
    expect((await sql`select name from kysely_migration`.execute(again.db)).rows).toEqual(
      Object.keys(await migrations(place.dialect).getMigrations()).map((name) => ({ name })),
    );
    await again.close();
  });

  it('brings a store of an earlier version up to date, with all that it holds', async () => {
    const location = await place.freshLocation();
    const old = 'sqlite' in location ? openSqlite(location.sqlite) : openPostgres(location.postgres);
    const { error } = await new Migrator({ db: old, provider: migrations(place.dialect) }).migrateTo(
      '0001-first-tables',
    );
    expect(error).toBeUndefined();
    const scene = sceneRow({ nodata: null });
    await insertRows(old, 'scenes', [scene]);
    await insertRows(old, 'runs', [runRow()]);
    await old.destroy();
    const store = await openStore(location);
    const nothingSaid = {
      time: null,
      saturation: null,
      cloudFraction: null,
      cloudBy: null,
      licence: null,
      maskJson: null,
    };
    expect(await findScene(store.db, scene.id)).toEqual({ ...scene, ...nothingSaid, bytes: null, removedAt: null });
    await addScene(
      store.db,
      sceneRow({ id: 's2', saturation: 1023, cloudFraction: 0.25, time: '10:55:51', bytes: 5e9 }),
    );
    expect(await findScene(store.db, 's2')).toMatchObject({ saturation: 1023, cloudFraction: 0.25, bytes: 5e9 });
    await store.close();
  });

  it('counts in numbers', async () => {
    const { db } = await openFresh();
    await insertRows(db, 'locks', [{ name: 'a', owner: 'o', takenAt: '' }]);
    const count = await db
      .selectFrom('locks')
      .select((eb) => eb.fn.countAll<number>().as('n'))
      .executeTakeFirst();
    expect(count).toEqual({ n: 1 });
  });

  it('refuses a box that is inside out, and a value of the wrong type', async () => {
    const { db } = await openFresh();
    await expect(insertRows(db, 'scenes', [sceneRow({ minLon: 107, maxLon: 106 })])).rejects.toThrow(/constraint/);
    await expect(insertRows(db, 'scenes', [sceneRow({ nodata: 'none' as never })])).rejects.toThrow();
  });
});

describe('openStore on a SQLite file', () => {
  let folder: string;
  let path: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tuban-store-'));
    path = join(folder, 'store.db');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('is left as it is, byte for byte, when it is opened again', async () => {
    const first = await openStore({ sqlite: path });
    await first.close();
    const before = await readFile(path);
    const second = await openStore({ sqlite: path });
    await second.close();
    expect((await readFile(path)).equals(before)).toBe(true);
  });

  it('can be opened by several processes at once while it is new', async () => {
    const script = `
      const { openStore } = await import(${JSON.stringify(new URL('../../../services/store/open.ts', import.meta.url))});
      await (await openStore({ sqlite: process.argv[1] })).close();`;
    const open = () => promisify(execFile)(process.execPath, ['--input-type=module', '-e', script, path]);
    await Promise.all([open(), open(), open()]);
    const store = await openStore({ sqlite: path });
    const applied = new SqliteDatabase(path).prepare('select count(*) from kysely_migration').pluck().get();
    expect(applied).toBe(Object.keys(await migrations('sqlite').getMigrations()).length);
    await store.close();
  });

  it('lets a second connection wait for the first one to end its transaction, with the thread free to end it', async () => {
    const [first, second] = [await openStore({ sqlite: path }), await openStore({ sqlite: path })];
    const slow = first.db.transaction().execute(async (trx) => {
      await writeMeta(trx, 'name', 'first');
      await new Promise((resolve) => setTimeout(resolve, 50));
    });
    await Promise.all([slow, writeMeta(second.db, 'name', 'second')]);
    expect(await readMeta(first.db, 'name')).toBe('second');
    await Promise.all([first.close(), second.close()]);
  });

  it('refuses in one line what is no store', async () => {
    await writeFile(path, '<html>404 Not Found</html>'.repeat(100));
    await expectUnusable(path, `The store ${path} is not a SQLite database.`);
    await expectUnusable(folder, `The store ${folder} cannot be opened: a file, or a new name in`);
    await expectUnusable(join(folder, 'none', 'store.db'), 'cannot be opened: ');
    const other = join(folder, 'other.gpkg');
    new SqliteDatabase(other).exec('create table gpkg_contents (id)').close();
    await expectUnusable(other, `${other} is the SQLite database of another program; a Tuban store`);
  });

  it('refuses a damaged store', async () => {
    await (await openStore({ sqlite: path })).close();
    await truncate(path, 3 * 4096);
    await expectUnusable(path, `The store ${path} is damaged: SQLite cannot read it whole.`);
  });

  it('refuses a store written by a newer version', async () => {
    await (await openStore({ sqlite: path })).close();
    const database = new SqliteDatabase(path);
    database.exec("insert into kysely_migration values ('9999-from-the-future', '2099-01-01T00:00:00.000Z')");
    database.close();
    await expectUnusable(path, 'it was written by a newer version of Tuban.');
  });

  it('refuses a store that cannot be written', async () => {
    await (await openStore({ sqlite: path })).close();
    await chmod(path, 0o444);
    await chmod(folder, 0o555);
    // Root may write anything: as root, let a user without rights try.
    const script = `
      const { openStore } = await import(${JSON.stringify(new URL('../../../services/store/open.ts', import.meta.url))});
      await openStore({ sqlite: process.argv[1] }).catch((error) => console.log(error.code, error.message));`;
    const user = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
    const run = promisify(execFile)(process.execPath, ['--input-type=module', '-e', script, path], user);
    expect((await run).stdout).toBe(
      `store-unusable The store ${path} cannot be written: a store needs a writable file in a writable folder.\n`,
    );
    await chmod(folder, 0o755);
  });
});

describe('openStore on PostgreSQL', () => {
  it('says in one line, without the password, when the server cannot be reached', async () => {
    const opening = openStore({ postgres: 'postgres://tuban:secret@127.0.0.1:1/county' });
    await expect(opening).rejects.toMatchObject({ code: 'store-unusable' });
    const message = await opening.catch((error: Error) => error.message);
    expect(message).toMatch(/^The PostgreSQL store at 127\.0\.0\.1:1\/county cannot be used: .*ECONNREFUSED/);
    expect(message).not.toMatch(/secret|\n/);
  });
});

async function expectUnusable(path: string, message: string): Promise<void> {
  const error = await openStore({ sqlite: path }).catch((caught: unknown) => caught);
  expect(error).toMatchObject({ code: 'store-unusable', message: expect.stringContaining(message) });
  expect((error as Error).message).not.toContain('\n');
}
