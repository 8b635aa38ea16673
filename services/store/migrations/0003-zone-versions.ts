import { type Kysely, sql } from 'kysely';
import { fromGeoJson, toWkb } from '../../zones/geometry/wkb.ts';
import type { Differences } from './differences.ts';

/** Mirrors services/store/schema.ts. */
const LAYER_COLUMNS = {
  seq: 'integer',
  scope: 'text',
  state: 'text',
  readTo: 'integer',
  crs: 'text',
  encoding: 'text',
  fieldsJson: 'text',
  idsFrom: 'text',
  completeTo: 'text',
} as const;

const BATCH = 500;

interface OldZone {
  layerId: string;
  externalId: string;
  name: string;
  district: string | null;
  propertiesJson: string;
  geometryJson: string;
  areaM2: number;
  minLon: number;
  minLat: number;
  maxLon: number;
  maxLat: number;
}

/**
 * Zones of millions of parcels: numbered rows, geometry in WKB, and validity said once, by the version, instead of by
 * every zone. Versions get what they rest on: scope, CRS, encoding, fields, and up to when they are complete.
 */
export async function renewZones(db: Kysely<never>, types: Differences): Promise<void> {
  for (const [column, type] of Object.entries(LAYER_COLUMNS)) {
    await db.schema.alterTable('layers').addColumn(column, types[type]).execute();
  }
  await sql`update layers set scope = '', state = 'ready', "readTo" = "featureCount", "fieldsJson" = '[]', "idsFrom" = '',
    seq = (select count(*) from layers as l where l."importedAt" < layers."importedAt"
      or (l."importedAt" = layers."importedAt" and l.id <= layers.id))`.execute(db);
  await createNotes(db, types);
  await types.dropBoxes(db, 'zones');
  for (const index of ['zones_by_layerId', 'zones_by_layer_externalId']) {
    await sql`drop index ${sql.ref(index)}`.execute(db);
  }
  await sql`alter table zones rename to zones_before`.execute(db);
  await sql`alter table "overlaps" rename to overlaps_before`.execute(db);
  await createZones(db, types);
  await copyZones(db);
  await types.indexBoxesByNumber(db, 'zones');
  await copyOverlaps(db, types);
  await sql`drop table overlaps_before`.execute(db);
  await sql`drop table zones_before`.execute(db);
}

async function createNotes(db: Kysely<never>, types: Differences): Promise<void> {
  await db.schema
    .createTable('layer_notes')
    .addColumn('layerId', types.text, (column) => column.notNull().references('layers.id'))
    .addColumn('seq', types.integer, (column) => column.notNull())
    .addColumn('featureId', types.text, (column) => column.notNull())
    .addColumn('kind', types.text, (column) => column.notNull())
    .addColumn('what', types.text, (column) => column.notNull())
    .addPrimaryKeyConstraint('layer_notes_key', ['layerId', 'seq'] as never)
    .modifyEnd(types.tableOptions)
    .execute();
}

async function createZones(db: Kysely<never>, types: Differences): Promise<void> {
  await db.schema
    .createTable('zones')
    .addColumn('id', types.integer, (column) => column.notNull().primaryKey())
    .addColumn('layerId', types.text, (column) => column.notNull().references('layers.id'))
    .addColumn('externalId', types.text, (column) => column.notNull())
    .addColumn('name', types.text, (column) => column.notNull())
    .addColumn('district', types.text)
    .addColumn('landClass', types.text)
    .addColumn('propertiesJson', types.text, (column) => column.notNull())
    .addColumn('geometry', types.bytes, (column) => column.notNull())
    .addColumn('areaM2', types.number, (column) => column.notNull())
    .addColumn('minLon', types.number, (column) => column.notNull())
    .addColumn('minLat', types.number, (column) => column.notNull())
    .addColumn('maxLon', types.number, (column) => column.notNull())
    .addColumn('maxLat', types.number, (column) => column.notNull())
    .addCheckConstraint('zones_in_order', sql<boolean>`"minLon" <= "maxLon" and "minLat" <= "maxLat"`)
    .modifyEnd(types.tableOptions)
    .execute();
  const byExternalId = ['layerId', 'externalId'] as never[];
  await db.schema.createIndex('zones_by_layerId_externalId').on('zones').columns(byExternalId).unique().execute();
}

async function copyZones(db: Kysely<never>): Promise<void> {
  let id = 0;
  for (let after = { layerId: '', externalId: '' }; ; ) {
    const { rows } = await sql<OldZone>`select * from zones_before
      where "layerId" > ${after.layerId} or ("layerId" = ${after.layerId} and "externalId" > ${after.externalId})
      order by "layerId", "externalId" limit ${BATCH}`.execute(db);
    for (const row of rows) {
      id++;
      const geometry = toWkb(fromGeoJson(JSON.parse(row.geometryJson)));
      const properties = JSON.parse(row.propertiesJson) as { DLBM?: unknown };
      const landClass = typeof properties.DLBM === 'string' ? properties.DLBM : null;
      await sql`insert into zones values (${id}, ${row.layerId}, ${row.externalId}, ${row.name}, ${row.district},
        ${landClass}, ${row.propertiesJson}, ${geometry}, ${row.areaM2},
        ${row.minLon}, ${row.minLat}, ${row.maxLon}, ${row.maxLat})`.execute(db);
    }
    if (rows.length < BATCH) return;
    after = rows[rows.length - 1];
  }
}

async function copyOverlaps(db: Kysely<never>, types: Differences): Promise<void> {
  for (const columns of ['zoneId', 'layer_patchId'])
    await sql`drop index ${sql.ref(`overlaps_by_${columns}`)}`.execute(db);
  await db.schema
    .createTable('overlaps')
    .addColumn('patchId', types.text, (column) => column.notNull().references('patches.id'))
    .addColumn('zoneId', types.integer, (column) => column.notNull().references('zones.id'))
    .addColumn('layer', types.text, (column) => column.notNull())
    .addColumn('district', types.text, (column) => column.notNull())
    .addColumn('areaM2', types.number, (column) => column.notNull())
    .addPrimaryKeyConstraint('overlaps_of_patch', ['patchId', 'zoneId'] as never)
    .modifyEnd(types.tableOptions)
    .execute();
  await sql`insert into "overlaps" select o."patchId", z.id, o.layer, o.district, o."areaM2" from overlaps_before o
    join zones_before b on b.id = o."zoneId"
    join zones z on z."layerId" = b."layerId" and z."externalId" = b."externalId"`.execute(db);
  await sql`create index "overlaps_by_zoneId" on "overlaps" ("zoneId")`.execute(db);
  await sql`create index "overlaps_by_layer_patchId" on "overlaps" (layer, "patchId")`.execute(db);
}
