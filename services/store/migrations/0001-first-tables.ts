import { type CreateTableBuilder, type Kysely, sql } from 'kysely';
import type { Differences } from './differences.ts';

/** Column types of a table in order; '?' = may be null, '#' = primary key, '> t' = refers to t.id. */
type Columns = Record<string, string>;

const BOX: Columns = { minLon: 'number', minLat: 'number', maxLon: 'number', maxLat: 'number' };

/** Mirrors services/store/schema.ts, which says what each column means. Referred-to tables come first. */
const TABLES: Record<string, Columns> = {
  meta: { key: 'text #', value: 'text' },
  scenes: {
    id: 'text #',
    sha256: 'text',
    path: 'text',
    district: 'text ?',
    sensor: 'text',
    date: 'text',
    bandsJson: 'text',
    gridJson: 'text',
    sampleType: 'text',
    nodata: 'number ?',
    scale: 'number ?',
    offset: 'number ?',
    ...BOX,
    addedAt: 'text',
    removedAt: 'text ?',
  },
  layers: {
    id: 'text #',
    name: 'text',
    path: 'text',
    sha256: 'text',
    validFrom: 'text',
    featureCount: 'integer',
    importedAt: 'text',
  },
  zones: {
    id: 'text #',
    layerId: 'text > layers',
    layer: 'text',
    externalId: 'text',
    name: 'text',
    district: 'text ?',
    propertiesJson: 'text',
    geometryJson: 'text',
    areaM2: 'number',
    ...BOX,
    validFrom: 'text',
    validTo: 'text ?',
  },
  runs: {
    id: 'text #',
    month: 'text',
    district: 'text ?',
    state: 'text',
    planJson: 'text',
    summaryJson: 'text ?',
    error: 'text ?',
    startedAt: 'text',
    finishedAt: 'text ?',
  },
  jobs: {
    id: 'text #',
    kind: 'text',
    key: 'text',
    payloadJson: 'text',
    state: 'text',
    attempts: 'integer',
    error: 'text ?',
    createdAt: 'text',
    updatedAt: 'text',
  },
  cells: { runId: 'text # > runs', key: 'text #', district: 'text ?', result: 'bytes' },
  places: { id: 'text #', district: 'text', firstMonth: 'text' },
  detections: {
    id: 'text #',
    runId: 'text > runs',
    placeId: 'text > places',
    month: 'text',
    district: 'text',
    areaM2: 'number',
    score: 'number',
    type: 'text',
    typeConfidence: 'number',
    screening: 'text',
    beforeDate: 'text',
    afterDate: 'text',
    observedFraction: 'number',
    evidenceJson: 'text',
    geometryJson: 'text',
    ...BOX,
  },
  patches: {
    id: 'text #',
    number: 'text',
    placeId: 'text > places',
    detectionId: 'text > detections',
    month: 'text',
    district: 'text',
    type: 'text',
    areaM2: 'number',
    score: 'number',
    state: 'text',
    dueAt: 'text ?',
    version: 'integer',
    ...BOX,
    createdAt: 'text',
    updatedAt: 'text',
  },
  overlaps: {
    patchId: 'text # > patches',
    zoneId: 'text # > zones',
    layer: 'text',
    district: 'text',
    areaM2: 'number',
  },
  cases: {
    id: 'text #',
    district: 'text',
    title: 'text',
    state: 'text',
    version: 'integer',
    createdAt: 'text',
    updatedAt: 'text',
  },
  case_patches: { caseId: 'text # > cases', patchId: 'text # > patches', district: 'text' },
  events: {
    seq: 'sequence',
    id: 'text',
    subject: 'text',
    subjectId: 'text',
    district: 'text',
    action: 'text',
    fromState: 'text ?',
    toState: 'text',
    actor: 'text',
    reason: 'text ?',
    payloadJson: 'text',
    at: 'text',
  },
  coverage: {
    runId: 'text # > runs',
    district: 'text #',
    totalM2: 'number',
    observedM2: 'number',
    cloudM2: 'number',
    noImageM2: 'number',
  },
  locks: { name: 'text #', owner: 'text', takenAt: 'text' },
  api_keys: {
    id: 'text #',
    hash: 'text',
    name: 'text',
    role: 'text',
    district: 'text',
    createdAt: 'text',
    expiresAt: 'text ?',
    revokedAt: 'text ?',
  },
};

const UNIQUE: [table: string, ...columns: string[]][] = [
  ['jobs', 'kind', 'key'],
  ['patches', 'number'],
  ['patches', 'placeId', 'month'], // a patch is a place in one month's queue
  ['events', 'id'],
  ['api_keys', 'hash'],
];

const INDEXES: [table: string, ...columns: string[]][] = [
  ['scenes', 'date'],
  ['layers', 'name', 'validFrom'],
  ['zones', 'layerId'],
  ['zones', 'layer', 'externalId'],
  ['runs', 'month', 'startedAt'],
  ['jobs', 'state', 'kind', 'key'],
  ['places', 'district'],
  ['detections', 'runId'],
  ['detections', 'placeId', 'month'],
  ['detections', 'month', 'district'],
  ['patches', 'month', 'district', 'state', 'type'],
  ['patches', 'district', 'state'],
  ['patches', 'state', 'dueAt'],
  ['patches', 'detectionId'],
  ['overlaps', 'zoneId'],
  ['overlaps', 'layer', 'patchId'],
  ['cases', 'district', 'state'],
  ['case_patches', 'patchId'],
  ['events', 'subject', 'subjectId', 'seq'],
  ['events', 'district', 'seq'],
];

export async function createFirstTables(db: Kysely<never>, differences: Differences): Promise<void> {
  for (const [table, columns] of Object.entries(TABLES)) await createTable(db, differences, table, columns);
  for (const [table, ...columns] of UNIQUE) {
    await db.schema
      .createIndex(`${table}_by_${columns.join('_')}`)
      .on(table)
      .columns(columns)
      .unique()
      .execute();
  }
  for (const [table, ...columns] of INDEXES) {
    await db.schema
      .createIndex(`${table}_by_${columns.join('_')}`)
      .on(table)
      .columns(columns)
      .execute();
  }
  for (const table of ['zones', 'patches', 'detections']) await differences.indexBoxes(db, table);
  for (const table of ['events', 'detections']) await differences.forbidChanges(db, table);
  await differences.insertInCommitOrder(db, 'events');
}

async function createTable(db: Kysely<never>, types: Differences, table: string, columns: Columns): Promise<void> {
  let create: CreateTableBuilder<string, string> = db.schema.createTable(table);
  for (const [column, text] of Object.entries(columns)) {
    const [type, target] = text.split(' > ');
    const name = type.split(' ')[0] as 'text' | 'integer' | 'number' | 'bytes' | 'sequence';
    create = create.addColumn(column, types[name], (definition) => {
      if (name === 'sequence') return definition;
      const nullable = type.endsWith('?') ? definition : definition.notNull();
      return target === undefined ? nullable : nullable.references(`${target}.id`);
    });
  }
  const keys = Object.keys(columns).filter((column) => columns[column].includes('#'));
  if (keys.length > 0) create = create.addPrimaryKeyConstraint(`${table}_key`, keys as never);
  if ('minLon' in columns) {
    const inOrder = sql<boolean>`"minLon" <= "maxLon" and "minLat" <= "maxLat"`;
    create = create.addCheckConstraint(`${table}_box_in_order`, inOrder);
  }
  await create.modifyEnd(types.tableOptions).execute();
}
