import { type Kysely, sql } from 'kysely';
import { stateNames } from '../lifecycle/transitions.ts';
import type { CoverageRow } from './coverage.ts';
import type { Database } from './schema.ts';

/** The sums behind the monthly table. */

export interface DistrictCounts {
  district: string;
  found: number;
  areaM2: number;
  warned: number;
  open: number;
  overdue: number;
  resolved: number;
  dismissed: number;
}

/** Which states are summed under which outcome. */
export interface OutcomeStates {
  open: readonly string[];
  resolved: readonly string[];
  dismissed: readonly string[];
}

/**
 * One row per district with patches in the month, in order of district; each figure is counted by
 * itself. `within`: district code prefix, '' = all.
 */
export async function countMonth(
  db: Kysely<Database>,
  month: string,
  within: string,
  states: OutcomeStates,
  now: Date,
): Promise<DistrictCounts[]> {
  const replaced = stateNames('patch', { outcome: 'replaced' });
  let query = db.selectFrom('patches').where('month', '=', month).where('state', 'not in', replaced);
  if (within !== '') query = query.where('district', '>=', within).where('district', '<', `${within}\uffff`);
  return query
    .select((eb) => {
      const count = (condition: ReturnType<typeof eb.and>) =>
        eb.fn.sum<number>(eb.case().when(condition).then(1).else(0).end());
      const among = (names: readonly string[]) => eb('state', 'in', names);
      const everWarned = eb.exists(
        eb
          .selectFrom('events')
          .select('events.seq')
          .where('events.subject', '=', 'patch')
          .whereRef('events.subjectId', '=', 'patches.id')
          .where((own) =>
            own.or([
              own('events.action', '=', 'warn'),
              // What was split off or merged takes over that its task had gone out.
              own.and([own('events.action', '=', 'succeed'), own('events.payloadJson', 'like', '%"warned":true%')]),
            ]),
          )
          .where((inner) =>
            inner.not(
              inner.exists(
                inner
                  .selectFrom('events as undoing')
                  .select('undoing.seq')
                  .where('undoing.subject', '=', 'patch')
                  .whereRef('undoing.subjectId', '=', 'patches.id')
                  .where('undoing.action', '=', 'undo')
                  .where('undoing.payloadJson', 'like', sql<string>`'%"undoes":"' || ${sql.ref('events.id')} || '"%'`),
              ),
            ),
          ),
      );
      return [
        'district',
        eb.fn.countAll<number>().as('found'),
        eb.fn.sum<number>('areaM2').as('areaM2'),
        count(eb.and([everWarned])).as('warned'),
        count(eb.and([among(states.open)])).as('open'),
        count(eb.and([among(states.open), eb('dueAt', '<', now.toISOString())])).as('overdue'),
        count(eb.and([among(states.resolved)])).as('resolved'),
        count(eb.and([among(states.dismissed)])).as('dismissed'),
      ];
    })
    .groupBy('district')
    .orderBy('district')
    .execute();
}

/** What could be seen of each district in the month, by the finished run that began last of those that looked. */
export async function coverageOfMonth(db: Kysely<Database>, month: string, within: string): Promise<CoverageRow[]> {
  const rows = await db
    .selectFrom('coverage')
    .innerJoin('runs', 'runs.id', 'coverage.runId')
    .selectAll('coverage')
    .where('runs.month', '=', month)
    .where('runs.state', '=', 'done')
    .orderBy('runs.startedAt')
    .orderBy('runs.id')
    .execute();
  const latest = new Map(rows.map((row) => [row.district, row]));
  return [...latest.values()].filter(({ district }) => district.startsWith(within));
}

/** Names by district code, from the newest version of the districts layer. */
export async function districtNames(db: Kysely<Database>): Promise<Map<string, string>> {
  const rows = await db
    .selectFrom('zones')
    .innerJoin('layers', 'layers.id', 'zones.layerId')
    .select(['zones.externalId', 'zones.name'])
    .where('layers.name', '=', 'districts')
    .where('layers.state', '=', 'ready')
    .orderBy('layers.validFrom')
    .orderBy('layers.seq')
    .execute();
  return new Map(rows.map(({ externalId, name }) => [externalId, name]));
}
