import { createHash } from 'node:crypto';
import { ServiceError } from '../error.ts';
import type { Office } from '../lifecycle/office.ts';
import { transitionIn } from '../lifecycle/transition.ts';
import { localDay } from '../local-time.ts';
import type { AssignedSubject } from '../store/assignments.ts';
import { type DutyEntry, dutyEntries, insertDutyEntries, insertHandOver, listHandOvers } from '../store/duties.ts';
import type { Store } from '../store/open.ts';
import { endEntry, entryOf } from './add-duty.ts';
import { type Duty, dutiesOf, isOpenOn } from './duties.ts';
import { type Holding, heldBy } from './held.ts';
import { personName } from './person.ts';

/** Somebody leaves: all that is open in one person's hands goes to another. */
export interface HandOverOrder {
  from: string;
  to: string;
  /** District code prefix, '' = all. */
  district?: string;
  actor: string;
  note: string;
  at: Date;
  office?: Office | undefined;
}

/** What a hand-over moved. */
export interface MovedList {
  /** Each with the entries that ended it for the one (or voided it, where it had not begun) and began it for the other. */
  duties: { duty: Duty; takenBy: string; begunBy: string }[];
  patches: { id: string; number: string }[];
  cases: { id: string; title: string }[];
}

export interface HandedOver extends MovedList {
  /** Null where there was nothing to move. */
  id: string | null;
  from: string;
  to: string;
  /** Duties over more than the district, which stay. */
  kept: Duty[];
}

/**
 * Moves everything open that `from` holds (duties, patches, cases) to `to`, all or nothing; asked for again there is
 * nothing left to move. Duties change hands with the day itself.
 * @throws ServiceError bad-input; what transitionIn throws where somebody moved a patch in between
 */
export async function handOver(store: Store, order: HandOverOrder): Promise<HandedOver> {
  const [from, to] = [personName(order.from), personName(order.to)];
  const { district = '', actor, at, office } = order;
  const note = order.note.trim();
  if (from === to) throw new ServiceError('bad-input', `A hand-over needs two persons; got ${from} twice.`);
  if (note === '') throw new ServiceError('bad-input', 'A hand-over needs a note that says why; got none.');
  if (!/^\d{0,12}$/.test(district)) {
    throw new ServiceError('bad-input', `A hand-over's district is up to 12 digits; got '${district}'.`);
  }
  return store.db.transaction().execute(async (trx) => {
    const holding = await heldBy(trx, from, at, district);
    const kept = (await heldBy(trx, from, at)).duties.filter((duty) => !duty.district.startsWith(district));
    if (holding.duties.length + holding.assigned.length === 0) return { id: null, from, to, ...EMPTY, kept };
    const id = handOverId([from, to, district], (await listHandOvers(trx)).length, holding);
    const made = holding.duties.map((duty) => passedOn(duty, to, { handOver: id, note, actor, at }));
    await insertDutyEntries(
      trx,
      made.flatMap(({ entries }) => entries),
    );
    const moved: MovedList = { duties: made.map(({ moved }) => moved), ...movedSubjects(holding.assigned) };
    const row = { id, fromPerson: from, toPerson: to, district, note, actor, at: at.toISOString(), undoes: null };
    await insertHandOver(trx, { ...row, movedJson: JSON.stringify(moved) });
    for (const { subject, id: subjectId } of holding.assigned) {
      const payload = { assignee: to, from, note, handOver: id };
      await transitionIn(trx, { subject, id: subjectId, action: 'assign', actor, at, office, payload });
    }
    await checkNothingHeld(trx, from, at, district);
    return { id, from, to, ...moved, kept };
  });
}

const EMPTY: MovedList = { duties: [], patches: [], cases: [] };

function movedSubjects(assigned: readonly AssignedSubject[]): Pick<MovedList, 'patches' | 'cases'> {
  const of = (subject: AssignedSubject['subject']) => assigned.filter((each) => each.subject === subject);
  return {
    patches: of('patch').map(({ id, name }) => ({ id, number: name })),
    cases: of('case').map(({ id, name }) => ({ id, title: name })),
  };
}

interface Passing {
  handOver: string;
  note: string;
  actor: string;
  at: Date;
}

/** What has begun ends with yesterday and goes on today; what begins today or later never was the one's. */
function passedOn(
  duty: Duty,
  to: string,
  passing: Passing,
): { entries: DutyEntry[]; moved: MovedList['duties'][number] } {
  const { handOver, note, actor, at } = passing;
  const today = localDay(at);
  const yesterday = localDay(new Date(at.getTime() - 86_400_000));
  const said = { handOver, note, actor, at: at.toISOString() };
  const { duty: kind, grid, district, toDay } = duty;
  const where = { duty: kind, grid, district };
  const about = { ofEntry: duty.id, person: duty.person, fromDay: null, toDay: null, phone: null };
  const taken =
    duty.fromDay < today ? endEntry(duty, yesterday, passing) : entryOf({ kind: 'void', ...about, ...where, ...said });
  const fromDay = duty.fromDay < today ? today : duty.fromDay;
  // The phone is the person's who leaves.
  const begun = entryOf({ kind: 'begin', ofEntry: null, person: to, ...where, fromDay, toDay, phone: null, ...said });
  // Two like duties of one person on one ground are told apart by what each follows on.
  const own = { ...begun, id: hashOf(begun.id, duty.id) };
  return { entries: [taken, own], moved: { duty, takenBy: taken.id, begunBy: own.id } };
}

/** Of two at once, which move the same after the same hand-overs, one is refused. */
function handOverId(order: [from: string, to: string, district: string], before: number, holding: Holding): string {
  const { duties, assigned } = holding;
  return hashOf(
    ...order,
    before,
    duties,
    assigned.map(({ subject, id, state }) => [subject, id, state]),
  );
}

function hashOf(...parts: unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);
}

async function checkNothingHeld(trx: Store['db'], from: string, at: Date, district: string): Promise<void> {
  const left = await heldBy(trx, from, at, district);
  if (left.duties.length + left.assigned.length === 0) return;
  throw new ServiceError('store-unusable', `After the hand-over ${from} still holds something; nothing was moved.`);
}

/** Whether a duty that a hand-over began is still as it began it. */
export async function isUntouched(trx: Store['db'], begunBy: string, duty: Duty, at: Date): Promise<boolean> {
  const now = dutiesOf(await dutyEntries(trx)).find(({ id }) => id === begunBy);
  return now !== undefined && now.toDay === duty.toDay && isOpenOn(now, localDay(at));
}
