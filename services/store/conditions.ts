import { type Expression, expressionBuilder, type SqlBool, sql } from 'kysely';
import type { Condition } from '../features/cql2/tree.ts';
import type { Dialect } from './dialect.ts';
import type { Database } from './schema.ts';

type Bool = Expression<SqlBool>;
type Resolved = Condition<readonly string[]>;

/** Where a filter finds what it asks for in a table. */
export interface ConditionColumns {
  columnOf(property: string): Expression<unknown>;
  /** True for the rows of these ids. One parameter however many there are. */
  among(ids: readonly string[]): Bool;
}

/** What each property of a patch is in its row; what a detection knows is looked up there. */
function patchColumns(dialect: Dialect): ConditionColumns {
  const eb = expressionBuilder<Database, 'patches'>();
  return {
    columnOf(property) {
      if (property !== 'beforeDate' && property !== 'afterDate') return sql.ref(`patches.${property}`);
      return eb
        .selectFrom('detections')
        .select(`detections.${property}`)
        .whereRef('detections.id', '=', 'patches.detectionId');
    },
    among(ids) {
      const list = JSON.stringify(ids);
      return dialect === 'sqlite'
        ? sql<SqlBool>`patches.id in (select value from json_each(${list}))`
        : sql<SqlBool>`patches.id in (select json_array_elements_text(${list}::json))`;
    },
  };
}

/** A zone's properties are columns of its row; its id is a number. */
export function zoneColumns(dialect: Dialect): ConditionColumns {
  return {
    columnOf: (property) => sql.ref(`zones.${property}`),
    among(ids) {
      const list = JSON.stringify(ids.map(Number));
      return dialect === 'sqlite'
        ? sql<SqlBool>`zones.id in (select value from json_each(${list}))`
        : sql<SqlBool>`zones.id in (select json_array_elements_text(${list}::json)::int)`;
    },
  };
}

/** True for the rows that a filter means: patches, unless told otherwise. For `.where(…)` of any query with that table. */
export function whereCondition(dialect: Dialect, condition: Resolved, columns = patchColumns(dialect)): Bool {
  const { columnOf } = columns;
  const eb = expressionBuilder<Database, 'patches'>();
  switch (condition.kind) {
    case 'and':
      return eb.and(condition.conditions.map((one) => whereCondition(dialect, one, columns)));
    case 'or':
      return eb.or(condition.conditions.map((one) => whereCondition(dialect, one, columns)));
    case 'not':
      return eb.not(whereCondition(dialect, condition.condition, columns));
    case 'always':
      return sql<SqlBool>`1 = ${sql.lit(condition.value ? 1 : 0)}`;
    case 'compare':
      return eb(columnOf(condition.property), condition.comparison, condition.value);
    case 'in':
      return eb(columnOf(condition.property), 'in', condition.values);
    case 'between':
      return eb.between(columnOf(condition.property), condition.from, condition.to);
    case 'like':
      return like(dialect, columnOf(condition.property), condition.pattern);
    case 'is-null':
      return eb(columnOf(condition.property), 'is', null);
    case 'intersects':
      return columns.among(condition.place);
  }
}

/** Letters count as they are written: LIKE of PostgreSQL, GLOB of SQLite. */
function like(
  dialect: Dialect,
  column: Expression<unknown>,
  pattern: Extract<Condition, { kind: 'like' }>['pattern'],
): Bool {
  const [any, one, special, escaped] =
    dialect === 'sqlite' ? ['*', '?', /[*?[]/g, '[$&]'] : ['%', '_', /[%_\\]/g, '\\$&'];
  const text = pattern
    .map((part) =>
      part === 'any' ? any : part === 'one' ? one : part.text.replace(special as RegExp, escaped as string),
    )
    .join('');
  return dialect === 'sqlite' ? sql<SqlBool>`${column} glob ${text}` : sql<SqlBool>`${column} like ${text}`;
}
