import type { Kysely } from 'kysely';
import { stateOf } from '../lifecycle/transitions.ts';
import { withoutUndone } from '../lifecycle/undone.ts';
import { localDay } from '../local-time.ts';
import { type AssignedSubject, everAssigned, GIVING_STEPS } from '../store/assignments.ts';
import { dutyEntries } from '../store/duties.ts';
import { eventsOf } from '../store/events.ts';
import type { Database } from '../store/schema.ts';
import { type Duty, dutiesOf, isOpenOn } from './duties.ts';

/** All that is open in one person's hands. */
export interface Holding {
  /** That are not over, those to come too. */
  duties: Duty[];
  /** Patches and cases given to the person that are not ended. */
  assigned: AssignedSubject[];
}

/** What a person holds in districts whose code begins so ('' = all). A duty over more than that is not in it. */
export async function heldBy(db: Kysely<Database>, person: string, at: Date, district = ''): Promise<Holding> {
  const day = localDay(at);
  const duties = dutiesOf(await dutyEntries(db)).filter(
    (duty) => duty.person === person && isOpenOn(duty, day) && duty.district.startsWith(district),
  );
  const assigned: AssignedSubject[] = [];
  for (const subject of await everAssigned(db, person)) {
    if (!subject.district.startsWith(district)) continue;
    if (stateOf(subject.subject, subject.state).outcome !== 'open') continue;
    if ((await assignmentOf(db, subject))?.assignee === person) assigned.push(subject);
  }
  return { duties, assigned };
}

/** To whom a patch or case was last given, and by which hand-over, if by one; null: to nobody. */
export async function assignmentOf(
  db: Kysely<Database>,
  { subject, id }: Pick<AssignedSubject, 'subject' | 'id'>,
): Promise<{ assignee: string; handOver: string | null } | null> {
  const events = withoutUndone(await eventsOf(db, subject, id));
  for (const { action, payloadJson } of events.toReversed()) {
    if (!GIVING_STEPS.includes(action)) continue;
    const { assignee, handOver = null } = JSON.parse(payloadJson) as { assignee?: string; handOver?: string };
    if (assignee !== undefined) return { assignee, handOver };
  }
  return null;
}
