import type { Kysely } from 'kysely';
import type { Differences } from './differences.ts';

type Kind = 'text' | 'text?' | 'integer';

/** Mirrors services/store/schema-people.ts, which says what each column means. */
const tables: Record<string, { counted: boolean; columns: Record<string, Kind>; indexes: string[][] }> = {
  duty_entries: {
    counted: true,
    columns: {
      ...{ kind: 'text', ofEntry: 'text?', person: 'text', duty: 'text', grid: 'text?', district: 'text' },
      ...{
        fromDay: 'text?',
        toDay: 'text?',
        phone: 'text?',
        handOver: 'text?',
        note: 'text',
        actor: 'text',
        at: 'text',
      },
    },
    indexes: [['person']],
  },
  hand_overs: {
    counted: false,
    columns: {
      ...{ fromPerson: 'text', toPerson: 'text', district: 'text', note: 'text', actor: 'text', at: 'text' },
      ...{ movedJson: 'text', undoes: 'text?' },
    },
    indexes: [['at']],
  },
  patrols: {
    counted: false,
    columns: {
      ...{ who: 'text', fromAt: 'text', toAt: 'text', grid: 'text?', district: 'text', geometryJson: 'text?' },
      ...{ seen: 'text', reported: 'integer', source: 'text', addedAt: 'text' },
    },
    indexes: [['fromAt']],
  },
  actor_entries: {
    counted: true,
    columns: {
      ...{ kind: 'text', actorId: 'text', otherId: 'text?', name: 'text?', actorKind: 'text?', code: 'text?' },
      ...{ idHash: 'text?', idLast4: 'text?', district: 'text?', reason: 'text', actor: 'text', at: 'text' },
    },
    indexes: [['actorId']],
  },
};

export async function createPeopleTables(db: Kysely<never>, types: Differences): Promise<void> {
  for (const [name, { counted, columns, indexes }] of Object.entries(tables)) {
    let table = db.schema.createTable(name);
    if (counted) table = table.addColumn('seq', types.sequence);
    table = table.addColumn('id', types.text, (built) =>
      counted ? built.notNull().unique() : built.primaryKey().notNull(),
    );
    for (const [column, kind] of Object.entries(columns)) {
      const type = kind === 'integer' ? types.integer : types.text;
      table = table.addColumn(column, type, (built) => (kind === 'text?' ? built : built.notNull()));
    }
    await table.modifyEnd(types.tableOptions).execute();
    for (const of of indexes) {
      const index = db.schema.createIndex(`${name}_by_${of.join('_')}`).on(name);
      await index.columns(of as never[]).execute();
    }
    await types.forbidChanges(db, name);
  }
  // One hand-over is taken back once.
  const undone = db.schema
    .createIndex('hand_overs_by_undoes')
    .on('hand_overs')
    .columns(['undoes'] as never[]);
  await undone.unique().execute();
}
