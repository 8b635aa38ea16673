import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { sql } from 'kysely';
import { openStore, type Store } from '../../../services/store/open.ts';

/** Stores in memory that begin with what `fill` puts into the first: opening one takes a millisecond or two. */
export async function storesFilledBy(fill: (store: Store) => Promise<void>): Promise<() => Promise<Store>> {
  const folder = await mkdtemp(join(tmpdir(), 'tuban-filled-'));
  const path = join(folder, 'filled.db');
  const first = await openStore({ sqlite: ':memory:' });
  await fill(first);
  await sql`vacuum into ${sql.lit(path)}`.execute(first.db);
  await first.close();
  const bytes = await readFile(path);
  await rm(folder, { recursive: true });
  keepStatements();
  // better-sqlite3 takes the bytes of a database in the place of its name.
  return () => openStore({ sqlite: bytes as unknown as string });
}

/** Statements are compiled once for each store: a quarter of the time, where thousands of stores do the same. */
function keepStatements(): void {
  const kept = new WeakMap<Database.Database, Map<string, Database.Statement>>();
  const original = Database.prototype.prepare;
  Database.prototype.prepare = function prepare(this: Database.Database, source: string) {
    const own = kept.get(this) ?? new Map<string, Database.Statement>();
    kept.set(this, own);
    const known = own.get(source);
    if (known !== undefined && !known.busy) return known;
    const statement = original.call(this, source);
    own.set(source, statement);
    return statement;
  } as typeof original;
}
