import { ServiceError } from '../error.ts';
import type { Opinion } from '../legality/opinion.ts';
import { opinionOf } from '../legality/recorded.ts';
import { project } from '../lifecycle/projection.ts';
import { withoutUndone } from '../lifecycle/undone.ts';
import { type PatchDetail, patchDetail } from '../queue/detail.ts';
import { type CaseRow, casesOfPatch, findCase, patchesOfCase } from '../store/cases.ts';
import { tasksByPatch } from '../store/cycle-rows.ts';
import { type EventRow, eventsOf } from '../store/events.ts';
import { districtNames } from '../store/month-figures.ts';
import type { Store } from '../store/open.ts';
import { findPatchNamed } from '../store/queue.ts';

/** All that papers are filled from: what is on record of patches and a case at one moment. */
export interface PaperRecord {
  at: Date;
  patches: PaperPatch[];
  case: PaperCase | null;
  /** Code of the authority that the paper is about: the case's, or the patches' county. */
  district: string;
  districtName: string;
}

/** A step that counts, with what was handed in. */
export type PaperEvent = Omit<EventRow, 'payloadJson'> & { payload: Record<string, unknown> };

export interface PaperPatch {
  detail: PatchDetail;
  opinion: Opinion | null;
  /** Of the month task it was last sent out by. */
  task: string | null;
  /** Steps that were not undone, oldest first. */
  steps: PaperEvent[];
}

export interface PaperCase {
  row: CaseRow;
  dueAt: string | null;
  steps: PaperEvent[];
}

/** What a template takes, by its kind. */
export interface Taken {
  takes: 'patch' | 'patches' | 'case';
  kind: string;
}

/** What a paper was filled from, and in which version each. */
export interface RecordVersion {
  patches: { id: string; number: string; version: number; opinion: string | null }[];
  case: { id: string; version: number } | null;
}

export function versionOf(record: PaperRecord): RecordVersion {
  return {
    patches: record.patches.map(({ detail: { patch, opinion } }) => ({
      id: patch.id,
      number: patch.number,
      version: patch.version,
      opinion: opinion?.id ?? null,
    })),
    case: record.case && { id: record.case.row.id, version: record.case.row.version },
  };
}

/**
 * Reads what a template takes. Throws ServiceError
 * - not-found: there is no such patch or case, or it lies outside `within` (a district code prefix);
 * - bad-input: more or fewer than the template takes, patches of several counties, or a patch in several cases.
 */
export async function readRecord(
  store: Store,
  { takes, kind }: Taken,
  names: readonly string[],
  { at, within = '' }: { at: Date; within?: string },
): Promise<PaperRecord> {
  if (names.length === 0 || (takes !== 'patches' && names.length > 1)) {
    const wanted = { patch: 'one patch', patches: 'patches of one county', case: 'one case' }[takes];
    throw new ServiceError('bad-input', `The paper ${kind} is about ${wanted}; got ${names.length}.`);
  }
  const found = takes === 'case' ? await caseNamed(store, names[0], within) : null;
  const numbers = found
    ? (await patchesOfCase(store.db, found.row.id)).map(({ number }) => number)
    : [...new Set(names)];
  const patches = [];
  // A case is its authority's, wherever its patches lie.
  for (const number of numbers.sort()) patches.push(await readPatch(store, number, found ? '' : within));
  const district = found?.row.district ?? countyOf(patches, kind);
  const known = await districtNames(store.db);
  return { at, patches, case: found, district, districtName: known.get(district) ?? district };
}

function countyOf(patches: readonly PaperPatch[], kind: string): string {
  const counties = [...new Set(patches.map(({ detail }) => detail.patch.district.slice(0, 6)))];
  if (counties.length === 1) return counties[0];
  throw new ServiceError(
    'bad-input',
    `The paper ${kind} goes to one county; its patches lie in ${counties.join(', ')}.`,
  );
}

async function readPatch(store: Store, number: string, within: string): Promise<PaperPatch> {
  const detail = await patchDetail(store, number, within);
  const tasks = (await tasksByPatch(store.db, [detail.patch.id])).get(detail.patch.id) ?? [];
  return {
    detail,
    opinion: detail.opinion && opinionOf(detail.opinion),
    task: tasks.at(-1)?.number ?? null,
    steps: await stepsOf(store, 'patch', detail.patch.id),
  };
}

/** By its id, or by a patch that lies in no other. */
async function caseNamed(store: Store, name: string, within: string): Promise<PaperCase> {
  const row = (await findCase(store.db, name)) ?? (await caseOfPatch(store, name));
  if (!row?.district.startsWith(within)) throw new ServiceError('not-found', `There is no case ${name}.`);
  const projection = project(await eventsOf(store.db, 'case', row.id));
  return { row, dueAt: projection?.dueAt ?? null, steps: await stepsOf(store, 'case', row.id) };
}

async function caseOfPatch(store: Store, name: string): Promise<CaseRow | null> {
  const patch = await findPatchNamed(store.db, name);
  const cases = patch === null ? [] : await casesOfPatch(store.db, patch.id);
  if (cases.length < 2) return cases[0] ?? null;
  const ids = cases.map(({ id }) => id).join(', ');
  throw new ServiceError('bad-input', `The patch ${name} lies in ${cases.length} cases: name one of ${ids}.`);
}

async function stepsOf(store: Store, subject: 'patch' | 'case', id: string): Promise<PaperEvent[]> {
  const events = withoutUndone(await eventsOf(store.db, subject, id));
  return events.map(({ payloadJson, ...row }) => ({ ...row, payload: JSON.parse(payloadJson) }));
}
