import { workspaceDeadlines } from '../deadlines/workspace.ts';
import { ServiceError } from '../error.ts';
import type { Office } from '../lifecycle/office.ts';
import { transitionIn } from '../lifecycle/transition.ts';
import type { Subject } from '../lifecycle/transition-row.ts';
import { stateOf } from '../lifecycle/transitions.ts';
import { findCase } from '../store/cases.ts';
import { findHandOver, type HandOverRow, insertDutyEntries, insertHandOver, undoingOf } from '../store/duties.ts';
import type { Store } from '../store/open.ts';
import { findPatch } from '../store/patches.ts';
import { entryOf } from './add-duty.ts';
import { isUntouched, type MovedList } from './hand-over.ts';
import { assignmentOf } from './held.ts';

export interface UndoOrder {
  actor: string;
  note: string;
  at: Date;
  office?: Office | undefined;
}

export interface TakenBack {
  id: string;
  back: MovedList;
  /** What somebody moved on since, or what is ended: it stays where it is. */
  stays: MovedList;
}

/**
 * Gives back what a hand-over moved, as new events and entries: by the same person, within the hours in which any step
 * can be undone. What was given on or ended since stays.
 * @throws ServiceError not-found, forbidden, bad-input
 */
export async function undoHandOver(store: Store, id: string, order: UndoOrder): Promise<TakenBack> {
  const { actor, at } = order;
  const note = order.note.trim();
  if (note === '') throw new ServiceError('bad-input', 'Taking a hand-over back needs a note that says why; got none.');
  return store.db.transaction().execute(async (trx) => {
    const row = await undoable(trx, id, order);
    const moved = JSON.parse(row.movedJson) as MovedList;
    const [back, stays]: MovedList[] = [empty(), empty()];
    for (const each of moved.duties) {
      const untouched = await isUntouched(trx, each.begunBy, each.duty, at);
      (untouched ? back : stays).duties.push(each);
    }
    const undoing = { handOver: `undo-${id}`, note, actor, at: at.toISOString() };
    const voids = back.duties.flatMap(({ duty, takenBy, begunBy }) =>
      [takenBy, begunBy].map((ofEntry) => {
        const where = { person: duty.person, duty: duty.duty, grid: duty.grid, district: duty.district };
        return entryOf({ kind: 'void', ofEntry, ...where, fromDay: null, toDay: null, phone: null, ...undoing });
      }),
    );
    await insertDutyEntries(trx, voids);
    for (const patch of moved.patches) {
      const returned = await giveBack(trx, { subject: 'patch', id: patch.id, row, order });
      (returned ? back : stays).patches.push(patch);
    }
    for (const each of moved.cases) {
      const returned = await giveBack(trx, { subject: 'case', id: each.id, row, order });
      (returned ? back : stays).cases.push(each);
    }
    const { fromPerson, toPerson, district } = row;
    const persons = { fromPerson: toPerson, toPerson: fromPerson, district };
    const said = { note, actor, at: at.toISOString(), movedJson: JSON.stringify(back) };
    await insertHandOver(trx, { id: `undo-${id}`, ...persons, ...said, undoes: id });
    return { id: `undo-${id}`, back, stays };
  });
}

function empty(): MovedList {
  return { duties: [], patches: [], cases: [] };
}

async function undoable(trx: Store['db'], id: string, { actor, at }: UndoOrder): Promise<HandOverRow> {
  const row = await findHandOver(trx, id);
  if (row === null) throw new ServiceError('not-found', `There is no hand-over ${id}.`);
  if (row.undoes !== null) throw new ServiceError('bad-input', `${id} takes a hand-over back; hand over anew instead.`);
  const undoing = await undoingOf(trx, id);
  if (undoing !== null)
    throw new ServiceError('bad-input', `The hand-over ${id} was taken back by ${undoing.actor} at ${undoing.at}.`);
  if (row.actor !== actor) {
    throw new ServiceError('forbidden', `The hand-over ${id} was made by ${row.actor}, who alone may take it back.`);
  }
  const { rules } = await workspaceDeadlines(trx);
  const end = new Date(new Date(row.at).getTime() + rules.undoHours * 3_600_000);
  if (at <= end) return row;
  const window = `its window of ${rules.undoHours} hours ended at ${end.toISOString()}`;
  throw new ServiceError('forbidden', `The hand-over ${id} cannot be taken back: ${window}; hand over anew instead.`);
}

interface Returning {
  subject: Subject;
  id: string;
  row: HandOverRow;
  order: UndoOrder;
}

/** False where it was given on, or is ended. */
async function giveBack(trx: Store['db'], { subject, id, row, order }: Returning): Promise<boolean> {
  if ((await assignmentOf(trx, { subject, id }))?.handOver !== row.id) return false;
  const found = subject === 'patch' ? await findPatch(trx, id) : await findCase(trx, id);
  if (stateOf(subject, found!.state).outcome !== 'open') return false;
  const { actor, at, note, office } = order;
  const payload = { assignee: row.fromPerson, from: row.toPerson, note, handOver: `undo-${row.id}` };
  await transitionIn(trx, { subject, id, action: 'assign', actor, at, office, payload });
  return true;
}
