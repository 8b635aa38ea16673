import { recounted } from '../lifecycle/clock-trail.ts';
import type { WorkCalendar } from '../lifecycle/deadline.ts';
import { type Projection, project } from '../lifecycle/projection.ts';
import { transitionIn } from '../lifecycle/transition.ts';
import { type DeadlineSubject, deadlineSubjects, logsUntil } from '../store/deadline-subjects.ts';
import type { Store } from '../store/open.ts';
import { workspaceDeadlines } from './workspace.ts';

/** Due dates counted again on the calendar as it is now: shown first, applied by a person, each as an event. */

export interface Recounted extends DeadlineSubject {
  state: string;
  version: number;
  /** UTC, as it is due and as it would be. */
  from: string;
  to: string;
  /** Whether the date that holds was counted knowing all holidays, and whether the new one would be. */
  wasKnown: boolean;
  known: boolean;
}

/** How a running due date would move; null where it would not, or where none runs. Pure. */
function moveOf(now: Projection, calendar: WorkCalendar): Pick<Recounted, 'from' | 'to' | 'wasKnown' | 'known'> | null {
  if (now.dueAt === null) return null;
  const { dueAt, holidaysKnown } = recounted(now.trail, calendar);
  if (dueAt === null || dueAt === now.dueAt) return null;
  return { from: now.dueAt, to: dueAt, wasKnown: now.holidaysKnown, known: holidaysKnown ?? true };
}

/** The due dates that would move, and how many still rest on a year whose holidays are not known. */
export async function showRecount(
  store: Store,
  { at, district = '' }: { at: Date; district?: string },
): Promise<{ calendar: string; moves: Recounted[]; unknown: number }> {
  const { calendar } = await workspaceDeadlines(store.db);
  const logs = await logsUntil(store.db, district, at.toISOString());
  const moves: Recounted[] = [];
  let unknown = 0;
  for (const subject of await deadlineSubjects(store.db, district)) {
    const now = project(logs.get(`${subject.subject}:${subject.id}`) ?? []);
    if (now === null || now.dueAt === null) continue;
    const again = recounted(now.trail, calendar);
    if (again.holidaysKnown === false) unknown++;
    const move = moveOf(now, calendar);
    if (move !== null) moves.push({ ...subject, state: now.state, version: now.version, ...move });
  }
  return { calendar: calendar.name, moves, unknown };
}

/**
 * Applies what showRecount shows, all or nothing, each as an event of `actor`. Throws version-conflict
 * where somebody moved one of them in between.
 */
export async function applyRecount(
  store: Store,
  moves: readonly Recounted[],
  { actor, note, at }: { actor: string; note: string; at: Date },
): Promise<void> {
  await store.db.transaction().execute(async (trx) => {
    for (const { subject, id, version } of moves) {
      await transitionIn(trx, {
        subject,
        id,
        action: 'recount',
        actor,
        at,
        payload: { note },
        expectedVersion: version,
      });
    }
  });
}
