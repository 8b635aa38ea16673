import { setTimeout as sleep } from 'node:timers/promises';
import SqliteDatabase from 'better-sqlite3';
import {
  CompiledQuery,
  type DatabaseConnection,
  type DialectAdapter,
  type Driver,
  Kysely,
  type QueryResult,
  SqliteAdapter,
  SqliteDialect,
  SqliteDriver,
  type TransactionSettings,
} from 'kysely';
import { ServiceError } from '../error.ts';
import type { Database } from './schema.ts';

/** Marks the file as a Tuban store ('Tubn'), so that another program's SQLite file is not taken for one. */
const APPLICATION_ID = 0x5475626e;

/** Pages a connection keeps in memory. */
const CACHE_KB = 32 * 1024;

/** Statements a connection keeps prepared; inserts of many rows at once are too long and too many to be kept. */
const STATEMENTS_KEPT = 300;
const LONGEST_KEPT = 5000;

/** How long a statement waits for another connection that is writing, and how often it looks. */
const BUSY_TIMEOUT_MS = 10_000;
const BUSY_RETRY_MS = 10;

/**
 * Opens or creates a SQLite file (':memory:' = a store that ends with the process).
 * Throws ServiceError 'store-unusable' when the path is no file, not SQLite, damaged or another program's.
 */
export function openSqlite(path: string): Kysely<Database> {
  let database: SqliteDatabase.Database | undefined;
  try {
    database = new SqliteDatabase(path);
    configure(database, path);
    return new Kysely<Database>({ dialect: new StoreDialect(database, path) });
  } catch (error) {
    database?.close();
    throw error instanceof ServiceError ? error : unusableSqlite(path, error);
  }
}

function configure(database: SqliteDatabase.Database, path: string): void {
  database.pragma(`busy_timeout = ${BUSY_TIMEOUT_MS}`);
  const tables = database.prepare('select count(*) from sqlite_schema').pluck().get();
  const applicationId = database.pragma('application_id', { simple: true });
  if (applicationId !== APPLICATION_ID) {
    if (tables !== 0 || applicationId !== 0) {
      const message = `${path} is the SQLite database of another program; a Tuban store or a new file was expected.`;
      throw new ServiceError('store-unusable', message);
    }
    database.pragma(`application_id = ${APPLICATION_ID}`);
  }
  database.pragma('journal_mode = WAL');
  // FULL, not NORMAL: the event log is evidence, and an action that was acknowledged must survive a
  // power cut. It costs one fsync per commit, and there are few commits a second.
  database.pragma('synchronous = FULL');
  database.pragma('foreign_keys = ON');
  // Two million parcels and their index do not fit into the 2 MB that a connection has by default.
  database.pragma(`cache_size = ${-CACHE_KB}`);
  // Without this INSERT OR REPLACE would delete rows of append-only tables past their triggers.
  database.pragma('recursive_triggers = ON');
  database.pragma('busy_timeout = 0'); // from here on PatientDriver waits
}

/** What is wrong with a store, by the beginning of SQLite's code for it. */
const REASONS: readonly [prefix: string, reason: string][] = [
  ['SQLITE_NOTADB', 'is not a SQLite database'],
  ['SQLITE_CORRUPT', 'is damaged: SQLite cannot read it whole'],
  ['SQLITE_READONLY', 'cannot be written: a store needs a writable file in a writable folder'],
  ['SQLITE_CANTOPEN', 'cannot be opened: a file, or a new name in an existing writable folder, was expected'],
  ['SQLITE_FULL', 'cannot be written: the disk is full'],
  ['SQLITE_IOERR', 'cannot be read or written: the disk or its connection fails'],
  ['SQLITE_BUSY', `is being written by another process for more than ${BUSY_TIMEOUT_MS / 1000} s`],
];

/** One line saying what is wrong with the file, whatever SQLite called it. */
export function unusableSqlite(path: string, cause: unknown): ServiceError {
  const code = String((cause as { code?: unknown } | null)?.code ?? '');
  const known = REASONS.find(([prefix]) => code.startsWith(prefix));
  const reason = known?.[1] ?? `cannot be opened: ${cause instanceof Error ? cause.message : String(cause)}`;
  return new ServiceError('store-unusable', `The store ${path} ${reason}.`, undefined, cause);
}

/** Kysely's SQLite dialect, made fit for several connections, in one process or many, to the same file. */
class StoreDialect extends SqliteDialect {
  readonly #database: SqliteDatabase.Database;
  readonly #path: string;

  constructor(database: SqliteDatabase.Database, path: string) {
    super({ database });
    this.#database = database;
    this.#path = path;
  }

  override createDriver(): Driver {
    return new PatientDriver(this.#database, this.#path);
  }

  override createAdapter(): DialectAdapter {
    return new TransactionalAdapter();
  }
}

/** SQLite can create tables inside a transaction; so two that open a new store at once do not collide. */
class TransactionalAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

class PatientDriver extends SqliteDriver {
  readonly #database: SqliteDatabase.Database;
  readonly #path: string;
  readonly #statements = new Map<string, SqliteDatabase.Statement<unknown[]>>();

  constructor(database: SqliteDatabase.Database, path: string) {
    super({ database });
    this.#database = database;
    this.#path = path;
  }

  /**
   * A transaction that reads first and writes later fails at once, without waiting, when another connection
   * has written in between; BEGIN IMMEDIATE waits for the writer's place at the beginning, and has it then. One that
   * only reads takes nobody's place.
   */
  override async beginTransaction(connection: DatabaseConnection, settings?: TransactionSettings): Promise<void> {
    const begin = settings?.accessMode === 'read only' ? 'begin' : 'begin immediate';
    await connection.executeQuery(CompiledQuery.raw(begin));
  }

  /** After a full disk and the like SQLite has rolled back by itself; to ask for it again would hide what happened. */
  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    if (this.#database.inTransaction) await super.rollbackTransaction(connection);
  }

  /**
   * Waits for another writer here and not in SQLite's own busy handler: that one stops the whole thread,
   * and so, for ever, a transaction that another connection of this thread has open.
   */
  override async acquireConnection(): Promise<DatabaseConnection> {
    const connection = await super.acquireConnection();
    return {
      executeQuery: (query) => this.#inWords(() => whenNotBusy(() => this.#execute(query))),
      streamQuery: (query, chunkSize) => connection.streamQuery(query, chunkSize),
    };
  }

  /** As SqliteDriver does, but with statements prepared once: preparing takes longer than most of them run. */
  async #execute<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    const statement = this.#prepared(sql);
    if (statement.reader) return { rows: statement.all(parameters) as R[] };
    const { changes, lastInsertRowid } = statement.run(parameters);
    return { insertId: BigInt(lastInsertRowid), numAffectedRows: BigInt(changes), rows: [] };
  }

  #prepared(sql: string): SqliteDatabase.Statement<unknown[]> {
    const known = this.#statements.get(sql);
    // Put last: the first is the one that was not used for longest.
    if (known !== undefined) this.#statements.delete(sql);
    const statement = known ?? this.#database.prepare<unknown[]>(sql);
    if (sql.length > LONGEST_KEPT) return statement;
    this.#statements.set(sql, statement);
    if (this.#statements.size > STATEMENTS_KEPT) this.#statements.delete(this.#statements.keys().next().value!);
    return statement;
  }

  /** What keeps the store from being read or written at all is said as when it is opened. */
  async #inWords<T>(execute: () => Promise<T>): Promise<T> {
    try {
      return await execute();
    } catch (error) {
      const code = String((error as { code?: unknown } | null)?.code ?? '');
      throw REASONS.some(([prefix]) => code.startsWith(prefix)) ? unusableSqlite(this.#path, error) : error;
    }
  }
}

/** Tries again while another connection is writing; a statement refused for that has done nothing yet. */
async function whenNotBusy<T>(execute: () => Promise<T>): Promise<T> {
  const giveUpAt = Date.now() + BUSY_TIMEOUT_MS;
  for (;;) {
    try {
      return await execute();
    } catch (error) {
      const isBusy = String((error as { code?: unknown } | null)?.code).startsWith('SQLITE_BUSY');
      if (!isBusy || Date.now() > giveUpAt) throw error;
      await sleep(BUSY_RETRY_MS);
    }
  }
}
