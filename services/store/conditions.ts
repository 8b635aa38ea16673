import { type Expression, expressionBuilder, type SqlBool, sql } from 'kysely';
import type { Condition } from '../features/cql2/tree.ts';
import type { Dialect } from './dialect.ts';
import type { Database } from './schema.ts';

type Bool = Expression<SqlBool>;
type Resolved = Condition<readonly string[]>;

/** What each property of a patch is in its row; what a detection knows is looked up there. */
function columnOf(property: string): Expression<unknown> {
  const eb = expressionBuilder<Database, 'patches'>();
  if (property !== 'beforeDate' && property !== 'afterDate') return sql.ref(`patches.${property}`);
  return eb
    .selectFrom('detections')
    .select(`detections.${property}`)
    .whereRef('detections.id', '=', 'patches.detectionId');
}

/** True for the patches that a filter means. For `.where(…)` of any query in which patches appear. */
export function whereCondition(dialect: Dialect, condition: Resolved): Bool {
  const eb = expressionBuilder<Database, 'patches'>();
  switch (condition.kind) {
    case 'and':
      return eb.and(condition.conditions.map((one) => whereCondition(dialect, one)));
    case 'or':
      return eb.or(condition.conditions.map((one) => whereCondition(dialect, one)));
    case 'not':
      return eb.not(whereCondition(dialect, condition.condition));
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
      return among(dialect, condition.place);
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

/** One parameter however many ids there are. */
function among(dialect: Dialect, ids: readonly string[]): Bool {
  const list = JSON.stringify(ids);
  return dialect === 'sqlite'
    ? sql<SqlBool>`patches.id in (select value from json_each(${list}))`
    : sql<SqlBool>`patches.id in (select json_array_elements_text(${list}::json))`;
}
