import { factsOf, project } from '../lifecycle/projection.ts';
import { type DeadlineSubject, deadlineSubjects, logsUntil } from '../store/deadline-subjects.ts';
import { districtNames } from '../store/month-figures.ts';
import type { Store } from '../store/open.ts';
import { type DeadlineState, GRADES, type Grade, gradeOf } from './grade.ts';
import { workspaceDeadlines } from './workspace.ts';

export interface DeadlineEntry extends DeadlineSubject, DeadlineState {
  /** Whether an extension is asked for and waits for an answer. */
  extensionAsked: boolean;
}

export interface DeadlineCounts {
  district: string;
  name: string;
  /** Subjects with a running due date, by grade. */
  grades: Record<Grade, number>;
  /** Clock stopped. */
  paused: number;
}

export interface DeadlineList {
  at: string;
  calendar: string;
  rules: string;
  /** Most urgent first: by grade, then due date, then name. */
  entries: DeadlineEntry[];
  /** By district code; counts all grades, whichever are listed. */
  districts: DeadlineCounts[];
}

/** Everything that is due at a moment, from the log alone. `grades`: which are listed; by default all but none. */
export async function listDeadlines(
  store: Store,
  {
    at,
    district = '',
    grades = GRADES.slice(1),
  }: { at: Date; district?: string; grades?: readonly Grade[] | undefined },
): Promise<DeadlineList> {
  const { db } = store;
  const { calendar, rules } = await workspaceDeadlines(db);
  const logs = await logsUntil(db, district, at.toISOString());
  const names = await districtNames(db);
  const counts = new Map<string, DeadlineCounts>();
  const entries: DeadlineEntry[] = [];
  for (const subject of await deadlineSubjects(db, district)) {
    const projection = project(logs.get(`${subject.subject}:${subject.id}`) ?? []);
    if (projection === null || (projection.dueAt === null && projection.stopped === null)) continue;
    const state = gradeOf(projection, at, calendar, rules);
    const count = counts.get(subject.district) ?? noneYet(subject.district, names);
    counts.set(subject.district, count);
    if (projection.stopped !== null) count.paused++;
    else count.grades[state.grade]++;
    if (projection.stopped === null && grades.includes(state.grade)) {
      entries.push({ ...subject, ...state, extensionAsked: factsOf(projection, rules).requested === true });
    }
  }
  return {
    at: at.toISOString(),
    calendar: calendar.name,
    rules: rules.edition,
    entries: entries.sort(mostUrgent),
    districts: [...counts.values()].sort((a, b) => (a.district < b.district ? -1 : 1)),
  };
}

function noneYet(district: string, names: ReadonlyMap<string, string>): DeadlineCounts {
  const grades = Object.fromEntries(GRADES.map((grade) => [grade, 0])) as Record<Grade, number>;
  return { district, name: names.get(district) ?? '', grades, paused: 0 };
}

function mostUrgent(a: DeadlineEntry, b: DeadlineEntry): number {
  const byGrade = GRADES.indexOf(b.grade) - GRADES.indexOf(a.grade);
  if (byGrade !== 0) return byGrade;
  const [first, second] = [`${a.dueAt} ${a.name}`, `${b.dueAt} ${b.name}`];
  return first < second ? -1 : Number(first > second);
}
