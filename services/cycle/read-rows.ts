import type { Kysely } from 'kysely';
import { stateNames } from '../lifecycle/transitions.ts';
import {
  allPieces,
  casesByPatch,
  earlierPatches,
  eventsBySubject,
  opinionsByPatch,
  patchesById,
  patchIdsOfMonth,
  tasksByPatch,
} from '../store/cycle-rows.ts';
import type { OpinionRow } from '../store/opinions.ts';
import type { PatchRow } from '../store/patches.ts';
import type { Database } from '../store/schema.ts';
import { caseFacts } from './case-log.ts';
import { Families } from './families.ts';
import { type CaseFacts, type MonthRow, type RowEvent, rounded } from './month-row.ts';
import { logFacts, total } from './patch-log.ts';

/** A patch of another month with something left to do. */
export interface OpenElsewhere {
  patchId: string;
  number: string;
  found: string;
  district: string;
  state: string;
  dueAt: string | null;
}

export interface MonthRows {
  /** The month's own, in order of number. */
  rows: MonthRow[];
  /** Of the months before, still open, in order of number. */
  earlier: OpenElsewhere[];
  /** Logs of the month's own patches. */
  events: ReadonlyMap<string, readonly RowEvent[]>;
}

/**
 * The rows of a month: the families whose first task is the month's, and those found in it that were never sent down.
 * A family sent down first in a later month is that month's, so that none is issued twice.
 */
export async function readMonthRows(db: Kysely<Database>, month: string, at: Date): Promise<MonthRows> {
  const families = new Families(await allPieces(db));
  const members = membersOf(families, await patchIdsOfMonth(db, month));
  const tasks = await tasksByPatch(db, members);
  const found = new Map((await patchesById(db, members)).map((patch) => [patch.id, patch.month]));
  const own: string[] = [];
  for (const [root, ids] of Map.groupBy(members, (id) => families.rootOf(id))) {
    const sent = ids.flatMap((id) => (tasks.get(id) ?? []).map((task) => task.month)).sort();
    if ((sent[0] ?? found.get(root)) === month) own.push(...ids);
  }
  const { rows, events } = await readRows(db, own, at);
  const isOwn = new Set(own);
  const open = await earlierPatches(db, month, stateNames('patch', { outcome: 'open' }));
  const earlier = open.filter(({ id }) => !isOwn.has(id) && !families.isReplaced(id)).map(openElsewhere);
  return { rows, earlier, events };
}

/** The rows of these patches and of the families they belong to, as they are at `at`. */
export async function readFamilies(db: Kysely<Database>, patchIds: readonly string[], at: Date): Promise<MonthRow[]> {
  const families = new Families(await allPieces(db));
  return (await readRows(db, membersOf(families, patchIds), at)).rows;
}

/** All members of the families that these patches belong to. */
function membersOf(families: Families, patchIds: readonly string[]): string[] {
  const roots = new Set(patchIds.map((id) => families.rootOf(id)));
  const kin = families.members().filter((id) => roots.has(families.rootOf(id)));
  return [...new Set([...roots, ...kin])].sort();
}

async function readRows(db: Kysely<Database>, ids: readonly string[], at: Date) {
  const families = new Families(await allPieces(db));
  const patches = await patchesById(db, ids);
  const events: Map<string, RowEvent[]> = await eventsBySubject(db, 'patch', ids);
  const opinions = await opinionsByPatch(db, ids);
  const tasks = await tasksByPatch(db, ids);
  const links = await casesByPatch(db, ids);
  const cases = await readCases(db, [...new Set([...links.values()].flat())], at);
  const parts = patches.map((patch) => judgedPart(patch, events.get(patch.id) ?? [], opinions.get(patch.id)));
  const warned = parts.filter((part) => part.warned).map(({ patchId }) => patchId);
  const sent = new Set([...tasks.keys(), ...warned].map((id) => families.rootOf(id)));
  const rows = parts.map(({ warned: _, ...part }, index): MonthRow => {
    const patch = patches[index] as PatchRow;
    const rootId = families.rootOf(patch.id);
    return {
      ...part,
      rootId,
      ...parentage(families.parentsOf(patch.id)),
      lineage: families.lineageOf(patch.id),
      issued: sent.has(rootId),
      tasks: (tasks.get(patch.id) ?? []).map(({ number }) => number),
      cases: (links.get(patch.id) ?? []).map((id) => cases.get(id) as CaseFacts),
    };
  });
  return { rows, events };
}

function parentage(parents: readonly string[]): Pick<MonthRow, 'parentId' | 'mergedFrom'> {
  if (parents.length < 2) return { parentId: parents[0] ?? null };
  return { parentId: null, mergedFrom: [...parents] };
}

type Standing = 'rootId' | 'parentId' | 'mergedFrom' | 'lineage' | 'issued' | 'tasks' | 'cases';
type JudgedPart = Omit<MonthRow, Standing> & { warned: boolean };

function judgedPart(patch: PatchRow, events: readonly RowEvent[], opinion: OpinionRow | undefined): JudgedPart {
  const { id: patchId, number, month: found, district, state, version, dueAt } = patch;
  const areaM2 = rounded(patch.areaM2);
  const byRules = uncoveredM2(opinion);
  const { violationM2: measured, ...log } = logFacts(events, rounded(byRules ?? areaM2));
  const violationBy = measured !== null ? 'person' : byRules !== null ? 'rules' : 'patch';
  const violationM2 = log.violation ? rounded(measured ?? byRules ?? areaM2) : 0;
  return {
    patchId,
    number,
    found,
    district,
    areaM2,
    state,
    version,
    dueAt,
    opinion: opinion ? [opinion.opinion, opinion.kind].filter((part) => part !== null).join(':') : null,
    ...log,
    violationM2,
    violationBy: log.violation ? violationBy : null,
    remainingM2: Math.max(0, rounded(violationM2 - total(log.remedy))),
  };
}

/** What the rules find surely not allowed; null where they find nothing so, or have not judged. */
function uncoveredM2(opinion: OpinionRow | undefined): number | null {
  if (opinion === undefined) return null;
  const { figures } = JSON.parse(opinion.opinionJson) as { figures?: { uncoveredM2?: number } };
  return figures?.uncoveredM2 ? figures.uncoveredM2 : null;
}

async function readCases(db: Kysely<Database>, ids: readonly string[], at: Date): Promise<Map<string, CaseFacts>> {
  const events = await eventsBySubject(db, 'case', ids);
  return new Map(ids.map((id) => [id, caseFacts(id, events.get(id) ?? [], at)]));
}

function openElsewhere({ id, number, month, district, state, dueAt }: PatchRow): OpenElsewhere {
  return { patchId: id, number, found: month, district, state, dueAt };
}
