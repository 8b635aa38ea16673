import type { Kysely } from 'kysely';
import type { Differences } from './differences.ts';

/** Mirrors services/store/schema.ts. Nothing is known of these for scenes added before: null. */
const COLUMNS = {
  time: 'text',
  saturation: 'number',
  cloudFraction: 'number',
  cloudBy: 'text',
  licence: 'text',
  maskJson: 'text',
  bytes: 'number',
} as const;

export async function addSceneFacts(db: Kysely<never>, types: Differences): Promise<void> {
  // One statement each: SQLite adds no two columns in one.
  for (const [column, type] of Object.entries(COLUMNS)) {
    await db.schema.alterTable('scenes').addColumn(column, types[type]).execute();
  }
}
