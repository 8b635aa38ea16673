import { type ProjectedCase, type ProjectedPatch, projectedCases, projectedPatches } from '../store/audit.ts';
import { findCase } from '../store/cases.ts';
import { eventsOf } from '../store/events.ts';
import type { Store } from '../store/open.ts';
import { findPatch } from '../store/patches.ts';
import { addFinding, type Findings, isListed, noFindings } from './findings.ts';
import { type SubjectKind, SubjectStates } from './subject-states.ts';

export interface ProjectionFault {
  subject: SubjectKind;
  id: string;
  problem: string;
}

export interface ProjectionReport {
  /** Patches and cases looked at. */
  checked: number;
  faults: Findings<ProjectionFault>;
}

const PAGE = 2000;

/** Holds the rows of patches and cases against what their events add up to. */
export async function verifyProjections(
  store: Store,
  states: SubjectStates,
  onProgress: (checked: number) => void,
): Promise<ProjectionReport> {
  const report: ProjectionReport = { checked: 0, faults: noFindings() };
  const progress = () => onProgress(report.checked);
  await verifyTable(
    store,
    'patch',
    pages(store, projectedPatches),
    (row) => states.patchProblem(row),
    report,
    progress,
  ).then((seen) => tellRowless(states, 'patch', seen, report));
  await verifyTable(
    store,
    'case',
    pages(store, projectedCases),
    (row) => states.caseProblem(row),
    report,
    progress,
  ).then((seen) => tellRowless(states, 'case', seen, report));
  return report;
}

async function* pages<Row extends { id: string }>(
  { db }: Store,
  read: (db: Store['db'], after: string, limit: number) => Promise<Row[]>,
): AsyncGenerator<Row[]> {
  for (let after = ''; ; ) {
    const rows = await read(db, after, PAGE);
    yield rows;
    if (rows.length < PAGE) return;
    after = rows[rows.length - 1].id;
  }
}

async function verifyTable<Row extends ProjectedPatch | ProjectedCase>(
  store: Store,
  subject: SubjectKind,
  rowPages: AsyncIterable<Row[]>,
  problemOf: (row: Row) => string | null,
  report: ProjectionReport,
  onProgress: () => void,
): Promise<Set<string>> {
  const seen = new Set<string>();
  for await (const rows of rowPages) {
    for (const row of rows) {
      seen.add(row.id);
      let problem = problemOf(row);
      if (problem !== null && isListed(report.faults)) problem = await problemNow(store, subject, row.id);
      if (problem !== null) addFinding(report.faults, { subject, id: row.id, problem });
    }
    report.checked += rows.length;
    onProgress();
  }
  return seen;
}

/** The same once more, events and row as of one moment: somebody may have moved it since its events were read. */
async function problemNow({ db }: Store, subject: SubjectKind, id: string): Promise<string | null> {
  const transaction = db.transaction().setIsolationLevel('repeatable read');
  return transaction.execute(async (trx) => {
    const states = new SubjectStates();
    for (const event of await eventsOf(trx, subject, id)) states.add(event);
    if (subject === 'patch') {
      const patch = await findPatch(trx, id);
      return patch && states.patchProblem(patch);
    }
    const row = await findCase(trx, id);
    return row && states.caseProblem(row);
  });
}

function tellRowless(states: SubjectStates, subject: SubjectKind, seen: Set<string>, report: ProjectionReport): void {
  for (const id of states.without(subject, seen)) {
    addFinding(report.faults, { subject, id, problem: 'has events, but is not in the table any more' });
  }
}
