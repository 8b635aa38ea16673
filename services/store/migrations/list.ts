import type { Migration, MigrationProvider } from 'kysely/migration';
import type { Dialect } from '../dialect.ts';
import { createFirstTables } from './0001-first-tables.ts';
import { addSceneFacts } from './0002-scene-facts.ts';
import { differencesOf } from './differences.ts';

/** All migrations, oldest first. One that has been released is never edited; the next one amends it. */
export function migrations(dialect: Dialect): MigrationProvider {
  const differences = differencesOf(dialect);
  const list: Record<string, Migration> = {
    '0001-first-tables': { up: (db) => createFirstTables(db as never, differences) },
    '0002-scene-facts': { up: (db) => addSceneFacts(db as never, differences) },
  };
  return { getMigrations: async () => list };
}
