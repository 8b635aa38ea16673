import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Dialect } from '../dialect.ts';

/** Everything in which the tables differ between SQLite and PostgreSQL. The migrations themselves do not. */
export interface Differences {
  text: RawBuilder<string>;
  integer: RawBuilder<number>;
  number: RawBuilder<number>;
  bytes: RawBuilder<Uint8Array>;
  /** What follows the closing bracket of CREATE TABLE. */
  tableOptions: RawBuilder<unknown>;
  /** The type of a key that counts up by itself and never gives a number twice. */
  sequence: RawBuilder<number>;
  /** Makes UPDATE and DELETE on the table fail. */
  forbidChanges(db: Kysely<never>, table: string): Promise<void>;
  /** Lifts that again, for a migration that forbids changes anew before it ends. */
  allowChanges(db: Kysely<never>, table: string): Promise<void>;
  /** Lets a reader that has seen row n of the table be sure that no row below n appears later. */
  insertInCommitOrder(db: Kysely<never>, table: string): Promise<void>;
  /** A spatial index over minLon, minLat, maxLon, maxLat; asked by services/store/spatial.ts. */
  indexBoxes(db: Kysely<never>, table: string): Promise<void>;
  /**
   * The same for a table whose id is a whole number, with the rows it has. Who inserts into it puts the boxes into the
   * index, many at once: a trigger for every row costs twice as much.
   */
  indexBoxesByNumber(db: Kysely<never>, table: string): Promise<void>;
  /** Takes the index away, before its table is renamed. */
  dropBoxes(db: Kysely<never>, table: string): Promise<void>;
}

export function differencesOf(dialect: Dialect): Differences {
  return dialect === 'sqlite' ? SQLITE : POSTGRES;
}

const SQLITE: Differences = {
  text: sql`text`,
  integer: sql`integer`,
  number: sql`real`,
  bytes: sql`blob`,
  sequence: sql`integer primary key autoincrement`,
  // PostgreSQL refuses a value of the wrong type; without STRICT, SQLite would store it.
  tableOptions: sql`strict`,
  async forbidChanges(db, table) {
    const message = sql.lit(`${table} is append-only: its rows are never changed or deleted`);
    for (const verb of ['update', 'delete']) {
      await sql`create trigger ${sql.ref(`${table}_no_${verb}`)} before ${sql.raw(verb)} on ${sql.table(table)}
        begin select raise(abort, ${message}); end`.execute(db);
    }
  },
  async allowChanges(db, table) {
    for (const verb of ['update', 'delete']) await sql`drop trigger ${sql.ref(`${table}_no_${verb}`)}`.execute(db);
  },
  // SQLite has one writer at a time: rows are committed in the order of their numbers anyway.
  async insertInCommitOrder() {},
  /**
   * An R*Tree beside the table, kept by triggers. Its entries are found by the text id, not by rowid,
   * because VACUUM may renumber the rowids of a table with a text key. Its boxes are 32-bit floats
   * rounded outwards, so that the entry of a row is among those that contain the row's exact box.
   */
  async indexBoxes(db, table) {
    const [rows, boxes] = [sql.table(table), sql.table(`${table}_box`)];
    const add = sql`insert into ${boxes} ("minLon", "maxLon", "minLat", "maxLat", "id")
      values (new."minLon", new."maxLon", new."minLat", new."maxLat", new."id")`;
    const remove = sql`delete from ${boxes} where "id" = old."id" and "minLon" <= old."minLon"
      and "maxLon" >= old."maxLon" and "minLat" <= old."minLat" and "maxLat" >= old."maxLat"`;
    await sql`create virtual table ${boxes}
      using rtree("entry", "minLon", "maxLon", "minLat", "maxLat", +"id" text)`.execute(db);
    await sql`create trigger ${sql.ref(`${table}_box_insert`)} after insert on ${rows} begin ${add}; end`.execute(db);
    await sql`create trigger ${sql.ref(`${table}_box_delete`)} after delete on ${rows} begin ${remove}; end`.execute(
      db,
    );
    await sql`create trigger ${sql.ref(`${table}_box_update`)}
      after update of "id", "minLon", "minLat", "maxLon", "maxLat" on ${rows}
      begin ${remove}; ${add}; end`.execute(db);
  },
  /** Here the entry of a row is its rowid, which the id of such a table is: nothing beside it need be kept or looked up. */
  async indexBoxesByNumber(db, table) {
    const [rows, boxes] = [sql.table(table), sql.table(`${table}_box`)];
    await sql`create virtual table ${boxes} using rtree("id", "minLon", "maxLon", "minLat", "maxLat")`.execute(db);
    const on = (event: string, step: RawBuilder<unknown>) =>
      sql`create trigger ${sql.ref(`${table}_box_${event.split(' ')[0]}`)} after ${sql.raw(event)} on ${rows}
        begin ${step}; end`.execute(db);
    await on('delete', sql`delete from ${boxes} where "id" = old."id"`);
    await on(
      'update of "minLon", "minLat", "maxLon", "maxLat"',
      sql`update ${boxes} set "minLon" = new."minLon", "maxLon" = new."maxLon", "minLat" = new."minLat",
        "maxLat" = new."maxLat" where "id" = new."id"`,
    );
    await sql`insert into ${boxes} select "id", "minLon", "maxLon", "minLat", "maxLat" from ${rows}`.execute(db);
  },
  async dropBoxes(db, table) {
    for (const event of ['insert', 'delete', 'update']) {
      await sql`drop trigger ${sql.ref(`${table}_box_${event}`)}`.execute(db);
    }
    await sql`drop table ${sql.table(`${table}_box`)}`.execute(db);
  },
};

const POSTGRES: Differences = {
  // Byte order, as in SQLite: sorting and prefix search do not depend on the server's locale.
  text: sql`text collate "C"`,
  integer: sql`integer`,
  number: sql`double precision`,
  bytes: sql`bytea`,
  sequence: sql`bigint generated always as identity primary key`,
  tableOptions: sql``,
  async forbidChanges(db, table) {
    await sql`create or replace function tuban_refuse_change() returns trigger language plpgsql as $$
      begin
        raise exception '% is append-only: its rows are never changed or deleted', tg_table_name;
      end $$`.execute(db);
    await sql`create trigger ${sql.ref(`${table}_no_change`)} before update or delete on ${sql.table(table)}
      for each row execute function tuban_refuse_change()`.execute(db);
    await sql`create trigger ${sql.ref(`${table}_no_truncate`)} before truncate on ${sql.table(table)}
      for each statement execute function tuban_refuse_change()`.execute(db);
  },
  async allowChanges(db, table) {
    for (const what of ['change', 'truncate'])
      await sql`drop trigger ${sql.ref(`${table}_no_${what}`)} on ${sql.table(table)}`.execute(db);
  },
  /**
   * Without this a transaction may draw number 5, another draw 6 and commit first; a reader that has
   * read up to 6 would never see 5. A statement trigger runs before the numbers are drawn, and its
   * lock is held until commit.
   */
  async insertInCommitOrder(db, table) {
    await sql`create or replace function tuban_wait_for_turn() returns trigger language plpgsql as $$
      begin
        perform pg_advisory_xact_lock(hashtext(tg_table_schema || '.' || tg_table_name));
        return null;
      end $$`.execute(db);
    await sql`create trigger ${sql.ref(`${table}_in_turn`)} before insert on ${sql.table(table)}
      for each statement execute function tuban_wait_for_turn()`.execute(db);
  },
  async indexBoxes(db, table) {
    await sql`create index ${sql.ref(`${table}_box`)} on ${sql.table(table)}
      using gist (box(point("minLon", "minLat"), point("maxLon", "maxLat")))`.execute(db);
  },
  async indexBoxesByNumber(db, table) {
    await this.indexBoxes(db, table);
  },
  async dropBoxes(db, table) {
    await sql`drop index ${sql.ref(`${table}_box`)}`.execute(db);
  },
};
