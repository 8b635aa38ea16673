import type { DeadlineEntry } from '../deadlines/list.ts';
import { project } from '../lifecycle/projection.ts';
import type { EventRow } from '../store/events.ts';

/**
 * What receivers are sent. Nothing restricted: who acted, notes, reasons, people, outlines and evidence stay here, and
 * are read through the API by those who may.
 */
export interface Message {
  type: string;
  /** When it happened, UTC. */
  timestamp: string;
  data: Readonly<Record<string, unknown>>;
}

/** What a receiver may ask for. */
export const MESSAGE_TYPES = [
  ...(['patch', 'case'] as const).flatMap((subject) => [
    `${subject}.opened`,
    `${subject}.moved`,
    ...['due-soon', 'overdue', 'supervise', 'interview'].map((grade) => `${subject}.${grade}`),
  ]),
] as const;

export function typeOf({ subject, fromState }: Pick<EventRow, 'subject' | 'fromState'>): string {
  return `${subject}.${fromState === null ? 'opened' : 'moved'}`;
}

/**
 * The message of one event: of the same log always the same.
 * @param log of its subject, oldest first, with the event in it; what comes after does not count
 * @param number of the patch; null for a case
 */
export function eventMessage(event: EventRow, log: readonly EventRow[], number: string | null): Message {
  const until = log.filter(({ seq }) => seq <= event.seq);
  const { version, dueAt } = project(until)!;
  const { seq, subject, subjectId, district, action, fromState, toState } = event;
  return {
    type: typeOf(event),
    timestamp: event.at,
    data: {
      seq,
      subject,
      id: subjectId,
      number,
      district,
      action,
      from: fromState,
      to: toState,
      dueAt,
      version,
      links: linksOf(subject, subjectId),
    },
  };
}

/** The message that something is due soon, late or to be escalated. */
export function gradeMessage(entry: DeadlineEntry): Message {
  const { subject, id, name, district, state, grade, dueAt, since } = entry;
  return {
    type: `${subject}.${grade}`,
    timestamp: since!,
    data: {
      subject,
      id,
      // A case's title may name people.
      number: subject === 'patch' ? name : null,
      district,
      state,
      grade,
      dueAt,
      links: linksOf(subject, id),
    },
  };
}

/** Relative to the API's own address. */
function linksOf(subject: EventRow['subject'], id: string): Record<string, string> {
  return { [subject]: `/${subject === 'patch' ? 'patches' : 'cases'}/${encodeURIComponent(id)}` };
}
