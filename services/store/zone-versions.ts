import { type Expression, type Kysely, type SqlBool, sql } from 'kysely';
import { type LayerRow, listLayers } from './layers.ts';
import type { Database } from './schema.ts';

/** A version whose zones hold on a day, but for those in districts that later versions took over. */
export interface ValidVersion {
  version: LayerRow;
  /** District code prefixes for which a later version speaks. */
  without: string[];
}

/**
 * The versions whose zones are valid on a day. A version speaks for its scope from its first day on, until a later one
 * (by first day, then by import) speaks for the same ground; nothing that is stored ever has to be changed for that.
 */
export function versionsOn(versions: readonly LayerRow[], date: string): ValidVersion[] {
  const begun = versions.filter(({ state, validFrom }) => state === 'ready' && validFrom <= date).sort(byBeginning);
  return begun.flatMap((version, i) => {
    const later = begun.slice(i + 1).filter(({ name }) => name === version.name);
    if (later.some(({ scope }) => version.scope.startsWith(scope))) return [];
    const without = later.map(({ scope }) => scope).filter((scope) => scope.startsWith(version.scope));
    return [{ version, without: [...new Set(without)].sort() }];
  });
}

/** First day on which the zones of a version in a district no longer hold, or null. */
export function endOf(version: LayerRow, district: string | null, versions: readonly LayerRow[]): string | null {
  const order = [...versions].filter(({ state, name }) => state === 'ready' && name === version.name).sort(byBeginning);
  const later = order.slice(order.findIndex(({ id }) => id === version.id) + 1);
  const holder = district ?? version.scope;
  return later.find(({ scope }) => version.scope.startsWith(scope) || holder.startsWith(scope))?.validFrom ?? null;
}

/** The versions of some layers (all, unless named) that are valid on a day. */
export async function validVersions(
  db: Kysely<Database>,
  date: string,
  layers?: readonly string[],
): Promise<ValidVersion[]> {
  const valid = versionsOn(await listLayers(db), date);
  return layers === undefined ? valid : valid.filter(({ version }) => layers.includes(version.name));
}

/** True for the rows of `zones`, under the name `alias` where it was given one, that belong to these versions. */
export function ofVersions(valid: readonly ValidVersion[], alias = 'zones'): Expression<SqlBool> {
  const column = (name: string) => sql.ref(`${alias}.${name}`);
  const whole = valid.filter(({ without }) => without.length === 0).map(({ version }) => version.id);
  const parts = valid
    .filter(({ without }) => without.length > 0)
    .map(({ version, without }) => {
      const taken = without.map((scope) => sql`substr(${column('district')}, 1, ${scope.length}) = ${scope}`);
      const district = sql`${column('district')} is null or not (${sql.join(taken, sql` or `)})`;
      return sql`(${column('layerId')} = ${version.id} and (${district}))`;
    });
  if (whole.length > 0) parts.push(sql`${column('layerId')} in (${sql.join(whole)})`);
  return parts.length === 0 ? sql<SqlBool>`1 = 0` : sql<SqlBool>`(${sql.join(parts, sql` or `)})`;
}

function byBeginning(a: LayerRow, b: LayerRow): number {
  return a.validFrom < b.validFrom ? -1 : a.validFrom > b.validFrom ? 1 : a.seq - b.seq;
}
