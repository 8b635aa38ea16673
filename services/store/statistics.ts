import { type Kysely, sql } from 'kysely';
import type { ResolvedFilter } from '../queue/filter.ts';
import { filtered } from './filtered.ts';
import type { Database } from './schema.ts';

/** By what patches may be told apart. Of the first four each patch has one; it may have several layers and themes, or none. */
export const DIMENSIONS = ['state', 'type', 'district', 'month', 'layer', 'theme'] as const;
export type Dimension = (typeof DIMENSIONS)[number];

export interface PatchCount {
  /** Null: those that have none, of a layer or theme. */
  value: string | null;
  patches: number;
  /** m² to three decimals; summed as whole numbers, so that parts add up to the total whatever the order. */
  areaM2: number;
  /** Past their due date at the moment asked for. */
  overdue: number;
}

/** All patches of a filter together. */
export async function countAll(db: Kysely<Database>, filter: ResolvedFilter, at: Date): Promise<PatchCount> {
  const [row] = await filtered(db, filter).select(sums(at)).select(sql<null>`null`.as('value')).execute();
  return countOf(row);
}

/** Told apart by one dimension, in order of value. */
export async function countBy(
  db: Kysely<Database>,
  filter: ResolvedFilter,
  by: Dimension,
  at: Date,
): Promise<PatchCount[]> {
  const query = by === 'layer' || by === 'theme' ? several(db, filter, by) : filtered(db, filter);
  const value =
    by === 'layer' || by === 'theme' ? sql.ref<string | null>('several.value') : sql.ref<string>(`patches.${by}`);
  const rows = await query
    .select(sums(at))
    .select(value.as('value'))
    .groupBy(value as never)
    .execute();
  return rows.map(countOf).sort((a, b) => ((a.value ?? '') < (b.value ?? '') ? -1 : 1));
}

function several(db: Kysely<Database>, filter: ResolvedFilter, by: 'layer' | 'theme') {
  const pairs =
    by === 'layer'
      ? sql`select distinct "patchId", "layer" as "value" from overlaps`
      : sql`select distinct "patchId", "theme" as "value" from patch_themes`;
  return filtered(db, filter).leftJoin(sql<{ patchId: string; value: string }>`(${pairs})`.as('several'), (join) =>
    join.onRef('several.patchId' as never, '=', 'patches.id' as never),
  );
}

function sums(at: Date) {
  return [
    sql<number>`count(*)`.as('patches'),
    sql<number>`coalesce(sum(cast(round("patches"."areaM2" * 1000) as bigint)), 0)`.as('thousandths'),
    sql<number>`coalesce(sum(case when "patches"."dueAt" < ${at.toISOString()} then 1 else 0 end), 0)`.as('overdue'),
  ] as const;
}

function countOf(row: { value: string | null; patches: number; thousandths: number; overdue: number }): PatchCount {
  const { value, patches, thousandths, overdue } = row;
  return { value, patches: Number(patches), areaM2: Number(thousandths) / 1000, overdue: Number(overdue) };
}
