import { AsyncLocalStorage } from 'node:async_hooks';
import {
  AliasNode,
  type Expression,
  expressionBuilder,
  IdentifierNode,
  type JoinNode,
  type KyselyPlugin,
  type OperationNode,
  OperationNodeTransformer,
  type PluginTransformQueryArgs,
  type QueryId,
  SelectQueryNode,
  type SqlBool,
  sql,
  TableNode,
} from 'kysely';
import type { Database } from './schema.ts';

/** Patches of a month (null: of all) and of districts whose code begins so. */
export interface Region {
  month: string | null;
  district: string;
}

interface Asking {
  regions: readonly Region[];
  over: boolean;
}

const asking = new AsyncLocalStorage<Asking | null>();

/**
 * Does `work` as somebody for whom the patches of these regions do not exist: no query of any store in it finds them,
 * nor what hangs on them. What goes on after `work` has come back, such as a job it began, sees everything.
 */
export async function hiding<T>(regions: readonly Region[], work: () => Promise<T>): Promise<T> {
  const request: Asking = { regions, over: false };
  try {
    return await asking.run(request, work);
  } finally {
    request.over = true;
  }
}

/** Does `work` as the product itself, which sees everything. For jobs begun on behalf of somebody. */
export function seeingAll<T>(work: () => T): T {
  return asking.run(null, work);
}

/** What does not exist for who is asking now. */
export function hiddenNow(): readonly Region[] {
  const request = asking.getStore();
  return request == null || request.over ? [] : request.regions;
}

/** True for the rows, with a month and a district, that lie in any of the regions. */
export function inRegions(alias: string, regions: readonly Region[]): Expression<SqlBool> {
  const column = (name: string) => sql.ref(`${alias}.${name}`);
  const parts = regions.map(({ month, district }) => {
    const ofMonth = month === null ? [] : [sql`${column('month')} = ${month}`];
    const under = [sql`${column('district')} >= ${district}`, sql`${column('district')} < ${`${district}\uffff`}`];
    return sql`(${sql.join([...ofMonth, ...(district === '' ? [] : under), sql`1 = 1`], sql` and `)})`;
  });
  return sql<SqlBool>`(${parts.length === 0 ? sql`1 = 0` : sql.join(parts, sql` or `)})`;
}

/** True for rows whose patch lies in the regions. */
function ofHiddenPatch(column: string, regions: readonly Region[]): Expression<SqlBool> {
  return sql<SqlBool>`exists (select 1 from patches as hidden_patch
    where hidden_patch."id" = ${sql.ref(column)} and ${inRegions('hidden_patch', regions)})`;
}

/** A case that covers a patch which is not to be seen tells of it, by its title alone. */
export function ofHiddenCase(column: string, regions: readonly Region[]): Expression<SqlBool> {
  return sql<SqlBool>`exists (select 1 from case_patches as hidden_case
    inner join patches as hidden_patch on hidden_patch."id" = hidden_case."patchId"
    where hidden_case."caseId" = ${sql.ref(column)} and ${inRegions('hidden_patch', regions)})`;
}

/** Of rows that are about a patch or a case. */
function ofHiddenSubject(table: string, regions: readonly Region[]): Expression<SqlBool> {
  const [subject, id] = [sql.ref(`${table}.subject`), `${table}.subjectId`];
  return sql<SqlBool>`((${subject} = 'patch' and ${ofHiddenPatch(id, regions)})
    or (${subject} = 'case' and ${ofHiddenCase(id, regions)}))`;
}

type Hides = (table: string, regions: readonly Region[]) => Expression<SqlBool>;

const byPlaceAndMonth: Hides = (table, regions) => inRegions(table, regions);
const byPatch: Hides = (table, regions) => ofHiddenPatch(`${table}.patchId`, regions);
const byCase: Hides = (table, regions) => ofHiddenCase(`${table}.caseId`, regions);
/** Sums of a whole month, which its hidden part would be read off from. */
const byMonth: Hides = (table, regions) => {
  const months = regions.map(({ month }) => month);
  if (months.includes(null)) return sql<SqlBool>`1 = 1`;
  return sql<SqlBool>`${sql.ref(`${table}.month`)} in (${sql.join(months)})`;
};

/** Which rows of which table are hidden. test/services/store/hiding.test.ts holds it against the schema. */
export const HIDDEN_ROWS: Partial<Record<keyof Database, Hides>> = {
  patches: byPlaceAndMonth,
  detections: byPlaceAndMonth,
  cases: (table, regions) => ofHiddenCase(`${table}.id`, regions),
  events: ofHiddenSubject,
  papers: ofHiddenSubject,
  case_papers: ofHiddenSubject,
  notify_notices: ofHiddenSubject,
  case_patches: byCase,
  handover_packages: byCase,
  overlaps: byPatch,
  opinions: byPatch,
  patch_themes: byPatch,
  photos: byPatch,
  field_forms: byPatch,
  clues: byPatch,
  batch_links: byPatch,
  month_tasks: byPatch,
  paper_judgements: byPatch,
  place_links: byPatch,
  watch_verdicts: byPatch,
  late_effects: byPatch,
  patch_lineage: (table, regions) => {
    const [parent, child] = [`${table}.parentId`, `${table}.childId`].map((id) => ofHiddenPatch(id, regions));
    return sql<SqlBool>`(${parent} or ${child})`;
  },
  closed_months: byMonth,
  month_corrections: byMonth,
  month_steps: byMonth,
};

/** What is left of a table for who is asking, under the same name. */
function remainder(table: keyof Database, alias: string, regions: readonly Region[]): OperationNode | null {
  if (table === 'runs') return AliasNode.create(runsWithoutSums(regions), IdentifierNode.create(alias));
  const hides = HIDDEN_ROWS[table];
  if (hides === undefined) return null;
  const eb = expressionBuilder<Database, never>();
  const rows = eb
    .selectFrom(table as 'patches')
    .selectAll()
    .where(eb.not(hides(table, regions)));
  return AliasNode.create(rows.toOperationNode(), IdentifierNode.create(alias));
}

/** A run is no secret, but what it found is. */
function runsWithoutSums(regions: readonly Region[]): OperationNode {
  const eb = expressionBuilder<Database, never>();
  const summary = sql<string>`case when ${byMonth('runs', regions)} then null else runs."summaryJson" end`;
  const columns = ['id', 'month', 'district', 'state', 'planJson', 'error', 'startedAt', 'finishedAt'] as const;
  return eb.selectFrom('runs').select(columns).select(summary.as('summaryJson')).toOperationNode();
}

/** Puts what is left of a table in the place of the table, wherever a query reads it. */
class Remainders extends OperationNodeTransformer {
  readonly #regions: readonly Region[];

  constructor(regions: readonly Region[]) {
    super();
    this.#regions = regions;
  }

  protected override transformSelectQuery(node: SelectQueryNode, queryId?: QueryId): SelectQueryNode {
    const { from, joins, ...rest } = super.transformSelectQuery(node, queryId);
    return {
      ...rest,
      ...(from && { from: { ...from, froms: from.froms.map((one) => this.#remainderOf(one)) } }),
      ...(joins && { joins: joins.map((join): JoinNode => ({ ...join, table: this.#remainderOf(join.table) })) }),
    };
  }

  #remainderOf(node: OperationNode): OperationNode {
    const named = AliasNode.is(node) ? node.node : node;
    if (!TableNode.is(named)) return node;
    const table = named.table.identifier.name;
    const alias = AliasNode.is(node) && IdentifierNode.is(node.alias) ? node.alias.name : table;
    return remainder(table as keyof Database, alias, this.#regions) ?? node;
  }
}

/** Lets no query of a request read what does not exist for who asks. Writes are as they are. */
export class HidingPlugin implements KyselyPlugin {
  transformQuery({ node, queryId }: PluginTransformQueryArgs): PluginTransformQueryArgs['node'] {
    const regions = hiddenNow();
    if (regions.length === 0 || !SelectQueryNode.is(node)) return node;
    return new Remainders(regions).transformNode(node, queryId);
  }

  async transformResult<R>({ result }: { result: R }): Promise<R> {
    return result;
  }
}
