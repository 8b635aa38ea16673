import type { Office } from '../lifecycle/office.ts';
import { type Moved, transition } from '../lifecycle/transition.ts';
import type { Subject } from '../lifecycle/transition-row.ts';
import type { Store } from '../store/open.ts';
import { personName } from './person.ts';

export interface Assignment {
  subject: Subject;
  /** Of the patch or case. */
  id: string;
  assignee: string;
  actor: string;
  at: Date;
  note?: string | undefined;
  expectedVersion?: number | undefined;
  office?: Office | undefined;
}

/** Gives a patch or case to a person (承办人), as an event that keeps state and clock. @throws ServiceError as transition */
export async function assign(store: Store, { assignee, note, ...step }: Assignment): Promise<Moved> {
  const payload = { assignee: personName(assignee), ...(note?.trim() && { note: note.trim() }) };
  return transition(store, { ...step, action: 'assign', payload });
}
