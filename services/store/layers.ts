import type { Insertable, Kysely, Selectable } from 'kysely';
import type { LonLatBox } from '../../imagery/grid.ts';
import { dialectOf } from './dialect.ts';
import { insertRows } from './insert.ts';
import type { Database, LayerTable, ZoneTable } from './schema.ts';
import { whereInBox } from './spatial.ts';

export type LayerRow = Selectable<LayerTable>;
export type ZoneRow = Selectable<ZoneTable>;

export async function insertLayer(db: Kysely<Database>, layer: Insertable<LayerTable>): Promise<void> {
  await db.insertInto('layers').values(layer).execute();
}

/** Their layer must have been inserted before. */
export async function insertZones(db: Kysely<Database>, zones: readonly Insertable<ZoneTable>[]): Promise<void> {
  await insertRows(db, 'zones', zones);
}

/** All versions of all layers, in order of name, then first valid day, then import. */
export async function listLayers(db: Kysely<Database>): Promise<LayerRow[]> {
  return db.selectFrom('layers').selectAll().orderBy('name').orderBy('validFrom').orderBy('importedAt').execute();
}

/** The import of this very file under this name, or null. */
export async function findLayerImport(db: Kysely<Database>, name: string, sha256: string): Promise<LayerRow | null> {
  const query = db.selectFrom('layers').selectAll().where('name', '=', name).where('sha256', '=', sha256);
  return (await query.orderBy('importedAt', 'desc').executeTakeFirst()) ?? null;
}

/** Ends, on `date` (exclusive), every zone of the layer that began before it and is valid on it. Returns how many. */
export async function endZones(db: Kysely<Database>, layer: string, date: string): Promise<number> {
  const result = await db
    .updateTable('zones')
    .set({ validTo: date })
    .where('layer', '=', layer)
    .where('validFrom', '<', date)
    .where((eb) => eb.or([eb('validTo', 'is', null), eb('validTo', '>', date)]))
    .executeTakeFirst();
  return Number(result.numUpdatedRows);
}

export interface ZoneFilter {
  /** The day on which the zones are valid. */
  date: string;
  box?: LonLatBox;
  layers?: readonly string[];
}

/** Zones valid on a day, in order of layer, then id: the same on both databases. */
export async function listZones(db: Kysely<Database>, filter: ZoneFilter): Promise<ZoneRow[]> {
  let query = db
    .selectFrom('zones')
    .selectAll()
    .where('validFrom', '<=', filter.date)
    .where((eb) => eb.or([eb('validTo', 'is', null), eb('validTo', '>', filter.date)]));
  if (filter.box !== undefined) query = query.where(whereInBox(dialectOf(db), 'zones', filter.box));
  if (filter.layers !== undefined) {
    if (filter.layers.length === 0) return [];
    query = query.where('layer', 'in', filter.layers);
  }
  return query.orderBy('layer').orderBy('id').execute();
}
