import type { Migration, MigrationProvider } from 'kysely/migration';
import type { Dialect } from '../dialect.ts';
import { createFirstTables } from './0001-first-tables.ts';
import { addSceneFacts } from './0002-scene-facts.ts';
import { renewZones } from './0003-zone-versions.ts';
import { createLegality } from './0004-legality.ts';
import { createThemeTables } from './0005-themes-and-gauges.ts';
import { createAudit } from './0006-audit.ts';
import { createCycleTables } from './0007-cycle.ts';
import { createDeadlineTables } from './0008-deadlines.ts';
import { createFieldTables } from './0009-field-evidence.ts';
import { createBatches } from './0010-batches.ts';
import { createLineageTables } from './0011-lineage.ts';
import { createPeopleTables } from './0012-people.ts';
import { createWatchTables } from './0013-watch.ts';
import { createPaperTables } from './0014-papers.ts';
import { createHandOvers } from './0015-hand-overs.ts';
import { createNotifyTables } from './0017-notify.ts';
import { addOffices } from './0018-offices.ts';
import { createUserTables } from './0019-users.ts';
import { createIdempotency } from './0020-idempotency.ts';
import { createEmbargoes } from './0021-embargoes.ts';
import { addScopes } from './0023-scopes.ts';
import { createFieldReports } from './0024-field-reports.ts';
import { indexPatchPlaces } from './0026-patch-places.ts';
import { differencesOf } from './differences.ts';

/** All migrations, oldest first. One that has been released is never edited; the next one amends it. */
export function migrations(dialect: Dialect): MigrationProvider {
  const differences = differencesOf(dialect);
  const list: Record<string, Migration> = {
    '0001-first-tables': { up: (db) => createFirstTables(db as never, differences) },
    '0002-scene-facts': { up: (db) => addSceneFacts(db as never, differences) },
    '0003-zone-versions': { up: (db) => renewZones(db as never, differences) },
    '0004-legality': { up: (db) => createLegality(db as never, differences) },
    '0005-themes-and-gauges': { up: (db) => createThemeTables(db as never, differences) },
    '0006-audit': { up: (db) => createAudit(db as never, differences) },
    '0007-cycle': { up: (db) => createCycleTables(db as never, differences) },
    '0008-deadlines': { up: (db) => createDeadlineTables(db as never, differences) },
    '0009-field-evidence': { up: (db) => createFieldTables(db as never, differences) },
    '0010-batches': { up: (db) => createBatches(db as never, differences) },
    '0011-lineage': { up: (db) => createLineageTables(db as never, differences) },
    '0012-people': { up: (db) => createPeopleTables(db as never, differences) },
    '0013-watch': { up: (db) => createWatchTables(db as never, differences) },
    '0014-papers': { up: (db) => createPaperTables(db as never, differences) },
    '0015-hand-overs': { up: (db) => createHandOvers(db as never, differences) },
    '0017-notify': { up: (db) => createNotifyTables(db as never, differences) },
    '0018-offices': { up: (db) => addOffices(db as never, differences) },
    '0019-users': { up: (db) => createUserTables(db as never, differences) },
    '0020-idempotency': { up: (db) => createIdempotency(db as never, differences) },
    '0021-embargoes': { up: (db) => createEmbargoes(db as never, differences) },
    '0023-scopes': { up: (db) => addScopes(db as never, differences) },
    '0024-field-reports': { up: (db) => createFieldReports(db as never, differences) },
    '0026-patch-places': { up: (db) => indexPatchPlaces(db as never) },
  };
  return { getMigrations: async () => list };
}
