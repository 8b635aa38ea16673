import { CompiledQuery, type Insertable, type Kysely, type Selectable, sql } from 'kysely';
import type { LonLatBox } from '../../imagery/grid.ts';
import { type Dialect, dialectOf } from './dialect.ts';
import type { Database, ZoneTable } from './schema.ts';
import { whereInBox } from './spatial.ts';
import { ofVersions, type ValidVersion, validVersions } from './zone-versions.ts';

/** A zone with the name of its layer. */
export type ZoneRow = Selectable<ZoneTable> & { layer: string };

/** In the order they are bound. */
const COLUMNS = [
  'id',
  'layerId',
  'externalId',
  'name',
  'district',
  'landClass',
  'propertiesJson',
  'geometry',
  'areaM2',
  'minLon',
  'minLat',
  'maxLon',
  'maxLat',
] as const satisfies readonly (keyof ZoneTable)[];

const ROWS_PER_STATEMENT = 500;

const statements = new Map<string, string>();

/**
 * Inserts zones; their layer must have been inserted before. The statement's text is put together once and not for
 * every batch: of two million parcels that is most of what an insert through a query builder costs.
 */
export async function insertZones(db: Kysely<Database>, zones: readonly Insertable<ZoneTable>[]): Promise<void> {
  for (let first = 0; first < zones.length; first += ROWS_PER_STATEMENT) {
    const rows = zones.slice(first, first + ROWS_PER_STATEMENT);
    const values: unknown[] = [];
    for (const zone of rows) for (const column of COLUMNS) values.push(zone[column]);
    await db.executeQuery(CompiledQuery.raw(insertOf(dialectOf(db), rows.length), values));
  }
  await indexBoxes(db, zones);
}

/** PostgreSQL indexes by itself. */
async function indexBoxes(db: Kysely<Database>, zones: readonly Insertable<ZoneTable>[]): Promise<void> {
  if (dialectOf(db) !== 'sqlite' || zones.length === 0) return;
  const ids = JSON.stringify(zones.map(({ id }) => id));
  await sql`insert into zones_box select id, "minLon", "maxLon", "minLat", "maxLat" from zones
    where id in (select value from json_each(${ids}))`.execute(db);
}

function insertOf(dialect: Dialect, rows: number): string {
  const key = `${dialect} ${rows}`;
  const known = statements.get(key);
  if (known !== undefined) return known;
  const names = COLUMNS.map((column) => `"${column}"`).join(', ');
  let bound = 0;
  const row = () => `(${COLUMNS.map(() => (dialect === 'sqlite' ? '?' : `$${++bound}`)).join(', ')})`;
  const statement = `insert into "zones" (${names}) values ${Array.from({ length: rows }, row).join(', ')}`;
  statements.set(key, statement);
  return statement;
}

/** The number the next zone gets. */
export async function nextZoneId(db: Kysely<Database>): Promise<number> {
  const { last } = await db
    .selectFrom('zones')
    .select((eb) => eb.fn.max<number | null>('id').as('last'))
    .executeTakeFirstOrThrow();
  return Number(last ?? 0) + 1;
}

export interface ZoneFilter {
  /** The day on which the zones are valid. */
  date: string;
  box?: LonLatBox;
  layers?: readonly string[];
}

/** Zones valid on a day, in order of layer, then of their feature's id: the same on both databases. */
export async function listZones(db: Kysely<Database>, { date, box, layers }: ZoneFilter): Promise<ZoneRow[]> {
  return zonesOfVersions(db, await validVersions(db, date, layers), box);
}

export async function zonesOfVersions(
  db: Kysely<Database>,
  valid: readonly ValidVersion[],
  box?: LonLatBox,
): Promise<ZoneRow[]> {
  if (valid.length === 0) return [];
  let query = db.selectFrom('zones').selectAll().where(ofVersions(valid));
  if (box !== undefined) query = query.where(whereInBox(dialectOf(db), 'zones', box));
  const named = withLayer(await query.execute(), valid);
  return named.sort((a, b) => order(a.layer, b.layer) || order(a.externalId, b.externalId) || a.id - b.id);
}

/** Zones of one layer valid on a day, some thousands at a time, in the order they were imported: for whole layers. */
export async function* readZones(
  db: Kysely<Database>,
  valid: readonly ValidVersion[],
  box?: LonLatBox,
): AsyncGenerator<ZoneRow> {
  for (let after = 0; ; ) {
    let query = db.selectFrom('zones').selectAll().where(ofVersions(valid)).where('id', '>', after);
    if (box !== undefined) query = query.where(whereInBox(dialectOf(db), 'zones', box));
    const rows = await query.orderBy('id').limit(ROWS_PER_READ).execute();
    yield* withLayer(rows, valid);
    if (rows.length < ROWS_PER_READ) return;
    after = rows[rows.length - 1].id;
  }
}

const ROWS_PER_READ = 2000;

function withLayer(rows: Selectable<ZoneTable>[], valid: readonly ValidVersion[]): ZoneRow[] {
  const names = new Map(valid.map(({ version }) => [version.id, version.name]));
  return rows.map((row) => ({ ...row, layer: names.get(row.layerId) as string }));
}

/** Area of all zones of a version, m². */
export async function areaOfLayer(db: Kysely<Database>, layerId: string): Promise<number> {
  const { areaM2 } = await db
    .selectFrom('zones')
    .select((eb) => eb.fn.sum<number | null>('areaM2').as('areaM2'))
    .where('layerId', '=', layerId)
    .executeTakeFirstOrThrow();
  return Number(areaM2 ?? 0);
}

/** The ids of a version's features, for an import that goes on where it was. */
export async function externalIdsOf(db: Kysely<Database>, layerId: string): Promise<string[]> {
  const rows = await db.selectFrom('zones').select('externalId').where('layerId', '=', layerId).execute();
  return rows.map(({ externalId }) => externalId);
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
