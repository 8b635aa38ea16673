import type { Kysely } from 'kysely';
import type { LayerRow, ZoneRow } from './layers.ts';
import type { Database } from './schema.ts';

export async function findLayer(db: Kysely<Database>, id: string): Promise<LayerRow | null> {
  return (await db.selectFrom('layers').selectAll().where('id', '=', id).executeTakeFirst()) ?? null;
}

/** Area of all zones of one version in m², and of how many of them it can ever be asked: a replaced one is valid on no day. */
export async function versionTotals(
  db: Kysely<Database>,
  layerId: string,
): Promise<{ areaM2: number; usable: number }> {
  const zones = db.selectFrom('zones').where('layerId', '=', layerId);
  const { areaM2 } = await zones
    .select((eb) => eb.fn.sum<number | null>('areaM2').as('areaM2'))
    .executeTakeFirstOrThrow();
  const { usable } = await zones
    .where((eb) => eb.or([eb('validTo', 'is', null), eb('validTo', '>', eb.ref('validFrom'))]))
    .select((eb) => eb.fn.countAll<number>().as('usable'))
    .executeTakeFirstOrThrow();
  return { areaM2: Number(areaM2 ?? 0), usable: Number(usable) };
}

/** The version of a layer whose zones are valid on a day, or null. */
export async function versionOn(db: Kysely<Database>, layer: string, date: string): Promise<LayerRow | null> {
  const row = await db
    .selectFrom('zones')
    .innerJoin('layers', 'layers.id', 'zones.layerId')
    .selectAll('layers')
    .where('zones.layer', '=', layer)
    .where('zones.validFrom', '<=', date)
    .where((eb) => eb.or([eb('zones.validTo', 'is', null), eb('zones.validTo', '>', date)]))
    .orderBy('layers.validFrom', 'desc')
    .executeTakeFirst();
  return row ?? null;
}

/** First day of the next version of a layer after a day, or null. */
export async function nextVersionFrom(db: Kysely<Database>, layer: string, date: string): Promise<string | null> {
  const row = await db
    .selectFrom('layers')
    .select((eb) => eb.fn.min('validFrom').as('validFrom'))
    .where('name', '=', layer)
    .where('validFrom', '>', date)
    .executeTakeFirst();
  return row?.validFrom ?? null;
}

/** Makes the zones of a layer that begin on `date` valid on no day: another version of that day takes their place. */
export async function withdrawZonesOf(db: Kysely<Database>, layer: string, date: string): Promise<void> {
  await db
    .updateTable('zones')
    .set({ validTo: date })
    .where('layer', '=', layer)
    .where('validFrom', '=', date)
    .execute();
}

/** Zones of all other layers that no district is known for. */
export async function zonesWithoutDistrict(db: Kysely<Database>, districtsLayer: string): Promise<ZoneRow[]> {
  return db
    .selectFrom('zones')
    .selectAll()
    .where('district', 'is', null)
    .where('layer', '!=', districtsLayer)
    .execute();
}

export async function setZoneDistrict(db: Kysely<Database>, id: string, district: string): Promise<void> {
  await db.updateTable('zones').set({ district }).where('id', '=', id).execute();
}
