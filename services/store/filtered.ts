import { type Kysely, type SelectQueryBuilder, sql } from 'kysely';
import { stateNames } from '../lifecycle/transitions.ts';
import type { ResolvedFilter } from '../queue/filter.ts';
import { whereCondition } from './conditions.ts';
import { dialectOf } from './dialect.ts';
import type { Database } from './schema.ts';
import { whereInBox } from './spatial.ts';

/** A query over patches, to which what is wanted of them can be added. */
export type Patches<O> = SelectQueryBuilder<Database, 'patches', O>;

/** The patches that a filter means, to be listed, counted, drawn or summed: it is read here and nowhere else. */
export function filtered(db: Kysely<Database>, filter: ResolvedFilter): Patches<object> {
  let query: Patches<object> = db.selectFrom('patches');
  if (filter.month !== undefined) query = query.where('patches.month', '=', filter.month);
  for (const prefix of [filter.district, filter.within]) {
    if (prefix) query = query.where('patches.district', '>=', prefix).where('patches.district', '<', `${prefix}\uffff`);
  }
  // What others stand for is shown where it is asked for: else the same ground would be listed, drawn and summed twice.
  query =
    filter.states === undefined
      ? query.where('patches.state', 'not in', stateNames('patch', { outcome: 'replaced' }))
      : among(query, 'state', filter.states);
  if (filter.types !== undefined) query = among(query, 'type', filter.types);
  if (filter.minAreaM2 !== undefined) query = query.where('patches.areaM2', '>=', filter.minAreaM2);
  if (filter.maxAreaM2 !== undefined) query = query.where('patches.areaM2', '<=', filter.maxAreaM2);
  if (filter.bbox !== undefined) query = query.where(whereInBox(dialectOf(db), 'patches', filter.bbox));
  if (filter.layers !== undefined) query = inLayers(query, filter.layers);
  if (filter.themes !== undefined) query = ofThemes(query, filter.themes);
  if (filter.onset !== undefined) query = changedWithin(query, filter.onset);
  if (filter.overdue !== undefined) query = overdue(query, filter.overdue);
  if (filter.updatedSince !== undefined) query = query.where('patches.updatedAt', '>=', filter.updatedSince);
  if (filter.condition !== undefined) query = query.where(whereCondition(dialectOf(db), filter.condition));
  return query;
}

function among(query: Patches<object>, column: 'state' | 'type', values: readonly string[]): Patches<object> {
  if (values.length === 0) return query.where(sql<boolean>`1 = 0`);
  return query.where(`patches.${column}`, 'in', values);
}

function inLayers(query: Patches<object>, layers: readonly string[]): Patches<object> {
  if (layers.length === 0) return query.where(sql<boolean>`1 = 0`);
  return query.where(({ exists, selectFrom }) =>
    exists(
      selectFrom('overlaps')
        .select('overlaps.zoneId')
        .whereRef('overlaps.patchId', '=', 'patches.id')
        .where('overlaps.layer', 'in', layers),
    ),
  );
}

function ofThemes(query: Patches<object>, themes: readonly string[]): Patches<object> {
  if (themes.length === 0) return query.where(sql<boolean>`1 = 0`);
  return query.where(({ exists, selectFrom }) =>
    exists(
      selectFrom('patch_themes')
        .select('patch_themes.theme')
        .whereRef('patch_themes.patchId', '=', 'patches.id')
        .where('patch_themes.theme', 'in', themes),
    ),
  );
}

function changedWithin(query: Patches<object>, { from, to }: NonNullable<ResolvedFilter['onset']>): Patches<object> {
  return query.where(({ exists, selectFrom }) => {
    let meets = selectFrom('detections').select('detections.id').whereRef('detections.id', '=', 'patches.detectionId');
    if (from !== null) meets = meets.where('detections.afterDate', '>=', from);
    if (to !== null) meets = meets.where('detections.beforeDate', '<=', to);
    return exists(meets);
  });
}

/** Only open states have a due date, so a date that has passed is enough. */
function overdue(query: Patches<object>, { is, at }: { is: boolean; at: Date }): Patches<object> {
  const now = at.toISOString();
  if (is) return query.where('patches.dueAt', '<', now);
  return query.where((eb) => eb.or([eb('patches.dueAt', 'is', null), eb('patches.dueAt', '>=', now)]));
}
