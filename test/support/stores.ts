import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe } from 'vitest';
import { openStore, type Store, type StoreLocation } from '../../services/store/open.ts';
import { type PostgresServer, startPostgres } from './postgres.ts';

/** Opens a new, empty store with all tables; it is closed after the test. */
export type OpenFresh = () => Promise<Store>;

/** What else a test can know of where its stores lie. */
export interface Place {
  dialect: Store['dialect'];
  /** Where no store exists yet (SQLite: a file), for tests that open and close it themselves. */
  freshLocation(): Promise<StoreLocation>;
}

/**
 * The same tests on SQLite and on PostgreSQL. Where no PostgreSQL server can be started, its half is
 * skipped and a line says so.
 */
export function describeOnBothStores(name: string, tests: (openFresh: OpenFresh, place: Place) => void): void {
  describe(`${name} (SQLite)`, () => {
    const place: Place = { dialect: 'sqlite', freshLocation: freshFile };
    tests(
      opener(async () => ({ sqlite: ':memory:' })),
      place,
    );
  });
  describe(`${name} (PostgreSQL)`, () => {
    beforeEach(async (context) => {
      const server = await sharedServer();
      if (typeof server === 'string') context.skip(server);
    }, 60_000);
    tests(opener(databaseWithTables), { dialect: 'postgres', freshLocation: emptyDatabase });
  });
}

function opener(freshLocation: () => Promise<StoreLocation>): OpenFresh {
  const opened: Store[] = [];
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((store) => store.close()));
    await dropDatabases();
    for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
  });
  return async () => {
    const store = await openStore(await freshLocation());
    opened.push(store);
    return store;
  };
}

let server: Promise<PostgresServer | string> | undefined;
let template: Promise<void> | undefined;
let databaseCount = 0;
const ofThisTest: string[] = [];
const folders: string[] = [];

/** One server for all tests of a file, started when the first of them needs it. */
function sharedServer(): Promise<PostgresServer | string> {
  server ??= startPostgres().then((started) => {
    if (typeof started === 'string') console.log(`SKIPPED: the PostgreSQL half of the store tests: ${started}.`);
    return started;
  });
  return server;
}

afterAll(async () => {
  const started = await server;
  if (started !== undefined && typeof started !== 'string') await started.stop();
});

async function freshFile(): Promise<{ sqlite: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'tuban-store-'));
  folders.push(folder);
  return { sqlite: join(folder, 'store.db') };
}

async function createDatabase(name: string, template: string): Promise<{ postgres: string }> {
  const started = await sharedServer();
  if (typeof started === 'string') throw new Error(started);
  await started.execute(`create database ${name} template ${template}`);
  return { postgres: started.url(name) };
}

async function dropDatabases(): Promise<void> {
  const started = await server;
  if (started === undefined || typeof started === 'string') return;
  for (const name of ofThisTest.splice(0)) await started.execute(`drop database ${name} with (force)`);
}

/** A name that no test has used; the database is dropped after the test. */
function freshName(): string {
  const name = `test_${databaseCount++}`;
  ofThisTest.push(name);
  return name;
}

async function emptyDatabase(): Promise<{ postgres: string }> {
  return createDatabase(freshName(), 'template1');
}

/** Copying a database that has the tables is faster than creating them for every test. */
async function databaseWithTables(): Promise<{ postgres: string }> {
  template ??= createDatabase('with_tables', 'template1').then(async (location) => {
    const store = await openStore(location);
    await store.close();
  });
  await template;
  return createDatabase(freshName(), 'with_tables');
}
